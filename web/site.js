// The site: the form, and in a worker the program, which makes a plan of what is answered or opened here.
"use strict";

const SCRIPTS = ["worker.js", "sw.js"];
const ours = (url) => {
  if (!SCRIPTS.includes(url)) throw new TypeError(url);
  return url;
};
const trusted = window.trustedTypes?.createPolicy("peerplan", { createScriptURL: ours }) ?? { createScriptURL: ours };

// Keep all files of the site in the browser, so that it works without a connection; resolves when that is settled.
async function keepSite(navigator) {
  const registration = await navigator.serviceWorker.register(trusted.createScriptURL("sw.js"));
  const coming = registration.installing;
  if (!coming) return;
  await new Promise((resolve) => {
    coming.addEventListener("statechange", () => {
      if (["activated", "redundant"].includes(coming.state)) resolve();
    });
  });
}

// Return what asks the program in the worker; tell is called with the id of what it is doing.
function makeProgram(window, settled, tell) {
  let worker = null;
  let last = 0;
  const waiting = new Map();

  function answered({ data }) {
    if ("step" in data) return tell(data.step);
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    return data.made ? resolve(data.made) : reject(new Error(data.failed));
  }

  function begin() {
    worker ??= settled.then(() => {
      const made = new window.Worker(trusted.createScriptURL("worker.js"), { type: "module" });
      made.addEventListener("message", answered);
      made.addEventListener("error", (event) => {
        for (const { reject } of waiting.values()) reject(new Error(event.message));
        waiting.clear();
        worker = null;
      });
      return made;
    });
    return worker;
  }

  async function asked(ask, given) {
    const made = await begin();
    last += 1;
    const id = last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      made.postMessage({ id, ask, given });
    });
  }

  return { begin, work: (given) => asked("work", given), pdf: () => asked("pdf") };
}

function startSite(window, data) {
  const { document } = window;
  const say = makeSay(data);
  const form = document.getElementById("form");
  const plan = document.getElementById("plan");
  const told = document.getElementById("site-told");
  const MOST = 30_000_000; // bytes of a file that is opened
  let isBusy = false;

  const tell = (id) => {
    told.textContent = id ? say(id) : "";
  };
  const settled = window.isSecureContext && window.navigator.serviceWorker
    ? keepSite(window.navigator).catch(() => {}) // it works all the same, with a connection
    : Promise.resolve();
  const program = makeProgram(window, settled, tell);
  const button = (text, onclick, look = "") => element("button", { type: "button", class: look, onclick }, text);

  function today() {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
  }

  // Do one thing after another, and tell if it fails.
  async function attempt(ask, failed) {
    if (isBusy) return;
    isBusy = true;
    try {
      await ask();
      tell("");
    } catch {
      tell(failed);
    } finally {
      isBusy = false;
    }
  }

  const work = (content, name) => attempt(async () => {
    tell("site-working");
    show(await program.work({ content, name, day: today(), language: data.language.id }));
  }, "site-failed");

  const makePdf = (name) => attempt(async () => download(name, await program.pdf()), "site-pdf-failed");

  // Show either the questions or what became of them.
  function turn(isPlan) {
    form.hidden = isPlan;
    plan.hidden = !isPlan;
    const heading = (isPlan ? plan : form).querySelector("h1");
    heading.tabIndex = -1;
    heading.focus();
  }

  const lines = (texts) => element("ul", {}, texts.map((text) => element("li", {}, text)));
  const textOf = (problem) => problem.text ?? problem;

  function show({ refused, said, zip, files, folder }) {
    const unit = said.units?.[0] ?? said;
    const errors = refused ? [say(refused)] : (said.errors ?? []).map(textOf);
    const notices = [...new Set([...(said.notices ?? []), ...(unit.notices ?? [])].map(textOf))];
    const back = element("p", {}, button(say("site-back"), () => turn(false)));
    plan.replaceChildren(
      element("h1", {}, zip ? say("site-plan", { unit: unit.unit }) : say("site-no-plan")),
      ...(errors.length ? [element("div", { class: "errors" }, lines(errors))] : []),
      ...(zip ? planNodes(unit, zip, files, folder, notices) : []),
      back);
    turn(true);
  }

  function planNodes(unit, zip, files, folder, notices) {
    const changed = Object.entries(unit.files ?? {}).filter(([, kind]) => kind !== "same").map(([name]) => name);
    const letters = Object.keys(files).filter((name) => name.endsWith(".eml")).sort();
    const page = files["plan.html"] && new window.Blob([files["plan.html"]], { type: "text/html" });
    return [
      ...(notices.length ? [element("h2", {}, say("site-notices")), lines(notices)] : []),
      element("p", {}, say("site-zip-about", { folder })),
      element("p", {}, button(say("site-zip", { file: `${folder}.zip` }), () => download(`${folder}.zip`, zip), "main")),
      element("p", { class: "hint" }, changed.length ? say("site-changed", { files: changed.join(", ") }) : say("site-unchanged")),
      element("h2", {}, say("site-letters")),
      element("p", {}, say("site-letters-about")),
      element("ul", { class: "letters" }, letters.map((name) =>
        element("li", {}, button(subjectOf(name, files), () => download(name, files[name])), ` ${name}`))),
      ...(page ? pageNodes(window.URL.createObjectURL(page), folder) : []),
    ];
  }

  // Return the subject of a letter, which is the first line of its text.
  function subjectOf(name, files) {
    const text = files[name.replace(/eml$/, "txt")];
    const [line] = text ? new TextDecoder().decode(text).split(/\r?\n/) : [name];
    return line.replace(/^[^:]{1,20}: /, "");
  }

  function pageNodes(address, folder) {
    const frame = element("iframe", {
      src: address, title: say("site-page"), sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
      onload: () => {
        for (const link of frame.contentDocument.querySelectorAll('a[href^="http"]')) {
          link.target = "_blank";
          link.rel = "noopener noreferrer";
        }
      },
    });
    return [
      element("h2", {}, say("site-page")),
      element("p", {}, element("a", { href: address, target: "_blank" }, say("site-page-alone"))),
      element("p", {}, button(say("site-pdf"), () => makePdf(`${folder}.pdf`))),
      element("p", { class: "hint" }, say("site-word")),
      frame,
    ];
  }

  // The end of the form here: the plan, or the files to download.
  function ending(form) {
    const content = new TextEncoder().encode(form.files.answersText(form.draft));
    return [
      element("h3", {}, say("site-make-heading")),
      element("p", {}, say("site-make-about")),
      element("p", {}, button(say("site-make"), () => work(content, data.files.answers), "main")),
      ...downloads(form),
    ];
  }

  document.getElementById("file").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    if (file.size > MOST) tell("site-zip-too-large");
    else await work(new Uint8Array(await file.arrayBuffer()), file.name);
    target.value = "";
  });
  // The program takes a while to load: it does so while the questions are answered.
  form.addEventListener("input", () => program.begin(), { once: true });
  startForm(data, ending);
}

startSite(window, JSON.parse(document.getElementById("form-data").textContent));

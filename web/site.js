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

  return { begin, work: (given) => asked("work", given), renew: (given) => asked("renew", given), pdf: () => asked("pdf") };
}

function startSite(window, data) {
  const { document } = window;
  const say = makeSay(data);
  const main = document.getElementById("form");
  const plan = document.getElementById("plan");
  const told = document.getElementById("site-told");
  const errors = document.getElementById("site-errors");
  const PLAN = "#plan";
  const MOST = 30_000_000; // bytes of a file that is opened
  let isBusy = false;
  let isSaved = true;
  let open = ""; // what the unit is called whose plan the program has

  const tell = (id) => {
    told.textContent = id ? say(id) : "";
  };
  const settled = window.isSecureContext && window.navigator.serviceWorker
    ? keepSite(window.navigator).catch(() => {}) // it works all the same, with a connection
    : Promise.resolve();
  const program = makeProgram(window, settled, tell);
  const button = (text, onclick, look = "") => element("button", { type: "button", class: look, onclick }, text);
  const lines = (texts, tag = "ul") => element(tag, {}, texts.map((text) => element("li", {}, text)));
  const textOf = (problem) => problem.text ?? problem;

  function today() {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
  }

  // Do one thing after another, and tell if it fails.
  async function attempt(ask, failed) {
    if (isBusy) return;
    isBusy = true;
    errors.replaceChildren();
    try {
      await ask();
      tell("");
    } catch {
      tell(failed);
    } finally {
      isBusy = false;
    }
  }

  const given = (content) => ({ content, day: today(), language: data.language.id });

  const openFile = (content, name) => attempt(async () => {
    tell("site-working");
    show(await program.work({ ...given(content), name }));
  }, "site-failed");

  // Make a plan of the answers, or renew the one that is open if it is the same unit's.
  const make = (content, unit) => attempt(async () => {
    tell("site-working");
    show(await (unit === open ? program.renew(given(content)) : program.work({ ...given(content), name: data.files.answers })));
  }, "site-failed").then(() => {
    if (told.textContent) open = ""; // the program that had the plan is gone
  });

  const makePdf = (name) => attempt(async () => {
    download(name, await program.pdf());
  }, "site-pdf-failed");

  // Show either the plan or the questions, as the address says: so the browser's own way back leads to them.
  function turn() {
    const isPlan = window.location.hash === PLAN && plan.childElementCount > 0;
    main.hidden = isPlan;
    plan.hidden = !isPlan;
    if (isPlan) plan.querySelector("h1").focus();
  }

  function show(made) {
    if (!made.zip) {
      refuse(made.refused ? [say(made.refused)] : (made.said.errors ?? []).map(textOf));
      return;
    }
    const unit = made.said.units?.[0] ?? made.said;
    const failures = (made.said.errors ?? []).map(textOf);
    const notices = [...new Set([...failures, ...[...(made.said.notices ?? []), ...(unit.notices ?? [])].map(textOf)])];
    open = unit.unit;
    isSaved = false;
    form.load(made.draft);
    plan.replaceChildren(
      element("h1", { tabindex: "-1" }, say("site-plan", { unit: unit.unit })),
      ...summary(unit, notices), ...files(made), ...letters(made.files), ...page(made),
      element("p", {}, button(say("site-back"), () => { window.location.hash = "review"; })));
    if (window.location.hash === PLAN) turn();
    else window.location.hash = PLAN;
  }

  // Say what is wrong; the plan that was open is as it was.
  function refuse(texts) {
    const heading = element("h2", { tabindex: "-1" }, say("site-refused"));
    errors.replaceChildren(element("div", { class: "errors" }, heading, lines(texts)));
    heading.focus();
  }

  // Say what was read, how far the unit has come, what is next and what to look at.
  function summary(unit, notices) {
    const { notes = 0, filled = 0, own = 0 } = unit.words ?? {};
    const read = { ticks: unit.ticks?.length ?? 0, notes, filled, own };
    const wasRead = Object.values(read).some(Boolean);
    const changed = Object.entries(unit.files ?? {}).filter(([, kind]) => kind !== "same").map(([name]) => name);
    return [
      element("p", { class: "status" }, say("site-status", { open: unit.open, late: unit.late })),
      unit.next ? element("p", {}, say("site-next", unit.next)) : null,
      unit.ticks ? element("p", {}, wasRead ? say("site-read", read) : say("site-read-nothing")) : null,
      element("p", { class: "hint" }, changed.length ? say("site-changed", { files: changed.join(", ") }) : say("site-unchanged")),
      ...(notices.length ? [element("h2", {}, say("site-notices")), lines(notices)] : []),
    ].filter(Boolean);
  }

  function files({ zip, folder }) {
    const get = () => {
      isSaved = true;
      download(`${folder}.zip`, zip);
    };
    return [
      element("h2", {}, say("site-files")),
      element("p", {}, button(say("site-zip", { file: `${folder}.zip` }), get, "main")),
      element("p", {}, say("site-change")),
      lines(["site-step-unpack", "site-step-tick", "site-step-note", "site-step-open"].map((id) => say(id, { folder })), "ol"),
    ];
  }

  // Return the subject of a letter, which is the first line of its text.
  function subjectOf(name, texts) {
    const text = texts[name.replace(/eml$/, "txt")];
    const [line] = text ? new TextDecoder().decode(text).split(/\r?\n/) : [name];
    return line.replace(/^[^:]{1,20}: /, "");
  }

  function letters(texts) {
    const names = Object.keys(texts).filter((name) => name.endsWith(".eml")).sort();
    const rows = names.map((name) =>
      element("li", {}, button(subjectOf(name, texts), () => download(name, texts[name])), ` ${name}`));
    return [element("h2", {}, say("site-letters")), element("p", {}, say("site-letters-about")), element("ul", { class: "letters" }, rows)];
  }

  function page({ files: texts, folder }) {
    if (!texts["plan.html"]) return [];
    const address = window.URL.createObjectURL(new window.Blob([texts["plan.html"]], { type: "text/html" }));
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
  function ending(end) {
    const content = new TextEncoder().encode(end.files.answersText(end.draft));
    const unit = end.draft[data.keys.name];
    return [
      element("h3", {}, say("site-make-heading")),
      element("p", {}, unit === open ? say("site-renew-about") : say("site-make-about")),
      element("p", {}, button(unit === open ? say("site-renew") : say("site-make"), () => make(content, unit), "main")),
      element("details", {}, element("summary", {}, say("site-instead")), downloads(end)),
    ];
  }

  document.getElementById("file").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    if (file.size > MOST) refuse([say("site-zip-too-large")]);
    else await openFile(new Uint8Array(await file.arrayBuffer()), file.name);
    target.value = "";
  });
  window.addEventListener("hashchange", turn);
  window.addEventListener("beforeunload", (event) => {
    if (!isSaved) event.preventDefault();
  });
  // The program takes a while to load: it does so while the questions are answered.
  main.addEventListener("input", () => program.begin(), { once: true });
  const form = startForm(data, ending);
}

startSite(window, JSON.parse(document.getElementById("form-data").textContent));

// The page: shows the questions part by part, keeps what is answered in this browser, and hands the files over.
"use strict";

// Keeps a state in the browser, where it lets us; the place of the page and its version tell it from other pages.
function makeKeeper(version) {
  const page = `peerplan ${window.location.pathname} `;
  const attempt = (work) => {
    try {
      return work(window.localStorage);
    } catch {
      return null; // the browser keeps nothing, or no more
    }
  };
  return {
    read: () => attempt((storage) => JSON.parse(storage.getItem(page + version))),
    keep: (state) => attempt((storage) => (storage.setItem(page + version, JSON.stringify(state)), true)) === true,
    forget: () => attempt((storage) => {
      const ours = Array.from({ length: storage.length }, (_, place) => storage.key(place));
      for (const key of ours.filter((one) => one.startsWith(page))) storage.removeItem(key);
    }),
  };
}

// Hand a text over as a file.
function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

// The end of the form: the files to download.
function downloads({ data, draft, files, say, button, tell }) {
  const answers = files.fileName(draft, data.files.answers);
  const table = files.fileName(draft, data.files.table);
  const text = files.answersText(draft);
  const give = (name, content) => () => {
    download(name, content);
    tell(say("form-downloaded", { file: name }));
  };
  const copy = element("textarea", { class: "file", id: "text", rows: 12, readonly: true, spellcheck: "false" });
  copy.value = text;
  return [
    element("h3", {}, say("form-finish")),
    element("p", {}, say("form-download-about", { file: answers })),
    element("p", {}, button(say("form-download"), give(answers, text), "main")),
    element("p", {}, say("form-line-about")),
    element("p", {}, button(say("form-line"), give(table, files.unitLine(draft)))),
    element("p", { class: "hint" }, say("form-own", { file: answers })),
    element("details", {}, element("summary", {}, say("form-text")), element("label", { for: "text" }, answers), copy),
  ];
}

// Put the form on the page, and return what puts other answers into it. ending returns what stands below the answers
// when all is answered.
function startForm(data, ending) {
  const today = () => {
    const now = new Date();
    return checks.iso(new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())));
  };
  const checks = makeChecks(data);
  const questions = makeQuestions(data, checks);
  const files = makeFiles(data, checks, questions);
  const answers = makeAnswers(data, checks, questions, makeKeeper(data.version), today);
  const say = makeSay(data);
  const fields = makeFields({ data, checks, questions, answers, say, today, refresh });
  const main = document.getElementById("form");
  const REVIEW = "review";
  const MARKS = { fact: "review-fact", done: "review-done", open: "review-open", unanswered: "review-unanswered" };
  const parts = [questions.FACTS, ...data.areas.map((area) => area.id), REVIEW];

  let part = parts[0];
  let unitBefore = ""; // whose answers were there when the page was opened
  let goal = ""; // the key of the question to go to when the next part is shown

  const tell = (text) => {
    document.getElementById("told").textContent = text;
  };
  const shownSteps = new Map(); // the nodes of the part on the page, by what they ask

  // Let the page ask what is asked now; what has not changed stays as it is, with the focus in it.
  function refresh() {
    const place = document.getElementById("questions");
    const focused = document.activeElement.id;
    const wanted = new Map(answers.stepsOf(part).map((step) => [JSON.stringify([step, answers.noteOf(step)]), step]));
    for (const [asked, node] of shownSteps) {
      if (!wanted.has(asked)) {
        node.remove();
        shownSteps.delete(asked);
      }
    }
    const members = new Set([...wanted.values()].filter((step) => step.sets).flatMap(questions.keysOf));
    let before = null;
    for (const [asked, step] of wanted) {
      if (!shownSteps.has(asked)) {
        shownSteps.set(asked, fields.questionNode(step));
        const next = before ? before.nextSibling : place.firstChild;
        place.insertBefore(shownSteps.get(asked), next);
      }
      before = shownSteps.get(asked);
      before.classList.toggle("member", members.has(step.key)); // of what could be answered together
    }
    if (focused && document.activeElement.id !== focused) document.getElementById(focused)?.focus();
  }

  // --- a part ---

  const areaOf = (id) => questions.tailor(answers.draft).areas.find((area) => area.id === id);

  function heading(id) {
    const area = id === questions.FACTS ? say("interview-facts") : id === REVIEW ? say("review-heading") : areaOf(id).label;
    return say("form-part", { number: parts.indexOf(id) + 1, total: parts.length, area });
  }

  function about(id) {
    if (id === questions.FACTS) return say("interview-facts-about");
    return id === REVIEW ? say("review-marks") : areaOf(id).about;
  }

  function intro() {
    const lines = [say("form-intro"), say("form-private"), answers.isKept ? say("form-kept") : say("form-not-kept")];
    if (unitBefore) lines.push(say("form-found", { unit: unitBefore }));
    return lines.map((line) => element("p", {}, line));
  }

  const button = (text, onclick, look = "") => element("button", { type: "button", class: look, onclick }, text);

  function show(id, focus = true) {
    if (id !== parts[0]) unitBefore = "";
    part = id;
    shownSteps.clear();
    const title = element("h2", { tabindex: "-1" }, heading(id));
    const body = id === REVIEW ? reviewBody() : questionsBody();
    main.replaceChildren(
      element("h1", {}, document.title),
      ...(id === parts[0] ? intro() : []),
      title, element("p", {}, about(id)), element("div", { id: "problems" }), ...body,
      element("p", { role: "status", id: "told" }), foot());
    if (id !== REVIEW) refresh();
    if (goal) fields.focusOn(goal);
    else if (focus) title.focus();
    goal = "";
  }

  function foot() {
    return element("footer", {}, element("p", { class: "hint" }, say("form-forget-about")), button(say("form-forget"), forget));
  }

  function go(id, key = "") {
    goal = key;
    if (window.location.hash === `#${id}`) show(id);
    else window.location.hash = id; // the browser's own way back leads through the parts
  }

  function questionsBody() {
    const place = parts.indexOf(part);
    const leave = (to) => () => {
      if (!refuse()) go(to);
    };
    const back = place ? button(say("form-back"), () => go(parts[place - 1])) : null;
    const forth = element("button", { class: "main" }, say("form-next"));
    const last = answers.wasReviewed && place + 1 < parts.length - 1 ? button(say("form-to-review"), leave(REVIEW)) : null;
    const submitted = (event) => {
      event.preventDefault();
      leave(parts[place + 1])();
    };
    return [element("form", { novalidate: true, onsubmit: submitted },
      element("div", { id: "questions" }), sources(), element("div", { class: "buttons" }, back, forth, last))];
  }

  // Return where the questions of the part come from, which is looked up when it is asked for.
  function sources() {
    if (part === questions.FACTS) return null;
    const list = element("ul");
    const look = () => {
      const named = new Set(answers.stepsOf(part).flatMap((step) => step.sources));
      const lines = data.sources.filter((one) => named.has(one.id)).map(({ title, publisher, url }) =>
        element("li", {}, `${title} (${publisher}): `, element("a", { href: url, target: "_blank", rel: "noreferrer" }, url)));
      list.replaceChildren(...lines);
    };
    return element("details", { ontoggle: look }, element("summary", {}, say("form-sources")), list);
  }

  // Show what is wrong in the part, with a way to each; false if nothing is.
  function refuse() {
    answers.leave(part);
    refresh();
    const found = answers.problemsOf(part);
    for (const step of answers.stepsOf(part)) fields.showProblem(step, true);
    const place = document.getElementById("problems");
    place.replaceChildren();
    if (!found.length) return false;
    const list = found.map(({ step, key, problem }) => {
      const label = `${step.label}: ${say(problem.message, problem.values)}`;
      const follow = (event) => {
        event.preventDefault();
        fields.focusOn(key);
      };
      return element("li", {}, element("a", { href: `#${idOf(key)}`, onclick: follow }, label));
    });
    const summary = element("div", { class: "errors", tabindex: "-1", role: "group", "aria-labelledby": "errors" },
      element("h3", { id: "errors" }, say("form-errors")), element("ul", {}, list));
    place.append(summary);
    summary.focus();
    return true;
  }

  // --- the review ---

  const labelOf = (step, id) => step.options.find((one) => one.id === id)?.label ?? id;

  function answerText(step) {
    const answered = answers.given(step) ?? step.default;
    const shown = checks.isEmpty(answered) ? "–" : [].concat(answered).map((one) => labelOf(step, checks.asText(one))).join(", ");
    const note = answers.draft[answers.noteOf(step)];
    return note ? `${shown} (${note})` : shown;
  }

  function markOf(step) {
    if (answers.problemOf(step)) return "unanswered";
    if (!step.done.length) return "fact";
    return step.done.includes(answers.given(step)) ? "done" : "open";
  }

  function rowNode(step) {
    const change = () => go(step.area, step.key);
    const text = say(MARKS[markOf(step)], { label: step.label, answer: answerText(step) });
    const label = element("span", { class: "unseen" }, ` ${step.label}`);
    return element("li", {}, element("span", {}, text), element("button", { type: "button", onclick: change }, say("form-change"), label));
  }

  function reviewBody() {
    answers.review();
    const areas = parts.slice(0, -1).map((id) => [
      element("h3", {}, id === questions.FACTS ? say("interview-facts") : areaOf(id).label),
      element("ul", { class: "rows" }, answers.stepsOf(id).map(rowNode)),
    ]);
    const lacking = parts.slice(0, -1).flatMap(answers.problemsOf).length;
    const back = element("div", { class: "buttons" }, button(say("form-back"), () => go(parts.at(-2))));
    const unfinished = () => [element("p", { class: "error" }, say("form-unfinished", { count: lacking }))];
    const end = lacking ? unfinished() : ending({ data, draft: answers.draft, files, say, button, tell });
    return [...areas.flat(), ...end, back];
  }

  function forget() {
    if (!window.confirm(say("form-forget-sure"))) return;
    answers.forget();
    unitBefore = "";
    window.history.replaceState(null, "", "#");
    show(parts[0]);
    tell(say("form-forgotten"));
  }

  const partAsked = () => parts.find((id) => `#${id}` === window.location.hash) ?? (window.location.hash ? "" : parts[0]);

  answers.resume();
  answers.keep(); // which tells whether anything can be kept
  unitBefore = answers.draft[data.keys.name] ?? "";
  window.addEventListener("hashchange", () => {
    if (partAsked()) show(partAsked());
  });
  window.addEventListener("storage", () => { // another tab answers, or forgets
    const before = JSON.stringify(answers.draft);
    answers.resume();
    if (JSON.stringify(answers.draft) !== before) show(part, false);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!answers.isKept && Object.keys(answers.draft).length) event.preventDefault();
  });
  show(partAsked() || parts[0], false);
  return {
    load(draft) {
      answers.load(draft);
      show(part, false);
    },
  };
}

// The page: shows the questions part by part, keeps what is answered in this browser, and hands the files over.
// Texts become text nodes only, so that nothing a person or the content says is ever taken for markup.
"use strict";

// Keeps a state in the browser, where it lets us; the place of the page and its version tell it from other pages.
function makeKeeper(window, version) {
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

function startForm(window, data) {
  const { document } = window;
  const checks = makeChecks(data);
  const questions = makeQuestions(data, checks);
  const files = makeFiles(data, checks, questions);
  const keeper = makeKeeper(window, data.version);
  const main = document.getElementById("form");
  const REVIEW = "review";
  const MARKS = { fact: "review-fact", done: "review-done", open: "review-open", unanswered: "review-unanswered" };
  const parts = [questions.FACTS, ...data.areas.map((area) => area.id), REVIEW];

  let draft = {};
  let opened = new Set(); // what is asked one by one, of what can be answered together
  let hasReviewed = false;
  let mistakes = {}; // what was written and cannot be taken, by the key of its place
  let isKept = true;
  let part = parts[0];
  let unitBefore = ""; // whose answers were there when the page was opened
  let goal = ""; // the key of the question to go to when the next part is shown

  const today = () => {
    const now = new Date();
    return checks.iso(new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())));
  };
  const say = (id, values = {}) =>
    data.say[id].replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return value?.message ? say(value.message, value.values) : String(value);
    });
  const problemText = ({ message, values }) => say(message, values);
  const idOf = (key) => key.replaceAll(".", "-");

  // Return an element; what is no property of it is an attribute.
  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== undefined) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }

  // --- the state ---

  const steps = () => questions.steps(draft, opened);
  const stepsOf = (area) => steps().filter((step) => step.area === area);
  const given = (step) => (opened.has(step.key) ? step.asks : questions.answerIn(step, draft));
  const isAnswered = (step) => given(step) !== undefined;
  const noteOf = (step) => (step.sets && given(step) === step.asks ? "" : step.note); // each has one then
  const labelOf = (step, id) => step.options.find((one) => one.id === id)?.label ?? id;

  function keep() {
    isKept = keeper.keep({ draft, opened: [...opened], hasReviewed });
  }

  function take(step, value) {
    delete mistakes[step.key];
    if (step.sets) {
      if (value === step.asks) opened.add(step.key);
      else opened.delete(step.key);
    }
    draft = questions.taken(step, value, draft);
    keep();
  }

  // Take what was written or chosen, or remember why it cannot be taken.
  function answer(step, text) {
    const value = checks.typed(step.kind, text);
    const problem = questions.problemWith(step, value, draft, today());
    if (problem) mistakes[step.key] = { text, problem };
    else take(step, value);
  }

  function answerNote(step, text) {
    const note = text.trim();
    const problem = note ? checks.problemWith("note", note) : null;
    delete mistakes[step.note];
    if (problem) {
      mistakes[step.note] = { text, problem };
      return;
    }
    const { [step.note]: _, ...others } = draft;
    draft = note ? { ...others, [step.note]: note } : others;
    keep();
  }

  function problemOf(step) {
    if (mistakes[step.key]) return mistakes[step.key].problem;
    if (step.sets && isAnswered(step)) return null;
    return questions.problemWith(step, given(step), draft, today());
  }

  // Return the problems of a part, each with the place where it can be put right.
  function problemsOf(area) {
    return stepsOf(area).flatMap((step) => {
      const problem = problemOf(step);
      const inNote = mistakes[noteOf(step)]?.problem;
      return [
        ...(problem ? [{ step, key: step.key, problem }] : []),
        ...(inNote ? [{ step, key: step.note, problem: inNote }] : []),
      ];
    });
  }

  // Count what was passed over on the way through a part: with what is offered, or as nothing.
  function passOver(area) {
    for (const step of stepsOf(area)) {
      const offered = step.default || questions.nothing(step);
      const isFact = area === questions.FACTS && !(step.required && checks.isEmpty(offered));
      if (isFact && !isAnswered(step) && !mistakes[step.key]) take(step, offered);
    }
  }

  // --- one question ---

  // Show what is wrong with an answer: what was not shown yet only when the person wants to go on, for it moves what
  // she may be about to press.
  function showProblem(step, isAsked = false) {
    for (const key of [step.key, noteOf(step)].filter(Boolean)) {
      const place = document.getElementById(`${idOf(key)}-error`);
      if (!place) continue;
      const found = key === step.key ? problemOf(step) : mistakes[key]?.problem;
      const problem = isAsked || place.parentElement.classList.contains("wrong") ? found : null;
      const doubt = found || checks.isEmpty(draft[key]) ? null : checks.doubtIn(draft[key]);
      place.textContent = problem ? say("form-error", { problem }) : doubt ? problemText(doubt) : "";
      place.hidden = !place.textContent;
      place.parentElement.classList.toggle("wrong", Boolean(problem));
      const field = document.getElementById(idOf(key));
      if (field.matches("input, textarea")) field.setAttribute("aria-invalid", String(Boolean(problem)));
    }
  }

  function hints(step) {
    const id = idOf(step.key);
    const lines = [step.why];
    if (step.partly) lines.push(say("interview-partly", { partly: step.partly }));
    if (step.kind === "choices") lines.push(say("form-several"));
    if (step.kind === "date") lines.push(dateHint());
    return [
      element("div", { id: `${id}-hint`, class: "hint" }, lines.map((line) => element("p", { class: "hint" }, line))),
      element("p", { id: `${id}-error`, class: "error", hidden: true }),
    ];
  }

  // Return how a day is written, with one that could be meant: a Monday some weeks from the start or from today.
  function dateHint() {
    const day = new Date(draft[data.keys.start]?.day ?? today());
    day.setUTCDate(day.getUTCDate() + 8 * 7 - ((day.getUTCDay() + 6) % 7));
    const short = checks.iso(day);
    return say("interview-date", { long: checks.dayText(short, "short_date"), short });
  }

  const described = (key) => `${idOf(key)}-hint ${idOf(key)}-error`;

  function optionField(step, { id, label, about }, type, isChosen, choose) {
    const place = `${idOf(step.key)}-${id || "none"}`;
    return element("div", { class: "option" },
      element("input", { type, id: place, name: idOf(step.key), value: id, checked: isChosen, onchange: choose }),
      element("label", { for: place }, label, about ? element("span", { class: "hint" }, `: ${about}`) : null));
  }

  function choiceFields(step) {
    const isOptional = step.area === questions.FACTS && !step.required && !step.default;
    const options = isOptional ? [...step.options, { id: "", label: say("screen-skip") }] : step.options;
    const chosen = given(step) ?? (step.area === questions.FACTS ? step.default : undefined);
    return options.map((option) =>
      optionField(step, option, "radio", option.id === chosen, () => {
        if (option.id) answer(step, option.id);
        else take(step, "");
        changed(step);
      }));
  }

  function choicesFields(step) {
    const chosen = given(step) || [];
    const choose = (event) => {
      const boxes = [...event.target.closest("fieldset").querySelectorAll("input")];
      take(step, boxes.filter((box) => box.checked).map((box) => box.value));
      changed(step);
    };
    return step.options.map((option) =>
      optionField(step, option, "checkbox", chosen.includes(option.id), choose));
  }

  function textField(step) {
    const id = idOf(step.key);
    const value = mistakes[step.key]?.text ?? (isAnswered(step) ? checks.asText(given(step)) : "");
    const understood = element("p", { class: "hint", id: `${id}-understood` });
    const tell = () => {
      const day = step.kind === "date" && !mistakes[step.key] && draft[step.key]?.day;
      understood.textContent = day ? say("form-day", { day: checks.dayText(day, "date") }) : "";
    };
    const input = element("input", {
      type: "text", id, value, autocomplete: "off", "aria-describedby": `${described(step.key)} ${id}-understood`,
      inputmode: { email: "email", integer: "numeric" }[step.kind], "aria-required": step.required && "true",
      oninput: () => {
        write(step, input.value);
        tell();
        changed(step);
      },
    });
    tell();
    return [input, understood];
  }

  function write(step, text) {
    if (text.trim() || step.required) answer(step, text);
    else take(step, questions.nothing(step));
  }

  function noteField(step) {
    const id = idOf(step.note);
    const text = mistakes[step.note]?.text ?? draft[step.note] ?? "";
    const area = element("textarea", {
      id, rows: 3, "aria-describedby": described(step.note),
      oninput: () => {
        answerNote(step, area.value);
        showProblem(step);
      },
    });
    area.value = text;
    return element("details", { open: Boolean(text) },
      element("summary", {}, say("form-note"), element("span", { class: "unseen" }, `: ${step.label}`)),
      element("div", {},
        element("label", { for: id }, say("note-question", { label: step.label })),
        element("p", { id: `${id}-hint`, class: "hint" }, say("form-note-why")),
        element("p", { id: `${id}-error`, class: "error", hidden: true }),
        area));
  }

  function questionNode(step) {
    const id = idOf(step.key);
    const note = noteOf(step) ? noteField(step) : null;
    if (!step.options.length) {
      return element("div", { class: "question" },
        element("label", { for: id }, step.question), hints(step), textField(step), note);
    }
    const fields = step.kind === "choices" ? choicesFields(step) : choiceFields(step);
    return element("fieldset", { class: "question", id, "aria-describedby": described(step.key) },
      element("legend", {}, step.question), hints(step), fields, note);
  }

  // Show what follows from an answer.
  function changed(step) {
    showProblem(step);
    const note = document.getElementById(idOf(step.note));
    if (note && given(step) === data.states.partly && !step.sets) note.closest("details").open = true;
    refresh();
  }

  const shownSteps = new Map(); // the nodes of the part on the page, by what they ask

  // Let the page ask what is asked now; what has not changed stays as it is, with the focus in it.
  function refresh() {
    const place = document.getElementById("questions");
    const focused = document.activeElement.id;
    const wanted = new Map(stepsOf(part).map((step) => [JSON.stringify([step, noteOf(step)]), step]));
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
        shownSteps.set(asked, questionNode(step));
        const next = before ? before.nextSibling : place.firstChild;
        place.insertBefore(shownSteps.get(asked), next);
      }
      before = shownSteps.get(asked);
      before.classList.toggle("member", members.has(step.key)); // of what could be answered together
    }
    if (focused && document.activeElement.id !== focused) document.getElementById(focused)?.focus();
  }

  // --- a part ---

  const areaOf = (id) => questions.tailor(draft).areas.find((area) => area.id === id);

  function heading(id) {
    const area = id === questions.FACTS ? say("interview-facts") : id === REVIEW ? say("review-heading") : areaOf(id).label;
    return say("form-part", { number: parts.indexOf(id) + 1, total: parts.length, area });
  }

  function about(id) {
    if (id === questions.FACTS) return say("interview-facts-about");
    return id === REVIEW ? say("review-marks") : areaOf(id).about;
  }

  function intro() {
    const lines = [say("form-intro"), say("form-private"), isKept ? say("form-kept") : say("form-not-kept")];
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
    if (goal) focusOn(goal);
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
    const last = hasReviewed && place + 1 < parts.length - 1 ? button(say("form-to-review"), leave(REVIEW)) : null;
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
      const named = new Set(stepsOf(part).flatMap((step) => step.sources));
      const lines = data.sources.filter((one) => named.has(one.id)).map(({ title, publisher, url }) =>
        element("li", {}, `${title} (${publisher}): `, element("a", { href: url, target: "_blank", rel: "noreferrer" }, url)));
      list.replaceChildren(...lines);
    };
    return element("details", { ontoggle: look }, element("summary", {}, say("form-sources")), list);
  }

  // Show what is wrong in the part, with a way to each; false if nothing is.
  function refuse() {
    passOver(part);
    refresh();
    const found = problemsOf(part);
    for (const step of stepsOf(part)) showProblem(step, true);
    const place = document.getElementById("problems");
    place.replaceChildren();
    if (!found.length) return false;
    const list = found.map(({ step, key, problem }) => {
      const label = `${step.label}: ${problemText(problem)}`;
      const follow = (event) => {
        event.preventDefault();
        focusOn(key);
      };
      return element("li", {}, element("a", { href: `#${idOf(key)}`, onclick: follow }, label));
    });
    const summary = element("div", { class: "errors", tabindex: "-1", role: "group", "aria-labelledby": "errors" },
      element("h3", { id: "errors" }, say("form-errors")), element("ul", {}, list));
    place.append(summary);
    summary.focus();
    return true;
  }

  // Put the focus where a question is answered.
  function focusOn(key) {
    const place = document.getElementById(idOf(key));
    if (!place) return;
    const details = place.closest("details");
    if (details) details.open = true;
    const field = place.matches("fieldset") ? (place.querySelector("input:checked") ?? place.querySelector("input")) : place;
    field.focus();
  }

  // --- the review ---

  function answerText(step) {
    const answered = given(step) ?? step.default;
    const shown = checks.isEmpty(answered) ? "–" : [].concat(answered).map((one) => labelOf(step, checks.asText(one))).join(", ");
    const note = draft[noteOf(step)];
    return note ? `${shown} (${note})` : shown;
  }

  function markOf(step) {
    if (problemOf(step)) return "unanswered";
    if (!step.done.length) return "fact";
    return step.done.includes(given(step)) ? "done" : "open";
  }

  function rowNode(step) {
    const change = () => go(step.area, step.key);
    const text = say(MARKS[markOf(step)], { label: step.label, answer: answerText(step) });
    const label = element("span", { class: "unseen" }, `: ${step.label}`);
    return element("li", {}, element("span", {}, text), element("button", { type: "button", onclick: change }, say("form-change"), label));
  }

  function reviewBody() {
    hasReviewed = true;
    keep();
    const areas = parts.slice(0, -1).map((id) => [
      element("h3", {}, id === questions.FACTS ? say("interview-facts") : areaOf(id).label),
      element("ul", { class: "rows" }, stepsOf(id).map(rowNode)),
    ]);
    const lacking = parts.slice(0, -1).flatMap(problemsOf).length;
    const back = element("div", { class: "buttons" }, button(say("form-back"), () => go(parts.at(-2))));
    const end = lacking ? [element("p", { class: "error" }, say("form-unfinished", { count: lacking }))] : finish();
    return [...areas.flat(), ...end, back];
  }

  function finish() {
    const answers = files.fileName(draft, data.files.answers);
    const table = files.fileName(draft, data.files.table);
    const text = files.answersText(draft);
    const copy = element("textarea", { class: "file", id: "text", rows: 12, readonly: true, spellcheck: "false" });
    copy.value = text;
    return [
      element("h3", {}, say("form-finish")),
      element("p", {}, say("form-download-about", { file: answers })),
      element("p", {}, button(say("form-download"), () => download(answers, text), "main")),
      element("p", {}, say("form-line-about")),
      element("p", {}, button(say("form-line"), () => download(table, files.unitLine(draft)))),
      element("p", { class: "hint" }, say("form-own", { file: answers })),
      element("details", {}, element("summary", {}, say("form-text")), element("label", { for: "text" }, answers), copy),
    ];
  }

  function download(name, text) {
    const address = window.URL.createObjectURL(new window.Blob([text], { type: "application/octet-stream" }));
    element("a", { href: address, download: name }).click();
    window.setTimeout(() => window.URL.revokeObjectURL(address), 60_000);
    document.getElementById("told").textContent = say("form-downloaded", { file: name });
  }

  function forget() {
    if (!window.confirm(say("form-forget-sure"))) return;
    keeper.forget();
    draft = {};
    opened = new Set();
    mistakes = {};
    hasReviewed = false;
    unitBefore = "";
    window.history.replaceState(null, "", "#");
    show(parts[0]);
    document.getElementById("told").textContent = say("form-forgotten");
  }

  const partAsked = () => parts.find((id) => `#${id}` === window.location.hash) ?? parts[0];

  const kept = keeper.read();
  if (kept?.draft) ({ draft, hasReviewed, opened } = { ...kept, opened: new Set(kept.opened) });
  unitBefore = draft[data.keys.name] ?? "";
  keep();
  window.addEventListener("hashchange", () => show(partAsked()));
  window.addEventListener("beforeunload", (event) => {
    if (!isKept && Object.keys(draft).length) event.preventDefault();
  });
  show(partAsked(), false);
}

startForm(window, JSON.parse(document.getElementById("form-data").textContent));

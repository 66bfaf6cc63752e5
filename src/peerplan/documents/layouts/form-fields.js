// One question on the page: its fields, its note, and what is wrong with its answer.
// Texts become text nodes only, so that nothing a person or the content says is ever taken for markup.
"use strict";

// Return an element: what begins with "on" is listened to, all else is an attribute.
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

const idOf = (key) => key.replaceAll(".", "-");

// Return what says a message: a value that is a message itself is said too.
function makeSay(data) {
  return function say(id, values = {}) {
    return data.say[id].replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return value?.message ? say(value.message, value.values) : String(value);
    });
  };
}

// refresh is called after each answer, for others may be asked then.
function makeFields({ data, checks, questions, answers, say, today, refresh }) {
  // Show what is wrong with an answer: what was not shown yet only when the person wants to go on, for it moves what
  // she may be about to press.
  function showProblem(step, isAsked = false) {
    for (const key of [step.key, answers.noteOf(step)].filter(Boolean)) {
      const place = document.getElementById(`${idOf(key)}-error`);
      if (!place) continue;
      const found = key === step.key ? answers.problemOf(step) : answers.mistake(key)?.problem;
      const problem = isAsked || place.parentElement.classList.contains("wrong") ? found : null;
      const value = answers.draft[key];
      const doubt = found || checks.isEmpty(value) ? null : questions.doubtIn(key, value, today());
      place.textContent = problem ? say("form-error", { problem }) : doubt ? say(doubt.message, doubt.values) : "";
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
    const day = new Date(answers.draft[data.keys.start]?.day ?? today());
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
    const chosen = answers.given(step) ?? (step.area === questions.FACTS ? step.default : undefined);
    return options.map((option) =>
      optionField(step, option, "radio", option.id === chosen, () => {
        answers.write(step, option.id);
        changed(step);
      }));
  }

  function choicesFields(step) {
    const chosen = answers.given(step) || [];
    const choose = (event) => {
      const boxes = [...event.target.closest("fieldset").querySelectorAll("input")];
      answers.write(step, boxes.filter((box) => box.checked).map((box) => box.value));
      changed(step);
    };
    return step.options.map((option) =>
      optionField(step, option, "checkbox", chosen.includes(option.id), choose));
  }

  function textField(step) {
    const id = idOf(step.key);
    const value = answers.mistake(step.key)?.text ?? (answers.isAnswered(step) ? checks.asText(answers.given(step)) : "");
    const understood = element("p", { class: "hint", id: `${id}-understood` });
    const tell = () => {
      const day = step.kind === "date" && !answers.mistake(step.key) && answers.draft[step.key]?.day;
      understood.textContent = day ? say("form-day", { day: checks.dayText(day, "date") }) : "";
    };
    const input = element("input", {
      type: "text", id, value, autocomplete: "off", "aria-describedby": `${described(step.key)} ${id}-understood`,
      inputmode: { email: "email", integer: "numeric" }[step.kind], "aria-required": step.required && "true",
      oninput: () => {
        answers.write(step, input.value);
        tell();
        changed(step);
      },
    });
    tell();
    return [input, understood];
  }

  function noteField(step) {
    const id = idOf(step.note);
    const text = answers.mistake(step.note)?.text ?? answers.draft[step.note] ?? "";
    const area = element("textarea", {
      id, rows: 3, "aria-describedby": described(step.note),
      oninput: () => {
        answers.writeNote(step, area.value);
        showProblem(step);
      },
    });
    area.value = text;
    return element("details", { open: Boolean(text) },
      element("summary", {}, say("form-note"), element("span", { class: "unseen" }, ` ${step.label}`)),
      element("div", {},
        element("label", { for: id }, say("note-question", { label: step.label })),
        element("p", { id: `${id}-hint`, class: "hint" }, say("form-note-why")),
        element("p", { id: `${id}-error`, class: "error", hidden: true }),
        area));
  }

  function questionNode(step) {
    const id = idOf(step.key);
    const note = answers.noteOf(step) ? noteField(step) : null;
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
    if (note && answers.given(step) === data.states.partly && !step.sets) note.closest("details").open = true;
    refresh();
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

  return { focusOn, questionNode, showProblem };
}

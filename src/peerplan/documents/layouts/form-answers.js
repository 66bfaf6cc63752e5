// What has been answered: the draft, what is asked one by one, and what was written and cannot be taken. It knows no page.
"use strict";

// keeper keeps the answers wherever it can: read(), keep(state), which tells whether it could, and forget().
function makeAnswers(data, checks, questions, keeper, today) {
  let draft = {};
  let opened = new Set(); // what is asked one by one, of what can be answered together
  let mistakes = {}; // what was written and cannot be taken, by the key of its place
  let wasReviewed = false;
  let isKept = true;

  function keep() {
    isKept = keeper.keep({ draft, opened: [...opened], wasReviewed });
  }

  // Go on with what is kept: from an earlier visit, or by another tab, which may have forgotten it.
  function resume() {
    const kept = keeper.read() ?? {};
    draft = kept.draft ?? {};
    opened = new Set(kept.opened);
    wasReviewed = kept.wasReviewed ?? false;
  }

  // Go on with other answers, such as those of a plan that was opened.
  function load(other) {
    draft = other;
    opened = new Set();
    mistakes = {};
    wasReviewed = true;
    keep();
  }

  function forget() {
    keeper.forget();
    draft = {};
    opened = new Set();
    mistakes = {};
    wasReviewed = false;
  }

  function review() {
    wasReviewed = true;
    keep();
  }

  const steps = () => questions.steps(draft, opened);
  const stepsOf = (area) => steps().filter((step) => step.area === area);
  const given = (step) => (opened.has(step.key) ? step.asks : questions.answerIn(step, draft));
  const isAnswered = (step) => given(step) !== undefined;
  const noteOf = (step) => (step.sets && given(step) === step.asks ? "" : step.note); // each has one then

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
  function write(step, text) {
    const isPassed = checks.isEmpty(typeof text === "string" ? text.trim() : text);
    if (isPassed && !step.required && step.area === questions.FACTS) {
      take(step, questions.nothing(step));
      return;
    }
    const value = checks.typed(step.kind, text);
    const problem = questions.problemWith(step, value, draft, today());
    if (problem) mistakes[step.key] = { text, problem };
    else take(step, value);
  }

  function writeNote(step, text) {
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

  // Leave a part: what was passed over counts as what is offered, or as nothing, and what was wrong may be right now.
  function leave(area) {
    for (const step of stepsOf(area)) {
      if (mistakes[step.key]) write(step, mistakes[step.key].text);
      else if (area === questions.FACTS && !isAnswered(step)) write(step, step.default || questions.nothing(step));
    }
  }

  return {
    forget, given, isAnswered, keep, leave, load, noteOf, problemOf, problemsOf, resume, review, stepsOf, steps, write, writeNote,
    mistake: (key) => mistakes[key],
    get draft() { return draft; },
    get isKept() { return isKept; },
    get wasReviewed() { return wasReviewed; },
  };
}

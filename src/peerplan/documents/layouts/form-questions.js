// Which questions are asked, given the answers so far: as guide/tailoring.py and answers/questions.py say, which the
// tests hold it to. A draft is {key: answer}; what is asked of whom, and in which words, is in the data alone.
"use strict";

function makeQuestions(data, checks) {
  const { isEmpty } = checks;
  const FACTS = "facts";
  const facts = Object.fromEntries(data.facts.map((fact) => [fact.key, fact]));
  const keys = Object.fromEntries(data.items.map((item) => [item.id, item.key]));
  const areas = data.areas.map((area) => area.id);
  const optionsOf = (item) => item.options ?? data.options.filter((one) => !(item.without ?? []).includes(one.id));

  // Tell whether a condition holds: each list that it gives has the unit's value.
  const applies = (when, profile) =>
    Object.entries(when ?? {}).every(([name, allowed]) => allowed.includes(profile[name]));

  function groupOf(participants) {
    if (!Number.isInteger(participants)) return "unknown";
    if (participants === 1) return "one";
    return participants % 2 ? "odd" : "even";
  }

  // Return what conditions look at; what the unit is not asked counts as not answered.
  function profileOf(draft) {
    const given = { group: groupOf(draft[data.keys.participants]) };
    for (const [name, { key }] of Object.entries(data.conditions)) {
      given[name] = isEmpty(draft[key]) ? (facts[key].default ?? "") : draft[key];
    }
    const profile = { group: given.group };
    for (const [name, { key, empty }] of Object.entries(data.conditions)) {
      profile[name] = (applies(facts[key].when, given) && given[name]) || empty;
    }
    return profile;
  }

  // Return the words for a unit: those that its choices and its number replace.
  function wordsFor(profile) {
    const words = { ...data.words };
    for (const [name, { key }] of Object.entries(data.conditions)) {
      Object.assign(words, (facts[key].choices ?? []).find((one) => one.id === profile[name])?.words);
    }
    const ofOne = Object.entries(data.words_of_one).map(([word, other]) => [word, words[other]]);
    return profile.group === "one" ? { ...words, ...Object.fromEntries(ofOne) } : words;
  }

  const capital = (word) => word[0].toUpperCase() + word.slice(1);
  const small = (word) => word[0].toLowerCase() + word.slice(1);
  // Return a text with the words in braces filled in; a word with a capital gives one with a capital.
  const filled = (text, words) =>
    (text ?? "").replace(/\{(\w+)\}/g, (_, word) => words[word] ?? capital(words[small(word)]));

  // Return the facts and items of a unit as content has them, in its words, and its words.
  function tailor(draft) {
    const profile = profileOf(draft);
    const words = wordsFor(profile);
    const say = (record, names) =>
      ({ ...record, ...Object.fromEntries(names.map((name) => [name, filled(record[name], words)])) });
    const choices = (fact) =>
      (fact.choices ?? []).filter((one) => applies(one.when, profile)).map((one) => say(one, ["label", "about"]));
    const varied = (item) => {
      const variants = item.variants.filter((one) => applies(one.when, profile));
      const sources = new Set([...item.sources, ...variants.flatMap((one) => one.sources)]);
      return Object.assign({}, item, ...variants.map((one) => one.says), { sources: [...sources] });
    };
    return {
      words,
      areas: data.areas.map((area) => say(area, ["label", "about"])),
      facts: data.facts
        .filter((fact) => applies(fact.when, profile))
        .map((fact) => ({ ...say(fact, ["label", "question", "why"]), choices: choices(fact) })),
      items: data.items
        .filter((item) => applies(item.when, profile))
        .map((item) => ({
          ...say(varied(item), ["label", "question", "why", "partly"]),
          options: optionsOf(item).map((one) => say(one, ["label", "about"])),
        })),
      questions: data.questions.map((one) => ({
        ...say(one, ["label", "question", "why", "partly"]),
        options: one.options?.map((option) => say(option, ["label"])),
      })),
    };
  }

  const offered = (options) => options.map(({ id, label, about }) => ({ id, label, about: about ?? "" }));

  const factStep = (fact) => ({
    key: fact.key,
    area: FACTS,
    kind: fact.kind,
    label: fact.label,
    question: fact.question,
    why: fact.why,
    options: offered(fact.choices),
    required: fact.required ?? false,
    default: fact.default ?? "",
    partly: "",
    sources: [],
    done: [],
    note: "",
    sets: null,
    asks: "",
  });

  const itemStep = (item) => ({
    key: item.key,
    area: item.area,
    kind: "choice",
    label: item.label,
    question: item.question,
    why: item.why,
    options: offered(item.options),
    required: false,
    default: item.options.find((one) => one.state === "unknown").id,
    partly: data.items.find((one) => one.id === item.id).options ? "" : item.partly,
    sources: item.sources,
    done: item.options.filter((one) => data.states.in_place.includes(one.state)).map((one) => one.id),
    note: `${data.keys.notes}.${item.id}`,
    sets: null,
    asks: "",
  });

  // Return the answer to each item by its id: unknown after a leading item that is open, done where another implies it.
  function chosenOptions(items, draft) {
    const chosen = {};
    const isClosed = (id) => id in chosen && data.states.closed.includes(chosen[id].state);
    for (const item of items) {
      const unknown = item.options.find((one) => one.state === "unknown");
      const given = item.options.find((one) => one.id === draft[item.key]);
      chosen[item.id] = isClosed(item.follows) ? unknown : (given ?? unknown);
    }
    const implied = items.flatMap((item) => (chosen[item.id].state === "done" ? (item.implies ?? []) : []));
    for (const item of items) {
      if (implied.includes(item.id) && !data.states.in_place.includes(chosen[item.id].state)) {
        chosen[item.id] = item.options.find((one) => one.state === "done");
      }
    }
    return chosen;
  }

  // Return the questions that apply, each by itself, without those that follow an item that is not in place.
  function singleSteps(unit, draft) {
    const chosen = chosenOptions(unit.items, draft);
    const isClosed = (item) => !isEmpty(draft[item.key]) && data.states.closed.includes(chosen[item.id].state);
    const closed = unit.items.filter(isClosed).map((item) => item.id);
    const asked = unit.items.filter((item) => !closed.includes(item.follows));
    const inOrder = [...asked].sort((one, other) => areas.indexOf(one.area) - areas.indexOf(other.area));
    return [...unit.facts.map(factStep), ...inOrder.map(itemStep)];
  }

  function together(question, members) {
    const alike = (answer) => Object.fromEntries(members.map((member) => [member.key, answer]));
    const isShared = (option) => members.every((member) => member.options.some((one) => one.id === option.id));
    const options = question.options ?? members[0].options.filter(isShared);
    const asks = question.options ? (options.find((one) => one.asks)?.id ?? "") : data.states.partly;
    const sets = options
      .filter((one) => one.id !== asks)
      .map((one) => [one.id, question.options ? (one.sets ?? alike("")) : alike(one.id)]);
    return {
      ...members[0],
      key: question.id,
      kind: "choice",
      label: question.label,
      question: question.question,
      why: question.why,
      options: offered(options).map((one) => ({ ...one, about: "" })),
      required: false,
      default: question.default ?? members[0].default,
      partly: question.partly,
      sources: [...new Set(members.flatMap((member) => member.sources))],
      done: members[0].done.filter((id) => options.some((one) => one.id === id)),
      sets: Object.fromEntries(sets),
      asks,
    };
  }

  // Return the questions as they are put: what is answered together is one, and its members follow where each is asked.
  function steps(draft, opened = new Set()) {
    const unit = tailor(draft);
    const single = singleSteps(unit, draft).filter((step) => facts[step.key]?.asked !== false);
    const first = {};
    for (const question of unit.questions) {
      const members = question.members
        .map((one) => single.find((step) => step.key === (keys[one] ?? one)))
        .filter(Boolean);
      if (members.length > 1 || (members.length && question.options)) {
        first[members[0].key] = { step: together(question, members), members };
      }
    }
    const within = Object.values(first).flatMap(({ members }) => members.map((member) => member.key));
    return single.flatMap((step) => {
      if (!within.includes(step.key)) return [step];
      if (!(step.key in first)) return [];
      const { step: begun, members } = first[step.key];
      const areAsked = opened.has(begun.key) || (begun.asks && answerIn(begun, draft) === begun.asks);
      return areAsked ? [begun, ...members] : [begun];
    });
  }

  const keysOf = (step) => (step.sets ? Object.keys(Object.values(step.sets)[0]) : [step.key]);

  // Return what a draft says to a question, undefined if nothing.
  function answerIn(step, draft) {
    if (!step.sets) return draft[step.key];
    if (!keysOf(step).some((key) => key in draft)) return undefined;
    const isAlike = ([, sets]) =>
      Object.entries(sets).every(([key, answer]) => (isEmpty(draft[key]) ? "" : draft[key]) === answer);
    return Object.entries(step.sets).find(isAlike)?.[0] ?? (step.asks || undefined);
  }

  // Return a draft with an answer to a question; of several choices, those that do not apply now are kept.
  function taken(step, value, draft) {
    if (step.sets) return { ...draft, ...step.sets[value] };
    if (step.kind === "choices") {
      const isOffered = (id) => step.options.some((one) => one.id === id);
      value = [...value.filter(isOffered), ...(draft[step.key] || []).filter((id) => !isOffered(id))];
    }
    return { ...draft, [step.key]: value };
  }

  // Return what is wrong with an answer to a question, or null; today is a day on which a placement may begin.
  function problemWith(step, value, draft, today) {
    if (isEmpty(value)) return step.required || step.area !== FACTS ? checks.wrong("missing") : null;
    const problem = checks.problemWith(step.key === data.keys.name ? "name" : step.kind, value);
    if (problem) return problem;
    const start = draft[data.keys.start]?.day;
    if (step.key === data.keys.end && start && value.day < start) {
      return checks.wrong("end-before-start", { start, end: value.day });
    }
    if (step.key === data.keys.start && value.day < today) {
      return checks.wrong("interview-has-begun", { start: value.day, as_of: today });
    }
    return null;
  }

  // Return what a person should judge in an answer that is taken, or null. Of days off the page knows the weekends alone.
  function doubtIn(key, value, today) {
    const far = new Date(today);
    far.setUTCDate(far.getUTCDate() + data.limits.far);
    if (key === data.keys.start && value.day > checks.iso(far)) return checks.wrong("start-far", { start: value.day });
    const isWeekend = value.day && [0, 6].includes(new Date(value.day).getUTCDay());
    if (isWeekend && key === data.keys.start) return checks.wrong("start-day-off", { start: value.day });
    if (isWeekend && key === data.keys.end) return checks.wrong("end-day-off", { end: value.day });
    return checks.doubtIn(value);
  }

  // Return the answer that stands for nothing: an empty list where there can be several, else an empty text.
  const nothing = (step) => (step.kind === "list" || step.kind === "choices" ? [] : "");

  return { FACTS, answerIn, doubtIn, keysOf, nothing, problemWith, steps, tailor, taken, wordsFor, filled };
}

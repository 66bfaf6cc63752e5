// Answers what the form's scripts say of cases, without a page: node logic.mjs DATA SCRIPT... <CASES
// A case is the name of a function and its arguments; what each gives is printed as JSON, in their order.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const [data, ...scripts] = process.argv.slice(2);
runInThisContext(scripts.map((path) => readFileSync(path, "utf8")).join("\n"));
const asked = JSON.parse(readFileSync(data, "utf8"));
const checks = makeChecks(asked);
const questions = makeQuestions(asked, checks);
const files = makeFiles(asked, checks, questions);

const opened = (draft, keys) => questions.steps(draft, new Set(keys));
const stepOf = (draft, key, keys = []) => opened(draft, keys).find((step) => step.key === key);

const NEVER = "2000-01-01"; // no placement has begun by that day

function answersIn(kept = []) {
  const keeper = { read: () => null, keep: (state) => kept.push(JSON.stringify(state)) > 0, forget: () => {} };
  return makeAnswers(asked, checks, questions, keeper, () => NEVER);
}

// Answer every question in turn, as a person does who leaves none that has an answer.
function entered(given) {
  const answers = answersIn();
  const settled = new Set();
  for (;;) {
    const step = answers.steps().find((one) => !settled.has(one.key));
    if (!step) return answers.draft;
    answers.write(step, given[step.key] ?? questions.nothing(step));
    if (given[answers.noteOf(step)]) answers.writeNote(step, given[step.note]);
    settled.add(step.key);
  }
}

// Write answers in an order and leave all parts: what is taken, what was kept on the way, and what is wrong.
function written(given) {
  const kept = [];
  const answers = answersIn(kept);
  const areas = [questions.FACTS, ...asked.areas.map((area) => area.id)];
  for (const [key, text] of given) answers.write(answers.steps().find((step) => step.key === key), text);
  for (const area of areas) answers.leave(area);
  const problems = areas.flatMap(answers.problemsOf).map(({ key, problem }) => [key, problem.message]);
  return { draft: answers.draft, kept, problems: Object.fromEntries(problems) };
}

const functions = {
  entered,
  written,
  steps: opened,
  answerIn: (draft, key) => questions.answerIn(stepOf(draft, key), draft) ?? null,
  taken: (draft, key, value) => questions.taken(stepOf(draft, key), value, draft),
  judged: (draft, key, value, today) => questions.problemWith(stepOf(draft, key), value, draft, today),
  doubtInAnswer: questions.doubtIn,
  ...checks,
  ...files,
};
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([name, ...given]) => functions[name](...given))));

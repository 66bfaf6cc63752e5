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

// Answer every question in turn as the page does: what is written becomes an answer; what is asked of each is opened.
function entered(given) {
  let draft = {};
  const open = new Set();
  const settled = new Set();
  for (;;) {
    const step = questions.steps(draft, open).find((one) => !settled.has(one.key));
    if (!step) return draft;
    const value = checks.typed(step.kind, given[step.key] ?? questions.nothing(step));
    if (step.sets && value === step.asks) open.add(step.key);
    draft = questions.taken(step, value, draft);
    if (given[step.note] && value !== step.asks) draft = { ...draft, [step.note]: given[step.note] };
    settled.add(step.key);
  }
}

const functions = {
  entered,
  steps: opened,
  answerIn: (draft, key) => questions.answerIn(stepOf(draft, key), draft) ?? null,
  taken: (draft, key, value) => questions.taken(stepOf(draft, key), value, draft),
  judged: (draft, key, value, today) => questions.problemWith(stepOf(draft, key), value, draft, today),
  ...checks,
  ...files,
};
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([name, ...given]) => functions[name](...given))));

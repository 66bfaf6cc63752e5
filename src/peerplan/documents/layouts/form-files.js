// A draft -> the files that are downloaded: answers.toml as answers/toml_new.py writes it, and a line of a units table
// as `batch --starter` has it.
"use strict";

function makeFiles(data, checks, questions) {
  const { isEmpty } = checks;
  const isTable = (value) => typeof value === "object" && !Array.isArray(value) && !("day" in value);

  const text = (value) => JSON.stringify(value).replaceAll("\x7f", "\\u007f");
  const named = (name, value) => `${/^[A-Za-z0-9_-]+$/.test(name) ? name : text(name)} = ${written(value)}`;

  function written(value) {
    if (typeof value === "boolean" || typeof value === "number") return String(value);
    if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
    if (typeof value !== "object") return text(value);
    if (!isTable(value)) return value.day;
    return `{${Object.entries(value).map(([name, one]) => named(name, one)).join(", ")}}`;
  }

  // Return the comment lines above each key: the question, then what may be answered.
  function commentsFor(draft) {
    const unit = questions.tailor(draft);
    const comments = { [data.keys.planned_from]: [data.say["answers-planned-from"]] };
    for (const { key, question, choices, options } of [...unit.facts, ...unit.items]) {
      const ids = (options ?? choices).map((one) => one.id).join(" | ");
      comments[key] = ids ? [question, ids] : [question];
    }
    return comments;
  }

  function linesOf(prefix, table, comments) {
    return Object.entries(table).flatMap(([name, value]) => {
      const key = `${prefix}${name}`;
      const within = Object.keys(comments).filter((one) => one.startsWith(`${key}.`));
      const above = (isTable(value) ? within : [key]).flatMap((one) => comments[one] ?? []);
      return [...above.map((line) => `# ${line}`), named(name, value)];
    });
  }

  // Return the text of answers.toml.
  function answersText(draft) {
    const { language, own } = data.keys;
    const comments = commentsFor(draft);
    const nested = {};
    for (const key of new Set([...data.known_keys, ...Object.keys(draft)])) {
      if (!(key in draft) || key === language || key === own) continue;
      const names = key.split(".");
      const name = names.pop();
      let table = nested;
      for (const one of names) table = table[one] ??= {};
      table[name] = draft[key];
    }
    const lines = [`# ${data.say["answers-heading"]}`, named(language, draft[language] ?? data.language.id)];
    const [top, tables] = [false, true].map((are) => Object.entries(nested).filter(([, value]) => isTable(value) === are));
    for (const [name, value] of top) lines.push("", ...linesOf("", { [name]: value }, comments));
    for (const [name, table] of tables) lines.push("", `[${name}]`, ...linesOf(`${name}.`, table, comments));
    for (const one of draft[own] ?? []) lines.push("", `[[${own}]]`, ...linesOf("", one, {}));
    return lines.map((line) => `${line}\n`).join("");
  }

  // Put an apostrophe before what a spreadsheet would take for a formula, whatever it takes for a separator.
  const harmless = (cell) => cell.replace(/(^|[,;\t])(?=[=+\-@\t\r])/g, "$1'");

  function cell(value, options) {
    if (isEmpty(value)) return "";
    const label = (id) => {
      const option = options.find((one) => one.id === id);
      return option ? questions.filled(option.label, data.words) : id;
    };
    return Array.isArray(value) ? value.map(label).join(", ") : label(checks.asText(value));
  }

  // Return the headings of a units table and the line of this unit, as a CSV file.
  function unitLine(draft) {
    const records = [...data.facts, ...data.items];
    const headings = records.map((one) => questions.filled(one.label, data.words));
    const cells = records.map((one) => harmless(cell(draft[one.key], one.choices ?? one.options ?? (one.id ? data.options : []))));
    const row = (texts) => texts.map((one) => `"${one.replaceAll('"', '""')}"`).join(data.language.delimiter);
    return `\ufeff${row(headings)}\r\n${row(cells)}\r\n`;
  }

  const OTHER_LETTERS = { ß: "ss", æ: "ae", ø: "o", œ: "oe", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i" };

  // Return a file's name with the unit's before it, in letters that every system takes.
  function fileName(draft, name) {
    const plain = String(draft[data.keys.name] ?? "")
      .toLowerCase()
      .replace(/[^\x00-\x7f]/g, (letter) => OTHER_LETTERS[letter] ?? letter)
      .normalize("NFKD")
      .replace(/\p{Mn}|'/gu, "");
    const slug = plain.replace(/[^a-z0-9]+/g, "-").slice(0, data.limits.slug).replace(/^-+|-+$/g, "");
    return slug ? `${slug}-${name}` : name;
  }

  return { answersText, fileName, unitLine };
}

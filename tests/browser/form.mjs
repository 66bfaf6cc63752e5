// Fills in the form in a browser, by keyboard alone, and prints as JSON what came of it: node form.mjs TASK FOLDER PAGE <ANSWERS
// ANSWERS is what to answer, by the key of each question: a text, an option's id or a list of them. Downloads and, with
// PICTURES set in the environment, pictures of each part go to FOLDER.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const QUIET = ["no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];
const TODAY = new Date("2026-11-24T12:00:00");
const MOST_KEYS = 2000;

const [task, folder, path] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(0, "utf8") || "{}");
const idOf = (key) => key.replaceAll(".", "-");
const wanted = Object.fromEntries(Object.entries(answers).map(([key, answer]) => [idOf(key), answer]));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET.map((flag) => `--${flag}`) });
const told = []; // what must not be: requests, dialogs, what the console says

async function open(options = {}, prepare = null, given = undefined) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  if (prepare) await context.addInitScript(prepare, given);
  const page = await context.newPage();
  page.on("request", (request) => {
    if (!/^(file|blob):/.test(request.url())) told.push(`fetches ${request.url()}`);
  });
  page.on("console", (message) => told.push(message.text()));
  page.on("pageerror", (error) => told.push(error.message));
  await page.clock.setFixedTime(TODAY);
  await page.goto(pathToFileURL(path).href);
  return page;
}

const focused = (page) =>
  page.evaluate(() => {
    const { id, tagName, type, name, value, checked, className, textContent } = document.activeElement;
    return { id, tag: tagName, type, name, value, checked, look: className, text: textContent };
  });

async function choose(page, at, answer) {
  if (at.checked && at.value === answer) return;
  if (!at.checked) await page.keyboard.press("Space");
  for (let turns = 0; (at = await focused(page)).value !== answer; turns += 1) {
    if (turns > 20) throw new Error(`${at.name} has no ${answer}`);
    await page.keyboard.press("ArrowDown");
  }
}

// Do at one stop of the Tab key what a person would who has these answers; true when a part is done.
async function answerAt(page, at) {
  if (at.tag === "INPUT" && at.type === "radio" && at.name in wanted) await choose(page, at, wanted[at.name]);
  else if (at.type === "checkbox" && (wanted[at.name] ?? []).includes(at.value) !== at.checked) await page.keyboard.press("Space");
  else if ((at.type === "text" || at.tag === "TEXTAREA") && at.id in wanted && !at.value) await page.keyboard.type(wanted[at.id]);
  else if (at.tag === "SUMMARY") {
    const isWanted = await page.evaluate((ids) => {
      const details = document.activeElement.parentElement;
      return !details.open && ids.includes(details.querySelector("textarea")?.id);
    }, Object.keys(wanted));
    if (isWanted) await page.keyboard.press("Enter");
  } else if (at.tag === "BUTTON" && at.look === "main") {
    await page.keyboard.press("Enter");
    return true;
  }
  return false;
}

// Go through the parts with Tab, Space, arrows, Enter and letters; give what has the focus at the beginning of each.
async function walk(page) {
  const begun = [];
  for (let keys = 0; keys < MOST_KEYS; keys += 1) {
    await page.keyboard.press("Tab");
    const isReview = await page.evaluate(() => location.hash === "#review");
    if (isReview) return begun;
    if (await answerAt(page, await focused(page))) {
      await page.waitForFunction(() => document.activeElement.tagName !== "BUTTON"); // the next part has come
      begun.push(await focused(page));
    }
  }
  throw new Error("the form goes in circles");
}

async function press(page, text) {
  for (let keys = 0; keys < MOST_KEYS; keys += 1) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.tag === "BUTTON" && at.text === text) return page.keyboard.press("Enter");
  }
  throw new Error(`no button says ${text}`);
}

async function downloaded(page, text) {
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, text)]);
  const name = download.suggestedFilename();
  await download.saveAs(`${folder}/${name}`);
  return name;
}

const stored = (page) => page.evaluate(() => ({ ...localStorage }));
const restore = (items) => {
  for (const [key, value] of Object.entries(items)) localStorage.setItem(key, value);
};
const textOf = (page) => page.evaluate(() => document.body.innerText);

// Return what is wrong with the part on the page, on a telephone and a desk, light and dark.
async function judge(page, part) {
  const wrong = [];
  for (const width of [320, 1280]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const { violations, incomplete } = await page.evaluate((rules) => axe.run(document, rules), RULES);
      for (const { id, nodes } of [...violations, ...incomplete]) {
        wrong.push(`${part} ${width} ${colorScheme}: ${id}: ${nodes.slice(0, 2).map((node) => node.html.slice(0, 200)).join(" | ")}`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) wrong.push(`${part} ${width}: is ${wide} wide`);
      if (process.env.PICTURES) await page.screenshot({ path: `${folder}/${part}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
  return wrong;
}

const tasks = {
  // Answer everything, download both files, and look at all parts.
  async walk() {
    const page = await open();
    const begun = await walk(page);
    await page.keyboard.press("Home");
    const [first, second] = answers.buttons;
    const files = [await downloaded(page, first), await downloaded(page, second)];
    const status = await page.locator("[role=status]").textContent();
    const scripts = await page.evaluate(() => document.scripts.length);
    const items = await stored(page);
    const judged = await open({ bypassCSP: true }, restore, items); // axe is put in as a script
    await judged.evaluate(axe);
    const [wrong, sources] = [[], []];
    const parts = ["facts", ...answers.areas, "review"];
    for (const part of parts) {
      await judged.evaluate((id) => { location.hash = id; }, part);
      await judged.waitForFunction((id) => document.querySelector("h2").textContent.includes(id), `${parts.indexOf(part) + 1} `);
      await judged.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
      wrong.push(...(await judge(judged, part)));
      sources.push(await judged.locator("form li a").count());
    }
    return { begun, files, status, scripts, wrong, sources };
  },

  // Go on with nothing answered, follow the first link to what is wrong, and put it right.
  async errors() {
    const page = await open({ bypassCSP: true });
    await page.evaluate(axe);
    await press(page, answers.next);
    const summary = await focused(page);
    const wrong = await judge(page, "errors");
    await page.keyboard.press("Tab");
    const link = await focused(page);
    await page.keyboard.press("Enter");
    const field = await focused(page);
    const described = await page.evaluate(() => {
      const { activeElement: field } = document;
      return {
        invalid: field.getAttribute("aria-invalid"),
        text: field.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent).join(" "),
      };
    });
    await page.keyboard.type("Ward 7");
    const invalid = await page.evaluate(() => document.activeElement.getAttribute("aria-invalid"));
    return { summary, link, field, described, invalid, wrong };
  },

  // Go on and back as browsers do, come to the review with something missing, put it right, and change an answer.
  async review() {
    const page = await open();
    const button = (name) => page.getByRole("button", { name, exact: true }).click();
    const seen = [];
    const see = async () => {
      await page.waitForFunction(() => !["BUTTON", "BODY"].includes(document.activeElement.tagName));
      const { id, tag } = await focused(page);
      seen.push([await page.evaluate(() => location.hash), id || tag]);
    };
    await page.fill("#unit-name", "Ward 7");
    await page.check("#unit-setting-hospital");
    await page.fill("#placement-start", "18/1 2027");
    await button(answers.next);
    await see();
    await page.goBack();
    await see();
    await page.goForward();
    await page.reload();
    await page.evaluate(() => { location.hash = "review"; });
    await page.waitForFunction((unfinished) => document.body.innerText.includes(unfinished), answers.unfinished);
    await see();
    await page.locator(".rows li", { hasText: "[?]" }).first().getByRole("button").click();
    await see();
    for (const part of answers.areas) {
      await page.waitForFunction((id) => location.hash === `#${id}` && document.querySelector("fieldset"), part);
      const unanswered = page.locator("fieldset:not(:has(:checked))");
      while (await unanswered.count()) await unanswered.first().locator("input").first().check();
      await button(answers.next);
    }
    await page.waitForFunction(() => location.hash === "#review");
    await see();
    return { seen, text: await textOf(page) };
  },

  // Answer a little, come back, and forget it all; then the same where the browser keeps nothing.
  async storage() {
    const page = await open();
    const path = await page.evaluate(() => location.pathname);
    const others = { [`peerplan ${path}.other 1`]: "another page", theirs: "another program" };
    await page.evaluate(restore, { ...others, [`peerplan ${path} 0`]: "an earlier version of this page" });
    await page.fill("#unit-name", "Ward 7");
    await page.fill("#placement-participants", answers.number);
    const kept = await stored(page);
    await page.reload();
    const back = { name: await page.inputValue("#unit-name"), text: await textOf(page) };
    const dialogs = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      dialog.accept();
    });
    await press(page, answers.forget);
    const forgotten = { items: await stored(page), name: await page.inputValue("#unit-name"), text: await textOf(page) };
    const refused = await open({}, () => {
      Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } });
    });
    await refused.fill("#unit-name", "Ward 7");
    return { kept, others, back, dialogs, forgotten, refused: { name: await refused.inputValue("#unit-name"), text: await textOf(refused) } };
  },
};

const found = await tasks[task]();
await browser.close();
console.log(JSON.stringify({ ...found, told }));

// Fills in the form in a browser, by keyboard alone, and prints as JSON what came of it: node form.mjs TASK FOLDER PAGE <ANSWERS
// ANSWERS is what to answer, by the key of each question: a text, an option's id or a list of them. Downloads and, with
// PICTURES set in the environment, pictures of each part go to FOLDER.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { axe, focused, judge, press, QUIET, TODAY, walk } from "./person.mjs";

const [task, folder, path] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(0, "utf8") || "{}");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET });
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

const tasks = {
  // Answer everything, download both files, and look at all parts.
  async walk() {
    const page = await open();
    const begun = await walk(page, answers);
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
      wrong.push(...(await judge(judged, part, folder)));
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
    const wrong = await judge(page, "errors", folder);
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
    const parts = ["facts", ...answers.areas, "review"];
    const seen = [];
    // A part is there when its heading is: the address changes before it does, and nothing may be asked of the page till then.
    const comes = async (part) => {
      const number = `${parts.indexOf(part) + 1} `;
      await page.waitForFunction((text) => document.querySelector("h2")?.textContent.includes(text), number);
    };
    const see = async (part) => {
      await comes(part);
      const { id, tag } = await focused(page);
      seen.push([await page.evaluate(() => location.hash), id || tag]);
    };
    await page.fill("#unit-name", "Ward 7");
    await page.check("#unit-setting-hospital");
    await page.fill("#placement-start", "18/1 2027");
    await button(answers.next);
    await see("support");
    await page.goBack();
    await see("facts");
    await page.goForward();
    await see("support");
    await page.evaluate(() => { window.isBefore = true; });
    await page.reload();
    await page.waitForFunction(() => !window.isBefore && document.querySelector("h2"));
    await page.evaluate(() => { location.hash = "review"; });
    await see("review");
    const unfinished = await textOf(page);
    await page.locator(".rows li", { hasText: "[?]" }).first().getByRole("button").click();
    await see("support");
    for (const part of answers.areas) {
      await comes(part);
      const unanswered = page.locator("fieldset:not(:has(:checked))");
      while (await unanswered.count()) await unanswered.first().locator("input").first().check();
      await button(answers.next);
    }
    await see("review");
    return { seen, unfinished, text: await textOf(page) };
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
    const other = await page.context().newPage(); // the same page in another tab
    await other.goto(page.url());
    await other.fill("#unit-name", "Ward 8");
    await page.waitForFunction(() => document.getElementById("unit-name").value === "Ward 8");
    await page.fill("#placement-participants", "3");
    await other.waitForFunction(() => document.getElementById("placement-participants").value === "3");
    const tabs = await other.inputValue("#unit-name");
    await press(page, answers.forget);
    await other.waitForFunction(() => !document.getElementById("unit-name").value);
    const forgotten = { items: await stored(page), name: await page.inputValue("#unit-name"), text: await textOf(page) };
    const refused = await open({}, () => {
      Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } });
    });
    await refused.fill("#unit-name", "Ward 7");
    return { kept, others, back, tabs, dialogs, forgotten, refused: { name: await refused.inputValue("#unit-name"), text: await textOf(refused) } };
  },
};

const found = await tasks[task]();
await browser.close();
console.log(JSON.stringify({ ...found, told }));

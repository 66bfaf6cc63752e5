// Uses the site in a browser as people do, and prints as JSON what came of it: node site.mjs SITE FOLDER <GIVEN
// GIVEN has the files to open, and for each language what to answer; downloads and, with PICTURES set in the
// environment, pictures go to FOLDER.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { axe, judge, press, QUIET, TODAY, walk } from "./person.mjs";
import { serve } from "./server.mjs";

const [site, folder] = process.argv.slice(2);
const given = JSON.parse(readFileSync(0, "utf8"));
const server = await serve(site, "/wards/plan/");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET });
const told = []; // what must not be: requests elsewhere, dialogs, what the console says
const OURS = /^Blocked script execution in 'blob:/; // of what this test puts into every frame
const PATIENCE = { timeout: 240_000 };

async function opened(name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(server.address) && !/^(blob|data):/.test(url)) told.push(`fetches ${url}`);
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (!OURS.test(message.text())) told.push(message.text());
  });
  page.on("pageerror", (error) => told.push(error.message));
  page.on("dialog", (dialog) => {
    if (dialog.type() === "beforeunload") dialog.accept(); // a plan was not downloaded
    else told.push(dialog.message());
  });
  await page.clock.setFixedTime(TODAY);
  await page.goto(server.address + name);
  return page;
}

// Open a file on the page, and return what the page says of it: the plan, or why there is none.
async function use(page, path) {
  await page.evaluate(() => {
    window.before = document.querySelector("#plan h1");
    document.getElementById("site-errors").replaceChildren();
    document.querySelector("header details").open = true;
  });
  await page.setInputFiles("#file", path);
  await page.waitForFunction(() => {
    const isShown = document.querySelector("#plan h1") !== window.before || document.querySelector("#site-errors h2");
    return isShown && !document.getElementById("site-told").textContent;
  }, null, PATIENCE);
  return page.evaluate(() => {
    const errors = document.getElementById("site-errors");
    return (errors.childElementCount ? errors : document.getElementById("plan")).innerText;
  });
}

async function download(page, name, begin) {
  const [coming] = await Promise.all([page.waitForEvent("download", PATIENCE), begin()]);
  await coming.saveAs(`${folder}/${name}`);
  return coming.suggestedFilename();
}

const getZip = (page, name) => download(page, name, () => page.locator("#plan button.main").click());

// Answer the questions and get the plan with the keyboard alone; then go back, and renew it.
async function byKeyboard(page, { language, answers, make, renew, zip }) {
  await walk(page, answers);
  await press(page, make);
  await page.waitForSelector("#plan:not([hidden]) h1", PATIENCE);
  const focus = await page.evaluate(() => document.activeElement.tagName);
  const name = await download(page, `keyboard-${language}.zip`, () => press(page, zip));
  await page.goBack();
  await page.waitForSelector("#form:not([hidden])");
  const back = await page.evaluate(() => location.hash);
  await press(page, renew);
  await page.waitForSelector("#plan:not([hidden]) h1", PATIENCE);
  await download(page, `renewed-${language}.zip`, () => press(page, zip));
  return { focus, name, back };
}

const found = { examples: {}, keyboard: {}, hostile: {}, wrong: [] };
const page = await opened(given.walks[0].page);
for (const [name, path] of Object.entries(given.examples)) {
  const text = await use(page, path);
  found.examples[name] = { text, name: await getZip(page, `${name}.zip`) };
}
found.updated = await use(page, given.edited);
await getZip(page, "updated.zip");
found.letter = await download(page, "letter.eml", () => page.locator(".letters button").first().click());
found.pdf = await download(page, "plan.pdf", () => page.getByRole("button", { name: "PDF" }).click());
const frame = page.frames().find((one) => one !== page.mainFrame());
found.frame = await frame.evaluate(() => [document.querySelector("h1").textContent, getComputedStyle(document.body).maxWidth]);
for (const [name, path] of Object.entries(given.hostile)) found.hostile[name] = await use(page, path);
found.stored = await page.evaluate(async () => ({
  local: Object.keys(localStorage), session: sessionStorage.length, cookies: document.cookie,
  caches: await caches.keys(), databases: (await indexedDB.databases()).length,
}));

for (const one of given.walks) found.keyboard[one.language] = await byKeyboard(await opened(one.page), one);

// Every view, on a telephone and a desk, light and dark; axe is put in as a script, past the policy.
for (const one of given.walks) {
  const judged = await opened(one.page, { bypassCSP: true });
  await judged.evaluate(axe);
  await judged.locator("header details").evaluate((details) => { details.open = true; });
  found.wrong.push(...(await judge(judged, `form-${one.language}`, folder)));
  await use(judged, given.edited);
  found.wrong.push(...(await judge(judged, `plan-${one.language}`, folder)));
  await use(judged, given.hostile["leads-out"]);
  found.wrong.push(...(await judge(judged, `refused-${one.language}`, folder)));
}
// Without a server: the page, the program and a plan in both languages.
server.close();
await page.reload();
found.offline = await use(page, given.edited);
await page.goto(server.address + given.walks[1].page);
found.offlineToo = await use(page, given.edited);
await browser.close();
console.log(JSON.stringify({ ...found, told }));

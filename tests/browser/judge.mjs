// Opens pages in a browser and prints, as JSON, what is wrong with each, and how its units stand in each order:
// node judge.mjs FOLDER PAGE...
// Each page is seen on a telephone, on a tablet and on a desk, light and dark, and is printed to FOLDER.
// With PICTURES set in the environment, pictures of it go there too.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const QUIET = ["no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];

const [folder, ...pages] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET.map((flag) => `--${flag}`) });
const found = {};
const orders = {};

// The names of the units from the top, after each choice of an order.
async function sorted(page) {
  const seen = {};
  for (const id of await page.locator("input[name=order]").evaluateAll((inputs) => inputs.map((one) => one.id))) {
    await page.check(`#${id}`);
    seen[id] = await page.locator("[role=rowheader] a").evaluateAll((links) =>
      links.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map((one) => one.textContent));
  }
  return seen;
}

for (const path of pages) {
  const told = [];
  for (const [width, colorScheme] of [[320, "light"], [768, "dark"], [1280, "light"]]) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) told.push(`fetches ${request.url()}`);
    });
    await page.goto(pathToFileURL(path).href);
    await page.evaluate(axe);
    const { violations, incomplete } = await page.evaluate((rules) => axe.run(document, rules), RULES);
    for (const { id, nodes } of [...violations, ...incomplete]) {
      // Of text over a drawing it cannot tell the contrast; that is computed from the colours elsewhere.
      const wrong = nodes.map((node) => node.html.slice(0, 200)).filter((html) => !html.startsWith("<text"));
      if (wrong.length) told.push(`${width} ${colorScheme}: ${id}: ${wrong.slice(0, 3).join(" | ")}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) told.push(`${width}: is ${wide} wide`);
    const scripts = await page.evaluate(() => document.scripts.length);
    if (scripts) told.push(`${scripts} scripts`);
    if (process.env.PICTURES) {
      await page.screenshot({ path: `${folder}/${basename(path)}-${width}-${colorScheme}.png`, fullPage: true });
    }
    if (width === 1280) orders[path] = await sorted(page);
    if (width === 1280) await page.pdf({ path: `${folder}/${basename(path)}.pdf`, preferCSSPageSize: true });
    await page.close();
  }
  found[path] = told;
}
await browser.close();
console.log(JSON.stringify({ found, orders }));

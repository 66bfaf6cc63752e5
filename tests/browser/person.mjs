// A person at a page, who has the keyboard alone; and what is judged of the page that she sees.
import { readFileSync } from "node:fs";

export const axe = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: { "frame-tested": { enabled: false } }, // the plan's page in a frame takes no scripts; it is judged by itself
};
const FLAGS = ["no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];
export const QUIET = FLAGS.map((flag) => `--${flag}`);
export const TODAY = new Date("2026-11-24T12:00:00");
const MOST_KEYS = 2000;
const idOf = (key) => key.replaceAll(".", "-");

export const focused = (page) =>
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
async function answerAt(page, at, wanted) {
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
export async function walk(page, answers) {
  const wanted = Object.fromEntries(Object.entries(answers).map(([key, answer]) => [idOf(key), answer]));
  const begun = [];
  for (let keys = 0; keys < MOST_KEYS; keys += 1) {
    await page.keyboard.press("Tab");
    const isReview = await page.evaluate(() => location.hash === "#review");
    if (isReview) return begun;
    if (await answerAt(page, await focused(page), wanted)) {
      await page.waitForFunction(() => document.activeElement.tagName !== "BUTTON"); // the next part has come
      begun.push(await focused(page));
    }
  }
  throw new Error("the form goes in circles");
}

export async function press(page, text) {
  for (let keys = 0; keys < MOST_KEYS; keys += 1) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.tag === "BUTTON" && at.text === text) return page.keyboard.press("Enter");
  }
  throw new Error(`no button says ${text}`);
}

// Return what is wrong with the part on the page, on a telephone and a desk, light and dark.
export async function judge(page, part, folder) {
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

// Measures the site beside bare Pyodide in turns, in Debian's Chromium: node web/measure.mjs SITE ANSWERS [ROUNDS]
// Bare is a worker that loads Pyodide and unpacks the same packages. Cold is a browser that was never there; warm is one
// that was. Both count from the page's address to a plan (or to unpacked packages), with everything on this machine.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { chromium } from "../tests/browser/node_modules/playwright-core/index.mjs";
import { serve } from "../tests/browser/server.mjs";

const [site, answers, rounds = "9"] = process.argv.slice(2);
const BARE = `import { loadPyodide } from "./pyodide/pyodide.mjs";
const begun = Promise.all([loadPyodide({ indexURL: new URL("pyodide/", import.meta.url).href }), fetch("program.zip").then((one) => one.arrayBuffer())]);
begun.then(([python, packages]) => {
  python.unpackArchive(new Uint8Array(packages), "zip", { extractDir: python.runPython("import sysconfig; sysconfig.get_path('purelib')") });
  postMessage("ready");
});`;
writeFileSync(join(site, "bare.js"), BARE);
writeFileSync(join(site, "bare.html"), "<!DOCTYPE html><title>bare</title>");
const server = await serve(site, "/");
const PATIENCE = { timeout: 240_000 };

async function plan(page) {
  const begun = performance.now();
  await page.goto(server.address);
  await page.setInputFiles("#file", answers);
  await page.waitForSelector("#plan:not([hidden]) button.main", { ...PATIENCE, state: "attached" });
  return performance.now() - begun;
}

async function bare(page) {
  const begun = performance.now();
  await page.goto(`${server.address}bare.html`);
  await page.evaluate(() => new Promise((resolve, reject) => {
    const worker = new Worker("bare.js", { type: "module" });
    worker.onmessage = resolve;
    worker.onerror = reject;
  }));
  return performance.now() - begun;
}

async function inNewBrowser(work) {
  const home = mkdtempSync(join(tmpdir(), "browser-"));
  const context = await chromium.launchPersistentContext(home, { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const page = await context.newPage();
  const times = [await work(page), await work(page)];
  await context.close();
  rmSync(home, { recursive: true, force: true });
  return times;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const times = { "plan, cold": [], "plan, warm": [], "bare, cold": [], "bare, warm": [] };
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [name, work] of [["plan", plan], ["bare", bare]]) {
    const [cold, warm] = await inNewBrowser(work);
    times[`${name}, cold`].push(cold);
    times[`${name}, warm`].push(warm);
  }
}
server.close();
for (const name of ["bare.js", "bare.html"]) rmSync(join(site, name));
const medians = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
for (const [name, one] of Object.entries(medians)) console.log(`${name}: ${(one / 1000).toFixed(2)} s`);
for (const one of ["cold", "warm"]) console.log(`${one}: ${(medians[`plan, ${one}`] / medians[`bare, ${one}`]).toFixed(2)} times bare Pyodide`);

// What travels at the first visit, as a server sends it.
const files = readdirSync(site, { recursive: true }).filter((name) => statSync(join(site, name)).isFile());
const sizes = { plain: 0, gzip: 0, brotli: 0 };
for (const name of files.filter((one) => one !== "typesetter.zip")) {
  const content = readFileSync(join(site, name));
  sizes.plain += content.length;
  sizes.gzip += Math.min(content.length, gzipSync(content, { level: 9 }).length);
  sizes.brotli += Math.min(content.length, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }).length);
}
for (const [name, bytes] of Object.entries(sizes)) console.log(`${name}: ${(bytes / 1e6).toFixed(1)} MB`);

// Runs the program in Python, away from the page. It fetches the site's own files only.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const OPENED = "/tmp/opened";
let ready = null;
let hasTypesetter = false;

async function fetched(name) {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

// Put packages where Python finds them.
function unpack(python, packages) {
  const extractDir = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  python.unpackArchive(packages, "zip", { extractDir });
  python.pyimport("importlib").invalidate_caches();
}

async function load() {
  postMessage({ step: "site-loading" });
  const [python, program] = await Promise.all([
    loadPyodide({ indexURL: new URL("pyodide/", import.meta.url).href }),
    fetched("program.zip"),
  ]);
  postMessage({ step: "site-loading-program" });
  unpack(python, program);
  python.pyimport("planner").settle();
  postMessage({ step: "" });
  return python;
}

// Make or update a plan from a file.
const work = ({ content, name, day, language }) => asked(content, (planner) => planner.work(OPENED, name, day, language));

// Give the plan that was made last other answers.
const renew = ({ content, day, language }) => asked(content, (planner) => planner.renew(OPENED, day, language));

async function asked(content, ask) {
  ready ??= load();
  const python = await ready;
  postMessage({ step: "site-working" });
  python.FS.writeFile(OPENED, content);
  const made = ask(python.pyimport("planner"));
  try {
    return made.toJs({ dict_converter: Object.fromEntries });
  } finally {
    made.destroy();
  }
}

// Make a PDF of the plan that was made last; what sets it is large, and is fetched when it is asked for.
async function pdf() {
  const python = await ready;
  if (!hasTypesetter) {
    postMessage({ step: "site-loading-pdf" });
    unpack(python, await fetched("typesetter.zip"));
    hasTypesetter = true;
  }
  postMessage({ step: "site-working-pdf" });
  return python.pyimport("planner").pdf().toJs();
}

addEventListener("message", async ({ data: { id, ask, given } }) => {
  try {
    postMessage({ id, made: await { work, renew, pdf }[ask](given) });
  } catch (error) {
    if (ask !== "pdf") ready = null;
    postMessage({ id, failed: String(error) });
  }
});

ready = load();
ready.catch(() => {}); // told to whoever asks

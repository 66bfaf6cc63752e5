// Makes program.zip, the site's Python packages: node pack.mjs WHEELS ANSWERS... ZIP
// The wheels are unpacked where the browser will have them, the program makes a plan of each file of answers, so that
// what it keeps between runs is there from the first one on, and all modules are compiled.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPyodide } from "pyodide";

const bytes = (path) => new Uint8Array(readFileSync(path));
const [wheels, ...others] = process.argv.slice(2);
const zip = others.pop();
const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" } }); // so that the same sources give the same file
const packages = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
for (const wheel of readdirSync(wheels).sort()) python.unpackArchive(bytes(join(wheels, wheel)), "zip", { extractDir: packages });
python.FS.writeFile(join(packages, "planner.py"), bytes(new URL("planner.py", import.meta.url)));
python.FS.writeFile(join(packages, "packing.py"), bytes(new URL("packing.py", import.meta.url)));
const answers = others.map((path, number) => {
  python.FS.writeFile(`/tmp/${number}.toml`, bytes(path));
  return `/tmp/${number}.toml`;
});
python.runPython("import importlib; importlib.invalidate_caches()");
writeFileSync(zip, python.pyimport("packing").pack(python.toPy(answers)).toJs());

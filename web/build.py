"""Builds the site: python web/build.py FOLDER. It needs Node.js and npm, and the network only now.

The program is this checkout's wheel. Its libraries have the versions of .ci/lock.txt, as wheels for Pyodide where they
are compiled; Pyodide is the npm package that package-lock.json names.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from peerplan.documents.form import BEGIN, LOGIC, PAGE, STYLES, form_data
from peerplan.documents.page import LAYOUTS, page_of
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.messages import Messages

WEB = Path(__file__).parent
ROOT = WEB.parent
LOCK = ROOT / ".ci" / "lock.txt"
PYODIDE = WEB / "node_modules" / "pyodide"
OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
FOR_PYODIDE = ("--platform=pyemscripten_2026_0_wasm32", "--python-version=3.14", "--implementation=cp")
ABIS = ("--abi=cp314", "--abi=abi3", "--abi=none")
NO_WHEEL = "markupsafe"  # has none for Pyodide; where nothing can be compiled it is all Python
# What asks in a terminal, writes for one, and reads and writes tables: the page asks, and makes one plan.
NOT_NEEDED = re.compile(
    "(dnspython|prompt_toolkit|pygments|python_calamine|questionary|rich|tzdata|wcwidth|xlsxwriter)-", re.IGNORECASE
)
TYPESETTER = "typesetter.zip"  # for PDF
EXAMPLES = ("surgical-ward-sv", "laboratory-en")  # plans of which are made once, so that the program is prepared
INSTEAD = {"form-intro": "site-intro"}  # what the form says otherwise where the plan is made on the spot


def build(to: Path) -> None:
    """Write the site into a folder, which is emptied first."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    _run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], WEB)
    (to / "pyodide").mkdir()
    for name in OF_PYODIDE:
        shutil.copyfile(PYODIDE / name, to / "pyodide" / name)
    with TemporaryDirectory() as place:
        wheels = Path(place)
        _get_wheels(wheels)
        (typesetter,) = wheels.glob("typst-*.whl")
        typesetter.rename(to / TYPESETTER)
        answers = (ROOT / "examples" / name / "answers.toml" for name in EXAMPLES)
        _run(["node", "pack.mjs", wheels, *answers, (to / "program.zip").resolve()], WEB)
    _write_pages(to, Kit(Messages()).guides)
    files = sorted(path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file())
    version = sha256(b"".join(sha256((to / name).read_bytes()).digest() for name in files)).hexdigest()[:16]
    files.remove(TYPESETTER)
    worker = _templates().get_template("sw.js.j2").render(version=version, files=["./", *files], later=[TYPESETTER])
    (to / "sw.js").write_text(worker, encoding="utf-8")


def _get_wheels(to: Path) -> None:
    """Get the wheels of the program and of what it needs in the browser, as the lock has them."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    locked = LOCK.read_text(encoding="utf-8")
    versions = re.findall(r"^([\w.-]+)==(\S+)", locked, re.MULTILINE)
    with TemporaryDirectory() as place:
        got, pins = Path(place, "got"), Path(place, "pins")
        pins.write_text("\n".join(f"{name}=={version}" for name, version in versions), encoding="utf-8")
        source = [f"--no-binary={NO_WHEEL}", f"{NO_WHEEL}=={dict(versions)[NO_WHEEL]}"]
        _run([*pip, "download", "--no-deps", "--dest", got, *source], to)
        sources = _checked(got, locked)
        _run([*pip, "wheel", "--no-deps", "--wheel-dir", to, *sources], to, {"CC": "false"})
        _run([*pip, "wheel", "--no-deps", "--wheel-dir", to, ROOT], to)
        own = [*to.iterdir()]
        options = ["--only-binary=:all:", f"--find-links={to}", f"--constraint={pins}", *FOR_PYODIDE, *ABIS]
        _run([*pip, "download", "--dest", got, *options, *to.glob("peerplan-*.whl"), "typst"], to)
        for wheel in (*sources, *(got / one.name for one in own)):
            wheel.unlink()
        for wheel in _checked(got, locked):
            if not NOT_NEEDED.match(wheel.name):
                shutil.copy(wheel, to)


def _checked(folder: Path, locked: str) -> list[Path]:
    """Return the files of a folder, if the lock has the checksum of each."""
    files = sorted(folder.iterdir())
    if others := [one.name for one in files if sha256(one.read_bytes()).hexdigest() not in locked]:
        sys.exit(f"{LOCK.name} has no such file: {', '.join(others)}")
    return files


def _write_pages(to: Path, guides: Iterable[Guide]) -> None:
    """Write a page for each language, the first one as index.html, and what they share."""
    guides = tuple(guides)
    scripts = [*((LAYOUTS / name) for name in (*LOGIC, *PAGE) if name != BEGIN), WEB / "site.js"]
    script = _joined(scripts)
    (to / "site.js").write_text(script, encoding="utf-8")
    (to / "site.css").write_text(_joined([*((LAYOUTS / name) for name in STYLES), WEB / "site.css"]), encoding="utf-8")
    shutil.copyfile(WEB / "worker.js", to / "worker.js")
    names = {guide.language: "index.html" if guide is guides[0] else f"{guide.language}.html" for guide in guides}
    page = _templates().get_template("page.html.j2")
    for guide in guides:
        others = [
            {"id": other.language, "name": other.own_language.name, "page": names[other.language]}
            for other in guides
            if other is not guide
        ]
        data = json.dumps(_data(guide, script), ensure_ascii=False, separators=(",", ":"))
        rendered = page.render(
            language=guide.language,
            policy=_policy(guide),
            others=others,
            data=Markup(data.replace("<", "\\u003c")),  # noqa: S704 # so that nothing in it ends the script
            script="site.js",
            say=guide.say,
        )
        (to / names[guide.language]).write_text(rendered, encoding="utf-8")


def _data(guide: Guide, script: str) -> Mapping[str, object]:
    """Return what the page asks and says, with what the worker and the program in it say."""
    data = form_data(guide, script + _joined([WEB / "worker.js", WEB / "planner.py"]))
    texts = guide.messages.texts(guide.language)
    return {**data, "say": {**data["say"], **{old: texts[new] for old, new in INSTEAD.items()}}}


def _policy(guide: Guide) -> str:
    """Return what the browser lets a page do: nothing but with the site's own files, and show a plan's page."""
    found = re.search("<style>(.*?)</style>", page_of([], None, guide, "").decode(), re.DOTALL)
    style = b64encode(sha256(found[1].encode() if found else b"").digest()).decode()
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' 'sha256-{style}'",
        "img-src": "data:",
        "worker-src": "'self'",
        "connect-src": "'self'",
        "frame-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "peerplan",
    }
    return "; ".join(f"{name} {what}" for name, what in rules.items())


def _joined(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _run(command: Iterable[str | Path], cwd: Path, environ: Mapping[str, str] | None = None) -> None:
    subprocess.run([str(one) for one in command], cwd=cwd, env={**os.environ, **(environ or {})}, check=True)


if __name__ == "__main__":
    build(Path(sys.argv[1]))

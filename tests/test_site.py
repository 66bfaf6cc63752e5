"""The planner in the browser: what is made there is what the command line makes, and what is opened does no harm."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from contextlib import chdir
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import planner
from peerplan.answers.toml_new import new_answers
from samples import AS_OF, EXAMPLES, guide, run, say
from test_form import LANGUAGES, interviewed
from test_page import BROWSER, HOSTILE, needs_browser

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/answers.toml"))
WARD = EXAMPLES / "surgical-ward-sv" / "answers.toml"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a plan folder but the lock."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in files.items() if name != planner.LOCK}


def unzipped(content: bytes) -> dict[str, bytes]:
    """The files of a .zip by their paths below its one folder."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert len({name.partition("/")[0] for name in archive.namelist()}) == 1
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def made_by_init(answers: Path, place: Path) -> dict[str, bytes]:
    """The files that init makes of answers in a folder below a place, which is named after the unit."""
    assert run("init", "--answers", answers, "--as-of", AS_OF, cwd=place).returncode == 0
    (folder,) = (path for path in place.iterdir() if path.is_dir())
    return files_of(folder)


def zip_of(files: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def worked(content: bytes, name: str, tmp_path: Path, language: str = "en") -> dict[str, Any]:
    """What the planner makes of a file that was opened, away from the folder that the tests are in."""
    (tmp_path / "opened").write_bytes(content)
    with chdir(tmp_path), patch.dict(os.environ):
        return planner.work(str(tmp_path / "opened"), name, str(AS_OF), language, str(tmp_path / "place"))


@pytest.mark.parametrize("name", NAMES)
def test_the_zip_is_the_folder_that_init_writes(name: str, tmp_path: Path) -> None:
    answers = EXAMPLES / name / "answers.toml"
    (tmp_path / "init").mkdir()
    made = worked(answers.read_bytes(), "answers.toml", tmp_path)
    assert (made["code"], made["refused"]) == (0, "")
    assert unzipped(made["zip"]) == made_by_init(answers, tmp_path / "init")
    assert made["files"] == {name: one for name, one in unzipped(made["zip"]).items() if "/" not in name}
    assert made["said"]["unit"]


def test_the_same_folder_gives_the_same_zip(tmp_path: Path) -> None:
    made = [worked(WARD.read_bytes(), "answers.toml", tmp_path)["zip"] for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize("top", ["ward-7/", "", "Mina filer/Avdelning 7 (1)/", "ward-7\\"])
def test_a_plan_folder_that_is_opened_again_is_updated(top: str, tmp_path: Path) -> None:
    (tmp_path / "init").mkdir()
    files = made_by_init(WARD, tmp_path / "init")
    files["plan.md"] = files["plan.md"].replace(b"- [ ]", b"- [x]", 1)
    opened = {f"{top}{name}": content for name, content in files.items()}
    made = worked(zip_of({**opened, "__MACOSX/._plan.md": b"x"}), "plan.zip", tmp_path)
    assert made["code"] == 0
    assert made["said"]["units"][0]["ticks"]
    after = unzipped(made["zip"])
    assert after["answers.toml"] != files["answers.toml"]
    folder = tmp_path / "init" / "avdelning-7-kirurgi"
    (folder / "plan.md").write_bytes(files["plan.md"])
    assert run("update", folder, "--as-of", AS_OF, cwd=tmp_path).returncode == 0
    assert after == files_of(folder)


def with_tick(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, "plan.md": files["plan.md"].replace(b"- [ ]", b"- [x]", 1)}


def test_a_plan_that_is_open_gets_other_answers_and_keeps_what_was_written_in_it(tmp_path: Path) -> None:
    files = with_tick(unzipped(worked(WARD.read_bytes(), "answers.toml", tmp_path)["zip"]))
    opened = worked(zip_of({f"ward/{name}": one for name, one in files.items()}), "ward.zip", tmp_path)
    assert opened["draft"]["placement.start"] == {"day": "2027-01-18"}
    other = unzipped(opened["zip"])["answers.toml"].replace(b"start = 2027-01-18", b"start = 2027-01-25")
    (tmp_path / "answers").write_bytes(other)
    with chdir(tmp_path), patch.dict(os.environ):
        renewed = planner.renew(str(tmp_path / "answers"), str(AS_OF), "sv", str(tmp_path / "place"))
    after = unzipped(renewed["zip"])
    assert (renewed["code"], renewed["folder"]) == (0, "ward")
    assert b"25 januari 2027" in after["plan.md"]
    assert b"- [x]" in after["plan.md"]
    assert after["answers.toml"] == other


def test_what_cannot_be_opened_leaves_the_plan_that_is_open(tmp_path: Path) -> None:
    worked(WARD.read_bytes(), "answers.toml", tmp_path)
    before = files_of(tmp_path / "place")
    for content, name in ((b"\xff\xd8\xff photo", "photo.jpg"), (b"seting = 1", "answers.toml"), (bomb(), "plan.zip")):
        assert worked(content, name, tmp_path)["zip"] is None
        assert files_of(tmp_path / "place") == before


def test_answers_that_are_wrong_are_told_and_nothing_is_made(tmp_path: Path) -> None:
    made = worked(b'[unit]\nname = "Ward 7"\nseting = "hospital"\n', "answers.toml", tmp_path)
    assert (made["code"], made["zip"]) == (3, None)
    assert any("seting" in error["text"] for error in made["said"]["errors"])


def too_many() -> bytes:
    return zip_of({f"ward/{number}.md": b"" for number in range(10_000)} | {"ward/answers.toml": b""})


def bomb() -> bytes:
    return zip_of({"ward/answers.toml": b"", "ward/plan.md": bytes(planner.LARGEST + 1)})


def lying() -> bytes:
    """A bomb whose sizes say that it is small."""
    content = bomb()
    size = (planner.LARGEST + 1).to_bytes(4, "little")
    return content.replace(size, (10).to_bytes(4, "little"))


def locked() -> bytes:
    """A .zip that says that its files have a password."""
    content = bytearray(zip_of({"ward/answers.toml": b"x"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    return bytes(content)


def without_checklist() -> bytes:
    return zip_of({"ward/answers.toml": WARD.read_bytes(), "ward/.peerplan/record.json": b"{}", "ward/plan.docx": b"x"})


OPENED: dict[str, tuple[Callable[[], bytes], str]] = {
    "leads-out": (lambda: zip_of({"ward/answers.toml": b"", "ward/../../out.md": b"x"}), "site-zip-leads-out"),
    "absolute": (lambda: zip_of({"ward/answers.toml": b"", "/out.md": b"x"}), "site-zip-leads-out"),
    "drive": (lambda: zip_of({"ward/answers.toml": b"", "C:\\out.md": b"x"}), "site-zip-leads-out"),
    "too-many": (too_many, "site-zip-too-large"),
    "bomb": (bomb, "site-zip-too-large"),
    "lying": (lying, "site-not-a-zip"),
    "locked": (locked, "site-not-a-zip"),
    "no-checklist": (without_checklist, "site-zip-without-checklist"),
    "no-plan": (lambda: zip_of({"holiday.jpg": b"x"}), "site-zip-without-plan"),
    "no-zip": (lambda: b"PK\x03\x04 and then nothing", "site-not-a-zip"),
    "half": (lambda: zip_of({"ward/answers.toml": b"x" * 900})[:-30], "site-not-a-zip"),
}


@pytest.mark.parametrize("name", OPENED)
def test_what_is_opened_does_nothing_but_give_a_message(name: str, tmp_path: Path) -> None:
    make, message = OPENED[name]
    made = worked(make(), "plan.zip", tmp_path)
    assert (made["refused"], made["zip"]) == (message, None)
    assert {path.name for path in tmp_path.iterdir()} == {"opened", "place-coming"}
    assert not Path("/out.md").exists()


def test_a_link_in_a_zip_is_a_file_with_a_path_in_it(tmp_path: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ward/answers.toml", WARD.read_bytes())
        link = zipfile.ZipInfo("ward/plan.md")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    made = worked(packed.getvalue(), "plan.zip", tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_symlink()]
    assert b"root:" not in b"".join(made.get("files", {}).values())


# --- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("site") / "site"
    subprocess.run([sys.executable, ROOT / "web" / "build.py", to], check=True, capture_output=True)
    return to


def test_the_server_of_the_tests_sends_what_its_readme_advises() -> None:
    server = (BROWSER / "server.mjs").read_text(encoding="utf-8")
    (policy,) = re.findall(r'"content-security-policy": "([^"]+)"', server)
    assert f"`Content-Security-Policy: {policy}`" in (ROOT / "web" / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_the_page_may_do_is_little(site: Path) -> None:
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "default-src &#39;none&#39;" in text
        assert not [word for word in ("http:", "https:", "unsafe", " *") if word in text.partition("</head>")[0]]


@pytest.mark.slow
@needs_browser
def test_the_whole_planner_runs_in_the_browser(site: Path, tmp_path: Path) -> None:
    (tmp_path / "init").mkdir()
    edited = made_by_init(WARD, tmp_path / "init")
    edited = with_tick(edited)
    (tmp_path / "edited.zip").write_bytes(zip_of({f"ward/{name}": one for name, one in edited.items()}))
    hostile = {}
    for name, (make, _) in OPENED.items():
        hostile[name] = str(tmp_path / f"{name}.zip")
        Path(hostile[name]).write_bytes(make())
    text = WARD.read_text(encoding="utf-8")
    notes = text.partition("[notes]")[2]
    free = next(item.id for item in guide().items if f"\n{item.id} = " not in notes)
    hostile["notes"] = str(tmp_path / "answers.toml")
    Path(hostile["notes"]).write_text(
        text.replace("[notes]", f"[notes]\n{free} = {json.dumps(HOSTILE)}"), encoding="utf-8"
    )
    walks = [
        {
            "language": language,
            "page": "index.html" if language == LANGUAGES[0] else f"{language}.html",
            "answers": interviewed(language)[1],
            "make": say(language, "site-make"),
            "renew": say(language, "site-renew"),
            "zip": say(language, "site-zip", file="avdelning-7-ost.zip"),
        }
        for language in LANGUAGES
    ]
    given = {
        "examples": {name: str(EXAMPLES / name / "answers.toml") for name in NAMES},
        "edited": str(tmp_path / "edited.zip"),
        "hostile": hostile,
        "walks": walks,
    }
    out = tmp_path / "out"
    out.mkdir()
    made = subprocess.run(
        ["node", BROWSER / "site.mjs", site, out],  # noqa: S607
        input=json.dumps(given),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode == 0, made.stderr
    found = json.loads(made.stdout)
    assert (found["told"], found["wrong"]) == ([], [])
    for name in NAMES:
        (tmp_path / name).mkdir()
        expected = made_by_init(EXAMPLES / name / "answers.toml", tmp_path / name)
        assert unzipped((out / f"{name}.zip").read_bytes()) == expected
    for name, (_, message) in OPENED.items():
        assert say("en", message) in found["hostile"][name]
    assert say("en", "site-plan", unit="Avdelning 7, kirurgi") in found["hostile"]["notes"]
    assert "null" not in "".join((*found["hostile"].values(), found["updated"]))
    assert say("en", "site-read", ticks=1, notes=0, filled=0, own=0) in found["updated"]
    assert (out / "plan.pdf").read_bytes().startswith(b"%PDF")
    assert (out / "letter.eml").read_bytes().startswith(b"X-Unsent: 1")
    assert found["frame"][1] != "none"  # its style is let in
    stored = found["stored"]
    assert (stored["session"], stored["cookies"], stored["databases"]) == (0, "", 0)
    assert all(key.startswith("peerplan ") for key in (*stored["local"], *stored["caches"]))
    for walk in walks:
        language = str(walk["language"])
        assert found["keyboard"][language]["focus"] == "H1"
        answers = tmp_path / f"{language}.toml"
        answers.write_text(new_answers(interviewed(language)[0], guide(language)), encoding="utf-8")
        (tmp_path / language).mkdir()
        expected = made_by_init(answers, tmp_path / language)
        assert unzipped((out / f"keyboard-{language}.zip").read_bytes()) == expected
        assert found["keyboard"][language]["back"] == "#review"
        renewed = unzipped((out / f"renewed-{language}.zip").read_bytes())
        same, before = (tomllib.loads(files.pop("answers.toml").decode()) for files in (renewed, expected))
        assert (renewed, same) == (expected, before)  # but for a comment in the answers
    assert found["offline"] == found["updated"]
    assert say("sv", "site-plan", unit="Avdelning 7, kirurgi") in found["offlineToo"]

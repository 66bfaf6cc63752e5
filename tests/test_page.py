"""The web page of a plan: whole, valid, accessible, harmless, and the same each time."""

import json
import re
import shutil
import subprocess
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise, product
from pathlib import Path
from unicodedata import normalize

import pytest

from peerplan.documents.overview_page import overview_page
from peerplan.documents.page import LAYOUTS, page_of
from peerplan.documents.picture import picture_of
from peerplan.documents.sheets import sheets_of
from peerplan.guide.blanks import Blanks
from peerplan.plan.overview import Overview, UnitLine
from samples import START, guide, kit, plan, rendered

pypdf = pytest.importorskip("pypdf")

LANGUAGES = ("en", "sv")
WEEK = timedelta(weeks=1)
BROWSER = Path(__file__).parent / "browser"
VNU = BROWSER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
HOSTILE = "\"'><script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y> &amp; {{ 1 }}"
needs_browser = pytest.mark.skipif(not VNU.exists(), reason="bash .ci/browser installs what this needs")


def page(changes: dict[str, object] | None = None, *, state: str = "open", language: str = "en") -> bytes:
    content = guide(language)
    made = plan(changes, state=state, content=content)
    texts = {name: text.decode() for name, text in rendered(made).items() if name.endswith((".md", ".txt"))}
    sheets = sheets_of(texts, content, Blanks(kit().guides), made.letters)
    return page_of(sheets, picture_of(made, content), content, made.answers.unit.name)


class Reader(HTMLParser):
    """What a page holds: its elements, the targets and the places of its links, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(attribute)) is not None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_needs_no_script_and_nothing_from_elsewhere_and_every_link_leads_somewhere(language: str) -> None:
    read = Reader(page(language=language).decode())
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    assert {tag for tag, _ in read.tags} & {"script", "link", "img", "iframe", "object"} == set()
    assert read.values("src") == []
    assert "url(" not in (LAYOUTS / "page.css").read_text(encoding="utf-8")
    for href in read.values("href"):
        assert href[1:] in ids if href.startswith("#") else href.startswith("https://")


def test_the_plan_comes_first_then_the_picture_then_the_sheets_and_the_letters() -> None:
    places = [attributes.get("id") for tag, attributes in Reader(page().decode()).tags if tag == "section"]
    assert places[:3] == ["plan", "picture", "how-to"]
    assert places[-1] == "institution-email"


def test_a_letter_says_to_whom_it_goes_and_when_above_it_and_one_that_was_sent_only_to_whom() -> None:
    heading = "Letter to the students: Welcome to"
    send = "Send it as soon as a supervisor has read it, by"
    text = Reader(page().decode()).text
    assert text.count(heading) == 2  # in the contents as well
    assert send in text
    sent = Reader(page({"students.email-written": "yes", "students.email-sent": "yes"}).decode()).text
    assert heading in sent
    assert send not in sent


def test_headings_leave_out_no_level() -> None:
    levels = [int(tag[1]) for tag, _ in Reader(page().decode()).tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.criterion(29)
@pytest.mark.parametrize("key", ["unit.name", "notes.rooms", "placement.why", "unit.coordinator.name", "own"])
def test_what_a_person_wrote_is_never_markup(key: str) -> None:
    hostile = HOSTILE if key != "unit.name" else "\"'&<3 {{ 1 }} =1+1"
    value: object = [{"title": hostile, "due": START}] if key == "own" else hostile
    read = Reader(page({key: value}).decode())
    assert {tag for tag, _ in read.tags} & {"script", "img"} == set()
    assert not any("javascript" in href for href in read.values("href"))
    assert hostile in read.text


def test_the_same_documents_give_the_same_bytes() -> None:
    assert page() == page()


def test_a_person_s_ticks_and_blanks_can_be_seen_and_heard() -> None:
    read = Reader(page({"support.managers": "yes"}).decode())
    said = [
        attributes["aria-label"]
        for _, attributes in read.tags
        if attributes.get("role") == "img" and "aria-label" in attributes
    ]
    assert {"Done:", "Not done:"} == set(said)
    assert any(tag == "mark" for tag, _ in read.tags)


# --- colours ---------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 defines it."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def palettes() -> list[dict[str, str]]:
    css = (LAYOUTS / "page.css").read_text(encoding="utf-8")
    return [dict(re.findall(r"--([\w-]+): (#\w{6})", rules)) for rules in re.findall(r":root \{([^}]*)\}", css)]


def test_text_can_be_read_in_every_scheme() -> None:
    found = palettes()
    assert len(found) == 3
    for colours in found:
        for text, ground in product(["text", "quiet", "link"], ["ground", "soft"]):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        assert contrast(colours["blank-text"], colours["blank"]) >= 4.5
        assert contrast(colours["line"], colours["ground"]) >= 3


def test_the_picture_can_be_read_in_every_scheme() -> None:
    svg = (LAYOUTS / "picture.svg.j2").read_text(encoding="utf-8")
    css = (LAYOUTS / "page.css").read_text(encoding="utf-8")
    dark = dict(re.findall(r"\.picture \.([\w-]+ ?\w*) \{ (?:fill|stroke): (#\w{6})", css))
    light = {"late": "#a3261a", "look-back": "#5b3f8c", "done": "#2b6a3c", "to-come": "#1f5f99", "bar": "#1f5f99"}
    assert all(colour in svg for colour in [*light.values(), "#dfeaf5"])
    for state, colour in light.items():
        assert contrast(colour, "#dfeaf5") >= 3
        assert state in ("bar", "to-come") or contrast(colour, "#ffffff") >= 4.5
    assert contrast("#1c2630", "#dfeaf5") >= 4.5
    for state in ("late path", "look-back rect", "done circle", "bar"):
        assert contrast(dark[state], dark["period"]) >= 3
        assert state == "bar" or contrast(dark[state], "#12181f") >= 4.5
    assert contrast("#e6ebf0", dark["period"]) >= 4.5


# --- in a browser ----------------------------------------------------------------------------------------------------

SETTINGS = [choice.id for choice in guide().fact("unit.setting").choices]
KINDS: list[dict[str, object]] = [
    {},
    {"placement.scope": "single-activities", "notes.managers": HOSTILE},
    {"placement.audience": "new-colleagues"},
    {"placement.scope": "education-ward", "notes.rooms": "Delas\nmed andra."},
]


@pytest.mark.slow
@needs_browser
def test_no_page_has_anything_wrong_in_a_browser(tmp_path: Path) -> None:
    pages = []
    for number, (setting, language) in enumerate(product(SETTINGS, LANGUAGES)):
        changes = {"unit.setting": setting, "first-day.place": "R" * 80, **KINDS[number % len(KINDS)]}
        pages.append(tmp_path / f"{setting}-{language}.html")
        pages[-1].write_bytes(page(changes, state=("open", "partly")[number % 2], language=language))
    judged = _run(["node", BROWSER / "judge.mjs", tmp_path, *pages])
    assert {Path(path).name: told for path, told in json.loads(judged.stdout)["found"].items() if told} == {}
    valid = _run(["java", "-jar", VNU, "--stdout", "--errors-only", *pages])
    assert valid.stdout == ""
    for path in pages:
        _check_print(path)


@pytest.mark.slow
@needs_browser
def test_the_overview_can_be_sorted_and_has_nothing_wrong(tmp_path: Path) -> None:
    names = ["Ängen", "Ambulansen", "Ytterst " + "R" * 60]
    plans = [plan({"unit.name": name, "placement.start": date(2027, 1, 18) - WEEK * n}) for n, name in enumerate(names)]
    lines = [UnitLine.of(one, f"unit-{number}") for number, one in enumerate(plans)]
    pages = [tmp_path / f"overview-{language}.html" for language in LANGUAGES]
    for path, language in zip(pages, LANGUAGES, strict=True):
        path.write_bytes(overview_page(Overview.of(lines), guide(language), {"unit-1"}))
    judged = json.loads(_run(["node", BROWSER / "judge.mjs", tmp_path, *pages]).stdout)
    assert [told for told in judged["found"].values() if told] == []
    assert _run(["java", "-jar", VNU, "--stdout", "--errors-only", *pages]).stdout == ""
    orders = judged["orders"][str(pages[0])]
    assert orders["by-unit"] == ["Ambulansen", names[2], "Ängen"]
    assert orders["by-start"] == names[::-1]
    assert orders["by-need"] == [line.name for line in Overview.of(lines).lines]


def _run(command: list[object]) -> subprocess.CompletedProcess[str]:
    program = shutil.which(str(command[0]))
    assert program
    return subprocess.run([program, *map(str, command[1:])], capture_output=True, text=True, check=False)


def _check_print(path: Path) -> None:
    """Page one of the print is the first page of the plan, and each sheet begins on a page of its own."""
    pages = [_letters(one.extract_text()) for one in pypdf.PdfReader(path.with_name(f"{path.name}.pdf")).pages]
    text = path.read_text(encoding="utf-8")
    titles = [_letters(title)[:40] for title in re.findall(r'<h[12] id="[\w-]+-(?:title|heading)">([^<]*)<', text)]
    starts = [next(number for number, page in enumerate(pages) if page.startswith(title)) for title in titles]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    headings = re.findall(r'<h2 id="plan-\d+">([^<]*)<', text)
    assert all(_letters(heading) in pages[0] for heading in headings[:-1])  # all but the checklist


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", normalize("NFKC", unescape(text)))

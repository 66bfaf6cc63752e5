"""The pictures in the README are what the program shows now, and need nothing but themselves."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = sorted((DOCS / "pictures").iterdir())
SVG = "{http://www.w3.org/2000/svg}"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", DOCS / "pictures.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow  # an interview for each language
@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals here")
def test_the_pictures_are_what_the_program_shows() -> None:
    assert {path.name: path.read_text(encoding="utf-8") for path in PICTURES} == dict(script().pictures())


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_told_in_words_and_fetches_nothing(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8")
    tree = ET.fromstring(text)  # noqa: S314 # our own
    assert all(tree.findtext(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert tree.find(f"{SVG}rect[@fill]") is not None  # its own paper, to be read on a light and a dark page
    assert text.count("http") == 1  # the name of the format
    assert [word for word in ("url(", "<style", "<image", "href") if word in text] == []

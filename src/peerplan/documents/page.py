"""The documents of a folder as one web page that needs nothing else: no script, nothing from elsewhere. Pure."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from peerplan.documents.compiled import CompiledLoader
from peerplan.documents.picture import Picture
from peerplan.documents.sheets import SheetText
from peerplan.guide.guide import Guide

PAGE = "plan.html"
LAYOUTS = Path(__file__).parent / "layouts"


def page_of(sheets: Sequence[SheetText], picture: Picture | None, guide: Guide, unit: str) -> bytes:
    """Return the sheets as a page, the picture of the time after the first one. unit is what the unit is called."""
    page = layouts().get_template("page.html.j2")
    return page.render(
        sheets=sheets,
        picture=picture,
        title=guide.say("calendar-name", unit=unit),
        language=guide.language,
        say=guide.say,
    ).encode()


def svg_of(picture: Picture) -> str:
    """Return a picture as SVG."""
    return layouts().get_template("picture.svg.j2").render(picture=picture)


@cache
def layouts() -> Environment:
    """Return the layouts, which escape every text."""
    return Environment(
        loader=CompiledLoader(LAYOUTS, "layout", __file__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

"""The overview of many units as one web page: a table that can be sorted without a script. Pure."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from urllib.parse import quote

from peerplan.documents.page import PAGE, layouts
from peerplan.guide.guide import Guide
from peerplan.plan.overview import STANDINGS, Overview, UnitLine
from peerplan.text import fold

OVERVIEW_PAGE = "overview.html"

# By what the units can be sorted, besides how much attention they need: the message that says it, and the key.
_ORDERS: dict[str, tuple[str, Callable[[UnitLine], object]]] = {
    "unit": ("status-unit", lambda line: fold(line.name)),
    "verdict": ("status-verdict", lambda line: STANDINGS.index(line.standing)),
    "start": ("status-start-heading", lambda line: line.start),
    "late": ("status-late-heading", lambda line: -line.late),
    "next": ("status-next-heading", lambda line: line.next_due or date.max),
    "coordinator": ("status-coordinator", lambda line: (not line.coordinator, fold(line.coordinator))),
}
_HEADINGS = ("unit", "verdict", "phase", "start-heading", "open", "late-heading", "next-heading", "next-title")


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell says, how it looks and, of an area, how much of it is in place, in per cent."""

    text: str
    look: str = ""
    part: int | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One unit: its place in each order, and where its plan is."""

    line: UnitLine
    places: dict[str, int]
    link: str
    cells: tuple[_Cell, ...]


def overview_page(overview: Overview, guide: Guide, with_page: Container[str]) -> bytes:
    """Return the overview as a page that leads to each plan. with_page are the folders whose plan is a page too."""
    places = {key: _places(overview, order) for key, (_, order) in _ORDERS.items()}
    rows = (
        _Row(
            line,
            {key: order[line.folder] for key, order in places.items()},
            quote(plan_in(line.folder, with_page)),
            tuple(_cells(line, guide)),
        )
        for line in overview.lines
    )
    labels = {key: guide.say(message) for key, (message, _) in _ORDERS.items()}
    headings = [guide.say(f"status-{name}") for name in _HEADINGS]
    counts = [f"{guide.say(f'verdict-{one}')} {count}" for one, count in overview.standings.items() if count]
    page = layouts().get_template("overview.html.j2")
    pieces = page.generate(
        language=guide.language,
        total=guide.say("status-total", count=overview.count, verdicts=", ".join(counts), late=overview.late),
        orders=[("need", guide.say("overview-need")), *labels.items()],
        headings=[*headings, *(area.label for area in guide.areas), guide.say("status-coordinator")],
        areas=len(guide.areas),
        rows=rows,
        left_out=guide.say("overview-first", shown=len(overview.lines)) if overview.left_out else "",
        say=guide.say,
    )
    data = BytesIO()
    for piece in pieces:  # a page of many units is mostly pieces, which take far more than the page
        data.write(piece.encode())
    return data.getvalue()


def plan_in(folder: str, with_page: Container[str]) -> str:
    """Return where an overview leads to in a unit's folder: to the page if there is one. with_page has such folders."""
    return f"{folder}/{PAGE if folder in with_page else 'plan.md'}"


def _places(overview: Overview, order: Callable[[UnitLine], object]) -> dict[str, int]:
    """Return the place of each unit's folder in an order; those that are alike stay as they are."""
    ordered = sorted(overview.lines, key=order)  # type: ignore[arg-type] # keys of one order can be compared
    return {line.folder: place for place, line in enumerate(ordered)}


def _cells(line: UnitLine, guide: Guide) -> Iterator[_Cell]:
    """Yield what stands beside a unit's name."""
    yield _Cell(guide.say(f"verdict-{line.standing}"), line.standing)
    yield _Cell(guide.say(f"phase-{line.phase}"))
    yield _Cell(str(line.start))
    yield _Cell(str(line.open))
    yield _Cell(str(line.late), "late" if line.late else "")
    yield _Cell(str(line.next_due or "\u2013"))
    yield _Cell(line.next_title or "\u2013")
    for area in guide.areas:
        done, total = line.areas.get(area.id, (0, 0))
        part = 100 * done // total if total else None
        yield _Cell(guide.say("status-of", done=done, total=total) if total else "\u2013", part=part)
    yield _Cell(line.coordinator or "\u2013")

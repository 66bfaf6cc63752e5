"""Write docs/conditions.md: for whom each piece of advice, risk, item, step, sheet and follow-up holds.

python docs/conditions.py
"""

from collections.abc import Iterator
from pathlib import Path

from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.guide.texts import When
from peerplan.messages import Messages

TABLE = Path(__file__).parent / "conditions.md"
HEADING = """\
# For whom each statement holds

Made from the content by `python docs/conditions.py`; change the content, not this page. All that a cell lists must be
so; an empty cell means always. `one`, `even`, `odd` and `unknown` are how many come. A risk is told only while one of
the items after "open" is not in place.
"""


def table(guide: Guide) -> str:
    """Return the page."""
    sections = [
        ("Items and their variants", [*_items(guide)]),
        ("Advice", [(one.id, _condition(one.when), one.text) for one in guide.advice]),
        ("Risks", [(one.id, _condition(one.when, one.open), one.risk) for one in guide.risks]),
        ("Sheets", [(one.id, _condition(one.when), one.title) for one in guide.sheets]),
        ("Follow-up", [(one.id, _condition(one.when), one.title) for one in guide.follow_ups]),
        ("Roles", [(one.id, _condition(one.when), one.text) for one in guide.roles]),
    ]
    pages = [f"\n## {title}\n\n| Id | Holds for | Says |\n|---|---|---|\n{_rows(rows)}" for title, rows in sections]
    return HEADING + "".join(pages)


def _items(guide: Guide) -> Iterator[tuple[str, str, str]]:
    for item in guide.items:
        yield item.id, _condition(item.when), item.title
        for variant in item.variants:
            says = variant.title or variant.question or variant.why or " ".join(variant.more or variant.steps or ())
            yield item.id, _condition(variant.when), says


def _condition(when: When, open_: tuple[str, ...] = ()) -> str:
    parts = [f"{name}: {', '.join(allowed)}" for name, allowed in when.stated]
    return "; ".join([*parts, *([f"open: {', '.join(open_)}"] if open_ else [])])


def _rows(rows: list[tuple[str, str, str]]) -> str:
    return "".join(f"| `{id_}` |{f' {condition} ' if condition else ' '}| {says} |\n" for id_, condition, says in rows)


if __name__ == "__main__":
    TABLE.write_text(table(Kit(Messages()).guide("en")), encoding="utf-8")

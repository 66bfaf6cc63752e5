"""What a person wrote into a folder's documents, as answers: against what peerplan wrote there last. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from peerplan.answers.draft import Draft
from peerplan.answers.keys import DUE, NOTES, OWN, WHO
from peerplan.errors import Problem
from peerplan.folder.blocks import key_of, readable
from peerplan.folder.checklist import Reading
from peerplan.folder.lines import ReadLine
from peerplan.folder.page import Page
from peerplan.guide.blanks import Blanks
from peerplan.guide.guide import Guide
from peerplan.guide.model import Item, Option

_MARKS = "[*_`~]*"


@dataclass(frozen=True, slots=True)
class FilledIn:
    """What a person wrote for one blank, in which block of which page, and in which line; empty if she emptied it."""

    mark: str
    value: str
    page: Page
    block: int
    place: str


def read_blanks(written: Page, values: Mapping[str, str], mine: Page, blanks: Blanks, path: str) -> Iterator[FilledIn]:
    """Yield what stands in the places of the blanks of a page, where that is not what peerplan wrote.

    Every line that was read counts from now on as saying what it said (see Page.said). One in which the blank still
    stands beside other words, or has gone and left nothing, is an edit like any other.

    Args:
        written: the page with its blanks.
        values: what peerplan wrote for them.
        mine: the page as it stands.
        blanks: finds the blanks.
        path: the document's.
    """
    filled = [key_of(block.kind, blanks.fill(block.raw, values), block.box) for block in written.blocks]
    keys = [block.key for block in mine.blocks]
    places = SequenceMatcher(None, filled, keys, autojunk=False).get_opcodes()
    free = [one for kind, _, _, first, last in places if kind != "equal" for one in range(first, last)]
    changed = [one for one in places if one[0] != "equal"]
    for number, start, end in (
        (one, start, end) for _, first, last, start, end in changed for one in range(first, last)
    ):
        around, marks = blanks.parts_of(written.blocks[number].raw)
        if not marks:
            continue
        near = [one for one in free if any(around) or start <= one < end]
        near.sort(key=lambda one: not start <= one < end)
        said = _find(around, written.blocks[number].kind, mine, near)
        if said is None:
            continue
        one, parts = said
        free.remove(one)
        if any(blanks.is_beside(part) or not (part or mark in values) for part, mark in zip(parts, marks, strict=True)):
            continue
        mine.said[one] = filled[number]
        for part, mark in zip(parts, marks, strict=True):
            value = blanks.value_of(part, mark)
            if value != values.get(mark, ""):
                yield FilledIn(mark, value, mine, one, f"{path}:{mine.blocks[one].first + 1}")


def _find(around: Sequence[str], kind: str, page: Page, among: Iterable[int]) -> tuple[int, list[str]] | None:
    """Return the block that a line with blanks became, and what stands in the places of these as it was written."""
    pattern = _pattern(around)
    for number in among:
        block = page.blocks[number]
        found = pattern.fullmatch(block.comparable) if block.kind == kind else None
        if found:
            text = block.words if len(block.words) == len(block.comparable) else block.comparable
            return number, [text[slice(*found.span(part))] for part in range(1, len(found.groups()) + 1)]
    return None


def _pattern(around: Sequence[str]) -> re.Pattern[str]:
    """Return what a line with blanks looks like, whatever stands there and however its words are marked."""
    parts = ("".join(rf"{_MARKS}{re.escape(word)}{_MARKS}\s*" for word in readable(part).split()) for part in around)
    return re.compile(r"\s*(.*?)\s*".join(parts), re.IGNORECASE)


def blank_answers(found: Sequence[FilledIn], blanks: Blanks, draft: Draft) -> tuple[Draft, list[Problem]]:
    """Return the draft with what was filled in, and a problem for each blank for which two different things stand.

    Of these nothing is read, and each stays as it is.
    """
    changed = dict(draft)
    problems = []
    for mark in dict.fromkeys(one.mark for one in found):
        same = [one for one in found if one.mark == mark]
        if len({one.value for one in same}) > 1:
            problems += [Problem("blank-twice", {"blank": mark}, one.place) for one in same]
            for different in same:
                different.page.said.pop(different.block, None)
            continue
        key, *others = blanks.keys_of(mark)
        for other in (key, *others):
            changed.pop(other, None)
        if same[0].value:
            changed[key] = same[0].value
    return changed, problems


def line_answers(base: Reading | None, mine: Reading, draft: Draft) -> Draft:
    """Return the draft with the notes, the days, the names and the own lines of a checklist.

    base is what peerplan wrote; where it is not known, what stands there only adds to the answers.
    """
    changed = dict(draft)
    _take_lines(base, mine, changed)
    for id_, day in mine.days.items():
        if base and base.days.get(id_, day) != day and changed.get(f"{DUE}.{id_}") == draft.get(f"{DUE}.{id_}"):
            changed[f"{DUE}.{id_}"] = day
    for id_, note in _notes_in_rows(base, mine):
        old = str(changed.get(f"{NOTES}.{id_}", ""))
        _set(changed, f"{NOTES}.{id_}", old if note in old.splitlines() else "\n".join(filter(None, [old, note])))
    if mine.has_lines:
        _set(changed, OWN, _own_lines(base, mine, changed.get(OWN)))
    return changed


def _take_lines(base: Reading | None, mine: Reading, changed: Draft) -> None:
    """Take the note, the day and the name of each item's line."""
    for id_, line in mine.lines.items():
        before = base.lines.get(id_) if base else None
        if before is None:
            if line.note and not base:
                _set(changed, f"{NOTES}.{id_}", line.note)
            continue
        for table, said, was in (
            (NOTES, line.note, before.note),
            (WHO, before.who if line.reworded else line.who, before.who),
            (DUE, line.due or (before.due if line.reworded else None), before.due),
        ):
            if said != was:
                _set(changed, f"{table}.{id_}", said)


def _notes_in_rows(base: Reading | None, mine: Reading) -> Iterator[tuple[str, str]]:
    """Yield what a person wrote behind the words of a row of the table of days, by the item of the row."""
    before = dict(base.rows) if base else {}
    for id_, said in mine.rows:
        written = before.get(id_, said)
        at = next((one for one, letter in enumerate(said) if letter != written[one : one + 1]), len(said))
        while said[at - 1 : at].isalnum() and said[at : at + 1].isalnum():
            at -= 1
        if note := said[at:].strip(" |,;:\u2013-"):
            yield id_, note


def _set(draft: Draft, key: str, value: object) -> None:
    if value:
        draft[key] = value
    else:
        draft.pop(key, None)


def _own_lines(base: Reading | None, mine: Reading, given: object) -> list[dict[str, object]]:
    """Return a person's own lines: as they stand, and those of the answers that have not been written yet."""
    answers = [dict(one) for one in given] if isinstance(given, list | tuple) else []
    before = {line.title: line for line in base.own} if base else {}
    now = {line.title: line for line in mine.own}
    kept = []
    for one in answers:
        title = str(one.get("title", ""))
        if title not in before and title not in now:
            kept.append(one)  # added to answers.toml by hand
        elif title in now:
            kept.append(one if before.get(title) and _same(before[title], now[title]) else one | _own_line(now[title]))
    known = {str(one.get("title", "")) for one in answers}
    return [*map(_tidy, kept), *(_tidy(_own_line(line)) for title, line in now.items() if title not in known)]


def _same(one: ReadLine, other: ReadLine) -> bool:
    return (one.ticked, one.due, one.who, one.note, one.owner) == (
        other.ticked,
        other.due,
        other.who,
        other.note,
        other.owner,
    )


def _own_line(line: ReadLine) -> dict[str, object]:
    done = {} if line.ticked is None else {"done": line.ticked}
    is_open = {} if line.ticked else {"due": line.due, "owner": line.owner}  # what is done stands without them
    return {"title": line.title, "who": line.who, "note": line.note, **done, **is_open}


def _tidy(line: dict[str, object]) -> dict[str, object]:
    """Return a line without what is not said."""
    return {key: value for key, value in line.items() if value or key == "title"} | {"done": bool(line.get("done"))}


def apply_ticks(
    draft: Draft, ticked: Mapping[str, bool | None], before: Mapping[str, bool | None] | None, guide: Guide
) -> tuple[Draft, tuple[Item, ...]]:
    """Apply the boxes that differ from before, and return the draft and the items whose answer they changed.

    A ticked item is done, one that was unticked is partly done. Where it is not known what was there before, only
    ticks count.
    """
    changed = dict(draft)
    ticks: list[Item] = []
    for item in guide.items:
        now = ticked.get(item.id)
        if now is None or now == (before or {}).get(item.id, False):
            continue
        options = {option.id: option for option in guide.options_of(item)}
        old = options.get(str(draft.get(item.key)))
        if now != (old is not None and old.state == "done"):
            changed[item.key] = _option_of(item, guide, ticked=now).id
            ticks.append(item)
    return changed, tuple(ticks)


def _option_of(item: Item, guide: Guide, *, ticked: bool) -> Option:
    """Return the option that a box stands for: the mildest that is done, else partly or what comes nearest."""
    options = guide.options_of(item)
    if ticked:
        return [option for option in options if option.state == "done"][-1]
    order = ("partly", "open", "unknown")
    return min((option for option in options if option.state in order), key=lambda option: order.index(option.state))

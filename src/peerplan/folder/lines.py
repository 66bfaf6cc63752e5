"""One line of a checklist: its day, what it is known by, who does it, and a note at its end. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from peerplan.answers.days import WORDS as DAY_WORDS
from peerplan.answers.days import Days

INITIALS = 4  # letters at most
NAME_WORDS = 3  # of a name; more words at a line's end are a note

_BRACKETED = re.compile(r"(.*?)\s*\(([^()]*)\)")
_NAME = re.compile(r"[@\w][\w.'-]*(?: [\w.'-]+)*")


@dataclass(frozen=True, slots=True)
class Titles:
    """By what the lines of a checklist are known, all by how they are compared.

    `lines` has the item of each line, the longest first: what is to be done, or what is in place and the answer;
    `labels` the item of a note that stands by itself, `owners` the role of a heading, and `milestones` the item of a
    row of the table of days. `late` is what stands after a line that is late, in each language. `days` reads days.
    """

    lines: Mapping[str, str]
    labels: Mapping[str, str]
    owners: Mapping[str, str]
    milestones: Mapping[str, str]
    late: Sequence[str]
    days: Days = Days({}, {}, frozenset())  # noqa: RUF009 # frozen

    def title_in(self, folded: str, id_: str = "") -> str:
        """Return the title in a line, after a day or what may be meant for one; of that item, or of any."""
        _, rest = self.days.first_in(folded)
        for title, one in self.lines.items():
            if id_ in ("", one) and rest.startswith(title) and not rest[len(title) : len(title) + 1].isalnum():
                return title
        for title, one in self.lines.items():
            before, found, _ = rest.partition(title)
            if found and id_ in ("", one) and len(before.split()) <= DAY_WORDS and any(map(str.isdigit, before)):
                return title
        return ""

    def without_late(self, text: str) -> str:
        """Return a text without what peerplan itself writes at the end of a line that is late.

        A person may have written on behind it.
        """
        for mark in self.late:
            said = rf"\s*[-\u2013\u2014]\s*{re.escape(mark)}"
            text = re.sub(rf"^(\s*(?:\([^()]*\))?){said}(?=\W|$)|{said}$", r"\1", text, flags=re.IGNORECASE)
        return text.strip()


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of an item, or with `title` a person's own. `ticked` is None where that is not clear.

    `due` is None where no day stands there. `number` counts from 1. One that was `reworded` has its words as a note.
    """

    number: int
    ticked: bool | None
    due: date | None = None
    who: str = ""
    notes: tuple[str, ...] = ()
    title: str = ""
    owner: str = ""
    reworded: bool = False

    @property
    def note(self) -> str:
        return "\n".join(self.notes)


def around(text: str, folded: str, title: str) -> tuple[str, str]:
    """Return what stands before and after a title in a text; folding may have changed the length of what is before."""
    at = folded.index(title)
    if len(text) == len(folded):
        return text[:at], text[at + len(title) :]
    words = len(folded[:at].split())
    parts = text.split()
    return " ".join(parts[:words]), " ".join(parts)[len(" ".join(parts[: words + len(title.split())])) :]


def name_and_note(text: str) -> tuple[str, str]:
    """Return the name and the note in what stands after the title of a line."""
    bracketed = _BRACKETED.match(text)
    if bracketed and _is_name(bracketed[2]):
        return bracketed[2].strip(), f"{bracketed[1]} {text[bracketed.end() :]}".strip(" ,;:\u2013-")
    text = text.strip(" ,;:/\u2013-")
    return (text, "") if _is_name(text) else ("", text)


def named(text: str) -> tuple[str, str]:
    """Return the title of a person's own line and the name in brackets at its end."""
    bracketed = _BRACKETED.fullmatch(text)
    return (bracketed[1], bracketed[2]) if bracketed and bracketed[1] and _is_name(bracketed[2]) else (text, "")


def _is_name(text: str) -> bool:
    """Tell whether a text is a name: a few words, of which the first begins with a capital and is no word in capitals.

    A role in small letters is a note; nothing is lost by that.
    """
    text = text.strip()
    first = text.lstrip("@")[:1]
    is_short = len(text.split()) <= NAME_WORDS and not any(map(str.isdigit, text))
    is_shouted = text.isupper() and len(text) > INITIALS
    return bool(_NAME.fullmatch(text)) and is_short and not is_shouted and (first.isupper() or text.startswith("@"))

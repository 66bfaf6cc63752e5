"""Odd files made of real ones: what people, editors, programs and ill will do to them. Pure."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

HERS = "kaffekorg"  # a word that only a person can have written
LONGEST = 1_000_000  # bytes
MOST_CHANGES = 4

# What has broken readers of files before, wherever it stood.
ODD = (
    "", " ", "\n", "\r\n", "\r", "\n\n\n", "\t", "\0", "\x0b", "\x0c", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\u200b",
    "\u202e", "\u00a0", "\u0130", "\ufb01", "a\u030a", "\U0001f3e5", "\ufffd", '"', "'", '"""', "'''", "`", "\\", "/",
    "#", "=", "==", ",", ";", "|", ":", ".", "..", "../..", "-", "\u2013", "_", "*", "**", "<", ">", "<!--", "-->", "&",
    "&amp;", "&#0;", "(", ")", "[", "]", "[[", "]]", "{", "}", "[ ]", "[x]", "- [ ] ", "- [X] ", "* ", "1. ", "## ",
    "> ", "```", "~~~", "    ", "---", "|---|", "$&", "\\1", "{{ 7 * 7 }}", "{% raw %}", "%s", "{0}", "{}", "{a}",
    "=1+1", "@SUM(A1)", "<script>", "javascript:", "0", "-1", "1", "00", "1.5", "1e9", "1e999", "nan", "inf", "True",
    "true", "null", "None", "9" * 400, "9" * 5000, "\uff11", "\u0663", "\u00b2", "2027-01-18", "2027-02-30",
    "0001-01-01", "9999-12-31", "1900-02-29", "18/1 2027", "1/2-27", "07:30", "2027-01-18T07:30:00Z",
    "2027-01-18 00:00", "45000", "811228-9874", "19121212-1212", "anna@ki.example", "=?utf-8?q?x?=", "con", "NUL", HERS,
    f" {HERS} ", f"\n{HERS}\n", f"- [x] {HERS}\n", f"  - {HERS}\n", f"[fill in: {HERS}]", "a" * 300, "\u00e5" * 20_000,
)  # fmt: skip
_BYTES = (b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\xe5", b"\x80", b"\xf4\x90\x80\x80")
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac-roman")


@dataclass(frozen=True)
class Form:
    """What a kind of file consists of: how it is cut into pieces, and words that mean something in it.

    `longest` is how many bytes a file grows to.
    """

    cuts: re.Pattern[bytes]
    words: Sequence[str]
    longest: int = LONGEST

    def pieces(self, data: bytes) -> list[bytes]:
        return [piece for piece in self.cuts.split(data) if piece]


def mutated(data: bytes, form: Form, others: Sequence[bytes], random: Random) -> bytes:
    """Return a file after a few changes; others are files of the same kind, of which it may get pieces."""
    for _ in range(random.randint(1, MOST_CHANGES)):
        pieces = form.pieces(data)
        if random.randrange(8) and pieces:
            change = random.choice(_CHANGES)
            data = b"".join(change(pieces, form, others, random))
        else:
            data = random.choice(_REWRITES)(data, random)
    return data[: form.longest]


def mutated_archive(data: bytes, form: Form, _others: Sequence[bytes], random: Random) -> bytes:
    """Return a zip file after changes of what is in it; one that is none any more is changed as bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(one.filename, archive.read(one)) for one in archive.infolist()[:100]]
    except Exception:  # noqa: BLE001 # whatever zipfile finds wrong with it
        members = []
    if not members or not random.randrange(8):
        return random.choice(_REWRITES)(data, random)
    for _ in range(random.randint(1, 2)):
        members = _changed_members(members, form, random)
    return packed(members)


def packed(members: Sequence[tuple[str, bytes]]) -> bytes:
    """Return a zip file with these members."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of a name that comes twice
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _changed_members(members: list[tuple[str, bytes]], form: Form, random: Random) -> list[tuple[str, bytes]]:
    """Leave out a member, double it, name it or fill it as another, or, mostly, change what is in it."""
    place = random.randrange(len(members))
    name, content = members[place]
    match random.randrange(12):
        case 0 if len(members) > 1:
            return members[:place] + members[place + 1 :]
        case 1:
            return [*members, (name, mutated(content, form, [content], random))]
        case 2:
            return [*members[:place], (random.choice(members)[0], content), *members[place + 1 :]]
        case 3:
            return [*members[:place], (name, random.choice(members)[1]), *members[place + 1 :]]
        case _:
            changed = mutated(content, form, [one for _, one in members], random)
            return [*members[:place], (name, changed), *members[place + 1 :]]


Pieces = list[bytes]


def _word(form: Form, random: Random) -> bytes:
    if not random.randrange(10):
        return random.choice(_BYTES)
    return random.choice(form.words if random.randrange(3) and form.words else ODD).encode()


def _without(pieces: Pieces, _form: Form, _others: Sequence[bytes], random: Random) -> Pieces:
    first = random.randrange(len(pieces))
    return pieces[:first] + pieces[first + random.choice([1, 1, 1, 2, 5, 20]) :]


def _twice(pieces: Pieces, _form: Form, _others: Sequence[bytes], random: Random) -> Pieces:
    first = random.randrange(len(pieces))
    last = first + random.choice([1, 1, 2, 5, 20])
    return pieces[:last] + pieces[first:last] + pieces[last:]


def _moved(pieces: Pieces, _form: Form, _others: Sequence[bytes], random: Random) -> Pieces:
    first, to = random.randrange(len(pieces)), random.randrange(len(pieces))
    last = first + random.choice([1, 1, 2, 5])
    rest = pieces[:first] + pieces[last:]
    return rest[:to] + pieces[first:last] + rest[to:]


def _replaced(pieces: Pieces, form: Form, _others: Sequence[bytes], random: Random) -> Pieces:
    place = random.randrange(len(pieces))
    return [*pieces[:place], _word(form, random), *pieces[place + 1 :]]


def _inserted(pieces: Pieces, form: Form, _others: Sequence[bytes], random: Random) -> Pieces:
    place = random.randrange(len(pieces) + 1)
    return [*pieces[:place], _word(form, random), *pieces[place:]]


def _inserted_within(pieces: Pieces, form: Form, _others: Sequence[bytes], random: Random) -> Pieces:
    place = random.randrange(len(pieces))
    piece = pieces[place]
    cut = random.randrange(len(piece) + 1)
    return [*pieces[:place], piece[:cut], _word(form, random), piece[cut:], *pieces[place + 1 :]]


def _borrowed(pieces: Pieces, form: Form, others: Sequence[bytes], random: Random) -> Pieces:
    theirs = form.pieces(random.choice(others)) if others else []
    if not theirs:
        return pieces
    first, place = random.randrange(len(theirs)), random.randrange(len(pieces))
    end = random.choice([place, place + 1])
    return pieces[:place] + theirs[first : first + random.choice([1, 1, 3, 10])] + pieces[end:]


def _blown_up(pieces: Pieces, form: Form, _others: Sequence[bytes], random: Random) -> Pieces:
    first = random.randrange(len(pieces))
    last = first + random.choice([1, 2, 5])
    piece = b"".join(pieces[first:last]) if random.randrange(2) else _word(form, random)
    times = min(random.choice([10, 100, 1000, 20_000]), form.longest // (len(piece) + 1))
    return [*pieces[:first], piece * times, *pieces[last:]]


_CHANGES: Sequence[Callable[[Pieces, Form, Sequence[bytes], Random], Pieces]] = (
    _without,
    _twice,
    _moved,
    _replaced,
    _replaced,
    _inserted,
    _inserted_within,
    _borrowed,
    _blown_up,
)


def _flipped(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + bytes([random.randrange(256)]) + data[place + random.randrange(2) :]


def _cut_off(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _recoded(data: bytes, random: Random) -> bytes:
    return data.decode("utf-8", errors="replace").encode(random.choice(_ENCODINGS), errors="replace")


def _with_other_lines(data: bytes, random: Random) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", random.choice([b"\r\n", b"\r", b"\n\n", b""]))


_REWRITES = (_flipped, _cut_off, _recoded, _with_other_lines)

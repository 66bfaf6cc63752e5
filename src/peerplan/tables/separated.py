"""CSV and other separated text, saved any way Excel or LibreOffice saves it.

The rules for encoding and separator are the two that read most of eighteen kinds of Swedish Excel files
(csv.Sniffer read eight of them right).
"""

import csv
import gzip
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Self

from peerplan.errors import InputError, Problem, UsageError
from peerplan.tables.grid import Grid, Limits, Row, tidy

_SEPARATORS = ";\t,|"
_NO_SEPARATOR = "\x1f"  # for a table of one column; the csv module wants some separator
_NAMES = {"tab": "\t", "\\t": "\t"}
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_WHOLE_ROW = re.compile(r'"((?:[^"\r\n]|"")*)"(\r\n|\r|\n|\Z)')
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # ="0701": no number, for Excel
_MARKED = re.compile(r"'(?=[=+@\d-])")  # '+46 70: no formula and no number, for any spreadsheet
_SEP_LINE = re.compile(r'"?sep=([^\w\s"]|\t)"?[;,]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
# å, ä and ö of Mac Roman and CP850, read as Windows-1252. Inside a word, and without any real å, ä or ö, they
# are nothing else.
_FOREIGN = re.compile(r"(?<=\w)(?:[ŒŠšŽ]|[†„”™](?=\w))")
_SWEDISH = re.compile(r"[åäöÅÄÖ]")
# å, ä, ö, Å, Ä, Ö and é in UTF-8, read as Windows-1252 and saved like that
_TWICE = re.compile("Ã[¥¤¶…„\u2013©]")


def open_csv(
    data: bytes, file: str, limits: Limits, *, encoding: str | None = None, delimiter: str | None = None
) -> Grid:
    """Decode a separated text and find its separator.

    file is the name that messages give it. encoding and delimiter (`tab` or one character) overrule what
    the file looks like.

    Raises:
        UsageError: encoding or delimiter is none.
        InputError: the text cannot be decoded. Going through the rows raises it too, at quotation marks that
            don't pair up and at a row over the limit.

    """
    given = None if delimiter is None else _given_separator(delimiter)
    chosen, notices = _encoding_of(data, file, encoding)
    packed = gzip.compress(data, 1)  # a tenth of a long table, which is gone through again and again

    def as_saved() -> Iterator[str]:
        return _lines(gzip.GzipFile(fileobj=io.BytesIO(packed)), chosen)

    head = _head(as_saved(), limits.row)
    is_quoted = _is_row_in_quotes(head)

    def lines() -> Iterator[str]:
        return map(_unquoted, as_saved()) if is_quoted else as_saved()

    head = _head(lines(), limits.row) if is_quoted else head
    hint = _SEP_LINE.match(head)
    separator = given or (hint.group(1) if hint else _likely_separator(head))
    first_line = 2 if hint else 1
    return Grid(
        file, lambda: _rows(islice(lines(), first_line - 1, None), separator, file, first_line, limits), notices=notices
    )


def _lines(file: IO[bytes] | gzip.GzipFile, encoding: str) -> Iterator[str]:
    """Decode a file line by line, with its line ends: never the whole of a large one."""
    with io.TextIOWrapper(file, encoding, newline="") as text:
        first = text.readline().removeprefix("\ufeff")
        yield from chain(filter(None, [first]), text)


def _is_row_in_quotes(head: str) -> bool:
    """Tell whether the headings stand in quotation marks together, as one text."""
    found = _WHOLE_ROW.match(head)
    return found is not None and _likely_separator(head) == _NO_SEPARATOR != _likely_separator(found[1])


def _unquoted(line: str) -> str:
    """Take off the quotation marks that Excel puts around each row of a table that stands in its first column."""
    found = _WHOLE_ROW.fullmatch(line)
    return found[1].replace('""', '"') + found[2] if found else line


def _typed(text: str) -> str:
    """Return a cell without what only tells a spreadsheet to take it as a text."""
    text = tidy(text)
    if found := _AS_TEXT.fullmatch(text):
        return found[1].replace('""', '"')
    return text[1:] if _MARKED.match(text) else text


def _head(lines: Iterator[str], length: int) -> str:
    """Return as much of a text as tells its separator: a heading line that is longer is refused anyway."""
    head = ""
    for line in lines:
        head += line
        if len(head.lstrip("\r\n")) > length:
            break
    return head


def _given_separator(delimiter: str) -> str:
    separator = _NAMES.get(delimiter.lower(), delimiter)
    if len(separator) != 1 or separator.isalnum() or separator in '"\r\n\0 ':
        raise UsageError(Problem("table-delimiter-unknown", {"delimiter": delimiter}))
    return separator


def _likely_separator(text: str) -> str:
    """Take the separator that is most frequent in the heading line, outside quotation marks."""
    headings = _LINE_BREAK.split(re.sub(r'"[^"]*"', "", text.lstrip("\r\n")), maxsplit=1)[0]
    best = max(_SEPARATORS, key=headings.count)
    return best if best in headings else _NO_SEPARATOR


def _rows(lines: Iterator[str], separator: str, file: str, first_line: int, limits: Limits) -> Iterator[Row]:
    line, length = first_line, 0

    def pieces() -> Iterator[str]:
        nonlocal length
        for piece in lines:
            length += len(piece)
            if length > limits.row:
                raise InputError(Problem("table-row-too-long", {"limit": limits.row}, f"{file}:{line}"))
            yield piece

    reader = csv.reader(pieces(), delimiter=separator, strict=True)
    try:
        for number, texts in enumerate(reader, start=1):
            if number > limits.sheet:
                raise InputError(Problem("table-too-many-rows", {"limit": limits.rows}, f"{file}:{line}"))
            yield Row(number, line, tuple(map(_typed, texts)))
            line, length = first_line + reader.line_num, 0
    except csv.Error:
        raise InputError(Problem("table-quotation-marks", place=f"{file}:{line}")) from None


def _encoding_of(data: bytes, file: str, encoding: str | None) -> tuple[str, tuple[Problem, ...]]:
    """Return how a text is encoded, which is given or what it looks like, and what to say of that.

    Raises:
        UsageError, InputError: as open_csv does.
    """
    chosen = encoding or _encoding_by_bytes(data)
    notices: tuple[Problem, ...] = ()
    if chosen is None:
        chosen = "cp1252"
        notices = (Problem("table-read-as-cp1252", place=file),)
    try:
        found = _Letters.of(_lines(io.BytesIO(data), chosen))
    except LookupError:
        raise UsageError(Problem("table-encoding-unknown", {"encoding": chosen})) from None
    except UnicodeError:
        message = "table-encoding-wrong" if encoding else "table-encoding-undecided"
        place = f"{file}:{_undecodable_line(data, chosen)}"
        raise InputError(Problem(message, {"encoding": chosen}, place)) from None
    if found.zero:
        raise InputError(Problem("table-no-text", place=f"{file}:{found.zero}"))
    if not encoding and (line := found.damaged(guessed=bool(notices))):
        raise InputError(Problem("table-letters-damaged", place=f"{file}:{line}"))
    return chosen, notices


@dataclass(slots=True)
class _Letters:
    """The first line with each kind of letters that tell how a text was saved, 0 where there is none."""

    zero: int = 0
    twice: int = 0
    foreign: int = 0
    swedish: int = 0

    @classmethod
    def of(cls, lines: Iterable[str]) -> Self:
        found = cls()
        for number, line in enumerate(lines, start=1):
            if "\0" in line:
                found.zero = found.zero or number
            if line.isascii():
                continue
            found.twice = found.twice or (number if _TWICE.search(line) else 0)
            found.foreign = found.foreign or (number if _FOREIGN.search(line) else 0)
            found.swedish = found.swedish or (number if _SWEDISH.search(line) else 0)
        return found

    def damaged(self, *, guessed: bool) -> int:
        """Return the line of letters that a wrong guess, or an earlier wrong save, would leave in every document."""
        return self.twice or (self.foreign if guessed and not self.swedish else 0)


def _encoding_by_bytes(data: bytes) -> str | None:
    """Tell the encoding by byte order mark, else by the zero bytes of UTF-16, else by being strict UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = (data[start:1000:2].count(0) for start in (0, 1))
    quarter = min(len(data), 1000) // 4
    if odd > quarter and not even:
        return "utf-16-le"
    if even > quarter and not odd:
        return "utf-16-be"
    try:
        for _line in _lines(io.BytesIO(data), "utf-8"):
            pass
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _undecodable_line(data: bytes, encoding: str) -> int:
    """Return the line of the first byte that is no letter in an encoding."""
    start = 0
    try:
        data.decode(encoding)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
    # one character a byte, and without the zeros between the two characters of a line break in UTF-16
    return len(_LINE_BREAK.findall(data[:start].decode("latin-1").replace("\0", ""))) + 1

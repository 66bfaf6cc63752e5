"""CSV and other separated text, saved any way Excel or LibreOffice saves it.

The rules for encoding and separator are the two that read most of eighteen kinds of Swedish Excel files
(csv.Sniffer read eight of them right).
"""

import csv
import io
import re
from collections.abc import Iterator

from peerplan.errors import InputError, Problem, UsageError
from peerplan.tables.grid import Grid, Limits, Row, tidy

_SEPARATORS = ";\t,|"
_NO_SEPARATOR = "\x1f"  # for a table of one column; the csv module wants some separator
_NAMES = {"tab": "\t", "\\t": "\t"}
_SHEET_ROWS = 1_048_576  # of an Excel sheet: no program saves more, however many of them are empty
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_FIRST_RECORD = re.compile(r'[\r\n]*((?:"[^"]*"|[^"\r\n])*)')
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
    text, notices = _decode(data, file, encoding)
    hint = _SEP_LINE.match(text)
    body = text[hint.end() :] if hint else text
    separator = given or (hint.group(1) if hint else _likely_separator(body))
    return Grid(file, _rows(body, separator, file, 2 if hint else 1, limits), notices=notices)


def _given_separator(delimiter: str) -> str:
    separator = _NAMES.get(delimiter.lower(), delimiter)
    if len(separator) != 1 or separator.isalnum() or separator in '"\r\n\0 ':
        raise UsageError(Problem("table-delimiter-unknown", {"delimiter": delimiter}))
    return separator


def _likely_separator(text: str) -> str:
    """Take the separator that is most frequent in the heading line, outside quotation marks."""
    found = _FIRST_RECORD.match(text)
    headings = re.sub(r'"[^"]*"', "", found.group(1)) if found else ""
    best = max(_SEPARATORS, key=headings.count)
    return best if best in headings else _NO_SEPARATOR


def _rows(text: str, separator: str, file: str, first_line: int, limits: Limits) -> Iterator[Row]:
    line, length = first_line, 0

    def lines() -> Iterator[str]:
        nonlocal length
        for piece in io.StringIO(text, newline=""):
            length += len(piece)
            if length > limits.row:
                raise InputError(Problem("table-row-too-long", {"limit": limits.row}, f"{file}:{line}"))
            yield piece

    reader = csv.reader(lines(), delimiter=separator, strict=True)
    try:
        for number, texts in enumerate(reader, start=1):
            if number > _SHEET_ROWS:
                raise InputError(Problem("table-too-many-rows", {"limit": limits.rows}, f"{file}:{line}"))
            yield Row(number, line, tuple(map(tidy, texts)))
            line, length = first_line + reader.line_num, 0
    except csv.Error:
        raise InputError(Problem("table-quotation-marks", place=f"{file}:{line}")) from None


def _decode(data: bytes, file: str, encoding: str | None) -> tuple[str, tuple[Problem, ...]]:
    chosen = encoding or _encoding_by_bytes(data)
    notices: tuple[Problem, ...] = ()
    if chosen is None:
        chosen = "cp1252"
        notices = (Problem("table-read-as-cp1252", place=file),)
    try:
        text = data.decode(chosen).removeprefix("\ufeff")
    except LookupError:
        raise UsageError(Problem("table-encoding-unknown", {"encoding": chosen})) from None
    except UnicodeError as error:
        # one character a byte, and without the zeros between the two characters of a line break in UTF-16
        before = data[: getattr(error, "start", 0)].decode("latin-1").replace("\0", "")
        place = f"{file}:{_line(before, len(before))}"
        message = "table-encoding-wrong" if encoding else "table-encoding-undecided"
        raise InputError(Problem(message, {"encoding": chosen}, place)) from None
    _refuse_no_text(text, file)
    if not encoding:
        _refuse_damaged_letters(text, file, guessed=bool(notices))
    return text, notices


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
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _refuse_no_text(text: str, file: str) -> None:
    position = text.find("\0")
    if position >= 0:
        raise InputError(Problem("table-no-text", place=f"{file}:{_line(text, position)}"))


def _refuse_damaged_letters(text: str, file: str, *, guessed: bool) -> None:
    """Stop at letters that a wrong guess, or an earlier wrong save, would leave in every document."""
    found = _TWICE.search(text)
    if not found and guessed and not _SWEDISH.search(text):
        found = _FOREIGN.search(text)
    if found:
        raise InputError(Problem("table-letters-damaged", place=f"{file}:{_line(text, found.start())}"))


def _line(text: str, position: int) -> int:
    return len(_LINE_BREAK.findall(text, 0, position)) + 1

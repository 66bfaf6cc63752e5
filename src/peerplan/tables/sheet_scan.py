"""Read a worksheet's XML for what calamine does not tell: how far it reaches, and cells without a value."""

from dataclasses import dataclass, field
from functools import cache
from typing import IO
from xml.parsers import expat

_PIECE = 1_000_000  # bytes
_TRUE = ("1", "true")
_MOST_COLUMNS = 1_000
_LETTERS = 3  # of the last column that Excel has, XFD


@dataclass(slots=True)
class Scan:
    """What a sheet's XML says. Columns count from 0, rows from 1; only cells that hold something count.

    flaws: message id and column -> first row, and how many cells. hidden_rows is how many rows nobody sees, and
    first_hidden_row the first of them; hidden_columns are the first and last columns of what is hidden.
    """

    last_row: int = 0
    last_column: int = -1
    flaws: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    hidden_rows: int = 0
    first_hidden_row: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def open_parser() -> expat.XMLParserType:
    """Make a parser that refuses a document type, which spreadsheets never have and entity bombs need."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def scan_sheet(part: IO[bytes]) -> Scan:
    """Read the XML of one worksheet.

    Raises:
        expat.ExpatError, ValueError: no spreadsheet program wrote it.
    """
    scanner = _Scanner()
    # ParseFile reads 2 kB at a time, and begins a long attribute anew at each of them.
    while piece := part.read(_PIECE):
        scanner.parser.Parse(piece)
    scanner.parser.Parse(b"", True)  # noqa: FBT003 (expat takes no keyword)
    return scanner.scan


def _refuse_document_type(*_: object) -> None:
    raise ValueError


@cache
def _column(letters: str) -> int:
    if not (letters.isascii() and letters.isupper() and len(letters) <= _LETTERS):
        raise ValueError
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


class _Scanner:
    """Follows `<row><c><f/><v/></c></row>`. A cell without a reference is right of the one before.

    A large sheet has a million elements: ends are only listened to where one matters.
    """

    def __init__(self) -> None:
        self.scan = Scan()
        self.row, self.column = 0, -1
        self.kind = ""
        self.formula = self.has_value = self.is_hidden = False
        self.starts = {
            "col": self.start_column,
            "c": self.start_cell,
            "v": self.start_value,
            "is": self.start_value,
            "row": self.start_row,
            "f": self.start_formula,
        }
        self.parser = open_parser()
        self.parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        handle = self.starts.get(name) or self.starts.get(name.rpartition(":")[2])
        if handle:
            handle(attributes)

    def start_row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes.get("r", self.row + 1))
        self.column = -1
        self.is_hidden = attributes.get("hidden") in _TRUE

    def start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE and len(self.scan.hidden_columns) < _MOST_COLUMNS:
            self.scan.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.formula = self.has_value = False
        self.kind = attributes.get("t", "")
        if self.kind == "e":
            self.parser.EndElementHandler = self.end
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            letters = reference.rstrip("0123456789")
            self.column, self.row = _column(letters), int(reference[len(letters) :])

    def start_formula(self, _: dict[str, str]) -> None:
        self.formula = True
        self.parser.EndElementHandler = self.end

    def start_value(self, _: dict[str, str]) -> None:
        scan = self.scan
        if self.row > scan.last_row:  # noqa: PLR1730 (max() takes three times as long)
            scan.last_row = self.row
        if self.column > scan.last_column:  # noqa: PLR1730
            scan.last_column = self.column
        if self.is_hidden:
            scan.hidden_rows += 1
            scan.first_hidden_row = scan.first_hidden_row or self.row
            self.is_hidden = False  # counted
        if self.formula:
            # a formula may give an empty text, and says so; an empty number was never computed
            self.has_value = self.kind == "str"
            self.parser.CharacterDataHandler = self.text

    def text(self, _: str) -> None:
        self.has_value = True

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "v":
            self.parser.CharacterDataHandler = None
        elif name.rpartition(":")[2] == "c":
            self.parser.EndElementHandler = None
            if self.kind == "e":
                self.note("table-error-value")
            elif self.formula and not self.has_value:
                self.note("table-formula-without-value")

    def note(self, message: str) -> None:
        first, cells = self.scan.flaws.get((message, self.column), (self.row, 0))
        self.scan.flaws[message, self.column] = (first, cells + 1)

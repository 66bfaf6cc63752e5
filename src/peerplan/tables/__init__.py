"""CSV and XLSX files as rows of text that know their places. Imports only errors and text of peerplan.

table.py opens a file by separated.py (CSV) or workbook.py (XLSX, looked into first by sheet_scan.py) as a grid
(grid.py), goes through it once, and gives a Table; headings.py says what its headings mean.
"""

from peerplan.tables.grid import EPOCH_1904, Limits, Row, column_letters
from peerplan.tables.headings import Cell, match_headings
from peerplan.tables.table import Table, as_date_text, read_table

__all__ = [
    "EPOCH_1904",
    "Cell",
    "Limits",
    "Row",
    "Table",
    "as_date_text",
    "column_letters",
    "match_headings",
    "read_table",
]

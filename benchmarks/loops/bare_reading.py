"""Read a table with the least code there is: bare_reading.py TABLE.

CSV by the standard library; XLSX by calamine, which peerplan reads with too.
"""

import csv
import sys


def main(path: str) -> None:
    if path.endswith(".csv"):
        with open(path, encoding="utf-8", newline="") as file:
            list(csv.reader(file, delimiter=";"))
    else:
        from python_calamine import CalamineWorkbook  # noqa: PLC0415  (CSV needs none of it)

        CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


main(*sys.argv[1:])

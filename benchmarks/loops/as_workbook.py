"""Turn a CSV file into a workbook: as_workbook.py TABLE.csv TABLE.xlsx."""

import csv
import sys
from pathlib import Path

from xlsxwriter import Workbook

source, target = sys.argv[1:]
with Workbook(target) as workbook, Path(source).open(encoding="utf-8", newline="") as file:
    sheet = workbook.add_worksheet()
    for number, row in enumerate(csv.reader(file, delimiter=";")):
        sheet.write_row(number, 0, row)

"""Make units with copier, in one process: copier_loop.py TEMPLATE VALUES UNITS TO.

The first one is not timed.
"""

import json
import sys
from pathlib import Path

from copier import run_copy

from clock import Clock


def main(template: str, values_file: str, units: str, to: str) -> None:
    values = json.loads(Path(values_file).read_text(encoding="utf-8"))
    clock = Clock()
    run_copy(template, f"{to}/warm", data=values, defaults=True, quiet=True)
    with clock:
        for number in range(int(units)):
            data = values | {"v01": f"{values['v01']} {number}"}
            run_copy(template, f"{to}/{number}", data=data, defaults=True, quiet=True)
    clock.show()


main(*sys.argv[1:])

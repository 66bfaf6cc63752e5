"""Make units with cookiecutter, in one process: cookiecutter_loop.py TEMPLATE VALUES UNITS TO.

The first one is not timed.
"""

import json
import sys
from pathlib import Path

from cookiecutter.main import cookiecutter

from clock import Clock


def main(template: str, values_file: str, units: str, to: str) -> None:
    values = json.loads(Path(values_file).read_text(encoding="utf-8"))
    clock = Clock()
    cookiecutter(template, no_input=True, extra_context=values | {"folder": "warm"}, output_dir=to)
    with clock:
        for number in range(int(units)):
            context = values | {"folder": str(number), "v01": f"{values['v01']} {number}"}
            cookiecutter(template, no_input=True, extra_context=context, output_dir=to)
    clock.show()


main(*sys.argv[1:])

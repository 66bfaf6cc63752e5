"""The least that rendering as many files takes: bare_rendering.py TEMPLATES VALUES UNITS TO.

The templates are compiled and one unit is made before the clock starts. Then each unit has a name of its own, and each
of its files is rendered, written to a temporary name and renamed. Nothing is checked, nothing is flushed to the disk.
"""

import json
import os
import sys

from jinja2 import Environment, FileSystemLoader, Template

from clock import Clock


def make(folder: str, templates: dict[str, Template], values: dict[str, str]) -> None:
    os.makedirs(f"{folder}/.peerplan")
    for name, template in templates.items():
        path = f"{folder}/{name}"
        with open(f"{path}.tmp", "w", encoding="utf-8") as file:
            file.write(template.render(values))
        os.rename(f"{path}.tmp", path)


def main(place: str, values_file: str, units: str, to: str) -> None:
    environment = Environment(loader=FileSystemLoader(place), keep_trailing_newline=True)  # noqa: S701  (no web page)
    templates = {name: environment.get_template(name) for name in environment.list_templates()}
    with open(values_file, encoding="utf-8") as file:
        values = json.load(file)
    clock = Clock()
    make(f"{to}/warm", templates, values)
    with clock:
        for number in range(int(units)):
            make(f"{to}/{number}", templates, values | {"v01": f"{values['v01']} {number}"})
    clock.show()


main(*sys.argv[1:])

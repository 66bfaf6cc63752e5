"""The least that writing the same files takes: bare_writing.py MADE TO.

Every file below MADE is read, untimed, a few hundred folders at a time. Then the same bytes are written, timed, to
temporary names in the same folders below TO, and renamed. Nothing is checked, nothing is flushed to the disk.
"""

import os
import sys
from collections.abc import Iterator
from itertools import islice

from clock import Clock

AT_ONCE = 500  # folders; so that 10,000 units need not be in memory together


def read(made: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Give each folder below `made`, the upper ones first, with the contents of its files."""
    for place, _, names in os.walk(made):
        contents = {}
        for name in names:
            with open(f"{place}/{name}", "rb") as file:
                contents[name] = file.read()
        yield os.path.relpath(place, made), contents


def write(folder: str, contents: dict[str, bytes]) -> None:
    os.makedirs(folder, exist_ok=True)
    for name, content in contents.items():
        path = f"{folder}/{name}"
        with open(f"{path}.tmp", "wb") as file:
            file.write(content)
        os.rename(f"{path}.tmp", path)


def main(made: str, to: str) -> None:
    clock = Clock()
    folders = read(made)
    while some := list(islice(folders, AT_ONCE)):
        with clock:
            for place, contents in some:
                write(f"{to}/{place}", contents)
    clock.show()


main(*sys.argv[1:])

"""Draw docs/pictures: a question of the interview as the terminal shows it, and the time of an example's plan.

python docs/pictures.py
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path

import pyte

from peerplan.answers.draft import check_answers
from peerplan.answers.toml import read_answers
from peerplan.documents.page import svg_of
from peerplan.documents.picture import picture_of
from peerplan.guide.guide import Guide
from peerplan.guide.kit import Kit
from peerplan.messages import Messages
from peerplan.plan.plan import make_plan

ROOT = Path(__file__).parents[1]
PICTURES = Path(__file__).parent / "pictures"
sys.path.append(str(ROOT / "tests"))
from terminal import ENTER, Console, Terminal  # noqa: E402 # it is beside the tests

AS_OF = "2026-11-24"
COLUMNS, LINES = 80, 40
CONSOLE = Console(COLUMNS, LINES)
LETTER, LINE, EDGE, SIZE = 8, 18, 14, 13.3  # the room for a letter and a line, around it all, and the height of letters
PAPER, INK, PALE, STRONG, COLOUR = "#16202b", "#dfe6ec", "#a9b6c2", "#ffffff", "#6fd3e3"
WHITE = '<rect width="100%" height="100%" fill="#ffffff"/>'  # a page in the dark would show through

# What a person types to the first questions; the picture shows the one after them.
TYPED = {
    "en": ["Ward 7", "7", "1", "18 January 2027", "12 March 2027", "1", "4", "2", "2"],
    "sv": ["Avdelning 7", "7", "1", "18/1 2027", "12 mars 2027", "1", "4", "2", "2"],
}
TITLES = {
    "en": "A question of the interview, in the terminal",
    "sv": "En fråga i intervjun, i terminalen",
}


def pictures() -> Iterator[tuple[str, str]]:
    """Yield the name of each picture, and the picture as SVG."""
    kit = Kit(Messages())
    for language in TYPED:
        example = ROOT / "examples" / f"surgical-ward-{language}" / "answers.toml"
        yield f"question-{language}.svg", _terminal(asked(language), TITLES[language])
        yield f"time-{language}.svg", _time(example, kit.guide(language))


def asked(language: str) -> pyte.Screen:
    """Answer the first questions as a person would; return the screen with the next."""
    arguments = ["init", "--lang", language, "--as-of", AS_OF]
    with tempfile.TemporaryDirectory() as folder, Terminal(*arguments, cwd=Path(folder), console=CONSOLE) as terminal:
        for number, typed in enumerate(TYPED[language], 1):
            terminal.until(partial(_is_asked, number=number))
            terminal.type(typed + ENTER)
        terminal.until(partial(_is_asked, number=len(TYPED[language]) + 1))
        terminal.shown()
        return _screen(terminal.output)


def _is_asked(lines: list[str], number: int) -> bool:
    """Tell whether a question is drawn, and can be answered."""
    heads = [at for at, line in enumerate(lines) if re.search(rf" (?:question|fråga) {number} ", line)]
    return bool(heads) and any(line.startswith((" > ", " Answer:", " Svar:")) for line in lines[heads[-1] :])


def _screen(output: str) -> pyte.Screen:
    """Return the screen after all that was written; pyte knows no pale letters, so they blink on it."""
    screen = pyte.Screen(COLUMNS, LINES)
    pyte.Stream(screen).feed(re.sub(r"(\x1b\[(?:\d+;)*)2((?:;\d+)*m)", r"\g<1>5\2", output))
    return screen


def _terminal(screen: pyte.Screen, title: str) -> str:
    """Draw a terminal: text as text, in the reader's own font, each stretch as wide as in the terminal."""
    lines = [line.rstrip() for line in screen.display]
    first, last = (min(used := [number for number, line in enumerate(lines) if line]), max(used))
    width, height = COLUMNS * LETTER + 2 * EDGE, (last - first + 1) * LINE + 2 * EDGE
    drawn = (_line(screen.buffer[number], EDGE + (number - first) * LINE) for number in range(first, last + 1))
    told = "\n".join(lines[first : last + 1])
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" font-size="{SIZE}" '
        'font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace">'
    )
    told = f'<title id="title">{escape(title)}</title>\n<desc id="description">{escape(told)}</desc>'
    paper = f'<rect width="{width}" height="{height}" rx="8" fill="{PAPER}"/>'
    return "\n".join([head, told, paper, *(text for line in drawn for text in line), "</svg>\n"])


def _line(cells: Mapping[int, pyte.screens.Char], top: float) -> Iterator[str]:
    """Yield the stretches of a line that look the same."""
    row = [cells[column] for column in range(COLUMNS)]
    for style, stretch in groupby(enumerate(row), key=lambda cell: _style(cell[1])):
        places = [*stretch]
        text = "".join(char.data for _, char in places)
        if text.strip():
            start = places[0][0] + len(text) - len(text.lstrip())
            room = len(text.strip()) * LETTER
            place = f'x="{EDGE + start * LETTER}" y="{top + SIZE}" textLength="{room}"'
            yield f"<text {place} {style}>{escape(text.strip(), quote=False)}</text>"


def _style(char: pyte.screens.Char) -> str:
    weight = ' font-weight="bold"' if char.bold else ""
    colour = PALE if char.blink else STRONG if char.bold else INK
    return f'fill="{colour if char.fg == "default" else COLOUR}"{weight}'


def _time(example: Path, guide: Guide) -> str:
    """Draw the time as plan.html does, on white and twice as large."""
    answers = check_answers(read_answers(example).draft, guide)
    picture = picture_of(make_plan(answers, guide, answers.planned_from), guide)
    size = f'<svg width="{2 * picture.width}" height="{2 * picture.height:g}"'
    return svg_of(picture).replace("<svg", size, 1).replace("</desc>", f"</desc>\n{WHITE}", 1).rstrip() + "\n"


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, svg in pictures():
        (PICTURES / name).write_text(svg, encoding="utf-8")

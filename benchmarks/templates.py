"""Turn the documents of a made plan into templates of the same size, for the peers and the bare rendering.

In each document about 20 words become variables, up to 4 lines stand under a condition, and up to 4 lists become loops.
The variables are the same 20 in all documents, as a unit's facts are. With their first values the templates give the
documents again, but for line endings.
"""

import json
import re
from collections import Counter
from itertools import count, groupby
from pathlib import Path

VARIABLES = 20
EACH = 4  # conditions, and loops, in a document at most
LIST = 3  # lines that begin alike, at least
OPENING = re.compile(r"\{(?=[{%#])")
WORD = re.compile(r"[^\W\d_]{5,}")


def read_documents(plan: Path) -> dict[str, str]:
    """Give the documents that `batch` writes for a unit by their names: all but the empty lock and the web page."""
    paths = [path for path in sorted(plan.rglob("*")) if path.is_file() and path.name not in {"lock", "plan.html"}]
    return {path.relative_to(plan).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def find_values(documents: dict[str, str]) -> dict[str, str]:
    """Give the variables v01, v02, …, whose values are the words that stand in most documents."""
    common = Counter(word for text in documents.values() for word in sorted(set(WORD.findall(text))))
    return {f"v{number:02}": word for number, (word, _) in enumerate(common.most_common(VARIABLES), start=1)}


def as_template(text: str, values: dict[str, str], prefix: str = "") -> str:
    """Give a template that renders to the text; its variables are called `prefix` and their name."""
    groups = [list(lines) for _, lines in groupby(text.splitlines(keepends=True), key=lambda line: line[:2])]
    lists = _spread([number for number, group in enumerate(groups) if len(group) >= LIST], EACH)
    conditions = _spread([number for number, group in enumerate(groups) if len(group) == 1], EACH)
    names = {word: f"{{{{ {prefix}{name} }}}}" for name, word in values.items()}
    plain = "".join("".join(group) for number, group in enumerate(groups) if number not in lists)
    every = -(-sum(word in names for word in WORD.findall(plain)) // VARIABLES)
    seen = count()

    def named(match: re.Match[str]) -> str:
        word = match[0]
        return names[word] if word in names and next(seen) % every == 0 else word

    def part(number: int, lines: list[str]) -> str:
        if number in lists:
            return f"{{% for line in {json.dumps(lines, ensure_ascii=False)} %}}{{{{ line }}}}{{% endfor %}}"
        text = WORD.sub(named, OPENING.sub("{{ '{' }}", "".join(lines)))
        return f"{{% if {prefix}v01 %}}{text}{{% endif %}}" if number in conditions else text

    return "".join(part(number, lines) for number, lines in enumerate(groups))


def _spread(numbers: list[int], most: int) -> set[int]:
    """Give at most so many of the numbers, from the whole length."""
    return set(numbers[:: max(1, -(-len(numbers) // most))])


def write_templates(plan: Path, to: Path) -> None:
    """Write the templates of all documents for each program, of plan.md alone for copier, and their values."""
    documents = read_documents(plan)
    values = find_values(documents)
    _save(to / "values.json", json.dumps(values, ensure_ascii=False))
    questions = "".join(f"{name}:\n  type: str\n  default: {word}\n" for name, word in values.items())
    for kind in ("copier", "copier-plan"):
        _save(to / kind / "copier.yml", f"_subdirectory: template\n{questions}")
    cookiecutter = {"folder": "unit"} | values
    _save(to / "cookiecutter" / "cookiecutter.json", json.dumps(cookiecutter, ensure_ascii=False))
    for name, text in documents.items():
        template = as_template(text, values)
        _save(to / "bare" / name, template)
        _save(to / "copier" / "template" / f"{name}.jinja", template)
        _save(to / "cookiecutter" / "{{cookiecutter.folder}}" / name, as_template(text, values, "cookiecutter."))
    _save(to / "copier-plan" / "template" / "plan.md.jinja", as_template(documents["plan.md"], values))


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_letter(letter: Path, to: Path) -> None:
    """Write the template of a letter for mailmerge, and the settings that it asks for."""
    to.mkdir(parents=True, exist_ok=True)
    text = OPENING.sub("{{ '{' }}", letter.read_text(encoding="utf-8"))
    headings = "TO: {{email}}\nFROM: coordinator@region.example\nSUBJECT: Peer learning\n\n"
    _save(to / "letter.txt", f"{headings}{{{{name}}}}, {{{{group}}}}\n\n{text}")
    _save(to / "server.conf", "[smtp_server]\nhost = localhost\nport = 25\n")

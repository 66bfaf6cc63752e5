"""Write docs/messages.md: every message that a person can meet, in each language.

python docs/messages.py
"""

import re
import tomllib
from pathlib import Path

from peerplan.messages import CONTENT, FILE_NAME

PAGE = Path(__file__).parent / "messages.md"
HEADING = """\
# What the program says

Made from `messages.toml` by `python docs/messages.py`; change the content, not this page. What stands in braces is
filled in. An error is one line: the place, then what is wrong and what to do. With `--json` it has
the id that stands here.
"""


def page() -> str:
    """Return the page: the messages under the headings of their file, in its order."""
    text = (CONTENT / FILE_NAME).read_text(encoding="utf-8")
    said = tomllib.loads(text)
    lines = [HEADING]
    for heading, id_ in re.findall(r"^# (.+)|^\[([\w-]+)\]", text.partition("\n\n")[2], re.MULTILINE):
        if heading:
            languages = list(next(iter(said.values())))
            lines.append(f"\n## {heading}\n\n| Id | {' | '.join(languages)} |\n|{'---|' * (len(languages) + 1)}\n")
        else:
            texts = (one.replace("|", "\\|") for one in said[id_].values())
            lines.append(f"| `{id_}` | {' | '.join(texts)} |\n")
    return "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""Write every example again from its answers.toml: run it after a wanted change, and read the diff.

python examples/regenerate.py
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from peerplan.answers.questions import draft_profile
from peerplan.answers.toml import read_answers, write_answers
from peerplan.guide.load import load_guide

EXAMPLES = Path(__file__).parent
AS_OF = "2026-11-24"


def make(example: Path, target: Path) -> None:
    """Make the plan folder of an example with the command that a person would use.

    The answers are written anew, so that they stand under the questions as they are asked now.
    """
    draft, _ = read_answers(example / "answers.toml")
    guide = load_guide(str(draft["language"]))
    answers = target.with_suffix(".toml")
    answers.write_text(write_answers(draft, guide, draft_profile(draft, guide)), encoding="utf-8")
    command = [sys.executable, "-m", "peerplan", "init", str(target), "--as-of", AS_OF]
    subprocess.run([*command, "--answers", str(answers)], check=True, stdin=subprocess.DEVNULL)  # noqa: S603


def main() -> None:
    for answers in sorted(EXAMPLES.glob("*/answers.toml")):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, answers.parent.name)
            make(answers.parent, target)
            shutil.rmtree(target / ".peerplan")  # what update remembers; an example is there to be read
            shutil.rmtree(answers.parent)
            shutil.copytree(target, answers.parent)


if __name__ == "__main__":
    main()

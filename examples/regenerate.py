"""Make every example again from its answers.toml, docs/conditions.md and docs/pictures; then read the diff.

python examples/regenerate.py
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from peerplan.answers.questions import with_unknown
from peerplan.answers.toml import read_answers
from peerplan.answers.toml_writer import write_answers
from peerplan.errors import PeerplanError
from peerplan.guide.kit import Kit
from peerplan.messages import Messages

EXAMPLES = Path(__file__).parent
AS_OF = "2026-11-24"


def make(example: Path, target: Path) -> None:
    """Make the plan folder of an example with the command that a person would use.

    The answers are written anew, so that they stand under the questions as they are asked now; a question that is new
    is answered with unknown.
    """
    draft = read_answers(example / "answers.toml").draft
    guide = Kit(Messages()).guide(draft["language"])
    answers = target.with_suffix(".toml")
    answers.write_text(write_answers(with_unknown(draft, guide), guide), encoding="utf-8")
    command = [sys.executable, "-m", "peerplan", "init", str(target), "--as-of", AS_OF, "--answers", str(answers)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603


def main() -> None:
    _run("conditions.py")
    for answers in sorted(EXAMPLES.glob("*/answers.toml")):
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, answers.parent.name)
            make(answers.parent, target)
            shutil.rmtree(target / ".peerplan")  # what update remembers; an example is there to be read
            shutil.rmtree(answers.parent)
            shutil.copytree(target, answers.parent)
        print(answers.parent.name)
    if sys.platform != "win32":  # which has no pseudo-terminals
        _run("pictures.py")


def _run(script: str) -> None:
    subprocess.run([sys.executable, str(EXAMPLES.parent / "docs" / script)], check=True)  # noqa: S603


if __name__ == "__main__":
    try:
        main()
    except PeerplanError as error:
        sys.exit("\n".join(Messages().line("en", problem) for problem in error.problems))

"""Fuzz the readers of files with atheris, for as long as is wished: see README.md here.

python fuzz/fuzz.py [TARGET...] [--minutes N] [--place FOLDER]
python fuzz/fuzz.py TARGET --again FILE...
"""

import argparse
import hashlib
import pkgutil
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random

WHOLE = 20  # one of so many files goes through whole commands, the others through the first part of them

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz the readers of files.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="what to fuzz, one after another (default: all)")
    parser.add_argument("--minutes", type=float, default=0, metavar="N", help="for each target (default: until Ctrl+C)")
    parser.add_argument("--place", type=Path, default=ROOT / ".fuzz", metavar="FOLDER", help="for corpus and findings")
    parser.add_argument("--again", type=Path, nargs="+", metavar="FILE", help="judge these files once more")
    given = parser.parse_args()
    if given.again:
        return again(given.targets[0], given.again)
    if len(given.targets) == 1:
        fuzz(given.targets[0], given.place, int(given.minutes * 60))
    from targets import targets  # noqa: PLC0415 # a run of one target has to be instrumented first

    own = [sys.executable, __file__, "--minutes", str(given.minutes), "--place", str(given.place)]
    codes = [subprocess.run([*own, name], check=False).returncode for name in given.targets or targets()]
    return max(codes)


def again(target: str, files: list[Path]) -> int:
    """Judge files as they stand, without what fuzzing costs, and tell what is found."""
    from targets import targets  # noqa: PLC0415 # as above

    found = [error for path in files if (error := _finding(targets()[target].examine, path.read_bytes()))]
    print("\n\n".join(found) or "nothing is found")
    return bool(found)


def fuzz(target: str, place: Path, seconds: int) -> None:
    """Fuzz one target; does not return. Findings are told once a kind, and kept."""
    import atheris  # for developers only  # noqa: PLC0415

    with atheris.instrument_imports(include=["peerplan"]):
        for module in pkgutil.walk_packages(import_module("peerplan").__path__, "peerplan."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    from targets import targets  # noqa: PLC0415 # what it imports is instrumented

    one = targets()[target]
    seeds = one.seeds()
    corpus, findings = place / "corpus" / target, place / "findings" / target
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    known: set[str] = set()

    def examine(data: bytes) -> None:
        whole = one.read is None or hashlib.sha256(data).digest()[0] < 256 // WHOLE
        if (found := _finding(one.examine if whole else one.read_only, data)) and (kind := _kind(found)) not in known:
            known.add(kind)
            path = findings / hashlib.sha256(data).hexdigest()[:16]
            path.write_bytes(data)
            print(f"\nFOUND {path}\n{found}\n", flush=True)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        random = Random(seed)  # nothing secret
        if not random.randrange(3):
            return bytes(atheris.Mutate(data, longest))
        return one.mutate(data, one.form, seeds, random)[: min(longest, one.form.longest)]

    options = [
        "-max_len=1000000",
        "-len_control=0",
        "-timeout=60",
        "-print_final_stats=1",
        f"-max_total_time={seconds}",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], examine, custom_mutator=mutate)
    atheris.Fuzz()


def _finding(examine: Callable[..., None], data: bytes) -> str:
    """Return what is found when a file is read in a folder of its own, "" if nothing is."""
    from findings import FindingError, Judge  # noqa: PLC0415 # as above

    place = Path(tempfile.mkdtemp(prefix="peerplan-fuzz-"))
    try:
        examine(Judge(), place, data)
    except FindingError as error:
        cause = "".join(traceback.format_exception(error.__cause__)) if error.__cause__ else ""
        return f"{error}\n{cause}"
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return ""


def _kind(found: str) -> str:
    """Return what tells one kind of finding from others: the place of a bug, and words without numbers."""
    last = re.findall(r'File "[^"]*peerplan[^"]*", line \d+', found)[-1:]
    return "".join(last) or re.sub(r"\d+", "", found)[:200]


if __name__ == "__main__":
    sys.exit(main())

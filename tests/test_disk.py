"""Each file is old or new, whole, whatever goes wrong while it is written."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import pytest

from disks import mounted, write_plainly
from peerplan.errors import WriteError
from peerplan.folder.disk import MANY, clean_leftovers, replace_patiently, write_files, write_in_order
from samples import killed_after

OLD, NEW = b"old\n", b"new, and longer than what was there\n"
BIG = b"x" * 200_000  # more than the small disk and the file-size limit hold
NOBODY = 65_534
POSIX = pytest.mark.skipif(os.name == "nt", reason="modes, links and limits of POSIX")
STRACE = which("strace")

WRITE = """
{before}
import sys
from pathlib import Path
from peerplan.folder.disk import write_files
from peerplan.errors import WriteError
try:
    write_files(Path(sys.argv[1]), {{"plan.md": {content}, "letter.txt": {content}}})
except WriteError as error:
    print(error.problems[0].message, end="")
"""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def writing(folder: Path, wrapper: list[str], *, before: str = "", big: bool = False) -> str:
    """The message id with which writing two files fails in a process of its own, or nothing."""
    script = WRITE.format(before=before, content='b"x" * 200_000' if big else repr(NEW))
    command = [*wrapper, sys.executable, "-c", script, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.md").write_bytes(OLD)
    (tmp_path / "letter.txt").write_bytes(OLD)
    return tmp_path


def is_untouched(folder: Path) -> bool:
    return {path.name: path.read_bytes() for path in folder.iterdir()} == {"plan.md": OLD, "letter.txt": OLD}


# --- what is written -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, MANY, MANY + 3])
def test_files_are_written_byte_for_byte_and_nothing_else_is_left(tmp_path: Path, count: int) -> None:
    files = {f"{number}.txt": b"\xff\r\n\0" * number for number in range(count)}
    write_files(tmp_path / "a" / "b", files)
    assert {path.name: path.read_bytes() for path in (tmp_path / "a" / "b").iterdir()} == files


def test_none_removes_a_file_and_is_content_with_none_there(folder: Path) -> None:
    write_in_order([(folder / "plan.md", None), (folder / "never.md", None)])
    assert names(folder) == {"letter.txt"}


def test_a_path_that_comes_twice_ends_with_its_last_content(folder: Path) -> None:
    write_in_order([(folder / "plan.md", b"first"), (folder / "letter.txt", NEW), (folder / "plan.md", b"last")])
    assert ((folder / "plan.md").read_bytes(), (folder / "letter.txt").read_bytes()) == (b"last", NEW)
    assert names(folder) == {"plan.md", "letter.txt"}


def test_nothing_to_write_writes_nothing(folder: Path) -> None:
    write_in_order([])
    assert is_untouched(folder)


def test_files_are_replaced_in_the_order_given(folder: Path) -> None:
    (folder / "in-the-way").mkdir()
    writes = [(folder / "plan.md", NEW), (folder / "in-the-way", NEW), (folder / "letter.txt", NEW)]
    with pytest.raises(WriteError) as caught:
        write_in_order(writes)
    assert caught.value.problems[0].place == str(folder / "in-the-way")
    assert (folder / "plan.md").read_bytes() == NEW
    assert (folder / "letter.txt").read_bytes() == OLD
    assert names(folder) == {"plan.md", "letter.txt", "in-the-way"}


def test_a_file_that_cannot_even_be_begun_leaves_the_others_as_they_were(folder: Path) -> None:
    with pytest.raises(WriteError) as caught:
        write_in_order([(folder / "plan.md", NEW), (folder / "no-folder" / "letter.txt", NEW)])
    assert caught.value.problems[0].message == "cannot-write"
    assert caught.value.problems[0].place == str(folder / "no-folder" / "letter.txt")
    assert is_untouched(folder)


def test_an_interruption_while_the_contents_are_made_leaves_everything_as_it_was(folder: Path) -> None:
    def contents() -> Iterator[tuple[Path, bytes]]:
        yield folder / "plan.md", NEW
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_in_order(contents())
    assert is_untouched(folder)


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_a_file_keeps_its_mode(folder: Path, mode: int) -> None:
    (folder / "plan.md").chmod(mode)
    write_files(folder, {"plan.md": NEW})
    assert (folder / "plan.md").stat().st_mode & 0o777 == mode


@POSIX
def test_a_file_that_may_only_be_read_is_replaced_like_any_other() -> None:
    with TemporaryDirectory() as place:  # pytest's own folders are closed to others
        path = Path(place, "plan.md")
        path.write_bytes(OLD)
        path.chmod(0o444)

        def as_anybody() -> None:
            if not os.getuid():
                for one in (place, path):
                    os.chown(one, NOBODY, NOBODY)
                os.setuid(NOBODY)  # who is stopped by what does not stop root
            write_files(Path(place), {"plan.md": NEW})

        killed_after(None, as_anybody)
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (NEW, 0o444)


@POSIX
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_a_new_file_gets_the_mode_of_any_new_file(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write_files(tmp_path, {"plan.md": NEW})
        assert os.umask(umask) == umask  # as it was
    finally:
        os.umask(before)
    assert (tmp_path / "plan.md").stat().st_mode & 0o777 == mode


def test_leftovers_are_cleaned_and_nothing_else(folder: Path) -> None:
    (folder / ".pp-a1b2.tmp").touch()
    for name in ("pp-1.tmp", ".pp-1.txt", "my.tmp"):
        (folder / name).touch()
    clean_leftovers(folder)
    assert names(folder) == {"plan.md", "letter.txt", "pp-1.tmp", ".pp-1.txt", "my.tmp"}


def test_a_folder_that_cannot_be_made_is_named(folder: Path) -> None:
    with pytest.raises(WriteError) as caught:
        write_files(folder / "plan.md" / "within", {"plan.md": NEW})
    assert caught.value.problems[0].place == str(folder / "plan.md" / "within")
    assert is_untouched(folder)


# --- a file that another program holds -------------------------------------------------------------------------------


class Windows:
    """A replace that says what Windows says while a file is held, some times, and the waits in between."""

    def __init__(self, winerror: int | None, times: int) -> None:
        self.winerror, self.times = winerror, times
        self.waits: list[float] = []

    def replace(self, temporary: Path, path: Path) -> None:
        if self.times:
            self.times -= 1
            error = PermissionError(13, "Access is denied")
            error.winerror = self.winerror  # type: ignore[attr-defined, unused-ignore] # only Windows declares it
            raise error
        temporary.replace(path)


@pytest.mark.criterion(28)
@pytest.mark.parametrize("winerror", [5, 32, 33])
@pytest.mark.parametrize("times", [1, 6])
def test_a_held_file_is_tried_again_until_it_is_free(folder: Path, winerror: int, times: int) -> None:
    windows = Windows(winerror, times)
    replace_patiently(folder / "letter.txt", folder / "plan.md", windows.replace, windows.waits.append)
    assert len(windows.waits) == times
    assert names(folder) == {"plan.md"}


def test_after_two_and_a_half_seconds_the_last_error_stands(folder: Path) -> None:
    windows = Windows(32, 100)
    with pytest.raises(PermissionError):
        replace_patiently(folder / "letter.txt", folder / "plan.md", windows.replace, windows.waits.append)
    assert sum(windows.waits) == pytest.approx(2.55)
    assert is_untouched(folder)


@pytest.mark.parametrize("winerror", [None, 3, 112])
def test_what_waiting_cannot_help_is_not_waited_for(folder: Path, winerror: int | None) -> None:
    windows = Windows(winerror, 1)
    with pytest.raises(PermissionError):
        replace_patiently(folder / "letter.txt", folder / "plan.md", windows.replace, windows.waits.append)
    assert windows.waits == []


@pytest.mark.criterion(28)
@pytest.mark.skipif(os.name != "nt", reason="only Windows lets a program hold a file")
def test_a_file_that_stays_held_is_explained(folder: Path) -> None:
    with (folder / "plan.md").open("rb"), pytest.raises(WriteError) as caught:
        write_files(folder, {"letter.txt": NEW, "plan.md": NEW})
    assert caught.value.problems[0].message == "file-is-held"
    assert caught.value.problems[0].place == str(folder / "plan.md")
    assert names(folder) == {"plan.md", "letter.txt"}


# --- a disk that fails -----------------------------------------------------------------------------------------------


@pytest.mark.criterion(21)
@POSIX
def test_a_file_size_limit_leaves_the_old_files_and_no_other(folder: Path) -> None:
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))"
    assert writing(folder, [], before=limit, big=True) == "cannot-write"
    assert is_untouched(folder)


@pytest.mark.criterion(21)
def test_a_full_disk_leaves_the_old_files_and_no_other(tmp_path: Path) -> None:
    script = f"""
    mount -t tmpfs -o size=64k none '{tmp_path}'
    printf 'old\\n' > '{tmp_path}/plan.md'
    trap 'cd "{tmp_path}"; ls -A; cat plan.md' EXIT
    """
    assert writing(tmp_path, mounted(script), big=True) == "cannot-writeplan.md\nold\n"


def test_a_read_only_disk_leaves_the_old_files_and_no_other(folder: Path) -> None:
    script = f"mount --bind '{folder}' '{folder}'\nmount -o remount,ro,bind '{folder}'"
    assert writing(folder, mounted(script)) == "cannot-write"
    assert is_untouched(folder)


FAILING = """
import os
real, calls = os.{call}, 0
def failing(*arguments, **options):
    global calls
    calls += 1
    if calls == {when}:
        raise OSError({number}, os.strerror({number}))
    return real(*arguments, **options)
os.{call} = failing
"""
EIO, EACCES = 5, 13


def by_strace(call: str, when: int, number: int) -> tuple[list[str], str]:
    """The wrapper and the code that make one system call fail, as the kernel would report it."""
    if not STRACE or subprocess.run([STRACE, "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace is not installed, or may not trace")
    calls = {"replace": "rename,renameat,renameat2", "fsync": "fsync"}[call]
    error = {EIO: "EIO", EACCES: "EACCES"}[number]
    return [STRACE, "-f", "-o", os.devnull, "-e", f"inject={calls}:error={error}:when={when}"], ""


def by_rim(call: str, when: int, number: int) -> tuple[list[str], str]:
    """The same with the function of the standard library exchanged, where strace is missing."""
    return [], FAILING.format(call=call, when=when, number=number)


Failure = Callable[[str, int, int], tuple[list[str], str]]
each_failure = pytest.mark.parametrize("failure", [by_strace, by_rim])


@pytest.mark.criterion(21)
@POSIX
@each_failure
@pytest.mark.parametrize(("call", "when", "number"), [("fsync", 1, EIO), ("fsync", 2, EIO), ("replace", 1, EACCES)])
def test_when_a_flush_or_the_first_rename_fails_everything_is_as_it_was(
    folder: Path, failure: Failure, call: str, when: int, number: int
) -> None:
    wrapper, before = failure(call, when, number)
    assert writing(folder, wrapper, before=before) == "cannot-write"
    assert is_untouched(folder)


@POSIX
@each_failure
def test_when_the_second_rename_fails_each_file_is_old_or_new(folder: Path, failure: Failure) -> None:
    wrapper, before = failure("replace", 2, EACCES)
    assert writing(folder, wrapper, before=before) == "cannot-write"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"plan.md": NEW, "letter.txt": OLD}


@pytest.mark.criterion(21)
@POSIX
@each_failure
def test_when_only_the_folder_cannot_be_flushed_the_new_files_are_there_and_that_is_said(
    folder: Path, failure: Failure
) -> None:
    wrapper, before = failure("fsync", 3, EIO)
    assert writing(folder, wrapper, before=before) == "written-not-confirmed"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"plan.md": NEW, "letter.txt": NEW}


# --- killed ----------------------------------------------------------------------------------------------------------

CONTENTS = [b"a line of the plan\n" * 4000, b"another line, of another plan\n" * 4000]
KILLS = 30


def torn_after_kills(folder: Path, write: Callable[[Path, bytes], object]) -> int:
    """How often a file was neither old nor new, when a process that writes it again and again was killed."""
    path = folder / "plan.md"

    def write_on() -> None:
        while True:
            for content in CONTENTS:
                write(path, content)

    chance = random.Random(20270118)  # noqa: S311 # no secret, the same moments each time
    torn = 0
    for _ in range(KILLS):
        path.write_bytes(CONTENTS[0])
        killed_after(chance.uniform(0, 0.01), write_on)
        torn += path.read_bytes() not in CONTENTS
    return torn


@pytest.mark.slow
@POSIX
def test_no_kill_tears_a_file_and_what_is_left_over_is_cleaned(tmp_path: Path) -> None:
    assert torn_after_kills(tmp_path, lambda path, content: write_in_order([(path, content)])) == 0
    clean_leftovers(tmp_path)
    assert names(tmp_path) == {"plan.md"}


@pytest.mark.slow
@POSIX
def test_the_same_kills_tear_a_file_that_is_written_plainly(tmp_path: Path) -> None:
    assert torn_after_kills(tmp_path, write_plainly) > 0

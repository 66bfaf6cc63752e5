"""Lines are printed without rich as rich would print them, and with it where they have a style to show."""

import io
import sys

import pytest
from rich.console import Console
from rich.text import Text

from peerplan.errors import Problem
from peerplan.messages import Messages
from peerplan.report.printer import STYLES, Printer

LINES = [
    "",
    "Ward 7: Ready.",
    "  Två rader\nmed åäö 日本 \U0001f469\u200d\u2695\ufe0f  ",
    "[bold]no markup[/] :smile: http://example.org 'text' 12",
    "a\tb\t\tc",
    "日本\tb",
    "bell\x07, a return\r and a form feed\x0c",
    "long " * 60,
    "a\n\n",
]


def by_rich(text: Text, *, terminal: bool) -> str:
    file = io.StringIO()
    console = Console(file=file, highlight=False, soft_wrap=True, force_terminal=terminal)
    console.print(text)
    return file.getvalue()


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return monkeypatch


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("style", ["", "green"])
@pytest.mark.parametrize("terminal", [False, True])
def test_a_line_is_as_rich_prints_it(
    line: str, style: str, *, terminal: bool, environ: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if terminal:
        environ.setenv("FORCE_COLOR", "1")
    Printer(Messages(), "en").line(line, style)
    assert capsys.readouterr().out == by_rich(Text(line, style), terminal=terminal)


@pytest.mark.parametrize(
    ("terminal", "plain", "styled"), [(False, False, False), (True, False, True), (True, True, False)]
)
def test_what_stands_within_a_line_may_have_a_style(
    *,
    terminal: bool,
    plain: bool,
    styled: bool,
    environ: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if terminal:
        environ.setenv("FORCE_COLOR", "1")
    Printer(Messages(), "en", plain=plain).line("Ward 7: Ready.", STYLES["ready"], within="Ready")
    ready = "\x1b[1;32mReady\x1b[0m" if styled else "Ready"
    assert capsys.readouterr().out == f"Ward 7: {ready}.\n"


@pytest.mark.parametrize("style", ["", "green"])
def test_nothing_in_a_name_moves_or_paints_the_rest(
    style: str, environ: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environ.setenv("FORCE_COLOR", "1")
    Printer(Messages(), "en").line("Ward\x1b]0;x \x9b31m7\u202e\nnext", style)
    printed = capsys.readouterr().out.replace("\x1b[32m", "").replace("\x1b[0m", "")
    assert printed == "Ward ]0;x  31m7 \nnext\n"


def test_notices_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    Printer(Messages(), "sv").notices([Problem("interrupted", {}, "a\tb")])
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"a b: {Messages().say('sv', 'interrupted')}\n")


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "TTY_COMPATIBLE"])
def test_who_asks_for_colours_gets_them_in_a_pipe(
    variable: str, environ: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environ.setenv(variable, "1")
    assert not sys.stdout.isatty()
    Printer(Messages(), "en").line("+ a", "green")
    assert capsys.readouterr().out == "\x1b[32m+ a\x1b[0m\n"

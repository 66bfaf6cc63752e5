"""What the command line says of itself: help, refusals and completion, in the person's language."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import cast, get_args

import pytest
import typer.main
from openpyxl import load_workbook
from typer.core import TyperGroup

from peerplan.call import PROGRAM
from peerplan.cli import CHECKS, FORMATS, app
from peerplan.commands import export
from peerplan.commands.status import Check
from peerplan.errors import InputError
from peerplan.messages import CONTENT, Messages
from peerplan.usage import SpokenCommand
from samples import AS_OF, EXAMPLES, PLAIN_ROSTER, run, say

GROUP = cast("TyperGroup", typer.main.get_command(app))
COMMANDS = ["", *GROUP.commands]
LANGUAGES = Messages().languages
LOCALES = {"en": "en_GB.UTF-8", "sv": "sv_SE.UTF-8"}
TEXTS = {language: Messages().help_texts(language, of_commands=True) for language in LANGUAGES}
ENGLISH = re.compile(
    r"\b(usage|options?|arguments|commands|examples|default|required|show|exit|path|str|file|date)\b", re.IGNORECASE
)


def helped(command: str, language: str, cwd: Path) -> str:
    made = run(*command.split(), "--help", cwd=cwd, environ={"LC_ALL": LOCALES[language]})
    assert (made.returncode, made.stderr) == (0, "")
    return made.stdout


def refused(cwd: Path, *arguments: str, language: str = "en") -> str:
    made = run(*arguments, cwd=cwd, environ={"LC_ALL": LOCALES[language]})
    assert (made.returncode, made.stdout) == (2, "")
    (line,) = made.stderr.splitlines()
    return line


# --- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_whole_at_80_columns_and_explains_everything(tmp_path: Path, command: str, language: str) -> None:
    shown = helped(command, language, tmp_path)
    assert max(map(len, shown.splitlines())) <= 80
    assert "..." not in shown.replace("]...", "")
    assert "…" not in shown
    words = " ".join(shown.split())
    spoken = GROUP.commands[command] if command else GROUP
    for param in spoken.params:
        name = f"{param.param_type_name}-{max(param.opts, key=len).lstrip('-')}"
        own = TEXTS[language].get(f"{command or PROGRAM}-{name}") or TEXTS[language][name]
        assert own in words
        assert param.param_type_name == "argument" or re.search(rf"^  {param.opts[0]}\b", shown, re.MULTILINE)
    assert f"{TEXTS[language]['examples']}:\n" in shown
    for heading in ("usage", "options"):
        assert f"{TEXTS[language][heading]}:" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_help_in_swedish_holds_no_english(tmp_path: Path, command: str) -> None:
    lines = helped(command, "sv", tmp_path).splitlines()
    said = " ".join(line for line in lines if not line.startswith("    peerplan"))
    assert ENGLISH.findall(re.sub(r"--[a-z-]+|[\w-]+\.\w+|html\|docx\|pdf", "", said)) == []
    assert ENGLISH.search(helped(command, "en", tmp_path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_command_is_listed_with_the_whole_of_what_it_does(tmp_path: Path, language: str) -> None:
    words = " ".join(helped("", language, tmp_path).split())
    for name in GROUP.commands:
        assert f" {name} {TEXTS[language][name]}" in words


def test_no_text_of_the_help_is_left_over(tmp_path: Path) -> None:
    shown = " ".join(" ".join(helped(command, "en", tmp_path).split()) for command in COMMANDS)
    assert [name for name, text in TEXTS["en"].items() if " ".join(text.split()) not in shown] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["-h"],
        ["--lang", "sv", "--help"],
        ["--lang=sv", "-h"],
        ["--help", "--lang", "sv"],
        ["init", "-h", "--lang", "sv"],
        ["init", "--lang=sv", "--help"],
        ["--lang", "sv", "update", "--help"],
        ["update", "--help", "--lang", "sv"],
        ["emails", "-h", "--no-such", "--lang=sv"],
    ],
)
def test_lang_decides_wherever_it_stands(tmp_path: Path, arguments: list[str]) -> None:
    made = run(*arguments, cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("Så skriver du: " if len(arguments) > 1 else "Usage: ")


def test_help_speaks_as_the_plan_that_is_given(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text('language = "sv"\n', encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    assert run("status", tmp_path, "-h", cwd=tmp_path / "elsewhere").stdout.startswith("Så skriver du: ")


def test_without_a_command_the_help_is_shown_as_an_error(tmp_path: Path) -> None:
    for arguments in ([], ["--lang", "sv"]):
        made = run(*arguments, cwd=tmp_path)
        assert (made.returncode, made.stdout) == (2, "")
        assert made.stderr.startswith("Så skriver du: " if arguments else "Usage: ")


def test_lang_before_the_command_is_the_language_of_the_plan(tmp_path: Path) -> None:
    answers = EXAMPLES / "surgical-ward-en" / "answers.toml"
    made = run("--lang", "sv", "init", "ward", "--answers", answers, "--as-of", AS_OF, cwd=tmp_path)
    assert made.returncode == 0
    assert 'language = "sv"' in (tmp_path / "ward" / "answers.toml").read_text(encoding="utf-8")
    assert refused(tmp_path, "--lang", "fi", "status").startswith("--lang: 'fi' is not a language")


def test_help_in_a_third_language_needs_texts_only(tmp_path: Path) -> None:
    content = shutil.copytree(CONTENT, tmp_path / "content")
    with (content / "languages.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[languages]]\nid = "nb"\nlocales = ["nb"]\n')
    with pytest.raises(InputError) as error:
        Messages(content).help_texts("nb", of_commands=True)
    (problem,) = error.value.problems
    assert problem.place.startswith("help.toml: ")
    for texts in content.glob("help*.toml"):
        whole = re.sub(r"^sv = (.*)$", r"sv = \1\nnb = \1", texts.read_text(encoding="utf-8"), flags=re.MULTILINE)
        texts.write_text(whole, encoding="utf-8")
    assert Messages(content).help_texts("nb", of_commands=True) == TEXTS["sv"]


# --- examples --------------------------------------------------------------------------------------------------------

SHOWN = [
    (language, text.partition(f": {PROGRAM} ")[2])
    for language in LANGUAGES
    for name, text in TEXTS[language].items()
    if "-example-" in name
]


@pytest.mark.parametrize("example", [example for _, example in SHOWN])
def test_an_example_is_a_command_that_is_understood(example: str) -> None:
    name, *arguments = shlex.split(example)
    command = GROUP.commands[name]
    assert isinstance(command, SpokenCommand)
    if "--help" not in arguments:
        context = command.make_context(name, arguments)
        assert context.params.get("check", "") in ("", *get_args(Check))
        assert name != "export" or {*context.params["to"]} <= {*export.FORMATS}


def test_each_command_has_examples() -> None:
    for command in COMMANDS:
        assert any(name.startswith(f"{command or PROGRAM}-example-") for name in TEXTS["en"])


@pytest.mark.slow
def test_the_examples_run_one_after_the_other(tmp_path: Path) -> None:
    answers = (EXAMPLES / "surgical-ward-en" / "answers.toml").read_bytes()
    (tmp_path / "mine.toml").write_bytes(answers)
    (tmp_path / "students.csv").write_text(PLAIN_ROSTER, encoding="utf-8")
    table = (EXAMPLES / "units.csv").read_text(encoding="utf-8").splitlines()[:3]
    (tmp_path / "units.csv").write_text("\n".join(table), encoding="utf-8")
    book = load_workbook(EXAMPLES / "units.xlsx")
    book.worksheets[0].delete_rows(4, 100)
    book.save(tmp_path / "units.xlsx")
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "ward-7-answers.toml").write_bytes(answers)
    letterhead = next((Path(__file__).parent / "letterheads").glob("*.docx"))
    (tmp_path / "letterhead.docx").write_bytes(letterhead.read_bytes())
    asked = {"init", "init ward-7", "init --plain --lang sv", "update --help"}  # these ask, or only help
    examples = [shlex.split(example) for language, example in SHOWN if language == "en" and example not in asked]
    examples.sort(key=lambda example: (example[0] not in ("init", "batch"), example[0]))
    for example in examples:
        day = [] if "--as-of" in example or example[0] == "form" else ["--as-of", str(AS_OF)]
        made = run(*(part for part in example if part != "--open"), *day, cwd=tmp_path)
        assert made.returncode in ({0, 8} if "--check" in example else {0}), (example, made.stderr)


# --- refusals --------------------------------------------------------------------------------------------------------

REFUSED = [
    (["updat"], "updat: there is no such command; did you mean: peerplan update?"),
    (["Status"], "Status: there is no such command; did you mean: peerplan status?"),
    (["hjälp"], "there is no such command; see: peerplan --help"),
    (["--langg", "sv"], "--langg: there is no such option here; did you mean --lang?"),
    (["init", "--ans"], "--ans: there is no such option here; did you mean --answers?"),
    (["init", "--dryrun"], "--dryrun: there is no such option here; did you mean --dry-run?"),
    (["init", "--none"], "--none: there is no such option here; did you mean"),
    (["status", "-x"], "-x: there is no such option here; see: peerplan status --help"),
    (["status", "--lang", "fi"], "--lang: this option stands before the command"),
    (
        ["update", "--version"],
        "--version: this option stands before the command; write it as: peerplan --version update",
    ),
    (["init", "--lang"], "--lang: a value has to follow; write it as: --lang en|sv"),
    (["init", "--answers"], "--answers: a value has to follow; write it as: --answers FILE"),
    (["init", "--dry-run=yes"], "--dry-run: this option takes no value"),
    (["emails"], "FOLDER is missing; write it as: peerplan emails [OPTIONS] FOLDER ROSTER"),
    (["emails", "ward"], "ROSTER is missing; write it as: peerplan emails [OPTIONS] FOLDER ROSTER"),
    (["init", "Ward", "7"], "more is written here than the command takes: peerplan init [OPTIONS] [FOLDER]; "),
    (["init", "a\0b"], "FOLDER: this value cannot be used; see: peerplan init --help"),
    (["status", "--check", "late"], "--check: 'late' is nothing to check for"),
    (["init", "--as-of", "kim@example.org"], "--as-of: '…' is not a date"),
    (["init", "--lang", "8112189876"], "--lang: '…' is not a language"),
]
HERE = Path(__file__).parent.as_posix()
REFUSED += [
    (["update", "ward", "\u2013-as-of", "2026-11-24"], "an option begins with two hyphens, and here is a dash, as"),
    (["status", "\u2014json"], "an option begins with two hyphens, and here is a dash, as"),
    (["update", f'{HERE}"'], "a quotation mark got into the name of a file or folder; write"),
    (["update", f'{HERE}" --as-of 2026-11-24'], "a quotation mark got into the name of a file or folder; write"),
    (["batch", f"'{HERE}'"], "a quotation mark got into the name of a file or folder; write"),
]
SWEDISH = {
    "an option begins with two hyphens, and here is a dash, as": "ett tillval börjar med två bindestreck, och här står",
    "a quotation mark got into the name of a file or folder; write": "ett citattecken har kommit med i namnet på",
    "there is no such command; did you mean": "det kommandot finns inte; menade du",
    "there is no such command; see": "det kommandot finns inte; se",
    "there is no such option here; did you mean": "det tillvalet finns inte här; menade du",
    "there is no such option here; see": "det tillvalet finns inte här; se",
    "this option stands before the command": "det här tillvalet står före kommandot",
    "; write it as: peerplan --version": "; skriv det som: peerplan --version",
    "a value has to follow; write it as": "här saknas ett värde; skriv det som",
    "this option takes no value": "det här tillvalet har inget värde",
    "this value cannot be used; see": "det här värdet går inte att använda; se",
    "is missing; write it as": "saknas; skriv det som",
    "more is written here than the command takes": "här står mer än kommandot tar emot",
    "is nothing to check for": "går inte att kontrollera",
    "is not a date": "är inget datum",
    "is not a language": "är inget språk",
    "OPTIONS": "TILLVAL",
    "FOLDER": "MAPP",
    "ROSTER": "LISTA",
    "FILE": "FIL",
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_what_is_wrong_is_one_line_that_says_what_to_do(tmp_path: Path, arguments: list[str], said: str) -> None:
    assert refused(tmp_path, *arguments).startswith(said.replace("hjälp: ", ""))
    for english, swedish in SWEDISH.items():
        said = said.replace(english, swedish)
    assert refused(tmp_path, *arguments, language="sv").startswith(said)


PLACES = ["", "--", "-", "init --", "init --none=", "init --dry-run=", "init --lang ", "init --as-of ", "init ward "]


@pytest.mark.parametrize("personal", ["kim@example.org", "8112189876", "811218-9876"])
@pytest.mark.parametrize("before", [*PLACES, "status --check ", "export --to "])
def test_nothing_that_may_be_personal_is_said_again(tmp_path: Path, before: str, personal: str) -> None:
    arguments = f"{before}{personal}".split()
    assert not re.search(r"kim|@|example\.org|811218|9876", refused(tmp_path, *arguments))
    made = run(*arguments, "--json", cwd=tmp_path)
    (error,) = json.loads(made.stdout)["errors"]
    assert error["text"] == made.stderr.strip()


@pytest.mark.parametrize("before", ["", "--", "init --"])
def test_a_name_that_is_longer_than_a_command_is_not_said_again(tmp_path: Path, before: str) -> None:
    assert "Kim" not in refused(tmp_path, *f"{before}Kim-Andersson-who-is-ill-today".split())


@pytest.mark.criterion(38)
@pytest.mark.parametrize("arguments", [["--no"], ["init", "--no"], ["none"], ["emails", "ward"]])
def test_a_refusal_is_one_document_of_json_too(tmp_path: Path, arguments: list[str]) -> None:
    made = run(*arguments, "--json", cwd=tmp_path)
    document = json.loads(made.stdout)
    assert (made.returncode, document["exit_code"]) == (2, 2)
    assert [error["text"] for error in document["errors"]] == made.stderr.splitlines()


# --- completion ------------------------------------------------------------------------------------------------------


def completed(words: str, cwd: Path, shell: str = "bash", code: str = "") -> list[str]:
    """What a shell offers for the last of the words; code runs last in the process."""
    line = {
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": words,
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words.rpartition(" ")[2],
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    program = (
        f"import sys; sys.argv[0] = {PROGRAM!r}\nfrom peerplan.cli import main\ntry: main()\nfinally: {code or 'pass'}"
    )
    made = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "LC_ALL": "sv_SE.UTF-8", **line, "_PEERPLAN_COMPLETE": f"complete_{shell}"},
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode == 0
    assert [*cwd.iterdir()] == [path for path in cwd.iterdir() if path.name == "ward"]  # nothing was written
    return [line for line in f"{made.stdout}{made.stderr}".splitlines() if line]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("peerplan s", ["status"]),
        ("peerplan --lang ", ["en", "sv"]),
        ("peerplan init --lang s", ["sv"]),
        ("peerplan status --check r", ["ready", "ready-to-try"]),
        ("peerplan export --to ", ["html", "docx", "pdf"]),
        ("peerplan export ward --document ", ["manager", "plan", "student-email"]),
        ("peerplan batch --enc", ["--encoding"]),
        ("peerplan init ", []),  # the shell's own: files and folders
    ],
)
def test_values_are_completed(tmp_path: Path, words: str, offered: list[str]) -> None:
    (tmp_path / "ward").mkdir()
    for name in ("plan.md", "manager.md", "student-email.txt", "plan.ics"):
        (tmp_path / "ward" / name).touch()
    assert completed(words, tmp_path) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
def test_every_shell_is_answered_without_loading_what_is_slow(tmp_path: Path, shell: str) -> None:
    slow = ("pydantic", "questionary", "jinja2", "rich", "holidays")
    code = f"print([name for name in {slow!r} if name in sys.modules], file=sys.stderr)"
    for words, expected in (("status --check not", "not-late"), ("st", "status"), ("update --dry", "--dry-run")):
        offered = completed(f"peerplan {words}", tmp_path, shell, code)
        assert expected in offered[0]
        assert offered[-1] == "[]"


@pytest.mark.parametrize(
    ("shell", "form"),
    [
        ("zsh", '_arguments \'*: :(("{}":"{}"))\''),
        ("fish", "{}\t{}"),
        ("powershell", "{}:::{}"),
        ("bash", "{}"),
    ],
)
@pytest.mark.parametrize(("words", "said"), [("st", "status"), ("emails --op", "emails-option-open")])
def test_what_a_word_means_stands_beside_it(tmp_path: Path, shell: str, form: str, words: str, said: str) -> None:
    (shown,) = completed(f"peerplan {words}", tmp_path, shell)
    value = "--open" if "--" in words else "status"
    assert shown == form.format(value, TEXTS["sv"][said].replace(":", "\\\\:" if shell == "zsh" else ":"))


def in_shell(home: Path, shell: str, option: str) -> subprocess.CompletedProcess[str]:
    """The program started from a shell of this name, which is bash behind it."""
    path = home / shell
    if not path.exists():
        path.write_bytes(Path("/bin/bash").read_bytes())
        path.chmod(0o755)
    command = f"{shlex.quote(sys.executable)} -m peerplan --lang sv {option}; exit $?"
    return subprocess.run(
        [path, "-c", command],
        env={**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8"},
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="takes a copy of bash for each shell")
def test_completion_is_put_into_the_shell_and_says_so(tmp_path: Path) -> None:
    for shell, written in (
        ("bash", ".bash_completions/peerplan.sh"),
        ("fish", ".config/fish/completions/peerplan.fish"),
    ):
        made = in_shell(tmp_path, shell, "--install-completion")
        assert (made.returncode, made.stderr) == (0, "")
        assert made.stdout == say("sv", "completion-installed", path=tmp_path / written) + "\n"
        assert f"complete_{shell}" in (tmp_path / written).read_text(encoding="utf-8")
        assert (tmp_path / written).read_text(encoding="utf-8").strip() in in_shell(
            tmp_path, shell, "--show-completion"
        ).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="takes a copy of bash for each shell")
def test_what_powershell_may_run_is_not_changed(tmp_path: Path) -> None:
    made = in_shell(tmp_path, "pwsh", "--install-completion")
    assert (made.returncode, made.stdout) == (2, "")
    said = say("sv", "completion-powershell", program=f"{sys.executable} -m {PROGRAM}")
    assert made.stderr == f"--install-completion: {said}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["pwsh"]
    assert "Register-ArgumentCompleter" in in_shell(tmp_path, "pwsh", "--show-completion").stdout


@pytest.mark.skipif(sys.platform != "linux", reason="takes a copy of bash for each shell")
def test_a_shell_that_cannot_be_written_for_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".bash_completions").touch()
    made = in_shell(tmp_path, "bash", "--install-completion")
    assert (made.returncode, made.stdout, made.stderr.count("\n")) == (5, "", 1)
    assert in_shell(tmp_path, "xonsh", "--show-completion").returncode == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "pwsh"])
def test_every_shell_has_its_script(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_PEERPLAN_COMPLETE", f"source_{shell}")
    with pytest.raises(SystemExit) as end:
        app([], prog_name=PROGRAM)
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert f"complete_{shell.replace('pwsh', 'powershell')}" in shown
    assert PROGRAM in shown


def test_what_is_completed_is_what_is_taken() -> None:
    assert CHECKS.split("|") == [*get_args(Check)]
    assert FORMATS.split("|") == [*export.FORMATS]


def test_help_is_a_command_too(tmp_path: Path) -> None:
    asked, meant = run("help", cwd=tmp_path), run("--help", cwd=tmp_path)
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, meant.stdout, "")

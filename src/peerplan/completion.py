"""The Tab key: the values that are offered, what stands beside them, and how a shell is told to ask for them.

typer does the rest. Nothing here writes but --install-completion, and nothing loads what is slow.
"""

from collections.abc import Callable
from pathlib import Path

import typer
from typer._click import Context, Parameter
from typer._click.shell_completion import CompletionItem, add_completion_class
from typer._completion_classes import FishComplete, PowerShellComplete, ZshComplete
from typer._completion_shared import Shells, get_completion_script
from typer._completion_shared import _get_shell_name as shell_here
from typer._completion_shared import install as install_in

from peerplan.call import PROGRAM
from peerplan.errors import Problem, UsageError, WriteError, reason
from peerplan.messages import Messages

VARIABLE = "_PEERPLAN_COMPLETE"  # by which a shell asks
PLAN = "plan.md"
TEXTS = (".md", ".txt")  # what can be exported
WRITTEN = "peerplan.written"  # in a context's meta: what stands behind the command


def languages() -> list[str]:
    """Return the ids of the languages there are."""
    return [*Messages().languages]


def one_of(values: str) -> Callable[[], list[str]]:
    """Return what offers fixed values, which stand there as help shows them: a|b."""
    return lambda: values.split("|")


def documents(ctx: typer.Context) -> list[str]:
    """Return the names of the documents in the plan folders that stand on the line."""
    given = [Path(one) for one in ctx.meta[WRITTEN] if Path(one).is_dir()] or [Path()]
    plans = {path for folder in given for path in (folder / PLAN, *folder.glob(f"*/{PLAN}")) if path.is_file()}
    return sorted({path.stem for plan in plans for path in plan.parent.iterdir() if path.suffix in TEXTS})


def install(ctx: Context, _param: Parameter, wanted: object) -> None:
    """Let this shell complete from the next time on that it is opened.

    PowerShell is left alone: typer would let it run any script from then on.

    Raises:
        UsageError: in PowerShell, and in a shell that cannot be told.
        WriteError: if the shell's own file cannot be written.
    """
    if wanted and not ctx.resilient_parsing:
        shell = _shell()
        if shell in (Shells.powershell, Shells.pwsh):
            raise UsageError(Problem("completion-powershell", {}, "--install-completion"))
        try:
            _, path = install_in(shell, PROGRAM, VARIABLE)
        except OSError as error:
            raise WriteError(Problem("cannot-write", {"why": reason(error)}, str(error.filename))) from None
        typer.echo(ctx.obj.messages.say(ctx.obj.language, "completion-installed", path=path))
        ctx.exit()


def show(ctx: Context, _param: Parameter, wanted: object) -> None:
    """Show the script by which this shell completes.

    Raises:
        UsageError: in a shell that there is none for.
    """
    if wanted and not ctx.resilient_parsing:
        typer.echo(get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=_shell()))
        ctx.exit()


def _shell() -> str:
    shell = shell_here()
    if shell not in [*Shells]:
        raise UsageError(Problem("completion-shell", {"choices": ", ".join(Shells)}))
    return str(shell)


# What stands beside a value is plain text, and typer would load rich for it: these three put it there themselves.


class _Zsh(ZshComplete):
    def format_completion(self, item: CompletionItem) -> str:
        value = super().format_completion(CompletionItem(item.value))
        return f"{value}:{super().format_completion(CompletionItem(item.help))}" if item.help else value


class _Fish(FishComplete):
    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.value}\t{item.help}" if item.help else str(item.value)


class _PowerShell(PowerShellComplete):
    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.value}:::{item.help or ' '}"  # PowerShell refuses an empty one


def set_up() -> None:
    """Let these answer the shells in place of typer's own."""
    add_completion_class(_Zsh, Shells.zsh.value)
    add_completion_class(_Fish, Shells.fish.value)
    add_completion_class(_PowerShell, Shells.powershell.value)
    add_completion_class(_PowerShell, Shells.pwsh.value)

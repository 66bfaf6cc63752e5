"""What the command line says of itself, in the person's language: help, and what is wrong in what was written.

The texts are in content/help*.toml and content/messages.toml. typer asks a command for its help, so that this is where
the commands answer; `obj` of their context holds the messages and the language. With completion and cli the only
file that imports typer.
"""

import os
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

import typer
from typer._click import Context, HelpFormatter
from typer._click.core import Command, Parameter
from typer._click.exceptions import BadOptionUsage, MissingParameter, NoSuchOption
from typer._click.exceptions import UsageError as Refusal
from typer._click.shell_completion import CompletionItem
from typer.core import TyperCommand, TyperGroup

from peerplan import completion
from peerplan.call import PROGRAM
from peerplan.completion import WRITTEN
from peerplan.errors import Problem, UsageError

HELP = ("-h", "--help")
LANGUAGE = "lang"

# What may be said again: not an address, a number or a whole sentence that somebody put in the wrong place.
_HARMLESS = re.compile(r"[A-Za-z-]+")
_LONGEST = 20
# What Word and mail programs make of the hyphens of an option, and the marks that a shell may leave in a name.
_DASHED = re.compile(r"-?[\u2010-\u2015\u2212]+-?([a-z][a-z-]*)")
_QUOTES = "\"'\u2018\u2019\u201c\u201d"


class _AsGiven:
    """What typer would take to judge a text, were it not to load pydantic for it."""

    def coerce(self, value: Any, **_: object) -> Any:  # noqa: ANN401
        return value


class _Spoken(Command):
    """A command whose help and refusals are in the person's language."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the arguments and options, made so that neither help nor completion has typer load pydantic."""
        params = super().get_params(ctx)
        for param in params:
            if getattr(param, "is_flag", False) and param.default is None:
                param.default = False
            if ctx.resilient_parsing or param.name == LANGUAGE:
                param._runtime_param = _AsGiven()  # type: ignore[attr-defined]  # noqa: SLF001 # typer has no other door
        return params

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read what was written; whoever asks for help gets it, whatever else is there.

        Raises:
            UsageError: if the command does not take it.
        """
        written = ctx.meta[WRITTEN] = [*args]
        if not ctx.resilient_parsing and (slip := _slip(written, ctx)):
            raise UsageError(slip)
        try:
            return super().parse_args(ctx, args)
        except Refusal as refusal:
            if not set(HELP).isdisjoint(written):
                typer.echo(ctx.get_help())
                ctx.exit()
            raise UsageError(_problem(refusal, ctx)) from None

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Return the options and commands that begin so, with what they mean."""
        offered = super().shell_complete(ctx, incomplete)
        words = _Words(ctx)
        said = words.texts | {name: words.of(one) for one in _of_kind("option", ctx) for name in one.opts}
        for item in offered:
            item.help = said[item.value]
        return offered

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the usage, what the command does, its arguments and options, its commands and examples."""
        words = _Words(ctx)
        formatter.write_usage(_path(ctx), " ".join(words.pieces()), f"{words.texts['usage']}: ")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(words.texts[words.command])
        for heading, rows in words.sections():
            if rows:
                with formatter.section(words.texts[heading]):
                    formatter.write_dl(rows)
        with formatter.section(words.texts["examples"]):
            for purpose, command in words.examples():
                formatter.write_text(purpose)
                formatter.write(f"{'':>{formatter.current_indent + 2}}{command}\n")


class SpokenCommand(_Spoken, TyperCommand):
    """One command."""

    allow_extra_args = True  # they are told of here

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read what was written.

        Raises:
            UsageError: if the command does not take it.
        """
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UsageError(Problem("extra-arguments", {"usage": _usage(ctx)}))
        return rest


class SpokenGroup(_Spoken, TyperGroup):
    """The program with its commands."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 # what typer makes of the app
        super().__init__(**attributes)
        completion.set_up()

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the options; those for completion, which are typer's, do it in our way."""
        params = super().get_params(ctx)
        ours = {"install_completion": completion.install, "show_completion": completion.show}
        for param in params:
            param.callback = ours.get(param.name, param.callback)
        return params

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Return the command that was asked for.

        Raises:
            UsageError: if there is no such command.
        """
        name = args[0]
        if f"--{name}" in HELP:  # as other programs have it
            typer.echo(ctx.get_help())
            ctx.exit()
        if name not in self.commands and not ctx.resilient_parsing:
            near = _nearest(name, self.commands)
            message = "unknown-command-near" if near else "unknown-command"
            raise UsageError(Problem(message, {"near": near}, _shown(name)))
        return super().resolve_command(ctx, args)


class _Words:
    """What help*.toml says of a command, in the person's language."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.texts: dict[str, str] = ctx.obj.messages.help_texts(ctx.obj.language, of_commands=ctx.parent is not None)
        self.command = ctx.command.name or PROGRAM

    def of(self, param: Parameter) -> str:
        """Return what an option or an argument means."""
        name = f"{param.param_type_name}-{max(param.opts, key=len).lstrip('-')}"
        return self.texts.get(f"{self.command}-{name}") or self.texts[name]

    def value(self, param: Parameter) -> str:
        """Return what stands for the value of an option or an argument: a word, or all that it can be."""
        if param.name == LANGUAGE:
            return "|".join(self.ctx.obj.messages.languages)
        shown = param.metavar or ""
        return self.texts.get(f"value-{shown.lower()}", shown)

    def form(self, param: Parameter) -> str:
        """Return how an option or an argument is written."""
        names = ", ".join(sorted(param.opts, key=len)) if param.param_type_name == "option" else ""
        return f"{names} {'' if getattr(param, 'is_flag', False) else self.value(param)}".strip()

    def pieces(self) -> Iterator[str]:
        """Give what follows the command where its usage is shown."""
        yield f"[{self.texts['value-options']}]"
        for param in _of_kind("argument", self.ctx):
            value = self.value(param)
            yield f"{value if param.required else f'[{value}]'}{'...' if param.nargs != 1 else ''}"
        if isinstance(self.ctx.command, TyperGroup):
            yield self.texts["value-command"]

    def sections(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Give the lists: the id of the heading, and rows of a name and what it means."""
        for kind in ("argument", "option"):
            yield f"{kind}s", [(self.form(param), self.of(param)) for param in _of_kind(kind, self.ctx)]
        if isinstance(self.ctx.command, TyperGroup):
            yield "commands", [(name, self.texts[name]) for name in self.ctx.command.commands]

    def examples(self) -> Iterator[tuple[str, str]]:
        """Give what each example is for, and the command."""
        for name, text in self.texts.items():
            if name.startswith(f"{self.command}-example-"):
                purpose, command, arguments = text.partition(f": {PROGRAM}")
                yield f"{purpose}:", (self.ctx.obj.messages.program if command else "") + arguments


def _of_kind(kind: str, ctx: Context) -> list[Parameter]:
    return [param for param in ctx.command.get_params(ctx) if param.param_type_name == kind]


def _path(ctx: Context) -> str:
    """Return what a person writes to call a command."""
    return f"{ctx.obj.messages.program} {ctx.command.name or ''}".rstrip()


def _usage(ctx: Context) -> str:
    return " ".join([_path(ctx), *_Words(ctx).pieces()])


def _slip(written: Iterable[str], ctx: Context) -> Problem | None:
    """Return what another program made of what was meant, where typer would take it for the name of a folder."""
    options = {name: param for param in _of_kind("option", ctx) for name in param.opts}
    for one in written:
        dashed = _DASHED.match(one)
        if dashed and (option := options.get(f"--{dashed[1]}")):
            return Problem("option-dash", {"form": _Words(ctx).form(option)})
        meant = one.strip(_QUOTES).partition('"')[0]
        if meant not in ("", one) and os.path.lexists(meant) and not os.path.lexists(one):
            return Problem("name-with-quote")
    return None


def _problem(refusal: Refusal, ctx: Context) -> Problem:
    """Return what typer refused, in our words: what was written is not said again, for it may be anything."""
    seen = f"{_path(ctx)} --help"
    params = {name: param for param in ctx.command.get_params(ctx) for name in param.opts}
    above = {name: one for one in (_of_kind("option", ctx.parent) if ctx.parent else []) for name in one.opts}
    match refusal:
        case NoSuchOption(option_name=name) if name in above:
            form = f"{ctx.obj.messages.program} {_Words(ctx).form(above[name])} {ctx.command.name}"
            return Problem("option-before-command", {"form": form}, name)
        case NoSuchOption(option_name=name):
            near = _nearest(name, params)
            message = "unknown-option-near" if near else "unknown-option"
            return Problem(message, {"near": near, "help": seen}, _shown(name))
        case BadOptionUsage(option_name=name) if getattr(params[name], "is_flag", False):
            return Problem("value-unwanted", {}, name)
        case BadOptionUsage(option_name=name):
            return Problem("value-missing", {"form": _Words(ctx).form(params[name])}, name)
        case MissingParameter(param=Parameter() as param):
            return Problem("argument-missing", {"name": _Words(ctx).value(param), "usage": _usage(ctx)})
        case _:
            wrong = getattr(refusal, "param", None)
            return Problem("value-unusable", {"help": seen}, _Words(ctx).form(wrong) if wrong else "")


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return the name that begins so, or else the most alike, or ""."""
    begun = [one for one in known if one.startswith(name)] if len(name) > len("--") else []
    return next(iter(begun or get_close_matches(name.casefold(), known, n=1)), "")


def _shown(name: str) -> str:
    return name if len(name) <= _LONGEST and _HARMLESS.fullmatch(name) else ""

"""A draft -> answers.toml. People edit the file too: their comments, order and layout survive.

It takes long to load, and is needed only where a file that is there says something else from now on.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.container import OutOfOrderTableProxy
from tomlkit.items import Comment, InlineTable, Item, Null, Table, Whitespace

from peerplan.answers.draft import Draft, known_keys
from peerplan.answers.keys import LANGUAGE
from peerplan.answers.questions import draft_profile
from peerplan.answers.toml_new import comments_of, new_answers
from peerplan.guide.guide import Guide

Container = Any  # tomlkit's document, tables and inline tables share their methods but no type


def write_answers(draft: Draft, guide: Guide, previous: str = "") -> str:
    """Return the text of answers.toml for a draft: each key under its question and its options.

    previous is what the file holds now; everything in it that is not an answer stays.
    """
    if not previous:
        return new_answers(draft, guide)
    document = tomlkit.parse(previous)
    if LANGUAGE not in document:
        heading = f'# {guide.say("answers-heading")}\n{LANGUAGE} = "{guide.language}"\n'
        document = tomlkit.parse(f"{heading}\n{previous}")
    comments = comments_of(guide, draft_profile(draft, guide))
    for key in dict.fromkeys((*known_keys(guide), *draft)):
        if key not in draft and key != LANGUAGE:
            _remove(document, key, comments.get(key, ()))
        elif key in draft:
            _set(document, key, draft[key], comments)
    return tomlkit.dumps(document)


def _set(document: TOMLDocument, key: str, value: object, comments: Mapping[str, tuple[str, ...]]) -> None:
    *tables, name = key.split(".")
    table: Container = document
    for depth, part in enumerate(tables):
        if part not in table:
            inner = ".".join([*tables[: depth + 1], ""])
            lines = [line for one, lines in comments.items() if depth and one.startswith(inner) for line in lines]
            _add(table, part, tomlkit.inline_table() if depth else tomlkit.table(), lines)
        table = table[part]
    written = list(value) if isinstance(value, tuple) else value
    if name in table:
        stands = table[name]
        if (stands.unwrap() if isinstance(stands, Item) else stands) != written:  # tomlkit gives true and false bare
            table[name] = written
        return
    _add(table, name, written, comments.get(key, ()))


def _add(table: Container, name: str, value: object, lines: Sequence[str]) -> None:
    """Add a value at the table's end under comment lines, where TOML has room for them, before the blank lines there.

    There is none in an inline table, in one that stands in several places, or where a table within would come between.
    """
    scattered = isinstance(table, OutOfOrderTableProxy)
    body = table.value.body if isinstance(table, Table) else []
    blanks = list(takewhile(lambda one: isinstance(one[1], Whitespace), reversed(body)))
    del body[len(body) - len(blanks) :]
    if not (scattered or isinstance(table, InlineTable) or any(isinstance(one, Table) for one in table.values())):
        for line in lines:
            table.add(tomlkit.comment(line))
    if scattered:
        table[name] = value
    else:
        table.append(name, value)
    body.extend(blanks)


def _remove(document: TOMLDocument, key: str, lines: Sequence[str]) -> None:
    """Take an answer out, and the comment lines above it that are ours."""
    *tables, name = key.split(".")
    table: Container = document
    for part in tables:
        table = table.get(part, {})
    if name not in table:
        return
    if isinstance(table, Table):
        body = table.value.body
        number = next(number for number, (one, _) in enumerate(body) if one is not None and one.key == name)
        while number and isinstance(comment := body[number - 1][1], Comment) and comment.as_string()[2:-1] in lines:
            number -= 1
            body[number] = (None, Null())
    table.remove(name)

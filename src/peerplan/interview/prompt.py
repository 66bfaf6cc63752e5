"""Puts one prompt of questionary: what is said above it, and the keys that mean more than an answer."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.filters import to_filter
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, Window
from questionary import Question, Separator
from questionary.prompts.common import InquirerControl

from peerplan.interview.wording import wrapped

END = "c-d"
# What these do in a shell would only confuse here: search what was typed before, repeat, take the next key as it is.
UNUSED = [("c-r",), ("c-s",), ("c-z",), ("c-q",), ("c-v",), ("c-\\",), *(("escape", digit) for digit in "-0123456789")]
MARK_ALL, MARK_OTHERS = "a", "i"  # questionary's keys, which nobody is told of
_BEFORE_WORDS = re.compile(r"\d |\[.\] ")  # a digit, or the state of an answer


class Part(NamedTuple):
    """A paragraph above a prompt. Where a window is low, what has the highest rank gives way first, and 0 never."""

    style: str
    text: str
    rank: int = 0


def put(question: Question, head: Sequence[Part], keys: Mapping[str, object]) -> tuple[Any, object]:
    """Show a prompt and return its answer, or what one of the keys stands for, and what was chosen or typed until then.

    Raises:
        KeyboardInterrupt: if the person leaves.
    """
    application = question.application
    menu = next((one for one in application.layout.find_all_controls() if isinstance(one, InquirerControl)), None)
    bindings = KeyBindings()
    for unused in UNUSED:
        bindings.add(*unused, eager=True)(_do_nothing)
    for binding, key in _jumps(menu) if menu else ():
        bindings.add(key, eager=True)(binding)
    bindings.add(END, eager=True)(_leave)
    for key, result in keys.items():
        bindings.add(key, eager=True)(_end_with(result))
    bindings.add(Keys.BracketedPaste, eager=True)(_do_nothing if menu else _paste)
    application.key_bindings = merge_key_bindings([*filter(None, [application.key_bindings]), bindings])
    _put_above(application, head, menu)
    answer = question.unsafe_ask()
    clear_typeahead(application.input)  # what was pasted with the answer is no answer to the next question
    return answer, _left_in(application, menu)


def _left_in(application: Application[Any], menu: InquirerControl | None) -> object:
    """Return the option at which the pointer stands, the options that are marked, or the text in the field."""
    if menu is None:
        return application.current_buffer.text
    return menu.selected_options if menu.use_indicator else menu.get_pointed_at().value


def _put_above(application: Application[Any], head: Sequence[Part], menu: InquirerControl | None) -> None:
    for window in application.layout.find_all_windows():  # questionary's cut what is wider than the terminal
        window.wrap_lines = to_filter(bool_or_filter=True)
    lines = sum(str(choice.title).count("\n") + 1 for choice in menu.choices) if menu else 1
    above = Window(FormattedTextControl(lambda: _fitting(head, lines)), dont_extend_height=True)
    focused = application.layout.current_window
    application.layout = Layout(HSplit([above, application.layout.container]), focused_element=focused)


def _fitting(head: Sequence[Part], below: int) -> FormattedText:
    """Return the paragraphs for which the window has room, as wide as it is now."""
    rows = get_app().output.get_size().rows
    room = rows - min(below, rows // 2) - 1
    parts = [(part, wrapped(part.text)) for part in head]
    while sum(text.count("\n") + 1 for _, text in parts) > room:
        spare = max(parts, key=lambda one: one[0].rank)
        if not spare[0].rank:
            break
        parts.remove(spare)
    return FormattedText([(part.style, text + "\n" * (part is not head[-1])) for part, text in parts])


def _jumps(menu: InquirerControl) -> Iterator[tuple[Callable[[KeyPressEvent], None], str]]:
    """Yield the keys that lead to a line of a menu: its digit, or the first letter of its words."""
    lines: dict[str, list[int]] = {MARK_ALL: [], MARK_OTHERS: []}
    for place, choice in enumerate(menu.choices):
        if not isinstance(choice, Separator):
            for key in _first_signs(str(choice.title)):
                lines.setdefault(key, []).append(place)
    for key, places in lines.items():
        yield _point_at(menu, places), key


def _first_signs(title: str) -> set[str]:
    digit = title[:1] if title[:1].isdigit() else ""
    letter = next((sign for sign in _BEFORE_WORDS.sub("", title) if sign.isalpha()), "")
    return {sign for sign in (digit, letter.lower(), letter.upper()) if len(sign) == 1}


def _point_at(menu: InquirerControl, places: Sequence[int]) -> Callable[[KeyPressEvent], None]:
    def point(_: KeyPressEvent) -> None:
        if places:
            further = [one for one in places if one > menu.pointed_at] if menu.pointed_at in places else places
            menu.pointed_at = (further or places)[0]

    return point


def _paste(event: KeyPressEvent) -> None:
    """Take pasted lines as one answer."""
    event.current_buffer.insert_text(" ".join(event.data.split()))


def _end_with(result: object) -> Callable[[KeyPressEvent], None]:
    def end(event: KeyPressEvent) -> None:
        event.app.exit(result=result)

    return end


def _do_nothing(_: KeyPressEvent) -> None:
    pass


def _leave(event: KeyPressEvent) -> None:
    event.app.exit(exception=KeyboardInterrupt())

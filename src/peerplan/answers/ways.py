"""What a person wrote as an answer -> what answers.toml holds: ids for labels and synonyms, in any language. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from peerplan.answers.draft import NOT_ANSWERED, Draft
from peerplan.answers.keys import DUE, LANGUAGE, PLANNED_FROM
from peerplan.answers.values import typed
from peerplan.guide.guide import Guide
from peerplan.guide.model import Kind
from peerplan.guide.tailoring import Profile, Words, words_for
from peerplan.text import fold, visible, with_hyphens

_BETWEEN = re.compile(r"[\s_-]+")


class Ways:
    """Every way to write an answer, in all languages. What is asked for is looked up once, however many the rows."""

    def __init__(self, guides: tuple[Guide, ...]) -> None:
        self.guides = guides
        self.kinds: dict[str, Kind] = {fact.key: fact.kind for fact in guides[0].facts} | {PLANNED_FROM: "date"}
        self._ids: dict[str, dict[str, str]] = {}

    def read(self, draft: Mapping[str, object]) -> Draft:
        """Return answers as answers.toml holds them; what is not understood stays as it is."""
        return {key: self._read(key, value) for key, value in draft.items()}

    def _read(self, key: str, value: object) -> object:
        if value in NOT_ANSWERED:
            return value
        if ids := self.ids(key):
            if self.kinds.get(key) == "choices":
                value = typed("choices", value, self.guides[0])
            return [_id(one, ids) for one in value] if isinstance(value, list) else _id(value, ids)
        kind = "date" if key.startswith(f"{DUE}.") else self.kinds.get(key)
        return typed(kind, value, self.guides[0]) if kind in ("date", "integer", "list") else value

    def ids(self, key: str) -> Mapping[str, str]:
        """Return the ids by every way to write them, as way_of gives it; nothing for a key of free text.

        What could mean two of them is left out.
        """
        if key not in self._ids:
            known = [one for guide in self.guides for one in self.values(key, guide)]
            meanings = defaultdict(set)
            for way, id_ in (*known, *self._also(key)):
                meanings[way_of(way)].add(id_)
            ways = {way: ids.pop() for way, ids in meanings.items() if len(ids) == 1}
            self._ids[key] = ways | {way_of(id_): id_ for _, id_ in known} | {id_: id_ for _, id_ in known}
        return self._ids[key]

    def values(self, key: str, guide: Guide) -> list[tuple[str, str]]:
        """Return what a key may hold, label and id; a label with words that depend on the unit in each of its forms."""
        if key == LANGUAGE:
            return [(language.name, language.id) for language in guide.languages]
        if key not in self.kinds:
            return [(one.label, one.id) for item in guide.items if item.key == key for one in guide.options_of(item)]
        choices = next((fact.choices for fact in guide.facts if fact.key == key), ())
        return [(one.label.format_map(words), one.id) for words in _all_words(guide) for one in choices]

    def _also(self, key: str) -> Iterable[tuple[str, str]]:
        """Return the other ways to write what a key may hold, which are the same in all languages."""
        guide = self.guides[0]
        if key == LANGUAGE:
            return [(name, language.id) for language in guide.languages for name in language.names]
        choices = [(way, one.id) for fact in guide.facts if fact.key == key for one in fact.choices for way in one.also]
        options = (one for item in guide.items if item.key == key for one in guide.options_of(item))
        return [*choices, *((way, one.id) for one in options for way in one.also)]


@lru_cache(maxsize=8)
def ways_of(guides: tuple[Guide, ...]) -> Ways:
    """Return what reads answers in the languages of these guides."""
    return Ways(guides)


@lru_cache(maxsize=4096)  # a table says the same few words in each row
def way_of(text: str) -> str:
    """Return a text whatever its case, its blanks and its hyphens: for comparing. A dash by itself stays one."""
    folded = fold(with_hyphens(visible(text)))
    return _BETWEEN.sub("", folded) or folded


def _id(value: object, ids: Mapping[str, str]) -> object:
    """Return the id that a value means; yes and no are words too where TOML has its own for them."""
    if not isinstance(value, str | bool):
        return value
    text = str(value).strip()
    return ids.get(text) or ids.get(way_of(text)) or (text if isinstance(value, str) else value)


@lru_cache(maxsize=8)
def _all_words(guide: Guide) -> tuple[Words, ...]:
    """Return the words for each kind of unit, those for one that is not known last."""
    settings = [choice.id for choice in guide.fact("unit.setting").choices]
    return tuple(words_for(guide, Profile(setting=setting)) for setting in (*settings, ""))

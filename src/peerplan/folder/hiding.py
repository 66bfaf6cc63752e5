"""Keeps what a person wrote out of what a folder remembers: a checksum stands in the place of each word. Pure.

The words themselves stand in the answers and in the documents, where people see them and can remove them; from there
a text is put together again. A word that is gone from both stays hidden.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256

FEW = 100  # words that are looked for one by one; of more, each word of a text is looked up among them

_WORD = re.compile(r"[^\W_]+")
_MARK = "\ue000"  # a character that is left for private use: no text has it
_HIDDEN = re.compile(f"{_MARK}([0-9a-f]{{12}})")
_NO_BEGINNING = re.compile(rf"[^\W_]|{_MARK}")  # a word does not begin after these
_HIDDEN_OR_WORD = re.compile(f"{_HIDDEN.pattern}[sS]?|{_WORD.pattern}")  # the genitive's s belongs to the hidden word


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of texts, whatever their case."""
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def hide(text: str, words: Collection[str]) -> str:
    """Return a text with a checksum in the place of each of the words, also where one is a genitive."""

    def hidden(found: re.Match[str]) -> str:
        word = found[0]
        if found[1]:
            return word
        for stem in (word, _without_s(word)):
            if stem.casefold() in words:
                return f"{_MARK}{_checksum(stem)}{word[len(stem) :]}"
        return word

    folded = text.casefold()
    is_longer = len(folded) != len(text)  # a letter becomes two, so that places in the one are none in the other
    if is_longer or len(words) > FEW:
        return _HIDDEN_OR_WORD.sub(hidden, text)
    pieces: list[str] = []
    done = 0
    for at in sorted(_places_of(words, folded)):
        found = _HIDDEN_OR_WORD.match(text, at)
        if found and at >= done and not _NO_BEGINNING.match(text[at - 1 : at]):
            pieces += text[done:at], hidden(found)
            done = found.end()
    return "".join([*pieces, text[done:]])


def _places_of(words: Iterable[str], folded: str) -> Iterator[int]:
    """Yield where any of the words stands in a text, which has few of them, also within a longer word."""
    for word in words:
        at = folded.find(word)
        while at >= 0:
            yield at
            at = folded.find(word, at + len(word))


def hidden_in(texts: Iterable[str]) -> set[str]:
    """Return the checksums in texts."""
    return {checksum for text in texts for checksum in _HIDDEN.findall(text)}


def look_up(checksums: Collection[str], texts: Iterable[str]) -> dict[str, str]:
    """Return the words that checksums stand for, as far as they are in the texts, which are read one by one."""
    found: dict[str, str] = {}
    for text in texts:
        for word in _WORD.findall(text):
            for form in (word, _without_s(word), word[0].upper() + word[1:]):
                if (checksum := _checksum(form)) in checksums:
                    found.setdefault(checksum, form)
        if len(found) == len(checksums):
            break
    return found


def show(text: str, words: Mapping[str, str]) -> str:
    """Return a text with its hidden words, by their checksums, as far as they are known."""
    return _HIDDEN.sub(lambda found: words.get(found[1], found[0]), text)


def _without_s(word: str) -> str:
    return word[:-1] if word[-1] in "sS" else word


@lru_cache(maxsize=4096)
def _checksum(word: str) -> str:
    return sha256(word.encode()).hexdigest()[:12]

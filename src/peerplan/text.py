"""What a reader can see of a text that a person wrote. Pure."""

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs without a shape
_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}  # the letters, digits and signs of ASCII, twice as wide
_SURROGATE = re.compile("[\ud800-\udfff]")
_HEAD = 100  # bytes
_OTHER_KINDS = {
    b"pk\x03\x04": "Word",
    b"\xd0\xcf\x11\xe0": "Word",
    b"{\\rtf": "RTF",
    b"%pdf": "PDF",
    b"<!doctype": "HTML",
    b"<html": "HTML",
}
_OURS, _THEIRS = "<<<<<<< ", ">>>>>>> "  # what git writes before and after two versions of some lines


def visible(text: str) -> str:
    """Return a text without the direction marks, zero-width blanks and byte order marks that nobody sees."""
    return _INVISIBLE.sub("", text)


def is_seen(text: str) -> bool:
    """Tell whether a reader sees anything of a text."""
    return any(unicodedata.category(letter)[0] not in "ZCM" and letter not in _FILLERS for letter in text)


def with_hyphens(text: str) -> str:
    """Return a text with a hyphen for each of the dashes that Word and the web put in its place."""
    return text.translate(_DASHES)


def narrow(text: str) -> str:
    """Return a text with a usual letter, digit or sign for each that an East Asian keyboard writes twice as wide."""
    return text.translate(_WIDE)


def one_line(text: str) -> str:
    """Put a person's text on one line, without what a reader cannot see.

    Runs of blanks, control characters and line separators become one blank; direction marks and zero-width
    blanks go; half a surrogate pair, which no file can hold, becomes U+FFFD.
    """
    return _SURROGATE.sub("\ufffd", _BREAKS.sub(" ", visible(text))).strip()


def decoded(content: bytes) -> str:
    """Return the text of a file that a person saved with any editor: UTF-8, UTF-16 or what Windows calls ANSI."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def other_kind(content: bytes) -> str:
    """Return what a file is that was saved as something else than plain text, or ""."""
    head = content[:_HEAD].removeprefix(BOM_UTF8).lstrip().lower()
    return next((kind for beginning, kind in _OTHER_KINDS.items() if head.startswith(beginning)), "")


def two_versions_in(text: str) -> tuple[int, int] | None:
    """Return the lines, counted from 1, between which a program that syncs files left two versions for a person."""
    if _OURS not in text:
        return None
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines, 1) if line.startswith(_OURS)), len(lines))
    last = next((number for number, line in enumerate(lines[first:], first + 1) if line.startswith(_THEIRS)), 0)
    return (first, last) if last else None


def fold(text: str) -> str:
    """Return a text whatever its case, its blanks and the form of its letters: for comparing, not for reading."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return unicodedata.normalize("NFC", " ".join(folded.split()))

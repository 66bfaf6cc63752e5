"""A letter as an unsent draft: the bytes of an .eml file. Pure: no files, no clock, nothing sent.

The standard library's EmailMessage is not used for writing: it moved or lost blanks in Swedish subjects, made
encoded words longer than RFC 2047 allows, and let a subject add a Bcc (CVE-2024-6923, cpython issues 92081
and 144156). The few headers are written here instead; the tests parse every kind of draft back.
"""

import re
from binascii import b2a_qp
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import base64mime, quoprimime
from functools import lru_cache
from hashlib import sha256

from peerplan.answers.email import is_plainly_an_email
from peerplan.documents.markdown import to_html
from peerplan.errors import InputError, Problem
from peerplan.guide.guide import Guide
from peerplan.text import fold, one_line

LETTER = "student-email.txt"  # to those who come

_UNSENDABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[qb]\?", re.IGNORECASE)
_PLAIN_SUBJECT = re.compile(r"(?!.*=\?)[!-~](?:[ -~]{0,67}[!-~])?")
_LINE_START = re.compile(r"[-+*•◦▪·‣=\u2013\u2014]|\d{1,9}[.)](?=\s|$)")
_NOTHING = "\N{WORD JOINER}"  # which nobody sees
_NOTHING_WITHIN = re.compile(rf"{_NOTHING}(?<=[^\n]{_NOTHING})")  # a line, rather than at its beginning
# RFC 2047, section 2: a line with an encoded word has at most 76 characters; the first one has the header's name.
_FIRST_ROOM, _ROOM = 75 - len("Subject: =?utf-8?q??="), 75 - len(" =?utf-8?q??=")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a draft must hold when it is read again. recipients has only the headers that are written."""

    subject: str
    recipients: Mapping[str, tuple[str, ...]]
    text: str
    html: str


def compose(subject: str, body: str, language: str, *, to: Sequence[str] = (), bcc: Sequence[str] = ()) -> Letter:
    """Make the same letter as plain text and as HTML.

    subject is plain text; body is Markdown that reads as plain text, and stays as it is; language is the tag of both.

    Raises:
        InputError: with mail-subject-empty, mail-subject-control, mail-subject-encoded, mail-body-control or
            mail-address; the values never hold what was refused.
    """
    _check_subject(subject)
    _refuse_controls("mail-body-control", body, "\t\n\r")
    addresses = {"To": _checked_addresses("To", to), "Bcc": _checked_addresses("Bcc", bcc)}
    recipients = {header: found for header, found in addresses.items() if found}
    lines = [line.rstrip() for line in body.strip().splitlines()]
    return Letter(subject, recipients, "\n".join(lines) + "\n", to_html(lines, language, subject))


def said_in_letter(text: str) -> str:
    """Return a person's text as it stands in a letter: on one line, and at its beginning no list or heading."""
    line = one_line(text)
    return f"{_NOTHING}{line}" if _LINE_START.match(line) else line


def without_nothing(letter: str) -> str:
    """Return a letter with the sign that nobody sees at the beginning of lines only, where it is of use."""
    return _NOTHING_WITHIN.sub("", letter)


def parts_of(text: str, guide: Guide) -> tuple[str, str]:
    """Return the subject and the body of a letter as it stands in a file: the subject is its first line.

    Where a person changed that line beyond recognition, the subject is empty and the line belongs to the body.
    """
    first, _, rest = text.strip().partition("\n")
    label, colon, subject = first.partition(":")
    return (one_line(subject), rest) if colon and fold(label) in _subject_labels(guide) else ("", text)


@lru_cache
def _subject_labels(guide: Guide) -> frozenset[str]:
    return frozenset(fold(guide.messages.say(one.id, "letter-subject")) for one in guide.languages)


def mail_of(text: str, guide: Guide) -> bytes:
    """Return a letter that stands in a file as an unsent draft to nobody.

    Raises:
        InputError: as compose does.
    """
    subject, body = parts_of(text, guide)
    return eml(compose(subject or guide.say("letter-no-subject"), body, guide.language))


def eml(letter: Letter) -> bytes:
    """Return a letter as an unsent draft; the same letter gives the same bytes.

    Who sends it, when, and its id are left to the mail program that opens it.
    """
    alternatives = [(kind, b2a_qp(_with_crlf(content))) for kind, content in _alternatives(letter)]
    # Quoted-printable never has "=_", so the boundary cannot stand in a body.
    boundary = "=_" + sha256(b"\0".join(content for _, content in alternatives)).hexdigest()[:32]
    headers = [
        ("X-Unsent", "1"),
        ("Subject", _encoded_subject(letter.subject)),
        *((header, ",\r\n ".join(addresses)) for header, addresses in letter.recipients.items()),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    ]
    sections = [_header_block(_part_headers(kind)) + content for kind, content in alternatives]
    delimiter = f"--{boundary}".encode()
    opened = b"".join(delimiter + b"\r\n" + section + b"\r\n" for section in sections)
    return _header_block(headers) + opened + delimiter + b"--\r\n"


def _check_subject(subject: str) -> None:
    if not subject.strip():
        raise InputError(Problem("mail-subject-empty"))
    _refuse_controls("mail-subject-control", subject)
    if _ENCODED_WORD.search(subject):
        raise InputError(Problem("mail-subject-encoded"))


def _refuse_controls(message: str, text: str, allowed: str = "") -> None:
    for match in _UNSENDABLE.finditer(text):
        if match.group() not in allowed:
            raise InputError(Problem(message, {"code": f"U+{ord(match.group()):04X}"}))


def _checked_addresses(header: str, addresses: Sequence[str]) -> tuple[str, ...]:
    """Give the addresses as a header holds them: in ASCII, a domain with å, ä or ö in its xn-- form."""
    checked = []
    for number, address in enumerate(addresses, 1):
        written = written_address(address)
        # Raised here, not where the library raised, because its error repeats the address.
        if written is None:
            raise InputError(Problem("mail-address", {"header": header, "number": number}))
        checked.append(written)
    return tuple(checked)


def written_address(address: str) -> str | None:
    """Give one address in ASCII, a domain with å, ä or ö in its xn-- form; None where no header can hold it."""
    # "=?utf-8?q?x?=" is a valid local part, but mail programs would decode it.
    if _ENCODED_WORD.search(address):
        return None
    if is_plainly_an_email(address):
        return address
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return valid.ascii_email  # None where what is before the @ is not ASCII


def _encoded_subject(subject: str) -> str:
    if _PLAIN_SUBJECT.fullmatch(subject):
        return subject
    octets = subject.encode()
    if base64mime.header_length(octets) < quoprimime.header_length(octets):
        words = _words_of(subject, len, _FIRST_ROOM // 4 * 3, _ROOM // 4 * 3)
        return "\r\n ".join(base64mime.header_encode(word, "utf-8") for word in words)
    words = _words_of(subject, quoprimime.header_length, _FIRST_ROOM, _ROOM)
    return "\r\n ".join(quoprimime.header_encode(word, "utf-8") for word in words)


def _words_of(subject: str, length: Callable[[bytes], int], room: int, next_room: int) -> Iterator[bytes]:
    """Cut a subject into what fits into one encoded word each, and no character in two.

    The library's Header measures all that stands before a character anew for each of them.
    """
    word, taken = b"", 0
    for octets in map(str.encode, subject):
        taken += length(octets)
        if taken > room:
            yield word
            word, taken, room = b"", length(octets), next_room
        word += octets
    yield word


def _header_block(headers: Sequence[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii") + b"\r\n"


def _alternatives(letter: Letter) -> tuple[tuple[str, str], ...]:
    """Name each form of the letter; mail programs show the last one they can."""
    return ("plain", letter.text), ("html", letter.html)


def _part_headers(kind: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", f'text/{kind}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]


def _with_crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()

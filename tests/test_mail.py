"""Drafts hold exactly what was meant, whatever the texts and addresses are."""

import re
from email import message_from_bytes, policy
from email.header import Header, decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mail_reader import bodies_of, swedish_subjects
from markdown_reader import Page, hostile
from peerplan.documents.letters import Letter, compose, eml, mail_of, parts_of, said_in_letter, without_nothing
from peerplan.documents.markdown import to_html
from peerplan.errors import InputError
from peerplan.text import one_line
from samples import guide, say

BODY = "Hej Åsa\n-------\n\nVi ses i *rum 7* = dagrummet.\n\n- Ta med schemat\n"
SENDABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"])

# The payloads of the reliability reference, and what stands nearest to them.
CONTROLS = [
    *(
        "\r\nBcc: evil@x.se",
        "\n Bcc: evil@x.se",
        "\rBcc: evil@x.se",
        "\n",
        "\r\n\r\nText",
        "\0",
        "\x0bBcc: evil@x.se",
    ),
    *("\x0c", "\x1b[31m", "\x7f", "\x85Bcc: evil@x.se", "\u2028Bcc: evil@x.se", "\u2029", "\ud83d"),
]
ENCODED_WORDS = [
    "=?utf-8?q?Hi=0D=0ABcc=3A_evil=40x.se?=",
    "=?UTF-8?B?SGkNCkJjYzogZXZpbEB4LnNl?=",
    "=?iso-8859-1*sv?Q?=E5?=",
    "före =?utf-8?q?x",
]


def draft(letter: Letter) -> bytes:
    """Write a letter as a draft that reads back the same."""
    data = eml(letter)
    assert reads_back(data, letter)
    return data


def reads_back(data: bytes, letter: Letter) -> bool:
    """Read a draft and compare all of it, the list of headers too, with the letter that it must hold."""
    message = message_from_bytes(data)
    parts = list(message.walk())[1:]
    recipients = {
        header: tuple(address for _, address in getaddresses([message[header]]))
        for header in ("To", "Bcc")
        if header in message
    }
    found = (
        message.keys(),
        [message["X-Unsent"], str(make_header(decode_header(message["Subject"]))), message["MIME-Version"]],
        message.get_content_type(),
        recipients,
        [(part.items(), part.get_payload(decode=True)) for part in parts],
        [message.preamble, *message.defects, *(defect for part in parts for defect in part.defects)],
    )
    alternatives = (("plain", letter.text), ("html", letter.html))
    intended = (
        ["X-Unsent", "Subject", *letter.recipients, "MIME-Version", "Content-Type"],
        ["1", letter.subject, "1.0"],
        "multipart/alternative",
        letter.recipients,
        [(part_headers(kind), content.replace("\n", "\r\n").encode()) for kind, content in alternatives],
        [None],
    )
    return found == intended


def part_headers(kind: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", f'text/{kind}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]


def header_names(data: bytes) -> list[str]:
    """Read the names of the headers by the letter of RFC 5322, without the email package that is in doubt."""
    head = data.split(b"\r\n\r\n", 1)[0].decode("ascii")
    return [line.split(":", 1)[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]


def subject_of(data: bytes) -> str:
    """Read the subject with the older half of the email package, whose header code is another."""
    header = message_from_bytes(data, policy=policy.compat32)["Subject"]
    return str(make_header(decode_header(header)))


def refusal(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].message


@given(hostile | st.sampled_from(swedish_subjects(200)))
@example("abcde")  # as long in the one encoding as in the other
def test_a_subject_is_cut_where_the_library_cuts_it(subject: str) -> None:
    subject = one_line(f"{subject} å")
    assume("=?" not in subject)
    by_the_library = Header(subject, "utf-8", 75, "Subject").encode(linesep="\r\n")
    assert f"Subject: {by_the_library}\r\n".encode() in draft(compose(subject, "Hej", "sv"))


def test_a_draft_line_by_line() -> None:
    data = draft(compose("Välkommen", "Hej *du* å", "sv", to=["a@ki.se"], bcc=["b@ki.se", "c@ki.se"]))
    boundary = re.findall(rb'boundary="(=_[0-9a-f]{32})"', data)[0].decode()
    assert data.decode("ascii") == "\r\n".join(
        [
            "X-Unsent: 1",
            "Subject: =?utf-8?q?V=C3=A4lkommen?=",
            "To: a@ki.se",
            "Bcc: b@ki.se,",
            " c@ki.se",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative;",
            f' boundary="{boundary}"',
            "",
            f"--{boundary}",
            'Content-Type: text/plain; charset="utf-8"',
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "Hej *du* =C3=A5",
            "",
            f"--{boundary}",
            'Content-Type: text/html; charset="utf-8"',
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "<!DOCTYPE html>",
            '<html lang=3D"sv">',
            "<head>",
            '<meta charset=3D"utf-8">',
            "<title>V=C3=A4lkommen</title>",
            "</head>",
            "<body>",
            "<p>Hej *du* =C3=A5</p>",
            "</body>",
            "</html>",
            "",
            f"--{boundary}--",
            "",
        ]
    )


def is_subject(text: str) -> bool:
    return bool(text.strip()) and not re.search(r"=\?[^?]*\?[qb]\?", text, re.IGNORECASE)


@pytest.mark.criterion(13)
def test_a_thousand_swedish_subjects_come_back_equal() -> None:
    for subject in swedish_subjects(1000):
        data = draft(compose(subject, "Hej", "sv"))
        assert subject_of(data) == subject
        words = re.findall(rb"=\?[^?]*\?[qb]\?[^?]*\?=", data)
        assert all(len(word) <= 75 for word in words)
        assert all(len(line) <= 78 for line in data.split(b"\r\n"))


@pytest.mark.criterion(13)
@given(subject=st.text(SENDABLE, min_size=1, max_size=120).filter(is_subject))
def test_any_subject_comes_back_equal(subject: str) -> None:
    data = draft(compose(subject, "Hej", "sv"))
    assert subject_of(data) == subject
    assert header_names(data) == ["X-Unsent", "Subject", "MIME-Version", "Content-Type"]


@pytest.mark.parametrize("subject", ["Welcome to ward 7", "a", "x" * 69, "x" * 70, "a  b", " a ", "50 =? 50", "a?="])
def test_ascii_subjects_come_back_equal(subject: str) -> None:
    assert subject_of(draft(compose(subject, "Hej", "en"))) == subject


def test_a_short_ascii_subject_is_written_as_it_is() -> None:
    assert b"\r\nSubject: Welcome to ward 7\r\n" in draft(compose("Welcome to ward 7", "Hej", "en"))


@pytest.mark.criterion(14)
@pytest.mark.parametrize("payload", CONTROLS)
def test_control_characters_in_a_subject_are_refused(payload: str) -> None:
    for subject in (payload + "x", "Hej" + payload, "Hej" + payload + "då"):
        with pytest.raises(InputError) as error:
            draft(compose(subject, "Hej", "sv"))
        assert refusal(error) == "mail-subject-control"


@pytest.mark.parametrize("payload", ENCODED_WORDS)
def test_encoded_words_in_a_subject_are_refused(payload: str) -> None:
    with pytest.raises(InputError) as error:
        draft(compose(f"Hej {payload}", "Hej", "sv"))
    assert refusal(error) == "mail-subject-encoded"


@pytest.mark.parametrize("subject", ["", "  ", "\xa0"])
def test_a_subject_without_words_is_refused(subject: str) -> None:
    with pytest.raises(InputError) as error:
        draft(compose(subject, "Hej", "sv"))
    assert refusal(error) == "mail-subject-empty"


@pytest.mark.criterion(14)
@pytest.mark.parametrize("payload", CONTROLS + ENCODED_WORDS)
def test_a_name_in_subject_and_body_changes_no_header(payload: str) -> None:
    name = one_line(f"Åsa {payload}")
    with_payload = draft(compose("Välkommen", f"Hej {name}!\n\nBcc: evil@x.se", "sv", to=["a@ki.se"]))
    assert header_names(with_payload) == ["X-Unsent", "Subject", "To", "MIME-Version", "Content-Type"]
    assert bodies_of(with_payload)[0] == f"Hej {name}!\r\n\r\nBcc: evil@x.se\r\n"


@pytest.mark.criterion(16)
@pytest.mark.parametrize(
    "address",
    [
        *(
            "åsa.öberg@ki.se",
            "asa",
            "asa@ki",
            "asa..b@ki.se",
            "asa@ki..se",
            " asa@ki.se",
            "asa@ki.se ",
            "@ki.se",
            "",
        ),
        *(
            '"asa b"@ki.se',
            "Asa <asa@ki.se>",
            "asa@ki.se, evil@x.se",
            "asa@ki.se;evil@x.se",
            "asa@[10.0.0.1]",
        ),
        *("asa@ki.se\r\nBcc: evil@x.se", "asa@ki.se\n", "asa\0@ki.se", "asa@ki.se\u2028", "asa@k\ud83d.se"),
        *("=?utf-8?q?asa?=@ki.se", "=?utf-8?q?Hi=0D=0ABcc=3A_evil=40x.se?=@ki.se", "a" * 65 + "@ki.se"),
    ],
)
@pytest.mark.parametrize("header", ["To", "Bcc"])
def test_an_address_that_cannot_be_written_is_refused_and_not_repeated(address: str, header: str) -> None:
    addresses = ["first@ki.se", address]
    with pytest.raises(InputError) as error:
        draft(compose("Hej", "Hej", "sv", **{header.lower(): addresses}))
    assert refusal(error) == "mail-address"
    assert error.value.problems[0].values == {"header": header, "number": 2}
    assert error.value.__cause__ is None
    assert error.value.__context__ is None


def test_a_domain_with_swedish_letters_is_written_in_ascii() -> None:
    data = draft(compose("Hej", "Hej", "sv", to=["o'neil+vil@sjukhusön.se"]))
    assert b"\r\nTo: o'neil+vil@xn--sjukhusn-t4a.se\r\n" in data


@pytest.mark.criterion(14)
@pytest.mark.parametrize(
    ("to", "bcc", "names"),
    [
        ([], [], []),
        (["a@ki.se"], [], ["To"]),
        ([], ["a@ki.se"], ["Bcc"]),
        (["a@ki.se"], [f"student.{number}@ki.se" for number in range(200)], ["To", "Bcc"]),
    ],
)
def test_only_the_headers_that_are_meant(to: list[str], bcc: list[str], names: list[str]) -> None:
    data = draft(compose("Hej", "Hej", "sv", to=to, bcc=bcc))
    assert header_names(data) == ["X-Unsent", "Subject", *names, "MIME-Version", "Content-Type"]
    message = message_from_bytes(data, policy=policy.compat32)
    assert [message.get(name, "").replace("\r\n ", " ") for name in names] == [
        ", ".join(group) for group in (to, bcc) if group
    ]


@pytest.mark.criterion(17)
def test_the_same_letter_gives_the_same_bytes_and_another_letter_another_boundary() -> None:
    first = draft(compose("Hej", BODY, "sv", to=["a@ki.se"]))
    assert draft(compose("Hej", BODY, "sv", to=["a@ki.se"])) == first
    other = draft(compose("Hej", BODY + "\nMer.", "sv", to=["a@ki.se"]))
    assert re.findall(b"=_[0-9a-f]{32}", other)[0] not in first


def test_a_body_that_holds_boundaries_is_no_boundary() -> None:
    boundary = re.findall(b"=_[0-9a-f]{32}", draft(compose("Hej", "Hej", "sv")))[0].decode()
    text, _ = bodies_of(draft(compose("Hej", f"--{boundary}\n\nsist", "sv")))
    assert text == f"--{boundary}\r\n\r\nsist\r\n"


@given(name=hostile, unit=st.text(SENDABLE, max_size=300))
def test_both_bodies_hold_a_persons_text_and_no_markup_from_it(name: str, unit: str) -> None:
    subject = f"Välkommen till {one_line(unit)}".strip()
    assume(is_subject(subject))
    data = draft(compose(subject, f"Hej {one_line(name)} på {one_line(unit)}.\n\n- Ta med skor", "sv"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    text, html = bodies_of(data)
    said = f"Hej {one_line(name)} på {one_line(unit)}."
    assert text == f"{said}\r\n\r\n- Ta med skor\r\n"
    page = Page(html)
    assert page.tags == ["html", "head", "meta", "title", "body", "p", "ul", "li"]
    assert page.text.split() == f"{subject} {said} Ta med skor".split()


@pytest.mark.parametrize("payload", [*"\0\x0b\x0c\x1b\x85\u2028\u2029\ud83d"])
def test_control_characters_in_a_body_are_refused(payload: str) -> None:
    with pytest.raises(InputError) as error:
        draft(compose("Hej", f"Hej {payload} då", "sv"))
    (problem,) = error.value.problems
    assert (problem.message, problem.values) == ("mail-body-control", {"code": f"U+{ord(payload):04X}"})


def test_a_body_loses_blanks_at_the_end_of_lines_and_blank_lines_around_it_only() -> None:
    letter = compose("Hej", "\n\n- skor \n\n\n  och en mugg\t\n\n", "sv")
    assert letter.text == "- skor\n\n\n  och en mugg\n"


@pytest.mark.parametrize("label", ["Subject", "subject ", "Ämne", "A\u0308mne"])
def test_the_first_line_of_a_letter_in_a_file_is_its_subject_in_either_language(label: str) -> None:
    assert parts_of(f"\n{label}: Ward 7:  welcome\n\nHej\nPS: skor\n", guide()) == (
        "Ward 7: welcome",
        "\nHej\nPS: skor",
    )


@pytest.mark.parametrize("text", ["Hej\n\nSubject: x\n", "Subject\n\nHej\n", "Object: x\nHej\n"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_letter_in_a_file_without_a_subject_is_all_body_and_is_called_a_letter(text: str, language: str) -> None:
    assert parts_of(text, guide(language)) == ("", text)
    mail = mail_of(text, guide(language))
    assert subject_of(mail) == say(language, "letter-no-subject")
    assert bodies_of(mail)[0] == text.replace("\n", "\r\n")
    assert subject_of(mail_of(f"Subject: Ward 7\n{text}", guide(language))) == "Ward 7"


@pytest.mark.parametrize("text", ["- x", "1. x", "10) x", "* x", "\u2013 x", "= x"])
def test_what_a_person_wrote_is_no_list_at_the_beginning_of_a_line_of_a_letter(text: str) -> None:
    said = said_in_letter(f" {text}\n y ")
    assert said == f"\N{WORD JOINER}{text} y"
    assert without_nothing(f"{said}\n{said} and {said}") == f"{said}\n{said} and {text} y"


@pytest.mark.parametrize("text", ["x", "Room 1. x", "15 January"])
def test_what_a_person_wrote_stands_in_a_letter_as_it_is_where_it_begins_no_list(text: str) -> None:
    assert said_in_letter(text) == text


def test_a_template_with_windows_line_ends_gives_the_same_draft() -> None:
    assert draft(compose("Hej", BODY.replace("\n", "\r\n"), "sv")) == draft(compose("Hej", BODY, "sv"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"To: a@ki.se", b"To: b@ki.se"),
        (b"To: a@ki.se", b"To: a@ki.se, b@ki.se"),
        (b"To: a@ki.se", b"Cc: a@ki.se"),
        (b"To: a@ki.se", b"To: a@ki.se\r\nBcc: b@ki.se"),
        (b"X-Unsent: 1", b"X-Unsent: 0"),
        (b"X-Unsent: 1", b"From: b@ki.se\r\nX-Unsent: 1"),
        (b"Subject: Hej", b"Subject: Hej  "),
        (b"Subject: Hej\r\n", b"Subject: Hej\r\n\r\n"),
        (b"MIME-Version: 1.0", b"MIME-Version: 1.1"),
        (b"multipart/alternative", b"multipart/mixed"),
        (b"text/plain", b"text/html"),
        (b"quoted-printable", b"8bit"),
        (b"dagrummet", b"matsalen"),
        (b"<h2>", b"<h1>"),
        (b'"\r\n\r\n--', b'"\r\n\r\nBcc: b@ki.se\r\n--'),
        (b"--\r\n", b"\r\n\r\nMer\r\n"),
    ],
)
def test_the_reading_back_notices_whatever_differs_from_the_letter(old: bytes, new: bytes) -> None:
    letter = Letter("Hej", {"To": ("a@ki.se",)}, BODY, to_html(BODY.splitlines(), "sv", "Hej"))
    data = draft(compose("Hej", BODY, "sv", to=["a@ki.se"]))
    assert data.count(old) > 0
    assert not reads_back(data.replace(old, new, 1), letter)

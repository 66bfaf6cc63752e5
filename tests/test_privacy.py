import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.answers.privacy import Protection, check_text
from peerplan.errors import Problem
from samples import kit

PLACE = "roster.csv:2: Name"


PROTECTION = Protection(kit().words("privacy")["protected"])


def check_digit(nine: str) -> str:
    """The tenth digit by the sum as Skatteverket describes it: 2, 1, 2, 1, … times each digit, digits added."""
    total = sum(sum(map(int, str(int(digit) * (2 - position % 2)))) for position, digit in enumerate(nine))
    return str(-total % 10)


@st.composite
def identities(draw: st.DrawFn) -> tuple[str, str]:
    """A century and the ten digits of a personal identity or coordination number."""
    born = draw(st.dates(date(1890, 1, 1), date(2026, 11, 24)))
    day = born.day + draw(st.sampled_from([0, 60]))
    nine = f"{born:%y%m}{day:02}{draw(st.integers(1, 999)):03}"
    return f"{born:%Y}"[:2], nine + check_digit(nine)


def shapes(text: str) -> tuple[list[object], list[object]]:
    certain, doubtful = check_text(text, PLACE)
    assert all(problem.place == PLACE for problem in (*certain, *doubtful))
    return [problem.values["masked"] for problem in certain], [problem.values["masked"] for problem in doubtful]


@pytest.mark.criterion(42)
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("811228-9874", "******-****"),
        ("811228+9874", "******+****"),
        ("811228\u20139874", "******\u2013****"),
        ("811228 - 9874", "****** - ****"),
        ("19811228-9874", "********-****"),
        ("198112289874", "************"),
        ("19811228 9874", "******** ****"),
        ("19811228\xa09874", "********\xa0****"),
        ("1981-12-28-9874", "****-**-**-****"),
        ("1981-12-28 9874", "****-**-** ****"),
        ("1912-12-12-1212", "****-**-**-****"),
        ("1981.12.28-9874", "****.**.**-****"),
        ("701063-2391", "******-****"),  # a coordination number
        ("Anna(19811228-9874),4", "********-****"),
        ("rum 12 811228-9874", "******-****"),
        ("811228--9874", "******--****"),
        ("811228/9874", "******/****"),
        ("811228_9874", "******_****"),
        ("1981/12/28-9874", "****/**/**-****"),
        ("198112289874.0", "************"),  # as Excel hands it on
        ("198112289874,5", "************"),
        ("1981\u200b1228\u00ad9874", "************"),
        ("811228\u2060-\ufeff9874", "******-****"),
        ("\uff11\uff19\uff18\uff11\uff11\uff12\uff12\uff18\uff19\uff18\uff17\uff14", "************"),  # full width
        ("\u0661\u0669\u0668\u0661\u0661\u0662\u0662\u0668\u0669\u0668\u0667\u0664", "************"),  # Arabic
    ],
)
def test_a_number_with_a_century_or_a_dash_is_certain_and_told_by_its_shape(text: str, masked: str) -> None:
    assert shapes(text) == ([masked], [])


def test_numbers_with_nothing_but_a_comma_between_are_all_found() -> None:
    assert shapes("see 19121212-1212,19900101-1239.") == (["********-****"] * 2, [])


@pytest.mark.parametrize("text", ["8112289874", "811228 9874", "2027-01-18 0800", "0701012395"])
def test_what_may_be_something_else_is_doubtful(text: str) -> None:
    certain, doubtful = shapes(text)
    assert (len(certain), len(doubtful)) == (0, 1)


@pytest.mark.criterion(42)
@pytest.mark.parametrize(
    "text",
    [
        "556016-0680",  # an organisation number
        "165560160680",
        "811228-9875",  # the wrong check digit
        "811328-9870",  # there is no 13th month
        "19810229-9872",  # nor a 29 February in 1981
        "811292-9874",
        "070-123 45 67",
        "+46 70 123 45 67",
        "+46701234567",
        "08-123 456 78",
        "0701234567",
        "19811228-98745",
        "119811228-9874",
        "0.8112289874",
        "2027-01-18, 08:00",
        "1234 5678 9012 3456",
        "",
    ],
)
def test_other_numbers_are_no_alarm(text: str) -> None:
    assert shapes(text) == ([], [])


@given(identities(), st.sampled_from(["-", "+", "\u2013", " - ", ""]), st.booleans())
def test_every_form_of_a_number_is_found(identity: tuple[str, str], separator: str, short: bool) -> None:  # noqa: FBT001 (drawn)
    century, ten = identity
    text = f"{'' if short else century}{ten[:6]}{separator}{ten[6:]}"
    certain, doubtful = shapes(text)
    assert len(certain) == (1 if separator or not short else 0)
    assert len(certain) + len(doubtful) == 1


@given(identities(), st.integers(1, 9))
def test_a_wrong_digit_is_no_number(identity: tuple[str, str], slip: int) -> None:
    century, ten = identity
    wrong = ten[:9] + str((int(ten[9]) + slip) % 10)
    assert shapes(f"{century}{wrong[:6]}-{wrong[6:]}") == ([], [])


@given(identities(), st.text(max_size=30), st.text(max_size=30))
def test_a_number_is_found_in_any_text_and_no_digit_of_it_told(
    identity: tuple[str, str], before: str, after: str
) -> None:
    century, ten = identity
    problems = check_text(f"{before} | {century}{ten[:6]}-{ten[6:]} | {after}", PLACE)
    assert Problem("privacy-identity-number", {"masked": "********-****"}, PLACE) in problems.certain
    assert not re.search(r"\d", "".join(str(dict(problem.values)) for kind in problems for problem in kind))


@given(st.integers(0, 9_999_999).map("07{:08}".format))
def test_no_mobile_number_is_refused(number: str) -> None:
    for text in (number, f"{number[:3]}-{number[3:6]} {number[6:8]} {number[8:]}", f"+46{number[1:]}"):
        assert check_text(text, PLACE).certain == ()


@pytest.mark.parametrize(
    "text",
    [
        "Skyddad identitet",
        "SKYDDAD  ID",
        "Anna (skyddade personuppgifter)",
        "skyddad-identitet",
        "Sekretessmarkerad",
        "har sekretess",
        "Skyddad folkbokfo\u0308ring",
        "fingerade personuppgifter",
        "identiteten är skyddad",
        "protected identity",
        "Protected personal data",
        "Confidentiality marking",
        "skyddad",
        " Protected ",
    ],
)
def test_marks_of_protection_are_recognised(text: str) -> None:
    assert PROTECTION.is_mentioned(text)


@pytest.mark.parametrize("text", ["", "Anna Svensson", "Grupp 2", "asa.oberg@example.se", "skyddsrond på måndag"])
def test_other_texts_mark_nobody(text: str) -> None:
    assert not PROTECTION.is_mentioned(text)


@pytest.mark.parametrize("text", ["ja", "Yes", "x", "TRUE", "1", "?", "se separat lista"])
def test_under_a_heading_of_protection_everything_marks_a_row(text: str) -> None:
    assert PROTECTION.is_marked(text)


@pytest.mark.parametrize("text", ["", " ", "nej", "No", "FALSE", "FALSKT", "0", "-", "☐", "Ej skyddad"])
def test_except_a_no_and_nothing(text: str) -> None:
    assert not PROTECTION.is_marked(text)

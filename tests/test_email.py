"""An address that is plainly one is so for the library too, which is not loaded for it."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from peerplan.answers.email import email_problem, is_plainly_an_email
from peerplan.documents.letters import written_address

NAMES = st.from_regex(r"[a-z0-9._-]{1,40}", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z0-9.-]{1,30}\.[a-z]{1,30}", fullmatch=True)


@pytest.mark.parametrize("address", ["asa@ki.se", "kim.example@hospital.example", "a-b_c.1@x-y.z0.org", "1@2.se"])
def test_most_addresses_are_plain(address: str) -> None:
    assert is_plainly_an_email(address)


@given(name=NAMES, domain=DOMAINS)
@example(name="a" * 62, domain="b.se")
@example(name="a", domain=f"{'b' * 62}.se")
@example(name="a", domain="xn--berg-5qa.se")
@example(name="a..b", domain="c.se")
@example(name="a", domain="1.2")
def test_what_is_plainly_an_address_is_one_for_the_library(name: str, domain: str) -> None:
    address = f"{name}@{domain}"
    if is_plainly_an_email(address):
        valid = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
        assert (valid.normalized, valid.ascii_email) == (address, address)
        assert (email_problem(address), written_address(address)) == (None, address)


@pytest.mark.parametrize("name", SPECIAL_USE_DOMAIN_NAMES)
def test_names_that_no_mail_goes_to_are_left_to_the_library(name: str) -> None:
    for domain in (name, f"ward.{name}"):
        assert not is_plainly_an_email(f"a@{domain}")
        with pytest.raises(EmailNotValidError):
            validate_email(f"a@{domain}", check_deliverability=False)


@pytest.mark.parametrize("address", ["Asa@ki.se", "asa@KI.se", "a@b@c.se", "asa@ki.se\n", "åsa@ki.se", "a@b"])
def test_others_are_left_to_the_library(address: str) -> None:
    assert not is_plainly_an_email(address)

"""Why a text is no e-mail address. Pure; of the address only a character is repeated."""

import re

from peerplan.errors import Problem

# An address so plain that no rule is against it. Most are, and the library takes longer to load than a plan to read.
_PLAIN = re.compile(
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)$)[a-z]{2,}"
)
_PLAIN_LENGTH = 64

_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]")
_NOT_IN_DOMAIN = re.compile(r"[^\w.-]")  # a domain may have å, ä and ö


def is_plainly_an_email(text: str) -> bool:
    """Tell of an address that it is one, and the same in a header; of others nothing is said."""
    return len(text) <= _PLAIN_LENGTH and bool(_PLAIN.fullmatch(text))


def email_problem(text: str) -> Problem | None:
    """Return what is wrong with an e-mail address, with the reason; None if it is one."""
    if is_plainly_an_email(text):
        return None
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return not_an_email(text)
    return None


def not_an_email(text: str) -> Problem:
    """Return the problem for a text that is no e-mail address, with the reason."""
    return Problem("not-an-email", {"why": _reason(text.strip())})


def _reason(text: str) -> Problem:
    name, at, domain = text.partition("@")
    if re.search(r"\s", text):
        return Problem("email-blank")
    if not at:
        return Problem("email-no-at")
    if "@" in domain:
        return Problem("email-two-ats")
    if found := _NOT_IN_NAME.search(name) or _NOT_IN_DOMAIN.search(domain):
        return Problem("email-character", {"character": found[0]})
    if not name:
        return Problem("email-no-name")
    return Problem("email-form" if domain.strip(".").count(".") else "email-no-domain")

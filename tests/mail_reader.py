"""Mail drafts as a mail program reads them, and Swedish text to put into them."""

import random
from email import message_from_bytes, policy


def bodies_of(data: bytes) -> tuple[str, str]:
    message = message_from_bytes(data, policy=policy.default)
    text, html = (part.get_payload(decode=True) for part in message.iter_parts())
    assert isinstance(text, bytes)
    assert isinstance(html, bytes)
    return text.decode(), html.decode()


def swedish_subjects(count: int) -> list[str]:
    """Make subjects of words with and without å, ä and ö, and what people put between words."""
    rng = random.Random(7)  # noqa: S311
    letters = "abcdefghijklmnoprstuvyåäöÅÄÖé"
    joints = [*" " * 12, "  ", " \u2013 ", ": ", ", ", "-", "/", " (", ") ", ". ", "_", "=", "? ", "\xa0"]

    def word() -> str:
        return "".join(rng.choices(letters, k=rng.choice([1, 2, 4, 7, 11, 18, 70])))

    return ["".join(word() + rng.choice(joints) for _ in range(rng.randint(1, 14))) + word() for _ in range(count)]

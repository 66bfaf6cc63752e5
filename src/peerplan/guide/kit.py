"""The kit: everything that words, questions and documents come from. cli makes one for a run and passes it down."""

from functools import cached_property
from pathlib import Path
from typing import Any

from peerplan.errors import InputError
from peerplan.guide.guide import Guide
from peerplan.guide.load import Content, guide_in, read_content
from peerplan.messages import CONTENT, Messages, read_toml

# In the package in the wheel; at the top of the repository in a checkout and an editable install.
_SHIPPED = Path(__file__).parents[1] / "templates"
TEMPLATES = _SHIPPED if _SHIPPED.is_dir() else Path(__file__).parents[3] / "templates"


class Kit:
    """Guides in each language, messages, word lists and the folder of templates; each file is read once."""

    def __init__(self, messages: Messages, content: Path = CONTENT, templates: Path = TEMPLATES) -> None:
        self.messages = messages
        self.content = content
        self.templates = templates
        self._guides: dict[str, Guide] = {}

    @cached_property
    def _records(self) -> Content:
        return read_content(self.content)

    @property
    def languages(self) -> tuple[str, ...]:
        """The ids of the languages there are, the fallback first."""
        return self._records.languages

    def guide(self, language: object, place: str = "") -> Guide:
        """Return the guide in a language; place says where it was asked for.

        Raises:
            InputError: if there is no such language, or the content is wrong, with every place.
        """
        if language not in self.languages:
            raise InputError(self.messages.unknown_language(language, place))
        if language not in self._guides:
            self._guides[str(language)] = guide_in(str(language), self._records, self.messages)
        return self._guides[str(language)]

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The guides in all languages, the fallback first."""
        return tuple(self.guide(language) for language in self.languages)

    def words(self, name: str) -> dict[str, Any]:
        """Return a list of words that tables are read by: "roster" or "privacy"."""
        return read_toml(self.content / f"{name}.toml")

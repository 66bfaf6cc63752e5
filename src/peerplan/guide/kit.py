"""The kit: everything that words, questions and documents come from. cli makes one for a run and passes it down."""

import pickle
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import VERSION

from peerplan.errors import InputError
from peerplan.guide.guide import Guide
from peerplan.messages import CONTENT, Messages, read_toml
from peerplan.prepared import prepared

if TYPE_CHECKING:
    from peerplan.guide.load import Content

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
    def _records(self) -> "Content":
        from peerplan.guide.load import read_content

        return read_content(self.content)

    @property
    def languages(self) -> tuple[str, ...]:
        """The ids of the languages there are, the fallback first."""
        is_shipped = self.content == CONTENT == self.messages.folder
        return self.messages.languages if is_shipped else self._records.languages

    def guide(self, language: object, place: str = "") -> Guide:
        """Return the guide in a language; place says where it was asked for.

        Raises:
            InputError: if there is no such language, or the content is wrong, with every place.
        """
        if language not in self.languages:
            raise InputError(self.messages.unknown_language(language, place))
        if language not in self._guides:
            is_shipped = self.content == CONTENT
            self._guides[str(language)] = self._shipped(str(language)) if is_shipped else self._made(str(language))
        return self._guides[str(language)]

    def _made(self, language: str) -> Guide:
        from peerplan.guide.load import guide_in

        return guide_in(language, self._records, self.messages)

    def _shipped(self, language: str) -> Guide:
        """Return a guide of the content that comes with the program, mostly as an earlier run made it."""

        def make() -> bytes:
            return pickle.dumps(self._made(language).model_copy(update={"messages": None}), pickle.HIGHEST_PROTOCOL)

        kept = prepared(f"guide-{language}", (CONTENT, Path(__file__).parent), make, VERSION)
        guide: Guide = pickle.loads(kept)  # noqa: S301 # from the program's own folder alone, as prepared.py says
        return guide.model_copy(update={"messages": self.messages})

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The guides in all languages, the fallback first."""
        return tuple(self.guide(language) for language in self.languages)

    def words(self, name: str) -> dict[str, Any]:
        """Return a list of words that tables are read by: "roster" or "privacy"."""
        file = self.content / f"{name}.toml"
        read = partial(read_toml, file)
        return prepared(name, (file,), read) if self.content == CONTENT else read()

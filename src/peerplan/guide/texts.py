"""Texts and records of the content files: the ground that model.py builds on.

Every text stands in the files once per language, side by side (`why.en`, `why.sv`). It is read in one language;
reading checks that the others are there too.
"""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo
from pydantic_core import PydanticCustomError

Group = Literal["unknown", "one", "even", "odd"]

NO_TEXT = "no-text"  # the error of a text that a language lacks


def _in_language(value: object, info: ValidationInfo[dict[str, Any]]) -> object:
    """Pick the text of the language that is being loaded; refuse one that another language lacks."""
    languages: tuple[str, ...] = info.context["languages"]
    if not isinstance(value, dict):
        raise PydanticCustomError("translation", "is not a text per language")
    for language in languages:
        if not value.get(language):
            raise PydanticCustomError(NO_TEXT, "has no text in '{language}'", {"language": language})
    if unknown := set(value) - set(languages):
        raise PydanticCustomError(
            "translation", "has '{language}', which languages.toml lacks", {"language": min(unknown)}
        )
    texts = [value[language] for language in languages]
    if isinstance(texts[0], list) and len({len(text) for text in texts}) > 1:
        raise PydanticCustomError("translation", "has more texts in one language than in another")
    return value[info.context["language"]]


Text = Annotated[str, BeforeValidator(_in_language)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_in_language)]


class ContentModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class When(ContentModel):
    """For whom something holds. Every list that is given must contain the plan's value; none given: always."""

    setting: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    group: tuple[Group, ...] = ()
    coordinator: tuple[str, ...] = ()

    @cached_property
    def stated(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lists that are given, by name: most records have none, and are looked at for each unit."""
        return tuple((name, allowed) for name in type(self).model_fields if (allowed := getattr(self, name)))

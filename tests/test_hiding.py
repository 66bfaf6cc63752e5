"""What people wrote is put together again from where it stands, and is hidden everywhere else."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from peerplan.folder.hiding import FEW, hidden_in, hide, look_up, show, words_of

words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
texts = st.lists(words | st.sampled_from([" ", "\n", "-", "'s", "s", "_", "."])).map("".join)


@given(texts, st.lists(texts))
def test_a_text_comes_back_as_it_was_where_its_words_still_stand(text: str, personal: list[str]) -> None:
    hidden = hide(text, words_of(personal))
    assert show(hidden, look_up(hidden_in([hidden]), ["other", text])) == text


@given(texts, st.lists(texts))
def test_what_is_hidden_already_stays_as_it_is(text: str, personal: list[str]) -> None:
    hidden = hide(text, words_of(personal))
    assert hide(hidden, words_of(personal)) == hidden
    again = hide(hidden, words_of([*personal, text]))
    assert hidden_in([hidden]) <= hidden_in([again])
    assert show(again, look_up(hidden_in([again]), [text])) == text


def test_a_word_is_hidden_in_any_case_and_as_a_genitive_and_no_other_is() -> None:
    hidden = hide("Ask eva, Eva's or EVAS list: eva_lind@x.se. Evaluate.", words_of(["Eva Lind"]))
    assert "eva" not in hidden.casefold().replace("evaluate", "")
    assert "lind" not in hidden
    assert hidden.startswith("Ask ")
    assert hidden.endswith("@x.se. Evaluate.")


class LookedUp(frozenset[str]):
    """Words among which one is looked up, and that are not gone through."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError


def test_many_words_are_not_looked_for_one_by_one_in_every_text() -> None:
    names = [f"Name{number}" for number in range(FEW + 1)]
    hidden = hide("Ask Name7, or name8s list.", LookedUp(words_of(names)))
    assert hidden == hide("Ask Name7, or name8s list.", words_of(["Name7 name8"]))
    assert "ame" not in hidden


def test_a_word_that_is_gone_stays_hidden() -> None:
    hidden = hide("Ask Eva.", words_of(["Eva"]))
    assert show(hidden, look_up(hidden_in([hidden]), ["Ask Karin."])) == hidden
    assert "Eva" not in hidden


def test_the_texts_are_read_only_as_far_as_there_is_something_to_find() -> None:
    hidden = hide("Ask Eva.", words_of(["Eva"]))

    def sources() -> Iterator[str]:
        yield "Eva"
        raise AssertionError

    assert look_up(hidden_in([hidden]), sources())

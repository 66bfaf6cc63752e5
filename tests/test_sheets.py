"""Documents as blocks and pieces of text: what a reader of any format sees of them."""

import pytest

from peerplan.documents.sheets import Heading, List, ListItem, SheetText, Span, Text, TextTable, sheets_of, text_of
from peerplan.guide.blanks import Blanks
from samples import guide, kit


def sheet(text: str, name: str = "plan.md") -> SheetText:
    (one,) = sheets_of({name: text}, guide(), Blanks(kit().guides))
    return one


def spans(text: str, name: str = "plan.md") -> tuple[Span, ...]:
    (block,) = sheet(text, name).blocks
    assert isinstance(block, Text)
    return block.spans


def test_the_first_heading_is_the_title_and_no_level_is_left_out() -> None:
    one = sheet("# Ward *7*\n\nText\n\n### Deep\n\n## Flat\n")
    assert one.title == "Ward 7"
    headings = [block for block in one.blocks if isinstance(block, Heading)]
    assert [(block.level, text_of(block.spans)) for block in headings] == [(2, "Deep"), (2, "Flat")]
    assert len({block.id for block in headings}) == 2


def test_a_document_without_a_heading_is_called_after_its_file() -> None:
    assert sheet("Only text\n", "notes.md").title == "notes.md"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("**a** b", [("a", True, False, ""), (" b", False, False, "")]),
        ("*a* **_b_**", [("a", False, True, ""), (" ", False, False, ""), ("b", True, True, "")]),
        (
            "[a **b**](https://x.example)",
            [("a ", False, False, "https://x.example"), ("b", True, False, "https://x.example")],
        ),
        ("a\nb", [("a b", False, False, "")]),
        ("a  \nb", [("a\nb", False, False, "")]),
        (r"\*a\* \[x\]", [("*a* [x]", False, False, "")]),
    ],
)
def test_emphasis_links_and_line_breaks_are_kept(text: str, pieces: list[tuple[str, bool, bool, str]]) -> None:
    assert [(one.text, one.bold, one.italic, one.link) for one in spans(text)] == pieces


@pytest.mark.parametrize("text", ["<b>a</b>", "<!-- a comment -->", "[a](javascript:alert(1))", "![a](javascript:b)"])
def test_what_could_be_code_is_the_text_that_it_is(text: str) -> None:
    (one,) = spans(f"x {text}")
    assert (one.text, one.link) == (f"x {text}", "")


def test_no_picture_is_fetched() -> None:
    assert spans("![a](https://x.example/a.png)")[0] == Span("!")


def test_a_blank_is_a_piece_of_its_own_whatever_the_language() -> None:
    assert [(one.text, one.is_blank) for one in spans("At [fill in: time], [fyll i: plats].")] == [
        ("At ", False),
        ("[fill in: time]", True),
        (", ", False),
        ("[fyll i: plats]", True),
        (".", False),
    ]


def test_ticks_and_what_stands_below_them_are_read_and_ids_are_not_shown() -> None:
    (block,) = sheet("- [ ] **2027-01-18** Rooms <!-- rooms -->\n  - A note\n- [x] Rota\n- Own\n").blocks
    assert isinstance(block, List)
    assert [item.ticked for item in block.items] == [False, True, None]
    first = block.items[0].blocks
    assert isinstance(first[0], Text)
    assert text_of(first[0].spans) == "2027-01-18 Rooms"
    assert first[1] == List(None, (ListItem(None, (Text((Span("A note"),)),)),))
    assert block.has_boxes


def test_a_numbered_list_begins_where_it_begins() -> None:
    (block,) = sheet("3. c\n4. d\n").blocks
    assert isinstance(block, List)
    assert (block.start, len(block.items)) == (3, 2)


def test_a_table_with_an_empty_heading_is_a_form() -> None:
    (table,) = sheet("| A | B |\n|---|---|\n| 1 | 2 |\n").blocks
    (form,) = sheet("| A | |\n|---|---|\n| B | |\n").blocks
    assert isinstance(table, TextTable)
    assert isinstance(form, TextTable)
    assert ([*map(text_of, table.head)], len(table.rows)) == (["A", "B"], 1)
    assert (form.head, [text_of(row[0]) for row in form.rows]) == ((), ["A", "B"])


def test_quotations_and_code_lose_no_word() -> None:
    said = [
        text_of(block.spans) for block in sheet("> quoted\n\n```\ncode <b>\n```\n").blocks if isinstance(block, Text)
    ]
    assert said == ["quoted", "code <b>"]


def test_a_letter_has_its_subject_as_title_and_keeps_its_lines() -> None:
    text = "Subject: Welcome\n\nHello!\nA line\n\nHeading\n-------\n\n• a\n• b\n\nOther\n-----\n"
    one = sheet(text, "student-email.txt")
    assert (one.title, one.is_letter, one.id) == ("Welcome", True, "student-email")
    kinds = [type(block).__name__ for block in one.blocks]
    assert kinds == ["Text", "Heading", "List", "Heading"]
    assert [block.level for block in one.blocks if isinstance(block, Heading)] == [2, 2]
    assert isinstance(first := one.blocks[0], Text)
    assert text_of(first.spans) == "Hello!\nA line"


def test_documents_stand_in_the_order_of_the_guide_and_lead_to_each_other() -> None:
    texts = {
        "zebra.md": "# Z\n",
        "student-email.txt": "Subject: S\n\nSee plan.md\n",
        "how-to.md": "# H\n\nIn plan.md.\n",
    }
    sheets = sheets_of(
        {**texts, "plan.md": "# P\n\nSee how-to.md and gone.md.\n", "plan.ics": ""}, guide(), Blanks(kit().guides)
    )
    assert [one.name for one in sheets] == ["plan.md", "how-to.md", "student-email.txt", "zebra.md"]
    links = {
        one.name: [span.link for block in one.blocks if isinstance(block, Text) for span in block.spans]
        for one in sheets
    }
    assert links["plan.md"] == ["", "#how-to", ""]
    assert links["how-to.md"] == ["", "#plan", ""]
    assert links["student-email.txt"] == [""]


def test_a_heading_names_another_document_without_a_link() -> None:
    texts = {"how-to.md": "# How\n\n## Send letter.txt\n\nSend letter.txt\n", "letter.txt": "Subject: S\n\nHello\n"}
    (heading, text), *_ = (one.blocks for one in sheets_of(texts, guide(), Blanks(kit().guides)))
    assert isinstance(heading, Heading)
    assert isinstance(text, Text)
    assert text_of(heading.spans) == text_of(text.spans)
    assert {one.link for one in heading.spans} == {""}
    assert {one.link for one in text.spans} == {"", "#letter"}

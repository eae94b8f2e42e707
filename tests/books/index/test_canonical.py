"""The fast reader says what Beancount's parser says, or leaves it to Beancount's parser: it never reads wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest
from beancount.parser import parser
from hypothesis import example
from hypothesis import given

from o2c.books.index import canonical
from o2c.books.index import files
from o2c.books.index import rows
from o2c.model import names
from o2c.model.writing import write
from tests.books.index import hand_edits
from tests.model import strategies

if TYPE_CHECKING:
    from beancount.core.data import Directive

DEMO = sorted((Path(__file__).parents[3] / "ledger").rglob("*.beancount"))
#: Errors after which Beancount keeps an entry as the rows have it.
_KEPT = ("Duplicate metadata field", "Duplicate posting metadata field", "Invalid account name", "Invalid option")


class Said(NamedTuple):
    """What Beancount's parser says of a text."""

    rows: list[tuple[int, rows.Row]]
    includes: list[str]
    errors: list[str]


def beancount_says(text: bytes) -> Said | None:
    """Read a text with Beancount's parser alone; None where it is not to be kept in an index."""
    try:
        entries, errors, options = parser.parse_string(text, "whole")
        found = [(entry.meta["lineno"], rows.row(entry)) for entry in entries if _is_written(entry)]
    except (rows.Unfit, ArithmeticError, ValueError):
        return None
    kept = [(line, row) for line, row in found if row is not None]
    return Said(sorted(kept, key=lambda one: int(one[0])), list(options["include"]), [one.message for one in errors])


def _is_written(entry: Directive) -> bool:
    files._amounts_written(entry)
    return True


def require_the_same(text: bytes) -> files.Content:
    """Prove that what is said of a text is what Beancount's parser says, wherever it is believed."""
    content = files.content(text)
    if content.fit and not content.errors:
        said = beancount_says(text)
        assert said is not None, "read what cannot be kept"
        assert [(one.line, one.row) for one in content.placed] == said.rows
        assert list(content.includes) == said.includes
        assert all(error.startswith(_KEPT) for error in said.errors), said.errors
        require_pieces(text, content)
    return content


def require_pieces(text: bytes, content: files.Content) -> None:
    """Prove that the bytes of an entry, cut out, say the same as in their place."""
    for one in content.placed:
        entries, errors, _ = parser.parse_string(text[one.position : one.position + one.size], "piece")
        assert not [error for error in errors if not error.message.startswith(_KEPT)]
        (entry,) = entries
        assert entry.meta["lineno"] == 1
        assert rows.row(entry) == one.row


@given(strategies.documents())
def test_every_document_that_we_write_is_read_fast_and_right(doc: strategies.Document) -> None:
    text = write([doc]).encode()
    said = beancount_says(text)
    found, gaps = canonical.scan(text)
    if said is None:
        assert not [one for one in found if one.row]
    else:
        assert not gaps
        assert [one.row for one in found] == [row for _, row in said.rows]


@given(strategies.notes() | strategies.openings)
def test_every_note_and_opening_that_we_write_is_read_fast_and_right(entry: strategies.Event) -> None:
    text = write([entry]).encode()
    said = beancount_says(text)
    found, gaps = canonical.scan(text)
    assert said is not None
    assert not gaps
    assert [one.row for one in found] == [row for _, row in said.rows]


@given(hand_edits.written)
def test_what_we_write_is_read_as_beancount_reads_it(text: str) -> None:
    content = require_the_same(text.encode())
    assert not content.errors


@given(hand_edits.edited())
def test_what_was_edited_by_hand_is_read_as_beancount_reads_it(text: str) -> None:
    require_the_same(text.encode())


@given(hand_edits.collections())
def test_what_was_written_by_hand_is_read_as_beancount_reads_it(text: str) -> None:
    require_the_same(text.encode())


@given(hand_edits.written, hand_edits.edited() | hand_edits.collections())
@example("", "")
def test_an_appended_text_is_read_as_in_its_place(before: str, behind: str) -> None:
    """Where a file only grew, its new end is read alone: that gives the same, or is seen not to."""
    old, new = before.encode(), b"\n" + behind.encode()
    whole, tail = files.content(old + new), files.content(new, len(old), old.count(b"\n") + 1)
    if files.content(old) != files.Content([], (), fit=True, errors=0) and (tail.errors or not tail.fit):
        return  # then the whole file is read
    if whole.fit and not whole.errors:
        parts = [*files.content(old).placed, *tail.placed]
        assert [one[0::2] for one in parts] == [one[0::2] for one in whole.placed]
        assert [one.row for one in parts] == [one.row for one in whole.placed]
        assert tail.includes == whole.includes


HARMLESS = {
    "a comment inside an entry": ('    item: "A-1"\n', '    item: "A-1"\n  ; paid late\n'),
    "a comment behind a posting": ("5.00 EUR\n", "5.00 EUR ; paid late\n"),
    "a tab": ("  Assets:AR", "\tAssets:AR"),
    "deeper": ("  Assets:AR", "      Assets:AR"),
    "one space": ("  Income", " Income"),
    "carriage returns": ("\n", "\r\n"),
    "slashes": ("2026-01-05", "2026/01/05"),
    "a word for the flag": ("*", "txn"),
    "an unusual flag": ("*", "P"),
    "a flag on a posting": ("  Assets:AR", "  ! Assets:AR"),
    "thousands": ("5.00", "1,005.00"),
    "an exact sum": (" 5.00", " 2.50 + 2.50"),
    "a link before a tag": ('"hand"', '"hand" ^a #b'),
    "a tag on a line of its own": ('"hand"\n', '"hand"\n  #tag\n'),
    "metadata without a value": ('"hand"\n', '"hand"\n  note:\n'),
    "metadata twice": ('"hand"\n', '"hand"\n  note: "a"\n  note: "b"\n'),
    "a text of two lines": ('"hand"', '"by\nhand"'),
    "a heading": ("2026-01-05", "* January\n2026-01-05"),
    "another customer": ("Assets:AR:C1", "Assets:AR:C2"),
    "a subaccount": ("Assets:AR:C1", "Assets:AR:C1:Old"),
    "the rest": (" -5.00 EUR", ""),
    "no line end": ("-5.00 EUR\n", "-5.00 EUR"),
}
BY_HAND = '2026-01-05 * "hand"\n  Assets:AR:C1  5.00 EUR\n    item: "A-1"\n  Income:Sales  -5.00 EUR\n'


@pytest.mark.parametrize("what", HARMLESS)
def test_a_harmless_edit_leaves_the_books_in_the_index(what: str) -> None:
    content = require_the_same(BY_HAND.replace(*HARMLESS[what]).encode())
    assert content.fit
    assert not content.errors or what == "metadata twice"
    assert [one.row.kind for one in content.placed] == ["t"]


NOT_KEPT = {
    "no amount of an item": ("5.00 EUR", ""),
    "no currency": ("5.00 EUR", "5.00"),
    "half a cent": ("5.00", "5.005"),
    "a third": ("5.00", "5.00 / 3"),
    "more than fits": ("5.00", "12345678901234567.00"),
    "a lot without a name": ("5.00 EUR\n", "5.00 USD {1.00 EUR}\n"),
    "a lot with the name of another item": ("5.00 EUR\n", '5.00 USD {1.00 EUR, "A-2"}\n'),
    "a tag for all": ("2026-01-05", "pushtag #a\n2026-01-05"),
}


@pytest.mark.parametrize("what", NOT_KEPT)
def test_what_rows_cannot_say_is_not_kept(what: str) -> None:
    text = BY_HAND.replace(NOT_KEPT[what][0], NOT_KEPT[what][1], 1).encode()
    content = files.content(text)
    assert not content.fit or (content.errors and what == "a tag for all")


HARMFUL = {
    "an empty line inside": ('    item: "A-1"\n', '    item: "A-1"\n\n'),
    "a comment in the first column inside": ('    item: "A-1"\n', '    item: "A-1"\n; paid late\n'),
    "a day that is not": ("2026-01-05", "2026-02-30"),
    "a day in metadata that is not": ('"hand"\n', '"hand"\n  note: 2026-02-30\n'),
    "a word for a currency": ("5.00 EUR\n", "5.00 TRUE\n"),
    "an open text": ('"hand"', '"hand'),
    "half a character": ("hand", "h\udcc3nd"),
    "a merge": ("  Income", "<<<<<<< HEAD\n  Income"),
}


@pytest.mark.parametrize("what", HARMFUL)
def test_a_harmful_edit_is_noticed(what: str) -> None:
    content = require_the_same(BY_HAND.replace(*HARMFUL[what]).encode("utf-8", "surrogateescape"))
    assert content.errors


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.name)
def test_the_demo_books_are_read_as_beancount_reads_them(path: Path) -> None:
    content = require_the_same(path.read_bytes())
    assert content.fit
    assert not content.errors


def test_a_text_about_nothing_of_ours_has_no_rows() -> None:
    assert names.EVENTS
    assert files.content(b'2026-01-05 * "x"\n  Assets:Bank  5.00 EUR\n  Income:X  -5.00 EUR\n').placed == []

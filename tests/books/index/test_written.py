"""The fast reader of entries makes of a text exactly what Beancount's parser makes of it, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from beancount.parser import parser
from hypothesis import given

from o2c.books.index import canonical
from o2c.books.index import written
from o2c.model.writing import write
from tests.books.index import hand_edits
from tests.model import strategies

if TYPE_CHECKING:
    from beancount.core.data import Note
    from beancount.core.data import Transaction

DEMO = sorted((Path(__file__).parents[3] / "ledger").rglob("*.beancount"))


def pieces(text: str) -> list[str]:
    """Cut a text where an entry begins."""
    found: list[str] = []
    for line in text.split("\n"):
        if not found or line[:1].isdigit():
            found.append("")
        found[-1] += f"{line}\n"
    return [piece.rstrip("\n") + "\n" for piece in found]


def require_the_same(text: str) -> int:
    """Prove what is read of each entry; give how many were read."""
    times = 0
    for piece in pieces(text):
        entry = written.entry(piece, "<string>", 1)
        if entry is not None:
            times += 1
            (meant,), errors, _ = parser.parse_string(piece)
            assert not errors
            assert type(entry) is type(meant)
            assert shown(entry) == shown(meant)
    return times


def shown(entry: Transaction | Note) -> str:
    """Show all of an entry, the sign of a zero and the decimals of a number, too; marks have no order."""
    marks = {"tags": sorted(entry.tags), "links": sorted(entry.links)}
    return repr(entry._replace(**marks))


@given(strategies.documents())
def test_documents_that_we_write_are_read_as_beancount_reads_them(doc: strategies.Document) -> None:
    require_the_same(write([doc]))


@given(strategies.notes())
def test_notes_that_we_write_are_read_fast_and_right(entry: strategies.Event) -> None:
    assert require_the_same(write([entry])) == 1


@given(hand_edits.edited() | hand_edits.collections())
def test_what_people_wrote_is_read_as_beancount_reads_it(text: str) -> None:
    require_the_same(text)


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.name)
def test_the_demo_books_are_read_as_beancount_reads_them(path: Path) -> None:
    text = path.read_text()
    wanted = sum('" #' in piece and "\n    " in piece and "{" not in piece for piece in pieces(text))
    assert require_the_same(text) >= wanted


def test_every_kind_of_value_is_read_fast() -> None:
    text = (
        '2026-03-02 ! "Acme \\"A\\"\\n" "n \\\\ t" #receipt #b ^X-1\n  doc-type: "receipt"\n  day: 2026-03-01\n'
        "  yes: TRUE\n  no: FALSE\n  zero: -0.00\n  rate: 19\n  sum: -0.00 EUR\n"
        '  Assets:Bank   92.00 EUR @@ 100.00 USD\n  Assets:AR:C1  -100.00 USD\n    item: "X-1"\n'
        '2026-03-02 * "alone"\n  Assets:Bank   0.00 EUR @@ 1.00 USD\n'
    )
    assert require_the_same(text) == 2


@pytest.mark.parametrize(
    "text",
    [
        '2026-02-30 * "no such day"\n',
        '2026-03-02 * "twice"\n  a-b: "1"\n  a-b: "2"\n',
        '2026-03-02 * "a lot"\n  Assets:AR:C1  1.00 USD {"X-1"}\n',
        '2026-03-02 * "too far"\n    doc-id: "X"\n',
        '2026-03-02 * "negative price"\n  Assets:Bank  1.00 EUR @@ -1.00 USD\n',
        '2026-03-02 * "a comment" ; behind\n',
        '2026-03-02 * "a word as a currency"\n  Assets:Bank  1.00 TRUE\n',
        '2026-03-02 * "a word as a currency"\n  due: 5 NULL\n',
        '2026-03-02 * "no line feed"',
        "2026-03-02 open Assets:Bank\n",
    ],
)
def test_everything_else_is_left_to_beancount(text: str) -> None:
    assert written.entry(text, "<string>", 1) is None


def test_escapes_are_those_of_the_reader_of_rows() -> None:
    assert canonical.unescaped(r"a\nb\t\"c\"\\") == 'a\nb\t"c"\\'

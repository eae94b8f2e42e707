"""Rewriting a sealed month without changing a fact breaks no seal (F34, S13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c import books
from o2c.model.sealing import making
from o2c.model.sealing import tree
from tests.model.sealing.sealed_books import FILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.model.sealing.sealed_books import Sealed

ACCOUNTS, JANUARY = "accounts.beancount", "journal/2026-01.beancount"
ALL = (True, True, True)
REWRITES = [
    (JANUARY, "; January\n", "; The first month\n; of the year\n"),
    (JANUARY, "\n\n2026-01-06", "\n\n\n\n2026-01-06"),
    (JANUARY, "  count: 3", "      count: 3"),
    (JANUARY, "count: 3", "count: 3.00"),
    (JANUARY, "count: 3", "count: 1 + 2"),
    (JANUARY, "gross: 119.00 EUR", "gross: 119 EUR"),
    (JANUARY, "Assets:AR:C1   119.00 EUR", "Assets:AR:C1   119 EUR"),
    (JANUARY, "10 ACME", "10.000 ACME"),
    (JANUARY, "0.92 EUR", "0.9200 EUR"),
    (JANUARY, "  Income:Sales\n", "  Income:Sales  -5.00 EUR\n"),
    (JANUARY, "  Income:Sales  -100.00 EUR\n", "  Income:Sales\n"),
    (JANUARY, '{50.00 EUR, 2026-01-14, "lot"}', '{{500.00 EUR, 2026-01-14, "lot"}}'),
    (JANUARY, "@ 51.00 EUR", "@@ 510.00 EUR"),
    (JANUARY, "#invoice ^INV-2026-0001 ^SO-1", "^SO-1 ^INV-2026-0001 #invoice"),
    (JANUARY, '  customer: "C1"\n  due: 2026-02-11\n', '  due: 2026-02-11\n  customer: "C1"\n'),
    (JANUARY, '"may change"', '"did change"'),
    (JANUARY, '  note-later: "may change"\n', ""),
    (JANUARY, '    note-posting: "may change"\n', '    note-more: "x"\n    note-posting: 5\n'),
    (JANUARY, "2026-01-15 *", "2026-01-15 txn"),
    (ACCOUNTS, "EUR,USD", "USD,EUR"),
    (ACCOUNTS, "1000.00 ~ 0.01", "1000 ~ 0.0100"),
    ("main.beancount", "Sealed books", "Books, sealed"),
    ("main.beancount", 'include "accounts', '\n; comment\ninclude "accounts'),
    ("journal/2026-03.beancount", "30.00 EUR", "31.00 EUR"),
    ("journal/2026-03.beancount", "2026-03-02", "2026-03-03"),
]


@pytest.mark.parametrize(("file", "old", "new"), REWRITES)
def test_no_harmless_rewrite_breaks_a_seal(sealed: Sealed, file: str, old: str, new: str) -> None:
    sealed.change(file, old, new)
    assert sealed.verdicts() == ALL


def _all_files(change: Callable[[bytes], bytes]) -> Callable[[Sealed], None]:
    def rewrite(sealed: Sealed) -> None:
        for name in FILES:
            if name.endswith(".beancount"):
                path = sealed.root / name
                path.write_bytes(change(path.read_bytes()))

    return rewrite


def _split(sealed: Sealed) -> None:
    """Give every entry of January a file of its own, in the opposite order."""
    path = sealed.root / JANUARY
    for number, block in enumerate(reversed(path.read_text().split("\n\n"))):
        (sealed.root / f"journal/a{number:02}.beancount").write_text(block + "\n")
    path.unlink()


def _turned(sealed: Sealed) -> None:
    """Turn the order of the entries of January around."""
    path = sealed.root / JANUARY
    path.write_text("\n\n".join(reversed(path.read_text().split("\n\n"))))


def _one_file(sealed: Sealed) -> None:
    """Put everything into the main file."""
    main = FILES["main.beancount"].replace('include "journal/*.beancount"\n', "").replace('include "accounts', "; ")
    parts = [path.read_text() for path in sorted(sealed.root.glob("journal/*.beancount"))]
    text = "\n".join([main.replace("../statements", "statements"), FILES[ACCOUNTS], *parts])
    sealed.main.write_text(text.replace("../statements", "statements"))


def _reversed_postings(sealed: Sealed) -> None:
    old = FILES[JANUARY][FILES[JANUARY].index("  Assets:Stock   10") : FILES[JANUARY].index("\n\n2026-01-16")]
    sealed.change(JANUARY, old, "\n".join(reversed(old.split("\n"))))


def _pushed(sealed: Sealed) -> None:
    """Take the tag from a pushtag, as people do by hand."""
    sealed.change(JANUARY, " #invoice ", " ")
    sealed.change(JANUARY, '2026-01-12 * "Acme"', 'pushtag #invoice\n2026-01-12 * "Acme"')
    sealed.change(JANUARY, '2026-01-15 * "Shares"', 'poptag #invoice\n2026-01-15 * "Shares"')


@pytest.mark.parametrize(
    "rewrite",
    [
        _all_files(lambda content: content.replace(b"\n", b"\r\n")),
        _all_files(lambda content: content.rstrip(b"\n")),
        _all_files(lambda content: content + b"\n\n; the end\n"),
        _all_files(lambda content: content.replace(b"    ", b"        ")),
        _split,
        _turned,
        _one_file,
        _reversed_postings,
        _pushed,
    ],
    ids=["crlf", "no last line end", "comment behind", "indentation", "split", "turned", "one file", "postings", "tag"],
)
def test_no_rewrite_of_files_breaks_a_seal(sealed: Sealed, rewrite: Callable[[Sealed], None]) -> None:
    rewrite(sealed)
    assert sealed.verdicts() == ALL


def test_books_in_another_folder_are_as_they_were_sealed(sealed: Sealed) -> None:
    elsewhere = sealed.copy(sealed.root.parent / "a folder with blanks")
    assert elsewhere.verdicts() == ALL


def test_old_items_are_allocated_later_without_touching_the_seal(sealed: Sealed) -> None:
    sealed.append(
        "journal/2026-03.beancount",
        '\n2026-03-09 * "Acme" "Paid again by mistake"\n  Assets:Bank  1.00 EUR\n  Assets:AR:C1  -1.00 EUR\n'
        '    item: "INV-2026-0001"\n',
    )
    assert sealed.verdicts() == ALL


@given(st.data())
def test_the_root_does_not_depend_on_the_order_but_on_every_twin(data: st.DataObject) -> None:
    leaves = data.draw(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=20))
    mixed = data.draw(st.permutations(leaves))
    assert tree.root(mixed) == tree.root(leaves)
    assert tree.root([*leaves, leaves[0]]) != tree.root(leaves)
    assert tree.root(leaves[1:]) != tree.root(leaves)


def test_the_root_is_the_one_that_the_documentation_describes() -> None:
    import hashlib

    def sha(*parts: bytes) -> bytes:
        return hashlib.sha256(b"".join(parts)).digest()

    a, b, c = sorted(sha(bytes([number])) for number in range(3))
    assert tree.root([c.hex(), a.hex(), b.hex()]) == sha(b"\1", sha(b"\1", a, b), sha(b"\2", c)).hex()
    assert tree.root([]) == sha(b"\3").hex()


def test_sealing_the_same_entries_again_gives_the_same_bytes(sealed: Sealed) -> None:
    loaded = books.load(sealed.root)
    span = making.Span("2026-01", None, loaded.booked[-1].date.replace(month=1, day=31))
    chained = making.Chained()
    one = making.made(span, making.within(loaded.booked, span), loaded.options, sealed.root, chained)
    two = making.made(span, making.within(loaded.booked, span)[::-1], loaded.options, sealed.root, chained)
    assert one == two
    assert one[1] == (sealed.root / "closes/2026-01.leaves").read_bytes()

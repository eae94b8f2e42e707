"""Posting without a full load decides as a full load would, and knows afterwards that the books are clean."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from beancount import loader
from beancount.core.amount import Amount
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from o2c import books as door
from o2c.books import loading
from o2c.books.index import books as indexed_books
from o2c.books.index import verify
from o2c.books.index.books import IndexedBooks
from o2c.errors import O2CError
from o2c.errors import Refused
from o2c.model import names
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Movement
from o2c.model.documents import Other
from o2c.posting import post
from tests.books.index import small_books
from tests.books.index.small_books import act
from tests.books.index.small_books import invoice
from tests.books.index.small_books import receipt
from tests.faults.small_shop import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.model.documents import Entry

MORE = """
2026-01-01 open Income:Old
2026-02-15 close Income:Old
2026-01-01 custom "o2c-close" "2026-01" 2026-01-10 "closed"
  by: "ann"
  at: "2026-02-01T09:00:00Z"
  why: "done"

2026-03-01 balance Assets:Bank:Main  170.00 EUR
2026-03-15 balance Assets:AR:C1      180.00 EUR

2026-02-03 * "A lot by hand, named after its item"
  Assets:AR:US1          500.00 USD {0.90 EUR, "HAND-1"}
    item: "HAND-1"
    due: 2026-03-03
  Income:Sales          -450.00 EUR
"""


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take these books for large ones: they are not loaded whole just because they are small."""
    monkeypatch.setattr(indexed_books, "SMALL", 0)


def new(folder: str | Path) -> Path:
    """Write books that were checked whole."""
    root = small_books.new(Path(folder))
    (root / "manual" / "more.beancount").write_text(MORE)
    check(root)
    return root


def check(root: Path) -> None:
    """Load the books whole and take note, as `o2c check` does."""
    loaded = door.load(root)
    assert not loaded.errors, loaded.errors
    door.note_loaded(loaded)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of the books."""
    return new(tmp_path)


# ---- documents, right and wrong --------------------------------------------------------------------------------------

days = st.dates(date(2026, 1, 5), date(2026, 4, 28))
customers = st.sampled_from(["C1", "C1", "C2", "US1", "KID"])
sums = st.sampled_from(["0.01", "10.00", "25.00", "40.00", "60.00", "100.00", "200.00", "900.00", "1000.00"])
items = st.sampled_from(
    "INV-2026-0011 INV-2026-0021 INV-2026-0012 INV-2026-0013 INV-2026-0023 OLD-1 HAND-1 RC-2026-0012 RC-2026-0022 "
    "INV-2026-0041 RC-2026-0041 NONE-1".split()
)
accounts = st.sampled_from(["Assets:Bank:Main", "Income:Sales", "Income:Old", "Income:Nowhere", "Expenses:Bad-Debt"])
numbers = st.sampled_from([11, 31, 41, 42])
#: Units held, what they are worth, and whether it is true, for each item in dollars.
lots = st.sampled_from([("1000.00", "900.00"), ("600.00", "540.00"), ("500.00", "450.00"), ("600.00", "541.00")])


@st.composite
def moves_between(draw: st.DrawFn) -> Document:
    """Make a document that moves items against each other, or against an account: allocation, credit, write-off."""
    kind = draw(st.sampled_from([names.ALLOCATION, names.CREDIT_NOTE, names.WRITE_OFF, names.REFUND]))
    customer, amount = draw(customers), Decimal(draw(sums))
    item, other = draw(items), draw(items)
    doc_id = f"{kind[:2].upper()}-2026-{draw(numbers):04d}"
    moves = [Movement(names.receivable(customer), item, -amount, "EUR")]
    others: tuple[Other, ...] = ()
    if kind == names.ALLOCATION:
        moves.append(Movement(names.deposit(customer), other, amount, "EUR"))
    elif kind == names.REFUND:
        moves = [Movement(names.deposit(customer), other, amount, "EUR")]
        others = (Other("Assets:Bank:Main", -amount, "EUR"),)
    else:
        others = (Other(draw(accounts), amount, draw(st.sampled_from(["EUR", "EUR", "EUR", "USD"]))),)
    return invoice(1, draw(days), customer, "1.00")._replace(
        doc_type=kind, doc_id=doc_id, movements=tuple(moves), others=others,
        refers=draw(st.sampled_from(["", item, other])), due=None, tags=frozenset({kind}), links=frozenset({doc_id}),
    )  # fmt: skip


@st.composite
def reversals(draw: st.DrawFn) -> Document:
    """Take back a document of the books: all of it, or not quite."""
    month = draw(st.integers(1, 3))
    documents = [entry for entry in small_books.documents_of(month) if isinstance(entry, Document)]
    of = draw(st.sampled_from(documents))
    share = draw(st.sampled_from([Decimal(1), Decimal(1), Decimal(1), Decimal("0.5")]))
    doc_id = f"RV-2026-{draw(numbers):04d}"
    return of._replace(
        doc_type=names.REVERSAL,
        doc_id=doc_id,
        date=draw(days),
        due=None,
        refers=of.doc_id,
        movements=tuple(
            move._replace(
                amount=-move.amount * share,
                carrying=move.carrying and Amount(-(move.carrying.number or 0) * share, move.carrying.currency),
            )
            for move in of.movements
        ),
        others=tuple(other._replace(amount=-other.amount * share, total=other.total) for other in of.others),
        extra=(("reverses", of.doc_type),),
        tags=frozenset({names.REVERSAL}),
        links=frozenset({doc_id, of.doc_id}),
    )


@st.composite
def spoiled(draw: st.DrawFn) -> Document:
    """Take a good document and spoil one thing of it."""
    doc = draw(
        st.builds(invoice, numbers, days, st.just("C1"), sums)
        | st.builds(receipt, numbers, days, customers, sums, items)
    )
    amount = doc.others[0].amount
    return doc._replace(
        **draw(
            st.sampled_from(
                [
                    {"others": (Other("Income:Nowhere", amount, "EUR"),)},
                    {"others": (Other("Income:Old", amount, "EUR"),)},
                    {"others": (Other("Assets:Bank:Main", amount, "USD"),)},
                    {"others": (Other("Income:Sales", amount + Decimal("0.01"), "EUR"),)},
                    {"others": (Other("Income:Sales", amount + Decimal("0.004"), "EUR"),)},
                    {"others": ()},
                    {"doc_id": ""},
                    {"doc_id": "INV-2026-0011"},
                    {"customer": ""},
                    {"customer": "C2"},
                    {"refers": "NONE-1"},
                    {"date": date(2025, 12, 31)},
                ]
            )
        )
    )


events = st.builds(
    lambda kind, day, subject, customer: Event(kind, day, subject, customer, act(), names.receivable(customer), "said"),
    st.sampled_from(["remark", "promise", "order-confirmed"]), days, items, st.sampled_from(["C1", "KID"]),
)  # fmt: skip
closings = st.builds(
    lambda day: Event("o2c-close", day, "", "", act=act(), values=(f"{day:%Y-%m}", day, "closed")), days
)
documents = st.one_of(
    st.builds(invoice, numbers, days, customers, sums),
    st.builds(invoice, numbers, days, st.just("US1"), sums, st.just("USD"), sums),
    st.builds(receipt, numbers, days, customers, sums, items),
    st.builds(receipt, numbers, days, customers, sums, st.just("")),
    st.builds(
        receipt,
        numbers,
        days,
        st.just("US1"),
        sums,
        st.sampled_from(["INV-2026-0013", "INV-2026-0033", "HAND-1"]),
        lots,
    ),
    moves_between(),
    reversals(),
    spoiled(),
    events,
    closings,
)


# ---- the proof -------------------------------------------------------------------------------------------------------


def outcome(root: Path, entries: list[Entry], *, dry_run: bool) -> tuple[str, ...]:
    """Post, and give the sentences of the refusal; none where it was accepted."""
    try:
        post(root, lambda _: entries, act(), dry_run=dry_run)
    except (O2CError, AssertionError) as refusal:
        return tuple(sorted({_LOT.sub("no such lot", line) for line in str(refusal).splitlines()}))
    return ()


#: Where a lot cannot be taken out, Beancount lists the others on the account; which ones it sees does not matter.
_LOT = re.compile(r"(No position matches|Not enough lots).*")


def content(root: Path) -> dict[str, bytes]:
    return Shop(root).files()


@given(st.lists(st.lists(documents, min_size=1, max_size=3), min_size=1, max_size=4))
@settings(max_examples=max(25, settings.default.max_examples // 2))
def test_posting_through_the_index_decides_as_a_full_load_does(batches: list[list[Entry]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = new(folder)
        for entries in batches:
            with mock.patch.object(door, "opened", door.load):
                expected = outcome(root, entries, dry_run=True)
            before = content(root)
            for dry_run in (True, False):
                said = outcome(root, entries, dry_run=dry_run)
                assert bool(said) == bool(expected), (said, expected)
                assert said == expected or "no such lot" in {*said, *expected}
            assert (content(root) == before) == bool(expected)
            require_clean(root)


def require_clean(root: Path) -> None:
    """Prove with Beancount alone that the books are clean; the index must know it, and be true."""
    loader.initialize(use_cache=False)
    assert not loader.load_file(str(root / "main.beancount"))[1]
    books = door.opened(root)
    assert isinstance(books, IndexedBooks)
    assert books.is_known_clean
    books.connection.close()
    assert not verify.verify(root)


@pytest.fixture
def _no_load(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forbid to load the books whole."""
    with monkeypatch.context() as patch:
        patch.setattr(IndexedBooks, "whole", property(lambda _: pytest.fail("the books were loaded whole")))
        yield


GOOD: dict[str, list[Entry]] = {
    "an invoice": [invoice(41, date(2026, 3, 20), "C1", "10.00")],
    "an invoice of a new customer": [invoice(41, date(2026, 3, 20), "KID", "10.00")],
    "a receipt": [receipt(41, date(2026, 3, 20), "C1", "40.00", "INV-2026-0011")],
    "a receipt in dollars": [receipt(41, date(2026, 3, 25), "US1", "600.00", "INV-2026-0013", ("600.00", "540.00"))],
    "a receipt on account": [receipt(41, date(2026, 3, 20), "C2", "1.00", "")],
    "an invoice and its receipt": [
        invoice(41, date(2026, 3, 20), "C1", "10.00"),
        receipt(41, date(2026, 3, 20), "C1", "10.00", "INV-2026-0041"),
    ],
    "a remark": [Event("remark", date(2026, 3, 20), "INV-2026-0011", "C1", act(), names.receivable("C1"), "said")],
}


@pytest.mark.parametrize("what", GOOD)
@pytest.mark.usefixtures("_no_load")
def test_usual_documents_are_posted_without_a_full_load(root: Path, what: str) -> None:
    for _ in range(2):
        assert outcome(root, GOOD[what], dry_run=True) == ()
    assert outcome(root, GOOD[what], dry_run=False) == ()


BAD: dict[str, tuple[list[Entry], str]] = {
    "a number that is taken": ([invoice(11, date(2026, 3, 20), "C1", "10.00")], "INV-2026-0011"),
    "more than is open": ([receipt(41, date(2026, 3, 20), "C1", "40.01", "INV-2026-0011")], "INV-2026-0011"),
    "more than the lot": (
        [receipt(41, date(2026, 3, 25), "US1", "600.00", "INV-2026-0013", ("700.00", "630.00"))],
        "no such lot",
    ),
    "another customer's item": ([receipt(41, date(2026, 3, 20), "C2", "1.00", "INV-2026-0011")], "INV-2026-0011"),
    "a closed account": (
        [invoice(41, date(2026, 3, 20), "C1", "9.00")._replace(others=(Other("Income:Old", Decimal("-9.00"), "EUR"),))],
        "inactive",
    ),
    "an account that was not opened": (
        [invoice(41, date(2026, 3, 20), "C1", "9.00")._replace(others=(Other("Income:No", Decimal("-9.00"), "EUR"),))],
        "unknown account",
    ),
    "a cent too much": (
        [
            invoice(41, date(2026, 3, 20), "C1", "9.00")._replace(
                others=(Other("Income:Sales", Decimal("-9.01"), "EUR"),)
            )
        ],
        "balance",
    ),
    "a closed period": ([invoice(41, date(2026, 1, 10), "C1", "9.00")], "closed"),
    "a reversal of nothing": (
        [invoice(41, date(2026, 3, 20), "C1", "9.00")._replace(refers="INV-2026-9999")],
        "INV-2026-9999",
    ),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.usefixtures("_no_load")
def test_wrong_documents_are_refused_without_a_full_load(root: Path, what: str) -> None:
    entries, word = BAD[what]
    before = content(root)
    said = outcome(root, entries, dry_run=False)
    assert word.lower() in " ".join(said).lower(), said
    assert content(root) == before
    assert outcome(root, GOOD["an invoice"], dry_run=True) == ()


PLAIN_CREDIT = """
2026-02-04 * "A credit by hand on the wrong account, without a rate"
  Assets:AR:US1        -2000.00 USD @@ 1800.00 EUR
    item: "CREDIT-1"
  Income:Sales          1800.00 EUR
"""


def test_items_of_both_signs_on_an_account_with_lots_are_judged_by_a_full_load(tmp_path: Path) -> None:
    """Beancount wants to take every new lot out of the credit, and cannot."""
    root = small_books.new(tmp_path)
    for path in (root / "journal").glob("2026-*"):
        path.write_text("; nothing\n")
    (root / "manual" / "credit.beancount").write_text(PLAIN_CREDIT)
    check(root)
    dollars: list[Entry] = [invoice(41, date(2026, 3, 20), "US1", "10.00", "USD", "9.00")]
    with mock.patch.object(door, "opened", door.load):
        expected = outcome(root, dollars, dry_run=True)
    assert "no such lot" in expected
    assert outcome(root, dollars, dry_run=False) == expected


def test_a_lot_that_is_not_there_is_judged_by_a_full_load(root: Path) -> None:
    """Alone on an account, Beancount would take it for a lot of its own."""
    doc = receipt(41, date(2026, 3, 20), "US1", "5.00", "", ("5.00", "4.50"))
    lonely = doc._replace(
        movements=(
            Movement(
                names.receivable("US1"),
                "RC-2026-0041",
                Decimal("-5.00"),
                "USD",
                carrying=Amount(Decimal("-4.50"), "EUR"),
            ),
        )
    )
    assert "no such lot" in outcome(root, [lonely], dry_run=False)


def test_a_document_before_a_later_balance_assertion_is_judged_by_a_full_load(root: Path) -> None:
    late = receipt(41, date(2026, 2, 25), "C1", "1.00", "INV-2026-0011")
    assert any("Balance failed" in line for line in outcome(root, [late], dry_run=False))
    on_the_day = receipt(41, date(2026, 3, 15), "C1", "1.00", "INV-2026-0011")
    assert outcome(root, [on_the_day], dry_run=False) == (), "a balance is that of the morning"
    require_clean(root)


FOREIGN = """
__plugins__ = ["refuse"]
import collections
Fault = collections.namedtuple("Fault", "source message entry")
def refuse(entries, options):
    found = [entry for entry in entries if getattr(entry, "narration", "").endswith(" 0013")]
    return entries, [Fault(entry.meta, "no thirteen", entry) for entry in found]
"""


def test_a_plugin_of_others_is_asked_about_every_posting(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "no_thirteen_here.py").write_text(FOREIGN)
    monkeypatch.syspath_prepend(root)
    main = root / "main.beancount"
    main.write_text('plugin "no_thirteen_here"\n' + main.read_text())
    thirteen = [receipt(113, date(2026, 3, 20), "C2", "1.00", "")._replace(narration="Receipt 0013")]
    loaded = [False]
    real = loading.load

    def load(folder: Path) -> door.Books:
        loaded[0] = True
        return real(folder)

    monkeypatch.setattr(loading, "load", load)
    check(root)
    loaded[0] = False
    assert outcome(root, GOOD["an invoice"], dry_run=False) == ()
    assert loaded[0]
    assert "no thirteen" in outcome(root, thirteen, dry_run=False)


def test_large_books_that_changed_by_hand_are_refused_until_they_were_checked(root: Path) -> None:
    hand = root / "manual" / "hand.beancount"
    hand.write_text(hand.read_text() + "\n2026-03-30 price USD 0.93 EUR\n")
    before = content(root)
    (said,) = outcome(root, GOOD["a receipt"], dry_run=False)
    assert said.startswith(
        f"{root / 'main.beancount'}: the books changed since they were last checked whole; run `o2c check`"
    )
    shop = Shop(root)
    assert shop.run("receipt", "C1", "1.00").code == 3
    assert content(root) == before
    shop.did("check", "loads")
    shop.did("receipt", "C1", "1.00")
    require_clean(root)


def test_an_edit_that_breaks_the_books_is_found_by_the_check_and_posting_stays_refused(root: Path) -> None:
    hand = root / "manual" / "hand.beancount"
    hand.write_text(hand.read_text() + "\n2026-03-30 balance Assets:Bank:Main 1.00 EUR\n")
    shop = Shop(root)
    assert shop.run("check", "loads").code == 1
    assert shop.run("receipt", "C1", "1.00").code == 3
    hand.write_text(hand.read_text().replace("\n2026-03-30 balance Assets:Bank:Main 1.00 EUR\n", ""))
    assert shop.run("receipt", "C1", "1.00").code in {0, 3}
    shop.did("check", "loads")
    shop.did("receipt", "C1", "1.00", "--again")


def test_a_file_that_is_edited_while_we_post_takes_the_mark_away(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our write and our note somebody breaks another file: the mark must not cover it."""
    real = IndexedBooks.written
    hand = root / "manual" / "hand.beancount"

    def written(books: IndexedBooks, path: Path, new: bytes) -> None:
        hand.write_text(hand.read_text() + "\n2026-03-30 balance Assets:Bank:Main 1.00 EUR\n")
        real(books, path, new)

    monkeypatch.setattr(IndexedBooks, "written", written)
    assert outcome(root, GOOD["a receipt"], dry_run=False) == ()
    books = door.opened(root)
    assert not isinstance(books, IndexedBooks) or not books.is_known_clean


def test_a_mark_is_lost_with_the_index(root: Path) -> None:
    (root / ".o2c" / "index.sqlite").unlink()
    with pytest.raises(O2CError, match="o2c check"):
        post(root, lambda _: GOOD["a receipt"], act())
    check(root)
    post(root, lambda _: GOOD["a receipt"], act())


def test_a_refusal_gives_a_place_and_a_reason(root: Path) -> None:
    with pytest.raises(Refused) as refusal:
        post(root, lambda _: BAD["more than is open"][0], act())
    assert "nothing was written" in str(refusal.value)

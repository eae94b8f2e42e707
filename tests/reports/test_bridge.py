"""The bridge: its parts are the difference, to the cent and in exact fractions, and each leads to its documents."""

from __future__ import annotations

import shutil
from datetime import date
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c import books as door
from o2c.books.index.books import IndexedBooks
from o2c.errors import Refused
from o2c.reports import bridge
from o2c.reports import bridge_documents
from o2c.reports import explaining
from o2c.reports import run
from o2c.reports.bridging import overdue
from o2c.reports.explaining import naming
from o2c.reports.explaining.asked import Asked
from tests.reports import entries as made_of
from tests.reports.conftest import _books as load

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books
    from o2c.reports.table import Row
    from o2c.reports.table import Table

DEMO = Path(__file__).parents[2] / "ledger"
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
START = date(2025, 11, 1)


def _parts(table: Table, measure: str, currency: str = "EUR") -> dict[str, object]:
    return {
        str(row["part"]): row["amount"]
        for row in table.rows
        if (row["measure"], row["currency"]) == (measure, currency)
    }


def _bridge(books: Books, **options: object) -> Table:
    return run("bridge", books, LAST, since=FIRST, **options)


def test_what_passes_its_due_date_is_newly_overdue_and_then_paid(books: Callable[[str], Books]) -> None:
    ledger = made_of.sold("INV-1", "2026-02-01", "100.00", due="2026-03-10")
    ledger += made_of.paid("RC-1", "2026-03-05", "30.00", "INV-1")
    ledger += made_of.paid("RC-2", "2026-03-20", "50.00", "INV-1")
    assert _parts(_bridge(books(ledger)), "overdue") == {
        "begin": Decimal(0),
        "newly-overdue": Decimal(70),
        "paid": Decimal(-50),
        "end": Decimal(20),
    }


def test_what_is_paid_on_its_due_date_was_never_overdue(books: Callable[[str], Books]) -> None:
    ledger = made_of.sold("INV-1", "2026-02-01", "100.00", due="2026-03-10")
    ledger += made_of.paid("RC-1", "2026-03-10", "100.00", "INV-1")
    assert _parts(_bridge(books(ledger)), "overdue") == {}


def test_an_item_due_on_the_last_day_is_not_overdue_yet(books: Callable[[str], Books]) -> None:
    ledger = made_of.sold("INV-1", "2026-02-01", "100.00", due="2026-03-31")
    ledger += made_of.sold("INV-2", "2026-02-01", "7.00", due="2026-03-30")
    assert _parts(_bridge(books(ledger)), "overdue")["newly-overdue"] == Decimal(7)


def test_an_item_that_comes_when_it_is_past_due_is_new(books: Callable[[str], Books]) -> None:
    ledger = made_of.sold("INV-1", "2026-03-15", "100.00", due="2026-03-01")
    assert _parts(_bridge(books(ledger)), "overdue") == {"begin": 0, "new": Decimal(100), "end": Decimal(100)}


def test_a_due_date_that_is_known_later_is_a_changed_date(books: Callable[[str], Books]) -> None:
    """Entered by hand without a due date it is due at once; its invoice says a later day."""
    by_hand = '\n2026-02-10 * "C" "x"\n  Assets:AR:C1  40.00 EUR\n    item: "INV-1"\n  Income:Sales  -40.00 EUR\n'
    ledger = by_hand + made_of.sold("INV-1", "2026-03-10", "60.00", due="2026-04-30")
    assert _parts(_bridge(books(ledger)), "overdue") == {
        "begin": Decimal(40),
        "dates-changed": Decimal(-40),
        "end": Decimal(0),
    }


def test_an_allocation_counts_as_what_it_applies(books: Callable[[str], Books]) -> None:
    ledger = made_of.sold("INV-1", "2026-01-01", "100.00", due="2026-01-15")
    ledger += made_of.paid("RC-1", "2026-02-20", "60.00")
    ledger += made_of.allocated("AL-1", "2026-03-05", "25.00", "RC-1", "INV-1")
    ledger += made_of.taken_back("AL-2", "2026-03-20", "25.00", "AL-1", "RC-1", "INV-1")
    ledger += made_of.allocated("AL-3", "2026-03-25", "10.00", "RC-1", "INV-1")
    table = _bridge(books(ledger))
    assert _parts(table, "overdue") == {"begin": Decimal(100), "paid": Decimal(-10), "end": Decimal(90)}
    assert _parts(table, "unapplied") == {"begin": Decimal(-60), "applied": Decimal(10), "end": Decimal(-50)}


def test_money_used_for_a_part_of_a_foreign_item_is_paid_though_its_lot_is_put_back(
    books: Callable[[str], Books],
) -> None:
    """The lots of both items are taken out whole, and their rests put back, as the tool writes it."""
    ledger = made_of.doc(
        "invoice",
        "INV-1",
        "2026-01-01",
        'Assets:AR:C1  100.00 USD {{90.00 EUR, "INV-1"}};  item: "INV-1";Income:Sales  -90.00 EUR',
        currency="USD",
        due="2026-01-15",
    )
    ledger += made_of.doc(
        "receipt",
        "RC-1",
        "2026-02-20",
        "Assets:Bank  60.00 USD @@ 54.00 EUR;"
        'Liabilities:Customer-Deposits:C1  -60.00 USD {{54.00 EUR, "RC-1"}};  item: "RC-1"',
        currency="USD",
    )
    ledger += made_of.doc(
        "allocation",
        "AL-1",
        "2026-03-05",
        'Liabilities:Customer-Deposits:C1  60.00 USD {"RC-1"};  item: "RC-1";'
        'Assets:AR:C1  -100.00 USD {"INV-1"};  item: "INV-1";'
        'Assets:AR:C1  40.00 USD {{36.00 EUR, "INV-1"}};  item: "INV-1"',
        currency="USD",
    )
    table = _bridge(books(ledger))
    assert _parts(table, "overdue", "USD") == {"begin": Decimal(100), "paid": Decimal(-60), "end": Decimal(40)}


def test_money_used_together_with_a_credit_by_hand_is_neither_paid_nor_credited(
    books: Callable[[str], Books],
) -> None:
    credit = f"{made_of.moved('X-1', '-10.00')};Income:Sales  10.00 EUR"
    ledger = made_of.sold("INV-1", "2026-01-01", "100.00", due="2026-01-15")
    ledger += made_of.paid("RC-1", "2026-02-20", "60.00")
    ledger += '\n2026-02-21 * "By hand"\n' + "".join(f"  {posting.strip()}\n" for posting in credit.split(";"))
    both = [
        made_of.moved("RC-1", "60.00", is_credit=True),
        made_of.moved("X-1", "10.00"),
        made_of.moved("INV-1", "-70.00"),
    ]
    ledger += made_of.doc("allocation", "AL-1", "2026-03-05", ";".join(both))
    assert _parts(_bridge(books(ledger)), "overdue")["other"] == Decimal(-70)


def test_an_allocated_credit_note_is_credited_and_a_bounced_receipt_is_paid_with_the_other_sign(
    books: Callable[[str], Books],
) -> None:
    ledger = made_of.sold("INV-1", "2026-01-01", "100.00", due="2026-01-15")
    ledger += made_of.sold("INV-2", "2026-01-01", "50.00", due="2026-01-15")
    own = made_of.moved("CN-1", "-30.00", is_credit=True)
    ledger += made_of.doc("credit-note", "CN-1", "2026-02-20", f"{own};Income:Sales  30.00 EUR")
    ledger += made_of.paid("RC-1", "2026-02-21", "50.00", "INV-2")
    ledger += made_of.allocated("AL-1", "2026-03-05", "30.00", "CN-1", "INV-1")
    ledger += made_of.bounced("RV-1", "2026-03-06", "50.00", "RC-1", "INV-2")
    ledger += made_of.written_off("WO-1", "2026-03-07", "5.00", "INV-1")
    table = _bridge(books(ledger))
    assert _parts(table, "overdue") == {
        "begin": Decimal(100),
        "paid": Decimal(50),
        "credited": Decimal(-30),
        "written-off": Decimal(-5),
        "end": Decimal(115),
    }
    assert _parts(table, "unapplied") == {"begin": Decimal(-30), "applied": Decimal(30), "end": Decimal(0)}


def test_days_are_split_into_receivables_and_sales(books: Callable[[str], Books]) -> None:
    """200 / 100 x 30 = 60 days before, 250 / 150 x 30 = 50 after.

    Receivables (250 - 200) x 30 / 100 = 15; sales -(150 - 100) x 250 x 30 / (100 x 150) = -25.
    """
    ledger = made_of.sold("INV-0", "2025-12-01", "100.00", due="2025-12-31")
    ledger += made_of.sold("INV-1", "2026-02-10", "100.00", due="2026-03-10")
    ledger += made_of.sold("INV-2", "2026-03-10", "150.00", due="2026-04-10")
    ledger += made_of.paid("RC-1", "2026-03-20", "100.00", "INV-0")
    rows = {str(row["part"]): row for row in _bridge(books(ledger), days=30).rows if row["measure"] == "dso"}
    days = {part: (row["effect"], row["exact"], row["days"]) for part, row in rows.items()}
    assert days == {
        "begin": ("", "60", Decimal("60.00")),
        "new": ("receivables", "45", Decimal("45.00")),
        "paid": ("receivables", "-30", Decimal("-30.00")),
        "sales-new": ("sales", "-75", Decimal("-75.00")),
        "sales-gone": ("sales", "50", Decimal("50.00")),
        "end": ("", "50", Decimal("50.00")),
    }


def test_without_sales_on_both_days_money_is_bridged_and_days_are_not(books: Callable[[str], Books]) -> None:
    table = _bridge(books(made_of.sold("INV-1", "2026-03-10", "100.00", due="2026-04-10")))
    assert _parts(table, "dso")["end"] == Decimal(100)
    assert {row["days"] for row in table.rows} == {""}


def test_parts_that_are_not_the_difference_are_refused(
    books: Callable[[str], Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = books(made_of.sold("INV-1", "2026-02-01", "100.00", due="2026-03-10"))
    monkeypatch.setattr(overdue, "changes", lambda _chosen, _period: ())
    with pytest.raises(Refused, match=r"bridge of overdue in EUR begins at 0 and ends at 100\.00, but its parts are 0"):
        _bridge(ledger)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root: Path = tmp_path_factory.mktemp("bridge") / "books"
    shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns(".o2c"))
    return root


def test_the_bridge_is_the_same_through_the_index_and_over_loaded_books(demo: Path) -> None:
    light, whole = door.opened(demo), door.load(demo)
    assert isinstance(light, IndexedBooks)
    for name in ("bridge", "bridge-documents"):
        for options in ({}, {"customer": "C0005"}, {"group": "RIVE-CLAIRE"}):
            tables = [run(name, books, LAST, since=date(2026, 1, 15), **options) for books in (light, whole)]
            assert tables[0] == tables[1]
            assert tables[0].rows


class Sale:
    """An invoice of random books, and what was paid of it: nothing, a part, all or too much."""

    def __init__(self, number: int, day: int, terms: int, cents: int, paid: tuple[int, int, int] | None) -> None:
        self.item = f"INV-{number}"
        self.date = START + timedelta(days=day)
        self.due = self.date + timedelta(days=terms)
        self.customer, self.currency = f"C{number % 3 + 1}", "USD" if number % 5 == 4 else "EUR"
        self.moves = [(self.date, Decimal(cents) / 100, "invoice", self.item)]
        if paid is not None:
            after, percent, kind = paid
            less = -(Decimal(cents) * percent / 10_000).quantize(Decimal("0.01"))
            self.moves.append((self.date + timedelta(days=after), less, KINDS[kind], f"{PREFIX[kind]}-{number}"))

    def open(self, day: date) -> Decimal:
        return sum((amount for when, amount, _, _ in self.moves if when <= day), Decimal(0))

    def late(self, day: date) -> Decimal:
        return max(self.open(day), Decimal(0)) if self.due < day else Decimal(0)

    def sold(self, first: date, last: date) -> Decimal:
        kinds = {"invoice", "credit-note"}
        return sum(
            (amount for when, amount, kind, _ in self.moves if kind in kinds and first <= when <= last), Decimal(0)
        )

    def text(self) -> str:
        sale = made_of.sold(
            self.item,
            f"{self.date}",
            f"{self.moves[0][1]}",
            due=f"{self.due}",
            customer=self.customer,
            currency=self.currency,
        )
        for when, amount, kind, number in self.moves[1:]:
            posting = made_of.moved(self.item, f"{amount}", self.customer, self.currency)
            other = f"Assets:Bank  {-amount} {self.currency}"
            sale += made_of.doc(
                kind, number, f"{when}", f"{posting};{other}", customer=self.customer, currency=self.currency
            )
        return sale


KINDS = ("receipt", "credit-note", "write-off")
PREFIX = ("RC", "CN", "WO")
PAID = st.none() | st.tuples(st.integers(0, 90), st.integers(1, 130), st.integers(0, 2))
SALES = st.lists(st.tuples(st.integers(0, 150), st.integers(-5, 60), st.integers(100, 99_999), PAID), max_size=12)


@given(SALES, st.integers(20, 150), st.integers(0, 60), st.sampled_from((30, 90)))
def test_the_parts_of_random_books_are_the_difference(
    found: list[tuple[int, int, int, tuple[int, int, int] | None]], day: int, length: int, window: int
) -> None:
    sales = [Sale(number, *one) for number, one in enumerate(found)]
    books = load("".join(sale.text() for sale in sales))
    first = START + timedelta(days=day)
    last, before = first + timedelta(days=length), first - timedelta(days=1)
    table = bridge.report(books, last, since=first, days=window)
    for currency in ("EUR", "USD"):
        mine = [sale for sale in sales if sale.currency == currency]
        late = [sum((sale.late(when) for sale in mine), Decimal(0)) for when in (before, last)]
        unused = [sum((min(sale.open(when), Decimal(0)) for sale in mine), Decimal(0)) for when in (before, last)]
        _adds_up(_rows(table, "overdue", currency), *late)
        _adds_up(_rows(table, "unapplied", currency), *unused)
        _days_add_up(_rows(table, "dso", currency), mine, (before, last), window)
    listed = bridge_documents.report(books, last, since=first, days=window)
    for row in table.rows:
        if row["part"] not in {"begin", "end"}:
            key = [row[name] for name in ("measure", "currency", "part")]
            documents = [one for one in listed.rows if [one["measure"], one["currency"], one["part"]] == key]
            assert sum(_amount(one) for one in documents) == row["amount"]
            assert len(documents) == row["documents"]


@given(SALES, st.integers(20, 150), st.integers(0, 60))
def test_every_figure_of_the_bridges_of_random_books_can_be_explained(
    found: list[tuple[int, int, int, tuple[int, int, int] | None]], day: int, length: int
) -> None:
    books = load("".join(Sale(number, *one).text() for number, one in enumerate(found)))
    first = START + timedelta(days=day)
    last = first + timedelta(days=length)
    for name in ("bridge", "bridge-documents"):
        table, known = run(name, books, last, since=first), dict[object, object]()
        for row in table.rows:
            for column in table.columns:
                if column.kind in naming.FIGURES:
                    explaining.explained(Asked(books, last, {"since": first}, table, row, column, known))


def _rows(table: Table, measure: str, currency: str) -> list[Row]:
    return [row for row in table.rows if (row["measure"], row["currency"]) == (measure, currency)]


def _amount(row: Row) -> Decimal:
    amount = row["amount"]
    assert isinstance(amount, Decimal)
    return amount


def _adds_up(rows: list[Row], begin: Decimal, end: Decimal) -> None:
    if not rows:
        assert (begin, end) == (0, 0)
        return
    assert (rows[0]["amount"], rows[-1]["amount"]) == (begin, end)
    assert begin + sum(_amount(row) for row in rows[1:-1]) == end


def _days_add_up(rows: list[Row], sales: list[Sale], days: tuple[date, date], window: int) -> None:
    if not rows:
        return
    expected = []
    for day in days:
        owed = sum((sale.open(day) for sale in sales), Decimal(0))
        sold = sum((sale.sold(day - timedelta(days=window - 1), day) for sale in sales), Decimal(0))
        expected.append(Fraction(owed) * window / Fraction(sold) if sold > 0 else None)
    if None in expected:
        assert {row["exact"] for row in rows} == {""}
        return
    assert [Fraction(str(rows[0]["exact"])), Fraction(str(rows[-1]["exact"]))] == expected
    assert sum((Fraction(str(row["exact"])) for row in rows[:-1]), Fraction(0)) == expected[1]

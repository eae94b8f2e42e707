"""Every figure of every report is made of its parts, and every part of the ledger stands where it says."""

from __future__ import annotations

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

from o2c import books as door
from o2c import reports
from o2c.books.index.books import IndexedBooks
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.reports import explaining
from o2c.reports.explaining import naming
from o2c.reports.explaining.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.books import Books
    from o2c.reports.explaining import Part

DEMO = Path(__file__).parents[2] / "ledger"
SINCE, UNTIL = date(2026, 1, 5), date(2026, 3, 20)
END, MIDDLE = date(2026, 4, 2), date(2026, 2, 10)
#: Disputes of a document with instalments, without an amount, resolved; a promise; money of nobody; a receivable by
#: hand; a part of an order delivered.
BY_HAND = """
2026-01-20 note Assets:AR:C0001 "x" #dispute-opened
  subject: "INV-2026-0018"
  reason: "price"
2026-01-29 note Assets:AR:C0001 "x" #dispute-resolved
  subject: "INV-2026-0018"
2026-02-08 note Assets:AR:C0006 "x" #dispute-opened
  subject: "INV-2026-0057"
  reason: "damaged"
  amount: 1500.00 EUR
2026-02-09 note Assets:AR:C0003 "x" #dispute-opened
  subject: "INV-2026-0004"
  reason: "price"
2026-02-10 note Assets:AR:C0023 "x" #promise
  subject: "INV-2026-0043"
  promised: 2026-04-30
  amount: 500.00 EUR
2026-02-05 * "Somebody" "Money of nobody"
  Assets:Bank:EUR  77.00 EUR
  Liabilities:Unidentified-Receipts  -77.00 EUR
2026-02-06 * "By hand" "An old debt"
  Assets:AR:C0003  12.50 EUR
    item: "OLD-1"
    due: 2026-02-20
  Equity:Opening-Balances  -12.50 EUR
2026-04-01 * "Alsterlicht" "A part of an order"
  doc-type: "delivery"
  doc-id: "DN-2026-9001"
  customer: "C0001"
  currency: "EUR"
  refers: "SO-2026-0120"
  Equity:Orders  0.00 EUR
    line: 1
    sku: "NL-1001"
    qty: 7
    order: "SO-2026-0120"
    order-line: 1
"""
#: Ways to ask for a report: each report takes those that it has the options for.
ASKED: tuple[tuple[date, dict[str, Any]], ...] = (
    (END, {}),
    (MIDDLE, {}),
    (END, {"since": SINCE, "until": UNTIL}),
    (END, {"since": SINCE, "valued": True}),
    (MIDDLE, {"buckets": (15, 30), "basis": "invoice", "customer": "C0003"}),
    (END, {"method": "average"}),
    (END, {"method": "countback"}),
    (END, {"method": "best-possible"}),
    (MIDDLE, {"until": UNTIL}),
)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    root = tmp_path_factory.mktemp("explained") / "books"
    shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns(".o2c"))
    (root / "manual" / "explained.beancount").write_text(BY_HAND)
    loaded = door.load(root)
    assert {"INV-2026-0018", "INV-2026-0057"} <= loaded.events("dispute-opened").keys()
    return loaded


def _figures(books: Books, name: str, as_of: date, options: dict[str, Any]) -> Iterator[Asked]:
    table = reports.run(name, books, as_of, **options)
    known: dict[object, object] = {}
    for row in (*table.rows, *table.totals):
        for column in table.columns:
            if column.kind in naming.FIGURES and column.name in row:
                yield Asked(books, as_of, options, table, row, column, known)


def _ways(name: str) -> list[tuple[date, dict[str, Any]]]:
    return [(day, options) for day, options in ASKED if options.keys() <= reports.options(name)]


def _all(part: Part) -> Iterator[Part]:
    yield part
    for each in part.parts:
        yield from _all(each)


@pytest.mark.parametrize("name", reports.REPORTS)
def test_the_parts_of_every_figure_of_every_report_make_it(books: Books, name: str) -> None:
    """`explained` refuses what its parts do not make; a report that nobody explains fails here."""
    explained = 0
    for day, options in _ways(name):
        for asked in _figures(books, name, day, options):
            part = explaining.explained(asked)
            assert part.value == asked.value
            explained += 1
    assert explained, f"{name} has no figure in the demo books on any of these days: add one to this test"


def test_every_place_in_an_explanation_is_the_first_line_of_an_entry(books: Books) -> None:
    seen = set()
    for name in ("aging", "measures", "exposure", "backlog", "tax", "dispute-reasons"):
        for asked in _figures(books, name, MIDDLE, {}):
            seen |= {part.place for part in _all(explaining.explained(asked))} - {""}
    assert len(seen) > 80
    paths = {place.rpartition(":")[0] for place in seen}
    texts = {path: (books.root / path).read_text().splitlines() for path in paths}
    for place in seen:
        path, _, line = place.rpartition(":")
        assert re.match(r"\d{4}-\d\d-\d\d ", texts[path][int(line) - 1]), place


def test_the_documents_behind_an_aging_are_the_postings_on_the_receivable_accounts(books: Books) -> None:
    """A second, independent sum: the postings of the loaded entries, by the place of their entry."""
    posted: dict[str, Decimal] = {}
    for entry in books.booked:
        for posting in getattr(entry, "postings", ()):
            is_ours = posting.account in {"Assets:AR:C0003", "Liabilities:Customer-Deposits:C0003"}
            if is_ours and entry.date <= END and posting.units.currency == "EUR":
                path = Path(entry.meta["filename"]).relative_to(books.root).as_posix()
                place = f"{path}:{entry.meta['lineno']}"
                posted[place] = posted.get(place, Decimal(0)) + posting.units.number
    _, part = explaining.explain(books, "aging", END, words=["C0003", "total"])
    leaves = [one for one in _all(part) if not one.parts and one.place]
    open_now = {one.place: one.value for one in leaves}
    assert {place: posted[place] for place in open_now} == open_now
    assert sum(one.value for one in leaves if isinstance(one.value, Decimal)) == sum(posted.values())


#: Figures that are explained from a part of the books where there is an index.
LIGHT = (
    ("aging", ("C0005", "total")),
    ("aging", ("total", "EUR", "disputed")),
    ("open-items", ("INV-2026-0043",)),
    ("exposure", ("C0001",)),
    ("dso", ("EUR",)),
    ("dso", ("USD",)),
    ("measures", ("cei", "EUR")),
    ("measures", ("bad-debt", "EUR")),
    ("sales", ("2026-02", "EUR", "net")),
    ("credit-note-reasons", ("return",)),
    ("backlog", ("SO-2026-0120", "1")),
)


def test_an_explanation_is_the_same_through_the_index_and_over_loaded_books(books: Books) -> None:
    light = door.opened(books.root)
    assert isinstance(light, IndexedBooks)
    for name, words in LIGHT:
        parts = [explaining.explain(one, name, END, words=words)[1] for one in (light, books)]
        assert parts[0] == parts[1], name
        assert parts[0].parts


def test_a_figure_that_its_parts_do_not_make_is_refused_with_both(books: Books) -> None:
    table = reports.run("aging", books, END)
    wrong = {**table.rows[2], "d61_90": Decimal("617.67")}
    forged = table._replace(rows=(wrong,))
    asked = Asked(books, END, {}, forged, wrong, naming.column_of(forged, "d61_90", ""))
    with pytest.raises(Refused, match=r"the report says 617\.67, its parts make 617\.66"):
        explaining.explained(asked)


def test_a_total_that_its_rows_do_not_make_is_refused(books: Books) -> None:
    table = reports.run("sales", books, END)
    wrong = {**table.totals[0], "tax": Decimal(1)}
    forged = table._replace(totals=(wrong,))
    with pytest.raises(Refused, match="the report says 1, its parts make"):
        explaining.explained(Asked(books, END, {}, forged, wrong, naming.column_of(forged, "tax", "")))


def test_a_report_without_an_explanation_is_refused_and_so_turns_the_test_above_red(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(reports.REPORTS, "span", reports.Report("o2c.reports.span", "no report at all"))
    with pytest.raises(WrongUsage, match="the figures of span cannot be explained yet"):
        explaining.explainer("span")


def test_what_is_not_a_report_is_refused_with_the_list() -> None:
    with pytest.raises(WrongUsage, match=r"there is no report 'ageing'; there are: open-items, aging"):
        explaining.explainer("ageing")

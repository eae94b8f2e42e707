"""Sales by month: what was invoiced, credited and reversed, with the tax in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.taxed import rated
from o2c.reports.selection import select
from o2c.reports.sold import reversed_type
from o2c.reports.sold import sold_as
from o2c.reports.span import month
from o2c.reports.span import year_to
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span
    from o2c.reports.table import Row

COLUMNS = (
    Column("period", "code"),
    Column("currency", "code"),
    Column("documents", "count"),
    Column("invoiced", "money"),
    Column("credited", "money"),
    Column("reversed", "money"),
    Column("sales", "money"),
    Column("tax", "money"),
    Column("net", "money"),
)
_SUMMED = ("invoiced", "credited", "reversed", "sales", "tax", "net")
#: The customer of a split payment pays the tax to the state: it is not in what he owes (EN 16931 category B).
_SPLIT = "B"


class Sold(NamedTuple):
    """Sums of a month: gross by what the document was, and the tax in them."""

    invoiced: Decimal = ZERO
    credited: Decimal = ZERO
    reversed: Decimal = ZERO
    tax: Decimal = ZERO
    documents: frozenset[str] = frozenset()


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Table:
    """Sum the sales of each month and currency, from `since` (1 January) up to and with `until` (the day).

    `invoiced` is above zero, `credited` below; `reversed` has the sign of its effect. They are gross, and `sales` is
    their sum: the sales that DSO divides by. `tax` is what the documents say of it, `net` the rest; deposit invoices,
    opening items and fees are no sales. Raises NotFound for an unknown customer.
    """
    chosen, period = select(books, customer, currency, group), year_to(as_of, since, until)
    rows = tuple(_row(key, sums) for key, sums in sorted(by_month(chosen, period).items()))
    basis = f"documents dated {period}; invoiced, credited, reversed and sales gross of tax, net without it"
    return Table("sales", "Sales", period.last, basis, COLUMNS, rows, totals(rows, *_SUMMED))


def by_month(chosen: Selection, period: Span) -> dict[tuple[str, str], Sold]:
    """Sum sales by month and currency."""
    chosen = chosen.during(period, doc_types=(*names.SALES_TYPES, names.REVERSAL))
    facts = chosen.books.facts
    found: dict[tuple[str, str], Sold] = {}
    for move in chosen.moved(period.last):
        kind = sold_as(facts, move) if period.holds(move.date) else ""
        if not kind:
            continue
        key, amount = (month(move.date), move.movement.currency), move.movement.amount
        sums = found.get(key, Sold())
        found[key] = sums._replace(
            invoiced=sums.invoiced + (amount if kind == names.INVOICE else ZERO),
            credited=sums.credited + (amount if kind == names.CREDIT_NOTE else ZERO),
            reversed=sums.reversed + (amount if kind == names.REVERSAL else ZERO),
            tax=sums.tax + (ZERO if move.doc_id in sums.documents else _tax(facts.versions[move.doc_id][0])),
            documents=sums.documents | {move.doc_id},
        )
    return found


def _tax(doc: Document) -> Decimal:
    return sum((rated(doc, tax).tax for tax in doc.taxes if tax.category != _SPLIT), ZERO)


def _row(key: tuple[str, str], sums: Sold) -> Row:
    sales = sums.invoiced + sums.credited + sums.reversed
    return {
        "period": key[0],
        "currency": key[1],
        "documents": len(sums.documents),
        "invoiced": sums.invoiced,
        "credited": sums.credited,
        "reversed": sums.reversed,
        "sales": sales,
        "tax": sums.tax,
        "net": sales - sums.tax,
    }


def credited(chosen: Selection, period: Span) -> dict[tuple[str, str], tuple[Decimal, int]]:
    """Sum credit notes by reason and currency, less reversals of them: positive amounts, and how many they were."""
    chosen = chosen.during(period, doc_types=(names.CREDIT_NOTE, names.REVERSAL))
    facts = chosen.books.facts
    sums: dict[tuple[str, str], tuple[Decimal, set[str]]] = {}
    for move in chosen.moved(period.last):
        is_reversal = move.doc_type == names.REVERSAL and reversed_type(facts, move) == names.CREDIT_NOTE
        if period.holds(move.date) and (move.doc_type == names.CREDIT_NOTE or is_reversal):
            doc = facts.versions[move.doc_id][0]
            note = facts.versions[doc.refers][0] if is_reversal else doc
            amount, numbers = sums.get((note.reason, move.movement.currency), (ZERO, set[str]()))
            numbers = numbers if is_reversal else numbers | {move.doc_id}
            sums[note.reason, move.movement.currency] = (amount - move.movement.amount, numbers)
    return {key: (amount, len(numbers)) for key, (amount, numbers) in sums.items()}

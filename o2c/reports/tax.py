"""Tax by month, code and rate: base and tax of the documents, as they stand on the tax accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.taxed import Rated
from o2c.model.taxed import rated
from o2c.reports.selection import select
from o2c.reports.span import month
from o2c.reports.span import year_to
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.reports.span import Span
    from o2c.reports.table import Row

COLUMNS = (
    Column("period", "code"),
    Column("code", "code"),
    Column("category", "code"),
    Column("rate", "number"),
    Column("account", "code"),
    Column("currency", "code"),
    Column("documents", "count"),
    Column("base", "money"),
    Column("tax", "money"),
    Column("posted", "number"),
    Column("posted_currency", "code"),
)
#: Month, code, category, rate, account, currency of base and tax, currency posted.
Key = tuple[str, str, str, "Decimal", str, str, str]


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
    """Sum base and tax by month, code and rate, from `since` (1 January) up to and with `until` (the day).

    As owed to the tax office: invoices above zero, credit notes and tax taken back with write-offs below. `base` and
    `tax` in the currency of the documents; `posted` is what stands on `account`, in the currency posted, credit
    positive. `currency` selects by document. Categories are those of EN 16931. Raises NotFound for an unknown customer.
    """
    chosen, period = select(books, customer, currency, group), year_to(as_of, since, until)
    found = by_month(chosen.during(period).documents(until=period.last), period)
    rows = tuple(_row(key, sums) for key, sums in sorted(found.items()))
    basis = f"documents dated {period}; tax owed is positive, posted as on the tax account"
    return Table("tax", "Tax by code and period", period.last, basis, COLUMNS, rows, totals(rows, "base", "tax"))


def by_month(documents: Iterable[Document], period: Span) -> dict[Key, Rated]:
    """Sum the tax postings of documents dated in a period."""
    found: dict[Key, Rated] = {}
    for doc in documents:
        for tax in doc.taxes if period.holds(doc.date) else ():
            key = (month(doc.date), tax.code, tax.category, tax.rate, tax.account, tax.base.currency, tax.currency)
            found[key] = found.get(key, Rated()).plus(rated(doc, tax))
    return found


def _row(key: Key, sums: Rated) -> Row:
    period, code, category, rate, account, currency, posted_currency = key
    return {
        "period": period,
        "code": code,
        "category": category,
        "rate": rate,
        "account": account,
        "currency": currency,
        "documents": sums.documents,
        "base": sums.base,
        "tax": sums.tax,
        "posted": sums.posted,
        "posted_currency": posted_currency,
    }

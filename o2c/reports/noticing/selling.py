"""Rules about sales: delivered and not invoiced, credited more and more, discounts that were not earned."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.reports import unbilled
from o2c.reports.noticing.insight import Evidence
from o2c.reports.noticing.insight import Insight
from o2c.reports.noticing.insight import by_currency
from o2c.reports.noticing.insight import count
from o2c.reports.noticing.insight import of_item
from o2c.reports.noticing.insight import total
from o2c.reports.noticing.view import key
from o2c.reports.ratios import divided
from o2c.reports.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.model.documents import Document
    from o2c.model.items import Item
    from o2c.reports.noticing.view import View

#: Days after which a delivery should be invoiced.
DELIVERED_DAYS = 7
#: Credit notes of so many days are compared with those of as many before: from so many, growing by half.
CREDIT_SPAN, CREDIT_NOTES = 90, 5
GROWTH = Decimal("1.5")
#: A rest up to this percentage may be a discount.
LARGEST_DISCOUNT = 10


def not_invoiced(view: View) -> Iterable[Insight]:
    """Say what was delivered more than 7 days ago and is not invoiced, gross at the prices of the order."""
    chosen = view.chosen
    groups: dict[str, list[Evidence]] = {}
    for row in unbilled.report(
        chosen.books, view.day, customer=chosen.customer, currency=chosen.currency, group=chosen.group
    ).rows:
        days, on, gross = row["days"], row["delivered_on"], row["gross"]
        if isinstance(days, int) and days > DELIVERED_DAYS and isinstance(on, date) and isinstance(gross, Decimal):
            line = Evidence(str(row["order"]), str(row["customer"]), on, gross, f"line {row['line']}, {days} days ago")
            groups.setdefault(str(row["currency"]), []).append(line)
    for currency, found in sorted(groups.items()):
        said = f"{count(len(found), 'order line')} delivered more than {DELIVERED_DAYS} days ago and not invoiced"
        yield Insight("not-invoiced", currency, f"{said}: {total(found, currency)}", tuple(found))


def more_credit_notes(view: View) -> Iterable[Insight]:
    """Say that more is credited: 5 credit notes or more in 90 days, and their share of invoices grew by half or more.

    The share is what was credited / (sales + what was credited), in the 90 days and in the 90 days before; without
    credit notes before, nothing is said.
    """
    last = Span(view.day - timedelta(days=min(CREDIT_SPAN - 1, view.day.toordinal() - 1)), view.day)
    before = Span(last.before - timedelta(days=min(CREDIT_SPAN - 1, last.before.toordinal() - 1)), last.before)
    lately, earlier = _credited(view, last), _credited(view, before)
    for currency, found in sorted(lately.items()):
        share, then = _share(view, found, last, currency), _share(view, earlier.get(currency, ()), before, currency)
        if len(found) >= CREDIT_NOTES and 0 < then * GROWTH <= share:
            said = f"{count(len(found), 'credit note')} in {CREDIT_SPAN} days: {total(found, currency)}"
            grew = f"{share} % of what was invoiced, {then} % in the {CREDIT_SPAN} days before"
            yield Insight("more-credit-notes", currency, f"{said}, {grew}", tuple(found))


def _credited(view: View, period: Span) -> dict[str, list[Evidence]]:
    sums: dict[tuple[str, str, str, date], Decimal] = {}
    for move in view.moved:
        if move.doc_type == names.CREDIT_NOTE and period.holds(move.date) and move.doc_id not in view.undone:
            one = (move.movement.currency, move.doc_id, names.customer_of(move.movement.account), move.date)
            sums[one] = sums.get(one, ZERO) - move.movement.amount
    found: dict[str, list[Evidence]] = {}
    for (currency, doc_id, customer, on), amount in sums.items():
        found.setdefault(currency, []).append(Evidence(doc_id, customer, on, amount, "credit note"))
    return found


def _share(view: View, found: Iterable[Evidence], period: Span, currency: str) -> Decimal:
    """Give what was credited in percent of what was invoiced; zero where nothing was."""
    credited = sum((one.money for one in found), ZERO)
    share = divided(credited, view.chosen.sales(period.before, period.last).get(currency, ZERO) + credited, 100)
    return share if isinstance(share, Decimal) else ZERO


def late_discounts(view: View) -> Iterable[Insight]:
    """Name rests that are just the discount for early payment, of invoices that were paid after its last day."""
    rests = [item for item in view.debits if ZERO < item.open * 100 <= item.original * LARGEST_DISCOUNT]
    invoices = {item.doc_id for item in rests if item.doc_type == names.INVOICE and _last_paid(view, item)}
    if not invoices:
        return
    known = {doc.doc_id: doc for doc in view.chosen.books.documents(names.INVOICE, as_of=view.day, among=invoices)}
    late = (item for item in rests if item.doc_id in known and _is_late_discount(view, item, known[item.doc_id]))
    for currency, items in by_currency(late).items():
        found = tuple(of_item(item, f"paid {_last_paid(view, item)}") for item in items)
        said = f"{count(len(found), 'discount')} taken after the last day for it: {total(found, currency)} to ask for"
        yield Insight("late-discounts", currency, said, found)


def _is_late_discount(view: View, item: Item, invoice: Document) -> bool:
    until, percent, paid = invoice.fact("discount-until"), invoice.fact("discount-percent"), _last_paid(view, item)
    if not isinstance(until, date) or not isinstance(percent, Decimal) or paid is None:
        return False
    return paid > until and item.open == rounded(item.original * percent / 100, item.currency)


def _last_paid(view: View, item: Item) -> date | None:
    life = view.lives.get(key(item))
    return max((part.ended for part in life.parts if part.is_paid and part.amount > 0), default=None) if life else None

"""Accruals: revenue of what was delivered in the month and is not invoiced, taken back on the first day after it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.closing.turning import draft
from o2c.closing.turning import new_numbers
from o2c.closing.turning import turned
from o2c.model import names
from o2c.model.documents import Other
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import text
from o2c.proposals import Part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from o2c.closing.at_end import AtEnd
    from o2c.model.documents import Act
    from o2c.model.unbilled import Gap

#: A line of an order.
LineKey = tuple[str, int]


class Accrued(NamedTuple):
    """An order line: what of its revenue belongs to the month, and what is posted of it at the end of the month.

    `due` and `posted` in the currency of the books, a debit of accrued revenue above zero.
    """

    gap: Gap | None
    key: LineKey
    due: Decimal
    posted: Decimal

    @property
    def missing(self) -> Decimal:
        """What is still to post; below zero what is posted too much."""
        return self.due - self.posted


def accrued(at_end: AtEnd) -> list[Accrued]:
    """Compare each order line that was delivered and not invoiced with what is accrued for it.

    Net of tax, at the prices of the order; in foreign currency at the rate of the last day. Each line is rounded once.
    """
    gaps = {(gap.order.doc_id, gap.line.number): gap for gap in at_end.gaps if gap.quantity > 0}
    posted = _posted(at_end)
    keys = [*gaps, *(key for key in posted if key not in gaps)]
    return [Accrued(gaps.get(key), key, _due(at_end, gaps.get(key)), posted.get(key, ZERO)) for key in keys]


def _due(at_end: AtEnd, gap: Gap | None) -> Decimal:
    return ZERO if gap is None else rounded(gap.net * at_end.rate(gap.order.currency), at_end.currency)


def _posted(at_end: AtEnd) -> dict[LineKey, Decimal]:
    sums: dict[LineKey, Decimal] = {}
    for one in at_end.postings.get(at_end.accounts.accrued_revenue, ()):
        number = one.facts.get("order-line")
        key = (str(one.facts.get("order") or ""), int(number) if isinstance(number, Decimal) else 0)
        sums[key] = sums.get(key, ZERO) + one.number
    return {key: number for key, number in sums.items() if number}


def propose(at_end: AtEnd, act: Act) -> list[Part]:
    """Propose an accrual for each customer and currency, with its reversal; nothing where all is posted.

    Raises Refused where an account is not open or a rate is missing.
    """
    groups: dict[tuple[str, str], list[Accrued]] = {}
    for line in accrued(at_end):
        if line.missing and line.key[0]:
            groups.setdefault(_group(at_end, line), []).append(line)
    numbers = new_numbers()
    return [_part(at_end, act, group, lines, (next(numbers), next(numbers))) for group, lines in sorted(groups.items())]


def _group(at_end: AtEnd, line: Accrued) -> tuple[str, str]:
    order = line.gap.order if line.gap else at_end.facts.document(line.key[0], names.ORDER)
    return order.customer, order.currency


def _part(at_end: AtEnd, act: Act, group: tuple[str, str], lines: Sequence[Accrued], numbers: tuple[str, str]) -> Part:
    customer, currency = group
    orders = frozenset(line.key[0] for line in lines)
    total = sum((line.missing for line in lines), ZERO)
    doc = draft(
        at_end,
        act,
        names.ACCRUAL,
        numbers[0],
        tuple(other for line in lines for other in _others(at_end, line)),
        f"delivered, not invoiced at the end of {at_end.month.name}",
        customer=customer,
        currency=currency,
        links=orders,
        facts=extra(fx_rate=at_end.rate(currency) if currency != at_end.currency else ""),
    )
    return Part(
        entries=(doc, turned(doc, numbers[1], at_end.next_day)),
        about=tuple(sorted(orders)),
        evidence=tuple((f"line-{number:04d}", _said(line)) for number, line in enumerate(lines, 1)),
        summary=f"{customer}: {text(total, at_end.currency)} of revenue delivered and not invoiced, "
        f"taken back on {at_end.next_day}",
    )


def _others(at_end: AtEnd, line: Accrued) -> Iterator[Other]:
    facts = extra(
        order=line.key[0],
        order_line=Decimal(line.key[1]),
        qty=line.gap.quantity if line.gap else "",
    )
    yield Other(at_end.require_open(at_end.accounts.accrued_revenue), line.missing, at_end.currency, None, facts)
    yield Other(at_end.require_open(_revenue(at_end, line)), -line.missing, at_end.currency, None, facts)


def _revenue(at_end: AtEnd, line: Accrued) -> str:
    """Give the account that the invoice will use."""
    order = line.gap.order if line.gap else at_end.facts.document(line.key[0], names.ORDER)
    sku = next((one.sku for one in order.lines if one.number == line.key[1]), "")
    product = at_end.books.master.products.get(sku)
    return (product.account if product else "") or at_end.accounts.sales


def _said(line: Accrued) -> str:
    order, number = line.key
    if line.gap is None:
        return f"{order} line {number}: nothing is left to accrue, {line.posted} is posted"
    whole = f"{line.gap.quantity:f} of {line.gap.line.quantity:f} {line.gap.line.text or line.gap.line.sku}".strip()
    currency = line.gap.order.currency
    net = text(rounded(line.gap.net, currency), currency)
    posted = f", posted before: {line.posted}" if line.posted else ""
    return f"{order} line {number}: {whole} delivered and not invoiced, net {net}{posted}"

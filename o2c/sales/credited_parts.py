"""What a credit note gives back of each line of its invoice, and that it is no more than is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.model.money import ZERO
from o2c.model.progress import Credited
from o2c.model.progress import Progress
from o2c.sales.totals import line_net

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.documents import Line


class Part(NamedTuple):
    """A line of the invoice and how much of it is credited: quantity (0: an amount only) and net.

    `completes`: with it the line is credited in full; `posted_before` was credited of it before, as posted.
    """

    line: Line
    quantity: Decimal
    net: Decimal
    completes: bool
    posted_before: Decimal = ZERO


def credited_parts(
    invoice: Document, done: Progress, asked: Mapping[int, Decimal | Amount], *, full: bool
) -> list[Part]:
    """Work out what of each line is credited: what is asked for by line number, or all that is left.

    Raises WrongUsage for a line that the invoice has not, Refused for more than is left of one.
    """
    lines = {line.number: line for line in invoice.lines}
    for number in asked:
        if number not in lines:
            raise WrongUsage(f"{invoice.doc_id} has no line {number}; its lines are {', '.join(map(str, lines))}")
    if full:
        rest = [_rest(invoice, done, line) for line in invoice.lines]
        return [part for part in rest if part.net or (part.quantity and not net_of(part.line))]
    return [_part(invoice, done, lines[number], wanted) for number, wanted in asked.items()]


def net_of(line: Line) -> Decimal:
    """Give the net of an invoice line as the customer reads it: negative for an allowance."""
    return line.net.number if line.net is not None and line.net.number is not None else -line.amount


def _rest(invoice: Document, done: Progress, line: Line) -> Part:
    credited = done.credited.get((invoice.doc_id, line.number), Credited())
    quantity = max(line.quantity - credited.quantity, ZERO)
    return Part(line, quantity, net_of(line) - credited.net, completes=True, posted_before=credited.posted)


def _part(invoice: Document, done: Progress, line: Line, wanted: Decimal | Amount) -> Part:
    rest = _rest(invoice, done, line)
    where = f"line {line.number} of {invoice.doc_id}"
    if isinstance(wanted, Amount):
        if wanted.currency != invoice.currency:
            raise Refused(f"{where} is in {invoice.currency}, not {wanted.currency}")
        assert wanted.number is not None
        net, quantity = wanted.number, ZERO
    else:
        quantity = wanted
        price = line.price.number if line.price and line.price.number is not None else ZERO
        net = rest.net if quantity == rest.quantity else line_net(quantity, price, line.discount, invoice.currency)
        if quantity > rest.quantity:
            raise Refused(f"{where}: {quantity:f} is more than the {rest.quantity:f} not credited yet")
    if isinstance(wanted, Amount) and not net:
        raise Refused(f"{where}: a credit of 0.00 is none; give an amount or a quantity")
    too_much = net > rest.net if rest.net >= 0 else net < rest.net
    if too_much or net * rest.net < 0 or (not isinstance(wanted, Amount) and quantity <= 0):
        raise Refused(f"{where}: {net} is not between 0 and the {rest.net} {invoice.currency} not credited yet")
    return Part(line, quantity, net, completes=net == rest.net, posted_before=rest.posted_before)

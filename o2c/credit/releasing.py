"""What a release of a held order is good for: how much of it may pass, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from o2c.credit.desk import Desk
from o2c.credit.releases import held_for
from o2c.credit.releases import is_credit_hold
from o2c.errors import Refused
from o2c.model import names
from o2c.model.money import whole_units

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from o2c.books import Books


def terms(
    books: Books, day: date, doc_id: str, amount: tuple[Decimal, str] | None = None, until: date | None = None
) -> tuple[Amount | None, date | None]:
    """Give amount and last day of a release of an order: as asked for, else all that the order adds, for some days.

    The amount is a number and a currency, that of the customer's limit (without a limit, of the books) or empty.
    Without a wish, and where the order is not held for credit, there are none: (None, None). Raises Refused for a last
    day that is past, and for a release dated before the hold, which it would not lift.
    """
    order = books.facts.document(doc_id, names.ORDER)
    held = held_for(books.facts.events[doc_id])
    if held is not None and day < held.date:
        raise Refused(f"{doc_id} is held from {held.date} on; a release of {day} changes nothing: --date {held.date}")
    if amount is None and until is None and not (held and is_credit_hold(held)):
        return None, None
    if until is not None and until < day:
        raise Refused(f"--until {until} is before the release itself, {day}; name a later day")
    desk = Desk(books, day)
    own = desk.tested(order, day, (), "release").situation.against[0]
    number, currency = amount or (own.order, own.currency)
    if currency not in {"", own.currency}:
        raise Refused(f"--amount is in {currency}, the limit of {own.name} in {own.currency}; say it in {own.currency}")
    good = whole_units(Amount(number, own.currency), "--amount") if amount else Amount(number, own.currency)
    return good, until or day + timedelta(days=desk.policy.release_days)

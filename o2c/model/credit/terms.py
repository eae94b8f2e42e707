"""The terms of an exposure: each document that uses a limit, with how much of it and at which rate."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date as Date
    from decimal import Decimal

    from beancount.core.amount import Amount

    from o2c.model.findings import Source

OPEN_ITEM: Final = "open-item"
UNAPPLIED: Final = "unapplied"
UNBILLED: Final = "unbilled-delivery"
OPEN_ORDER: Final = "open-order"
#: The kinds of terms, in the order of the formula (shared definitions, section 9).
KINDS: Final = (OPEN_ITEM, UNAPPLIED, UNBILLED, OPEN_ORDER)


class Term(NamedTuple):
    """One document, or line of it, that counts in an exposure.

    `amount` is what is open, gross of tax, in the currency of the document; credits are negative. `counted` is what of
    it uses the limit, in the limit's currency: `amount` at `rate`, rounded; zero for a credit that is not deducted.
    `what` says which item or line, and how much of it. `source` is the place of the document.
    """

    kind: str
    doc_id: str
    what: str
    amount: Amount
    counted: Decimal
    rate: Decimal
    source: Source


class Exposure(NamedTuple):
    """What of a limit is used at the end of a day, in the currency of the limit, term by term.

    `name` is the customer or the credit group. All sums are gross of tax; `unapplied` is negative or zero.
    """

    name: str
    day: Date
    currency: str
    terms: tuple[Term, ...]

    @property
    def open_items(self) -> Decimal:
        """What the customer owes: open debit items."""
        return self._sum(OPEN_ITEM)

    @property
    def unapplied(self) -> Decimal:
        """What we owe the customer and deduct: open credit items, negative; zero where credits are not deducted."""
        return self._sum(UNAPPLIED)

    @property
    def unbilled_deliveries(self) -> Decimal:
        """What was delivered and is not invoiced yet."""
        return self._sum(UNBILLED)

    @property
    def open_orders(self) -> Decimal:
        """What was confirmed and is neither delivered nor invoiced yet, up to the horizon."""
        return self._sum(OPEN_ORDER)

    @property
    def total(self) -> Decimal:
        """The exposure: the sum of all terms."""
        return sum((term.counted for term in self.terms), ZERO)

    def _sum(self, kind: str) -> Decimal:
        return sum((term.counted for term in self.terms if term.kind == kind), ZERO)


def together(name: str, members: Iterable[Exposure]) -> Exposure:
    """Join the exposures of the members of a credit group, all as of one day and in one currency."""
    members = tuple(members)
    assert len({(each.day, each.currency) for each in members}) == 1, "members are summed in one currency, on one day"
    terms = tuple(term for each in members for term in each.terms)
    return Exposure(name, members[0].day, members[0].currency, terms)

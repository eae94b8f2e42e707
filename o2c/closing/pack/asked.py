"""What somebody asks of a close pack."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from datetime import date as Date

    from o2c.model.periods import Period

OPEN_ITEMS = "open-items"
INVOICES = "invoices"
POPULATIONS = (OPEN_ITEMS, INVOICES)


class Asked(NamedTuple):
    """A pack of a month, made on `day`; receipts through that day count as subsequent.

    `seed` and `size` decide the sample out of a `population`. `letters` customers with the highest balances get a
    confirmation letter, besides those in the sample; `auditor` is where the answers go (empty: to the company).
    """

    period: Period
    day: Date
    seed: str
    size: int = 25
    population: str = OPEN_ITEMS
    letters: int = 10
    auditor: str = ""
    draft: bool = False

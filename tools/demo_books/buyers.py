"""Who buys how often, from which shelf, and how punctually they pay: the everyday trade of the demonstration books."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from datetime import date

#: Change it, and three other months come out, as believable as these.
SEED = 2026

LAMPS = "NL-1001 NL-1002 NL-1004 NL-1005 NL-1006 NL-1007 NL-1008 NL-1010".split()
TABLE = "NL-2001 NL-2002 NL-2003 NL-2004 NL-2005 NL-2006 NL-2007 NL-2008".split()
TEA = "NL-3001 NL-3002 NL-3003 NL-3004 NL-3005 NL-3006 NL-3007 NL-2003".split()
BOOKS = "NL-4001 NL-4002 NL-4003 NL-4004".split()
GIFTS = "NL-5001 NL-5002 NL-2010 NL-2009 NL-3005 NL-4002".split()
FREIGHT = "NL-9002"

#: How many of an article make one package; every order is for whole packages.
PACKAGES = {
    "NL-1007": 50, "NL-1008": 50, "NL-2009": 20, "NL-2010": 12, "NL-2004": 2, "NL-2003": 4,
    "NL-1001": 4, "NL-1002": 4, "NL-1004": 4, "NL-4001": 5, "NL-4002": 5, "NL-5001": 4, "NL-5002": 4, "NL-4004": 6,
}  # fmt: skip
ONE_PACKAGE = 12


class Buyer(NamedTuple):
    """A customer's habits.

    Orders on every `every`-th order day from the `first` on (counted from 0), two to four articles of `shelf`, up to
    `size` packages of each. `late` says in turn how many days after (or before) the due date invoices are paid; None:
    the story says when. `po` begins the customer's own order numbers. `prompt`: delivered and invoiced at once.
    """

    code: str
    first: int
    every: int
    size: int
    shelf: list[str]
    late: tuple[int, ...] | None
    po: str = ""
    freight: bool = False
    prompt: bool = False


class Basket(NamedTuple):
    """One order of the everyday trade: article and quantity, line by line."""

    customer: str
    reference: str
    lines: tuple[tuple[str, str], ...]


BUYERS = (
    Buyer("C0001", 0, 3, 5, LAMPS, (-2, 6, 9, 3), freight=True),
    Buyer("C0002", 1, 5, 7, LAMPS + TABLE, (0, 8, 1), po="WB-26-"),
    Buyer("C0003", 4, 4, 6, TEA, (0, 5, 18)),
    Buyer("C0005", 2, 4, 4, BOOKS, (2, 9, 21), freight=True),
    Buyer("C0006", 3, 7, 9, GIFTS + TABLE, (0, 2), po="Best. 26-"),
    Buyer("C0007", 2, 6, 4, LAMPS, (38, 50), po="VG-"),
    Buyer("C0008", 4, 8, 8, GIFTS, (0, 0, 1)),
    Buyer("C0009", 1, 6, 5, GIFTS + LAMPS, None),
    Buyer("C0010", 5, 6, 5, GIFTS + TABLE, None),
    Buyer("C0011", 3, 5, 5, LAMPS + GIFTS, (12, 17, 30), freight=True),
    Buyer("C0012", 5, 5, 6, TABLE + TEA, (0, 4, 13), freight=True),
    Buyer("C0013", 2, 5, 9, TEA + GIFTS, (-3, 7, 2)),
    Buyer("C0014", 4, 7, 3, TEA, (75, 20)),
    Buyer("C0015", 4, 5, 6, LAMPS, (1, 4, 11), freight=True),
    Buyer("C0016", 1, 6, 4, TEA, (3, 6), prompt=True),
    Buyer("C0018", 1, 5, 8, LAMPS + TABLE, (2, 5, 24), po="HP-", freight=True),
    Buyer("C0019", 2, 8, 9, TEA, (4, 12), po="GLT "),
    Buyer("C0020", 3, 5, 6, TABLE + GIFTS, (22, 7, 1)),
    Buyer("C0021", 6, 7, 8, TEA + TABLE, (3, 14), po="PO 883"),
    Buyer("C0022", 2, 7, 5, LAMPS, (0, 16)),
)
BY_CODE = {buyer.code: buyer for buyer in BUYERS}


def baskets(order_days: list[date]) -> dict[date, list[Basket]]:
    """Draw what everybody orders on which day: the same every time, buyer after buyer."""
    made: dict[date, list[Basket]] = {day: [] for day in order_days}
    for buyer in BUYERS:
        draw = Random(f"{SEED} {buyer.code}")  # noqa: S311 - a story to be told again, not a secret
        for number, day in enumerate(order_days[buyer.first :: buyer.every], 1):
            made[day].append(_basket(buyer, number, draw))
    return made


def _basket(buyer: Buyer, number: int, draw: Random) -> Basket:
    chosen = sorted(draw.sample(buyer.shelf, draw.randint(2, 4)))
    lines = [(sku, str(PACKAGES.get(sku, ONE_PACKAGE) * draw.randint(1, buyer.size))) for sku in chosen]
    if buyer.freight:
        lines.append((FREIGHT, "1"))
    return Basket(buyer.code, f"{buyer.po}{40 + number}" if buyer.po else "", tuple(lines))

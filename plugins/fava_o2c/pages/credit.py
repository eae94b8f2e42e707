"""Credit: what customers use of their limits, what is left, and whom somebody should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c.pages.making import report
from fava_o2c.pages.making import shown
from fava_o2c.parts import Said
from o2c.reports import credit_review
from o2c.reports import listings

if TYPE_CHECKING:
    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables
    from o2c.reports.table import Table

#: So many days ahead limits are listed that end or are due for review.
AHEAD = 30
#: With more customers the review takes longer than a page may: it scores every one of them.
FEW = 200
_MANY = "Whose limit is due for review takes longer than a page may, with so many customers: "


def tables(here: Here) -> Tables:
    """Give the tables of the page."""
    books, day = here.books, here.asked.day
    return {
        "exposure": lambda: report(here, "exposure"),
        "held": lambda: books.kept(("orders", day, "held"), lambda: listings.orders(books, day, only="held")),
        **({"review": lambda: _review(here)} if len(here.books.slices.customers) <= FEW else {}),
    }


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    found = tables(here)
    return [*shown(here, found), *([] if "review" in found else [Said(_MANY, code="o2c credit review")])]


def _review(here: Here) -> Table:
    day = here.asked.day
    return here.books.kept(("review", day), lambda: credit_review.report(here.books, day, AHEAD))

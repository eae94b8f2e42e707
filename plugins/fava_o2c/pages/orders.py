"""Orders: those with something left to do, held ones with the reason, and those that lack something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c import links
from fava_o2c.pages.making import shown
from fava_o2c.parts import Links
from fava_o2c.parts import Said
from fava_o2c.parts import Shown
from o2c.errors import WrongUsage
from o2c.reports import listings

if TYPE_CHECKING:
    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables

ONLY = {"open": "open", "held": "held, and why", "incomplete": "incomplete, and what is missing"}


def tables(here: Here) -> Tables:
    """Give the tables of the page."""
    only = _only(here)
    key = ("orders", here.asked.day, only)
    return {"orders": lambda: here.books.kept(key, lambda: listings.orders(here.books, here.asked.day, only=only))}


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    only = _only(here)
    ways = (Shown(said, "" if one == only else links.page(here.asked, here.page, {"only": one}))
            for one, said in ONLY.items())  # fmt: skip
    done = "Orders that are done with stand on the page of their customer."
    return [Links("Show", tuple(ways)), *shown(here, tables(here)), Said(done)]


def _only(here: Here) -> str:
    only = here.asked.args.get("only", "open")
    if only not in ONLY:
        raise WrongUsage(f"there is no list of orders “{only}”; choose one of those above")
    return only

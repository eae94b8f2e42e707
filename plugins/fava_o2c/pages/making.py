"""What all pages have in common: tables that are made once, and a sentence in the place of what cannot be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c import narrowing
from fava_o2c.parts import Said
from fava_o2c.viewing import view
from o2c import reports
from o2c.errors import O2CError
from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables
    from o2c.books import Books
    from o2c.reports.table import Table


def report(here: Here, name: str, books: Callable[[], Books] | None = None, **options: object) -> Table:
    """Compute a report as of the day asked for, once; `books` gives smaller books that are enough for it."""
    key = (name, here.asked.day, tuple(sorted((option, str(value)) for option, value in options.items())))
    return here.books.kept(key, lambda: reports.run(name, books() if books else here.books, here.asked.day, **options))


def made(here: Here, tables: Tables, key: str) -> Table:
    """Make a table of a page, with what Fava's filters leave of it. Raises WrongUsage for one that it does not have."""
    if key not in tables:
        raise WrongUsage(f"there is no table '{key}' on this page; there are: {', '.join(tables)}")
    return narrowing.narrowed(tables[key](), here.asked)


def shown(here: Here, tables: Tables, *keys: str) -> list[Part]:
    """Show tables of a page, each by itself: one that cannot be made does not take the others away."""
    return [_shown(here, tables, key) for key in keys or tables]


def _shown(here: Here, tables: Tables, key: str) -> Part:
    return part(lambda: view(here, key, made(here, tables, key)))


def part(make: Callable[[], Part]) -> Part:
    """Make a part of a page, or say in its place why it cannot be made."""
    try:
        return make()
    except O2CError as refusal:
        return Said(str(refusal), is_trouble=True)


def taken(here: Here, tables: Tables, key: str) -> Table:
    """Give a whole table as it is searched and sorted on the page, to take along."""
    return narrowing.chosen(made(here, tables, key), key, here.asked.args)

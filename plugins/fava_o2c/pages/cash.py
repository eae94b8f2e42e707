"""Cash application: money and credits that wait for an item, and proposals that wait for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c.pages.making import report
from fava_o2c.pages.making import shown
from fava_o2c.parts import Said
from o2c import proposals
from o2c.reports.proposals import proposals as listed
from o2c.reports.table import totals

if TYPE_CHECKING:
    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables
    from o2c.reports.table import Table

_LATER = (
    "Money that nobody can name yet is posted by hand or as a receipt of a customer; statements of banks are not read "
    "yet, so this page knows no unidentified lines."
)


def tables(here: Here) -> Tables:
    """Give the tables of the page."""
    return {"unapplied": lambda: _unapplied(here), "proposals": lambda: _proposals(here)}


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    return [*shown(here, tables(here)), Said(_LATER)]


def _unapplied(here: Here) -> Table:
    """Leave of the open items those that we owe: receipts on account, deposits, credit notes not used yet."""
    table = report(here, "open-items")
    rows = tuple(row for row in table.rows if row["open"] < 0)  # type: ignore[operator]  # a Decimal
    summed = [name for name in (table.totals[0] if table.totals else {}) if name != "currency"]
    title = "Unapplied: receipts, deposits and credit notes that are not used yet"
    return table._replace(report="unapplied", title=title, rows=rows, totals=totals(rows, *summed))


def _proposals(here: Here) -> Table:
    table = listed(here.books, here.asked.day, proposals.listed(here.books.root), waiting=True)
    return table._replace(title="Proposals that wait for a person")

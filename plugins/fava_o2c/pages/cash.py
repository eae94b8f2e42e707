"""Cash application: money and credits that wait for an item, and proposals that wait for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c.pages.making import report
from fava_o2c.pages.making import shown
from fava_o2c.parts import Said
from o2c import proposals
from o2c.reports.proposals import proposals as listed
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables

_LATER = (
    "Money that nobody can name yet is posted by hand or as a receipt of a customer; statements of banks are not read "
    "yet, so this page knows no unidentified lines."
)
_COLUMNS = (
    Column("item", "code"),
    Column("doc_type", "code"),
    Column("customer", "code"),
    Column("name", "text"),
    Column("date", "date"),
    Column("days", "count"),
    Column("currency", "code"),
    Column("original", "money"),
    Column("open", "money"),
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
    rows = tuple(
        {**row, "days": row["days_past_due"]}
        for row in table.rows
        if row["open"] < 0  # type: ignore[operator]  # a Decimal
    )
    title = "Unapplied: receipts, deposits and credit notes that are not used yet"
    basis = "what we owe is below zero; days since the money or credit came; amounts gross of tax"
    return Table("unapplied", title, table.as_of, basis, _COLUMNS, rows, totals(rows, "original", "open"))


def _proposals(here: Here) -> Table:
    table = listed(here.books, here.asked.day, proposals.listed(here.books.root), waiting=True)
    return table._replace(title="Proposals that wait for a person")

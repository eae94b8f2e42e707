"""The command `dun list`: every overdue item, how far it was reminded, what comes next and when, or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import customer_names
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.model.text import customer_code
from o2c.model.text import day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from o2c.dunning.standing import Standing
    from o2c.reports.table import Row
    from o2c.reports.table import Table


@click.command("list")
@click.option("--customer", default="", metavar="C", shell_complete=customer_names, help="Only this customer.")
@click.option("--as-of", metavar="DATE", help="The day whose end is shown, like 2026-03-31 [today].")
@click.option("--due", "only_due", is_flag=True, help="Only what a run on the day would remind of.")
@table_options
@pass_context
def list_(context: Context, customer: str, as_of: str | None, only_due: bool, fmt: str, output: Path | None) -> None:
    """List every overdue item: the level it reached, and the next one with its day, or why it is not reminded.

    `asked` is what a reminder asks for: the open amount less what is disputed or promised. An empty `why` says that a
    run on the day reminds of it.

    \b
    Example:
      o2c dun list --as-of 2026-03-31
      o2c dun list --due
    """
    from o2c.dunning import run

    who = usage(lambda: customer_code(customer, "--customer")) if customer else ""
    on = usage(lambda: day(as_of, "--as-of")) if as_of else context.today
    books = context.books()
    found = run.listed(context.root, books, on, who)
    shown = [one for one in found if not (only_due and one.reason)]
    show_table(_table(shown, books.customer_names(), on, only_due=only_due), fmt, output)


def _table(found: Sequence[Standing], named: Mapping[str, str], on: date, *, only_due: bool) -> Table:
    from o2c.reports.table import Column
    from o2c.reports.table import Table
    from o2c.reports.table import totals

    columns = (
        Column("customer", "code"),
        Column("name", "text"),
        Column("item", "code"),
        Column("due", "date"),
        Column("days_past_due", "count"),
        Column("currency", "code"),
        Column("open", "money"),
        Column("disputed", "money"),
        Column("promised", "money"),
        Column("asked", "money"),
        Column("level", "count"),
        Column("last_reminder", "date"),
        Column("next_level", "count"),
        Column("next_name", "text"),
        Column("from", "date"),
        Column("why", "text"),
    )
    rows = tuple(_row(one, named, on) for one in found)
    title = "Items to remind of" if only_due else "Overdue items and their reminders"
    return Table("dunning-list", title, on, "due", columns, rows, totals(rows, "open", "disputed", "promised", "asked"))


def _row(one: Standing, named: Mapping[str, str], on: date) -> Row:
    item = one.item
    return {
        "customer": item.customer,
        "name": named.get(item.customer, ""),
        "item": item.item,
        "due": item.due,
        "days_past_due": (on - item.due).days,
        "currency": item.currency,
        "open": item.open,
        "disputed": one.disputed,
        "promised": one.promised,
        "asked": one.asked,
        "level": one.reached.level,
        "last_reminder": one.reached.posted or "",
        "next_level": one.next or "",
        "next_name": one.name,
        "from": one.since or "",
        "why": one.why,
    }

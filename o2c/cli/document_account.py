"""The commands `document statement` and `document reminder`: what a customer reads about his account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import customer_names
from o2c.cli.show import save
from o2c.errors import WrongUsage
from o2c.model.text import customer_code
from o2c.model.text import day

if TYPE_CHECKING:
    from o2c.rendering.account_sheet import Account
    from o2c.rendering.sheet import Sheet

_OUTPUT = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("customer", metavar="CUSTOMER", shell_complete=customer_names)
@click.option("--as-of", metavar="DATE", help="The day whose end is shown [today].")
@click.option("--from", "since", metavar="DATE", help="Show what happened from this day on, instead of the open items.")
@click.option("-o", "--output", required=True, type=_OUTPUT, help="The PDF file.")
@pass_context
def statement(context: Context, customer: str, as_of: str | None, since: str | None, output: Path) -> None:
    """Draw a statement of account: the open items, or with --from what happened since.

    Nothing is posted: a statement of a past day shows the same figures whenever it is drawn.

    \b
    Example: what is open at the end of October; what happened in October:
      o2c document statement C0001 --as-of 2026-10-31 -o C0001.pdf
      o2c document statement C0001 --from 2026-10-01 --as-of 2026-10-31 -o C0001.pdf
    """
    from o2c.rendering.account_sheet import activity_sheet
    from o2c.rendering.account_sheet import open_items_sheet

    about = _account(context, customer, as_of, "statement")
    books = context.books()
    if since is None:
        sheet = open_items_sheet(about, books.open_items(about.day, about.customer))
    else:
        first = usage(lambda: day(since, "--from"))
        if first > about.day:
            raise WrongUsage(f"--from {first} lies behind {about.day}; swap the days")
        accounts = f":{about.customer}"
        moved = [one for one in books.facts.moved if one.movement.account.endswith(accounts)]
        sheet = activity_sheet(about, first, moved)
    _draw(context, sheet, output)


@click.command()
@click.argument("customer", metavar="CUSTOMER", shell_complete=customer_names)
@click.option("--level", required=True, type=click.IntRange(1, 3), help="First, second or final reminder.")
@click.option("--as-of", metavar="DATE", help="The day on which items are overdue [today].")
@click.option("-o", "--output", required=True, type=_OUTPUT, help="The PDF file.")
@pass_context
def reminder(context: Context, customer: str, level: int, as_of: str | None, output: Path) -> None:
    """Draw a payment reminder that lists what is overdue, less what is disputed or promised.

    Credits not used yet are listed, too, and taken off. Nothing is posted; a customer with nothing overdue is refused,
    and so is one whose credits cover all of it.

    \b
    Example:
      o2c document reminder C0001 --level 1 -o reminder.pdf
    """
    from o2c.dunning.reminding import asked
    from o2c.rendering.account_sheet import reminder_sheet

    about = _account(context, customer, as_of, f"reminder-{level}")
    items = asked(context.books(), about.customer, about.day)
    _draw(context, reminder_sheet(about, items, level), output)


def _account(context: Context, customer: str, as_of: str | None, kind: str) -> Account:
    from o2c.rendering.account_sheet import Account
    from o2c.rendering.words import words

    code = usage(lambda: customer_code(customer, "CUSTOMER"))
    master = context.books().master
    said = words(context.root, master.customer(code).language or "en")
    on = usage(lambda: day(as_of, "--as-of")) if as_of else context.today
    return Account(context.root, master, code, on, said, f"{code}-{kind}-{on:%Y%m%d}".upper())


def _draw(context: Context, sheet: Sheet, output: Path) -> None:
    from o2c.rendering.page import html
    from o2c.rendering.pdf import pdf

    save(pdf(context.root, html(context.root, sheet), sheet.number), output)

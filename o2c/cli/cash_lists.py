"""What the commands of cash have in common: amounts of the command line, and the words `list` and `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import click

from o2c.cash.asked import Asked
from o2c.cli.chain import print_chain
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import customer_names
from o2c.cli.names import document_names
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.errors import WrongUsage
from o2c.model.money import parse_amount
from o2c.model.money import parse_currency
from o2c.model.money import parse_number
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from o2c.cash.register import Entered
    from o2c.reports.table import Row
    from o2c.reports.table import Table


class Verb(click.Command):
    """A command that does something, beside which `list` and `show` stand as words of their own.

    `o2c receipt list` lists receipts; `o2c receipt C0001 ...` enters one. Codes and numbers are in capitals, so the
    two cannot be confused.
    """

    def __init__(self, *args: Any, words: Sequence[click.Command] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = {str(word.name): word for word in words}

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Hand over to `list` or `show` where that is the first word."""
        if args and args[0] in self.words:
            word = args[0]
            return self.words[word].make_context(f"{info_name} {word}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


def given(text: str, field: str = "AMOUNT", currency: str | None = None) -> Asked:
    """Read `1190.00`, `"1190.00 EUR"`, or the two words."""
    words = text.split(" ")
    if currency is not None:
        if len(words) > 1:
            raise WrongUsage(f"{field}: the currency is given twice; write it once, like 1190.00 EUR")
        words.append(currency)
    return usage(lambda: _read(words, field))


def _read(words: list[str], field: str) -> Asked:
    if len(words) == 1:
        return Asked(parse_number(words[0], field), "")
    amount = parse_amount(" ".join(words), field)
    assert amount.number is not None, "an amount has a number"
    return Asked(amount.number, parse_currency(amount.currency, field))


def item_name(text: str, field: str) -> str:
    """Read the name of an item or document."""
    return usage(lambda: identifier(text, field))


def listing(doc_type: str, plural: str, command: str) -> click.Command:
    """Make the word `list` of a command."""

    @click.command("list", help=f"List {plural}.\n\n\b\nExample:\n  o2c {command} list --customer C0001")
    @click.option("--customer", default="", metavar="C", shell_complete=customer_names, help="Only this customer.")
    @click.option("--as-of", metavar="DATE", help="As they stood at the end of this day [today].")
    @click.option("--unapplied", is_flag=True, help="Only those of which something is left as a credit.")
    @table_options
    @pass_context
    def list_(
        context: Context, customer: str, as_of: str | None, unapplied: bool, fmt: str, output: Path | None
    ) -> None:
        from o2c.cash.register import register

        day = context.day(as_of)
        rows = register(context.books(), day, doc_type, customer, unapplied=unapplied)
        show_table(_table(rows, plural, day, unapplied=unapplied), fmt, output)

    return list_


def showing(doc_type: str, command: str) -> click.Command:
    """Make the word `show` of a command."""

    @click.command("show", help=f"Show one with everything that belongs to it.\n\n\b\nExample:\n  o2c {command} show N")
    @click.argument("number", metavar="N", shell_complete=document_names(doc_type))
    @click.option("--json", "as_json", is_flag=True, help="As JSON.")
    @pass_context
    def show(context: Context, number: str, as_json: bool) -> None:
        print_chain(context.books().about(number), number, doc_type, as_json=as_json)

    return show


def _table(rows: Sequence[Entered], plural: str, day: Any, *, unapplied: bool) -> Table:
    from o2c.reports.table import Column
    from o2c.reports.table import Table
    from o2c.reports.table import totals

    columns = (
        Column("document", "code"),
        Column("date", "date"),
        Column("customer", "code"),
        Column("name", "text"),
        Column("items", "text"),
        Column("reference", "text"),
        Column("reason", "code"),
        Column("currency", "code"),
        Column("amount", "money"),
        Column("unapplied", "money"),
        Column("state", "code"),
    )
    cells = tuple(_row(row) for row in rows)
    title = plural.capitalize() + (" with something left" if unapplied else "")
    return Table(plural, title, day, "all", columns, cells, totals(cells, "amount", "unapplied"))


def _row(row: Entered) -> Row:
    return {
        "document": row.doc.doc_id,
        "date": row.doc.date,
        "customer": row.doc.customer,
        "name": row.doc.payee,
        "items": ", ".join(row.items),
        "reference": row.doc.reference,
        "reason": row.doc.reason,
        "currency": row.doc.currency,
        "amount": row.amount,
        "unapplied": row.unapplied,
        "state": row.state,
    }

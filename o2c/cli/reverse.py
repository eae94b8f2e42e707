"""The command `reverse`."""

from __future__ import annotations

import click

from o2c.cash.reversals import reverse as post_opposite
from o2c.cli.cash_lists import Verb
from o2c.cli.cash_lists import item_name
from o2c.cli.cash_lists import listing
from o2c.cli.cash_lists import showing
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import document_names
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.errors import WrongUsage
from o2c.model import names
from o2c.model.text import one_line

_WORDS = (listing(names.REVERSAL, "reversals", "reverse"), showing(names.REVERSAL, "reverse"))


@click.command(cls=Verb, words=_WORDS)
@click.argument("number", metavar="DOCUMENT", shell_complete=document_names())
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the ledger.")
@posting_options
@pass_context
def reverse(context: Context, number: str, reason: str, write: Write) -> None:
    """Reverse a document by its opposite: a new document of the posting date, never an edit.

    The document and its reversal together have no effect on any account, item or tax. A receipt that bounced is
    reversed, and what it paid is open again. Refused while later documents use what it brought: they are named, with
    the command that takes each back. Orders are cancelled instead (`o2c order cancel`), allocations taken back.

    `o2c reverse list` and `o2c reverse show N` show reversals.

    \b
    Example: a direct debit that the customer's bank returned:
      o2c reverse RC-2026-0001 --reason "returned by the bank, no funds"
    """
    name = item_name(number, "DOCUMENT")
    if not reason.strip():
        raise WrongUsage("--reason: say why, in a few words")
    said = usage(lambda: one_line(reason, "--reason", 500))
    why = f"{said}; {write.why}" if write.why else said
    post(
        context,
        write._replace(why=why),
        f"reverse {name}",
        [name, reason],
        lambda books, act, day: post_opposite(books, act, day, name),
        about=[name],
    )

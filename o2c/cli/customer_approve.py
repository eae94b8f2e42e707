"""The command `customer approve`: somebody compared the bank details of customers, and answers for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import customer_names
from o2c.cli.posting import Write
from o2c.cli.posting import posting_options
from o2c.cli.posting import say
from o2c.model.text import customer_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.master.customers import Customer


@click.command()
@click.argument("codes", metavar="C...", nargs=-1, required=True, shell_complete=customer_names)
@posting_options
@pass_context
def approve(context: Context, codes: tuple[str, ...], write: Write) -> None:
    """Approve the bank details (IBANs) of customers: an entry in the books that names exactly these.

    A changed IBAN voids it. Where `approvals:` in policies.yaml names bank-detail, no refund goes to a customer whose
    bank details nobody approved, and `o2c check approvals` names it. You must hold the role; that it was another person
    who changed customers.yaml the program cannot prove, for that file does not say who changed it.

    \b
    Example, as the person who compared them:
      o2c customer approve C0001 --why "Compared with their letter of 2 April"
    """
    from o2c.proposals import bank_details

    named = usage(lambda: [customer_code(code, "C") for code in codes])
    act = context.act(f"customer approve {' '.join(named)}", write.why, write.key, [named, write.date])
    posted = bank_details.approve(context.root, named, act, context.day(write.date), dry_run=write.dry_run)
    say(posted, dry_run=write.dry_run, as_json=write.as_json)


def say_unapproved(context: Context, changed: Iterable[Customer]) -> None:
    """Name, on stderr, customers whose bank details nobody approved, where the policy asks for that."""
    if not any(one.ibans for one in changed):
        return
    from datetime import date

    from o2c.errors import O2CError
    from o2c.model.approvals import BANK_DETAIL
    from o2c.proposals.bank_details import unapproved
    from o2c.proposals.standing import given

    try:
        books = context.books()
        asked = BANK_DETAIL in books.master.policies.approvals.asked
        waiting = [one.code for one in changed if asked and unapproved(books, one, given(books, one.code), date.max)]
    except O2CError:  # the change is written; what is wrong with the books the next command says
        return
    for code in waiting:
        click.echo(f"the bank details of {code} wait for `o2c customer approve {code}` by another person", err=True)

"""The commands by which a person decides for a close: `close sign-off`, `close assess`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from o2c.cli.cash_lists import given
from o2c.cli.cash_lists import item_name
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.errors import WrongUsage
from o2c.model import periods

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Entry


@click.command("sign-off")
@click.argument("period", metavar="PERIOD")
@click.argument("name", metavar="NAME")
@posting_options
@pass_context
def sign_off(context: Context, period: str, name: str, write: Write) -> None:
    """Sign a red check of the close off: say why the month may be closed all the same.

    It takes a role that may close (policies.yaml, `closing: seal_roles`). The sign-off names what was
    found, by its hash: when that changes, it is void. What only a repair mends (books-clean, sub-ledger) cannot be
    signed off.

    \b
    Example:
      o2c close sign-off 2026-10 left-over --why "SO-2026-0007 waits for the customer's address"
    """
    from o2c.closing import checklist
    from o2c.closing.checklist.sign_offs import sign_off as sign
    from o2c.closing.who import require_role

    month = usage(lambda: periods.period(period))
    if not write.why:
        raise WrongUsage(f"say why {name} may stay as it is: --why TEXT")

    def compose(books: Books, act: Act, day: date) -> Sequence[Entry]:
        require_role(books, act)
        (result,) = checklist.run(books, month, [name])
        if result.state == checklist.SIGNED_OFF and (result.by, result.why) == (act.by, act.why):
            return []
        return [sign(act, day, month.name, checklist.CHECKS[name], result)]

    post(context, write, f"close sign-off {month.name} {name}", [month.name, name, write.why], compose)


@click.command()
@click.argument("item", metavar="ITEM")
@click.argument("amount", metavar="AMOUNT|general")
@click.argument("currency", metavar="[CURRENCY]", required=False)
@posting_options
@pass_context
def assess(context: Context, item: str, amount: str, currency: str | None, write: Write) -> None:
    """Assess one open item by itself: how much of it will not be paid.

    From then on the allowance takes this amount for the item, and the matrix leaves it out. `general` instead of an
    amount gives the item back to the matrix.

    \b
    Example: the customer is insolvent, 80 % are expected to be lost:
      o2c close assess INV-2026-0004 800.00 EUR --why "Insolvency, quota of 20 % expected"
    """
    from o2c.closing.allowance_base import GENERAL
    from o2c.closing.assessing import assess as set_allowance

    name = item_name(item, "ITEM")
    asked = None if amount == GENERAL else given(amount, "AMOUNT", currency)
    if not write.why:
        raise WrongUsage(f"say why {name} is assessed so: --why TEXT")

    def compose(books: Books, act: Act, day: date) -> Sequence[Entry]:
        return set_allowance(books, act, day, name, asked)

    post(context, write, f"close assess {name} {amount}", [name, amount, currency], compose)

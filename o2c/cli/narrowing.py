"""What commands about many reports have in common: the day, and whose figures; parsed before the books are opened."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import click

from o2c.cli.context import usage
from o2c.errors import BooksBroken
from o2c.model.text import code
from o2c.model.text import customer_code
from o2c.model.text import day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from o2c.books import Books


class Narrowing(NamedTuple):
    """The last day (None: today), and whose figures; empty: everybody's, all currencies."""

    as_of: date | None
    customer: str
    group: str
    currency: str

    @property
    def whose(self) -> dict[str, str]:
        """The options of a report that were given."""
        given = {"customer": self.customer, "group": self.group, "currency": self.currency}
        return {name: value for name, value in given.items() if value}


def narrowing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --as-of, --customer, --group and --currency to a command, which gets them as one `narrowing`."""

    @functools.wraps(command)
    def wrapped(
        *args: Any, as_of: str | None, customer: str | None, group: str | None, currency: str | None, **options: Any
    ) -> None:
        narrowing = Narrowing(
            usage(lambda: day(as_of, "--as-of")) if as_of else None,
            usage(lambda: customer_code(customer, "--customer")) if customer else "",
            usage(lambda: code(group, "--group")) if group else "",
            currency or "",
        )
        command(*args, narrowing=narrowing, **options)

    choices = [
        click.option("--as-of", metavar="DATE", help="The last day, like 2026-03-31 [today]."),
        click.option("--customer", metavar="CODE", help="Only this customer, like C0001."),
        click.option("--group", metavar="CODE", help="Only the customers of this credit group."),
        click.option("--currency", metavar="CODE", help="Only this currency, like EUR."),
    ]
    for choice in reversed(choices):
        wrapped = choice(wrapped)
    return wrapped


def warn(books: Books) -> None:
    """Say on the other channel that the books have errors, or that nobody knows."""
    if books.is_unchecked:
        click.echo("the books changed since they were last checked whole: run `o2c check`", err=True)
    if found := len(books.errors) + _faults(books):
        click.echo(f"the books have {found} error{'s' if found > 1 else ''}: run `o2c check`", err=True)


def _faults(books: Books) -> int:
    try:
        books.master  # noqa: B018 - the first use reads it
    except BooksBroken as broken:
        return len(broken.faults)
    return 0

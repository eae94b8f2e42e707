"""Judges new entries against credit limits, with everything that their customers have open, groups included."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from beancount.core import data

from o2c.books.index import closure
from o2c.books.index import customers
from o2c.books.index import series
from o2c.books.index import slices
from o2c.books.index import store
from o2c.model import integrity
from o2c.model import names
from o2c.model import reading
from o2c.model.credit import breaches
from o2c.model.credit.in_force import limits_by_name
from o2c.model.credit.limits import LIMIT
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.rates import no_rate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date as Date
    from decimal import Decimal
    from typing import Any

    from beancount.core.data import Directive

    from o2c.model.findings import Finding

PLUGIN = "beancount_o2c.credit_limit"


def broken_limits(connection: sqlite3.Connection, options: dict[str, Any], new: list[Directive]) -> list[Finding]:
    """List the limits that new entries (booked) break, as the plugin would over all of the books.

    Looked at is every day from that of the first new entry on. Raises Torn where the entries cannot be read apart.
    """
    if not any(name == PLUGIN for name, _ in options["plugin"]) or not new:
        return []
    if any(isinstance(entry, data.Price) for entry in new):
        raise slices.Torn
    with store.reading(connection):
        concerned = _concerned(connection, new)
        if not concerned:
            return []
        before = min(entry.date for entry in new) - timedelta(days=1)
        old, complete = _about(connection, options, concerned, new, before)
    known = {finding.message for finding in _found(connection, options, old, complete)}
    found = _found(connection, options, [*old, *new], complete)
    return [finding for finding in found if finding.message not in known]


def _concerned(connection: sqlite3.Connection, new: list[Directive]) -> set[str]:
    """Name the customers whose limits new entries may break: their own, and all members of their groups."""
    asked = set(_customers(connection, new))
    limited: set[str] = set()
    while True:
        found, _ = closure.pieces(connection, asked)
        pieces = [piece for piece in found.values() if piece.doc_type == LIMIT]
        entries = [*slices.directives(connection, pieces), *new]
        by_name = limits_by_name(breaches.limit_events(entries))
        about = (said for name, said in by_name.items() if not asked.isdisjoint({name, *breaches.customers(said)}))
        limited = breaches.watched(about)
        if limited <= asked:
            return limited
        asked |= limited


def _customers(connection: sqlite3.Connection, new: list[Directive]) -> Iterator[str]:
    """Name the customers of new entries: of their accounts, of the orders they deliver or invoice, of limits."""
    orders: set[str] = set()
    for entry in new:
        for account in (getattr(entry, "account", ""), *(each.account for each in getattr(entry, "postings", ()))):
            yield names.customer_of(account)
        made = reading.read(entry)
        if isinstance(made, Document):
            yield made.customer
            orders |= {line.order for line in made.lines}
        elif isinstance(made, Event) and made.kind == LIMIT:
            yield from (value for value in made.values if isinstance(value, str))
    for piece in slices.directives(connection, closure.numbered(connection, orders - {""})):
        yield str(piece.meta.get("customer", ""))


def _about(
    connection: sqlite3.Connection, options: dict[str, Any], concerned: Iterable[str], new: list[Directive], since: Date
) -> tuple[list[Directive], set[str]]:
    """Read all that customers had open on any day after `since`, and all about what new entries touch."""
    asked = set(concerned)
    for customer in sorted(asked):
        asked.update(customers.names_about(connection, customer, since))
    for entry in new:
        made = reading.read(entry)
        if isinstance(made, Document):
            asked |= {made.doc_id, *(line.order for line in made.lines)}
        elif isinstance(made, Event):
            asked.add(made.subject)
        if isinstance(entry, data.Transaction):
            asked |= {movement.item for movement in reading.movements(entry)}
    found, complete = closure.pieces(connection, asked - {""})
    return slices.booked(slices.directives(connection, found.values()), options), complete


def _found(
    connection: sqlite3.Connection, options: dict[str, Any], entries: list[Directive], complete: set[str]
) -> list[Finding]:
    """Check the limits over some entries; movements of items that are not complete among them are left out."""
    ordered = sorted(entries, key=data.entry_sortkey)
    sheet = integrity.sheet(ordered)
    kept = sheet._replace(moves=[move for move in sheet.moves if move.item in complete])
    currency = next(iter(options["operating_currency"]), "")

    def rate(of: str, day: Date) -> Decimal:
        if (found := series.rate(connection, of, currency, day)) is None:
            raise no_rate(of, currency, day)
        return found

    return breaches.breaches(ordered, kept, currency, rate if currency else None)

"""Limits, blocks and their ends: dated entries with who, why and until when; what applies is frozen into them."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Final

from beancount.core.amount import Amount

from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model import credit
from o2c.model.credit.in_force import blocks
from o2c.model.credit.limits import BLOCKED
from o2c.model.credit.limits import LIMIT
from o2c.model.credit.limits import PERMANENT
from o2c.model.credit.limits import TEMPORARY
from o2c.model.credit.limits import UNBLOCKED
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import shown

if TYPE_CHECKING:
    from o2c.books import Books
    from o2c.master import Master
    from o2c.model.credit import Limit
    from o2c.model.documents import Act
    from o2c.model.documents import Value


#: The plugin without which nobody watches over limits; Beancount reads plugin lines in the main file alone.
GUARD: Final = "beancount_o2c.credit_limit"

#: What a hold or a release can be about.
_ANY: Final = "customer, credit group or order"


def require_guard(books: Books) -> None:
    """Raise Refused, with the line to add, where the books do not name the plugin that watches over limits."""
    if GUARD not in [name for name, _ in books.options["plugin"]]:
        raise Refused(f'{books.main}: nothing watches over credit limits; add the line `plugin "{GUARD}"` to this file')


def set_limit(
    books: Books,
    act: Act,
    day: date,
    name: str,
    amount: Amount,
    *,
    kind: str = "",
    until: date | None = None,
    review: date | None = None,
    horizon: int | None = None,
) -> list[Event]:
    """Set a limit of a customer or credit group from a day on.

    Without a kind it is permanent, with a last day `until` (inclusive) temporary: on top of the permanent one. Day of
    review and horizon come from the policies where they are not given. Raises NotFound for a name that is neither
    customer nor group, Refused for a contradiction or another currency than that of the limit in force.
    """
    require_guard(books)
    chosen = kind or (TEMPORARY if until else PERMANENT)
    if chosen == TEMPORARY and until is None:
        raise Refused(f"a temporary limit needs its last day; add --until {day + timedelta(days=90)}")
    if chosen == PERMANENT and until is not None:
        raise Refused("a permanent limit does not end by itself; leave --until out, or give --kind temporary")
    if until is not None and until < day:
        raise Refused(f"--until {until} is before the limit itself, {day}; name a later day")
    _require_currency(books, name, amount, day, chosen)
    policy = books.master.policies.credit
    days = policy.horizon if horizon is None else horizon
    after = day + timedelta(days=policy.review_days) if policy.review_days and chosen == PERMANENT else None
    return [
        _entry(
            books.master,
            act,
            day,
            name,
            amount,
            kind=chosen,
            until=until or "",
            review=review or after or "",
            horizon="" if days is None else Decimal(days),
            credits=policy.credits if policy.credits != "deducted" else "",
        )
    ]


def block(books: Books, act: Act, day: date, name: str, until: date | None = None) -> list[Event]:
    """Block a customer or group: every order of it is held, until a day or until it is released; once is enough.

    A block that ends later than those in force goes on top of them; raises Refused for one that would end earlier.
    """
    require_guard(books)
    members(books.master, name, _ANY)
    if until is not None and until < day:
        raise Refused(f"--until {until} is before the block itself, {day}; name a later day")
    last = _blocked_until(books, name, day)
    if last is not None and last == (until or date.max):
        return []
    if last is not None and (until or date.max) < last:
        said = "without an end" if last == date.max else f"until {last}"
        raise Refused(
            f"{name} is blocked {said}, and a shorter block ends nothing; `o2c credit release {name}` ends it"
        )
    return [_entry(books.master, act, day, name, _nothing(books, name, day), kind=BLOCKED, until=until or "")]


def _blocked_until(books: Books, name: str, day: date) -> date | None:
    """Give the last day of the blocks in force on a day, date.max without an end; None where there is none."""
    known = [entry for entry in credit.limits_by_name(books.customs(LIMIT)).get(name, ()) if entry.date <= day]
    return max((entry.until or date.max for entry in blocks(known) if entry.counts_on(day)), default=None)


def unblock(books: Books, act: Act, day: date, name: str) -> list[Event]:
    """Let a blocked customer or group buy again; raises Refused where it is not blocked."""
    limit = in_force(books, name, day)
    if limit is None or not limit.blocked:
        members(books.master, name, _ANY)
        raise Refused(f"{name} is not blocked on {day}; held orders are released one by one: `o2c order list --held`")
    return [_entry(books.master, act, day, name, _nothing(books, name, day), kind=UNBLOCKED)]


def in_force(books: Books, name: str, day: date) -> Limit | None:
    """Give the limit of a customer or group on a day; None where none was ever set."""
    return credit.in_force(credit.limits_by_name(books.customs(LIMIT)).get(name, ()), day)


def is_known(master: Master, name: str) -> bool:
    """Tell whether a name is a customer or a credit group."""
    return name in master.customers or any(one.credit_group == name for one in master.customers.values())


def members(master: Master, name: str, what: str = "customer and no credit group") -> tuple[str, ...]:
    """Name the customers of a credit group; () for a customer. Raises NotFound for a name that is neither."""
    if name in master.customers:
        return ()
    found = tuple(sorted(code for code, customer in master.customers.items() if customer.credit_group == name))
    if not found:
        groups = sorted({customer.credit_group for customer in master.customers.values()} - {""})
        known = f"; the credit groups are {', '.join(groups)}" if groups else ""
        raise NotFound(f"there is no {what} {shown(name)}{known}; see `o2c customer list`")
    return found


def _entry(master: Master, act: Act, day: date, name: str, amount: Amount, **facts: Value) -> Event:
    group = members(master, name)
    kind = facts.pop("kind")
    return Event(
        kind=LIMIT,
        date=day,
        subject=name,
        customer="" if group else name,
        act=act,
        values=(name, amount),
        extra=extra(kind=kind if kind != PERMANENT else "", members=" ".join(group), **facts),
    )


def currency_of(books: Books, name: str, day: date) -> str:
    """Give the currency of a limit named without one: that of the limit in force, else the customer's, else ours."""
    limit = in_force(books, name, day)
    customer = books.master.customers.get(name)
    return limit.currency if limit else (customer.currency if customer else "") or books.master.company.currency


def _require_currency(books: Books, name: str, amount: Amount, day: date, kind: str) -> None:
    limit = in_force(books, name, day)
    others = [entry for entry in limit.entries if entry.kind != kind] if limit else []
    if limit and others and limit.total is not None and limit.currency != amount.currency:
        raise Refused(f"the limit of {name} is in {limit.currency}; set this part of it in {limit.currency} too")


def _nothing(books: Books, name: str, day: date) -> Amount:
    currency = currency_of(books, name, day)
    return Amount(rounded(ZERO, currency), currency)

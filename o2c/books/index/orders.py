"""Which orders wait for a step, or belong in a list: found in the rows of the index, perhaps more, never fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import names

if TYPE_CHECKING:
    import sqlite3
    from datetime import date as Date

_ORDERED = "sum(case what when 'o' then quantity else 0 end)"
_DELIVERED = "sum(case what when 'd' then quantity else 0 end)"
_INVOICED = "sum(case what when 'i' then quantity else 0 end)"
_LEFT = "select distinct ordered from (select ordered from quantity group by ordered, line having {})"
_OF_KINDS = "select doc_id from entry where kind not in ('d', 't') and kind = 'e' and doc_type in ({})"
_UNCONFIRMED = (
    "select doc_id from entry as made where kind = 'd' and doc_type = 'order' group by doc_id "
    "having count(*) > (select count(*) from entry where entry.doc_id = made.doc_id and entry.doc_id <> '' "
    "and kind = 'e' and doc_type = 'order-confirmed') union " + _OF_KINDS.format("'order-held', 'order-released'")
)
_UNFINISHED = {
    "confirm": _UNCONFIRMED,
    "deliver": _LEFT.format(f"max({_ORDERED}, {_DELIVERED}) > {_DELIVERED}"),
    "invoice": _LEFT.format(f"max({_ORDERED}, {_DELIVERED}) > {_INVOICED}"),
}
_LISTED = {
    "unfinished": _LEFT.format(f"max({_ORDERED}, {_DELIVERED}) > {_INVOICED}"),
    "open": _LEFT.format(f"{_ORDERED} > {_INVOICED}"),
    "held": _OF_KINDS.format("'order-held'"),
    "incomplete": _UNCONFIRMED,
}
#: Orders about which the books say something after a day: on that day they may have stood otherwise.
_LATER = (
    "select doc_id from entry where date > ? union "
    "select ordered from entry cross join quantity on quantity.entry = entry.id where date > ?"
)
_OF_CUSTOMER = f"""
select ordered, max(unbilled) from (
  select ordered, max(entry.date) > :since or {_DELIVERED} > {_INVOICED} as unbilled
  from quantity join entry on entry.id = quantity.entry
  where ordered in (select doc_id from entry where doc_type = :type and customer = :customer and kind = 'd')
  group by ordered, quantity.line
  having {_ORDERED} > {_DELIVERED} or {_ORDERED} > {_INVOICED} or unbilled
) group by ordered
"""
_CANCELLED = (
    "select count(*) from entry where doc_id = ? and doc_id <> '' and kind = 'e' and doc_type = 'order-cancelled' "
    "and date <= ?"
)


def unfinished(connection: sqlite3.Connection, step: str) -> list[str]:
    """Name the orders that may wait for a step (confirm, deliver, invoice)."""
    return [name for (name,) in connection.execute(_UNFINISHED[step])]


def listed(connection: sqlite3.Connection, as_of: Date, only: str = "", customer: str = "") -> list[str]:
    """Name the orders of a day in the order of the books: all, or those that may be open, held or incomplete."""
    parts, values = ["kind = 'd' and +doc_type = ? and date <= ?"], [names.ORDER, as_of.toordinal()]
    if customer:
        parts.append("doc_id in (select doc_id from entry where kind = 'd' and doc_type = ? and customer = ?)")
        parts.append("doc_id <> ''")
        values += [names.ORDER, customer]
    if only:
        parts.append(f"doc_id in ({_LISTED[only]} union {_LATER})")
        values += [as_of.toordinal()] * 2
    query = f"select doc_id from entry where {' and '.join(parts)} order by date, line, id"
    return list(dict.fromkeys(name for (name,) in connection.execute(query, values)))


def of_customer(connection: sqlite3.Connection, customer: str, since: int) -> list[str]:
    """Name the orders of a customer that are not finished, or were not on some day from `since` (day number) on.

    Finished: cancelled, or delivered and invoiced in full; and nothing delivered that is not invoiced.
    """
    found = connection.execute(_OF_CUSTOMER, {"since": since, "type": names.ORDER, "customer": customer}).fetchall()
    return [name for name, unbilled in found if unbilled or not _is_cancelled(connection, name, since)]


def _is_cancelled(connection: sqlite3.Connection, order: str, day: int) -> bool:
    return bool(connection.execute(_CANCELLED, (order, day)).fetchone()[0])

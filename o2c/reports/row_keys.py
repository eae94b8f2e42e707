"""Keys of rows: what a lookup or a pivot of a spreadsheet finds a row by, the same from month to month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.reports.cells import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.reports.table import Table

KEY = "key"
BETWEEN = "|"
#: The columns that name a row, by report; another report is keyed by all its codes and dates.
KEYS: dict[str, tuple[str, ...]] = {
    "open-items": ("item", "customer", "currency"),
    "aging": ("customer", "currency"),
    "dso": ("currency", "method"),
    "roll-forward": ("customer", "item_currency", "currency"),
    "movements": ("source", "document", "customer", "column", "item_currency", "currency"),
    "subsequent-receipts": ("item", "customer", "currency", "by", "source"),
    "numbering": ("series", "state", "first"),
    "approvals": ("source", "subject", "kind"),
    "audit-trail": ("source", "subject", "customer", "currency"),
    "measures": ("measure", "currency"),
    "days-to-pay": ("customer", "currency"),
    "sales": ("period", "currency"),
    "tax": ("period", "code", "category", "rate", "account", "currency", "posted_currency"),
    "backlog": ("order", "line"),
    "unbilled": ("order", "line"),
    "cash-application": ("currency",),
    "dispute-reasons": ("reason", "currency"),
    "credit-note-reasons": ("reason", "currency"),
    "variants": ("path", "currency"),
    "waiting-times": ("step",),
    "rework": ("kind", "currency"),
    "event-log": ("event",),
    "exposure": ("customer",),
    "contents": ("table",),
}


def keys(table: Table) -> Iterator[str]:
    """Give the key of each row, in their order; rows that nothing tells apart are numbered, `C0001|EUR#2`.

    A key is made of what names the row, never of its figures, so that it stays the same when these change.
    """
    named = KEYS.get(table.report, ())
    columns = [one for one in table.columns if one.name in named]
    columns = columns or [one for one in table.columns if one.kind in {"code", "date"}]
    seen: dict[str, int] = {}
    for row in table.rows:
        key = BETWEEN.join(written(row, column) for column in columns)
        seen[key] = seen.get(key, 0) + 1
        yield key if seen[key] == 1 else f"{key}#{seen[key]}"

"""Judges new entries together with the old ones that they concern, instead of with all of the books.

What could reach further (plugins of others, later balance assertions, lots of both signs) is left to a full load.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data
from beancount.ops import validation

from o2c.books.index import closure
from o2c.books.index import credit
from o2c.books.index import lots
from o2c.books.index import rows
from o2c.books.index import slices
from o2c.books.index import store
from o2c.books.loaded import MAIN
from o2c.books.loaded import NEW
from o2c.model.findings import Finding
from o2c.model.findings import Source

if TYPE_CHECKING:
    import sqlite3

    from beancount.core.data import Directive

#: Plugins that are proved to judge new entries by the entries they are about.
OURS = frozenset({"beancount_o2c.document_integrity", "beancount_o2c.period_close", credit.PLUGIN})
#: Of these, what judges whole periods: nobody posts into a sealed one, so new entries are none of its business.
_OF_PERIODS = frozenset({"beancount_o2c.period_close"})
#: What is judged apart, because it needs more of the old entries or none.
_APART = _OF_PERIODS | {credit.PLUGIN}
_ASSERTED = "select doc_type, max(date) from entry where kind not in ('d', 't') and kind = 'b' group by doc_type"


def judged(
    connection: sqlite3.Connection, options: dict[str, Any], new: list[Directive]
) -> tuple[list[Finding], list[Directive]]:
    """Give the errors that clean books get by new entries (as parsed), and these as booked, in the order of their text.

    Raises Torn where only a full load can tell.
    """
    if _needs_whole(connection, options, new):
        raise slices.Torn
    _, before = _judge(connection, options, [], new)
    booked, after = _judge(connection, options, new, new)
    more = Counter(finding.message for finding in after)
    more.subtract(Counter(finding.message for finding in before))
    ours = [entry for entry in booked if entry.meta["filename"] == NEW]
    fresh = [finding for finding in after if more[finding.message] > 0]
    fresh += credit.broken_limits(connection, options, ours)
    return fresh, sorted(ours, key=lambda entry: int(entry.meta["lineno"]))


def _needs_whole(connection: sqlite3.Connection, options: dict[str, Any], new: list[Directive]) -> bool:
    """Tell whether only a full load can judge."""
    return (
        any(name not in OURS for name, _ in options["plugin"])
        or not all(map(_fits, new))
        or lots.mixed(connection, new, options["operating_currency"])
        or _is_before_an_assertion(connection, new)
    )


def _fits(entry: Directive) -> bool:
    try:
        rows.row(entry)
    except rows.Unfit:
        return False
    return True


def _is_before_an_assertion(connection: sqlite3.Connection, new: list[Directive]) -> bool:
    asserted = connection.execute(_ASSERTED).fetchall()
    return any(
        posting.account == account or posting.account.startswith(account + ":")
        for entry in new
        if isinstance(entry, data.Transaction)
        for posting in entry.postings
        for account, day in asserted
        if entry.date.toordinal() < day
    )


def _judge(
    connection: sqlite3.Connection, options: dict[str, Any], new: list[Directive], concerning: list[Directive]
) -> tuple[list[Directive], list[Finding]]:
    """Book, check and validate new entries with the old ones that they concern."""
    from beancount.loader import run_transformations

    old = _concerned(connection, concerning)
    judges = [(name, config) for name, config in options["plugin"] if name not in _APART]
    options = {**options, "include": [], "plugin": judges}
    everything = sorted([*old, *new], key=data.entry_sortkey)
    booked, errors = slices.book(everything, options)
    lots.require_found(booked)
    entries, errors = run_transformations(list(booked), errors, options, None)
    errors = [*errors, *validation.validate(entries, options, None, None)]
    return booked, [_finding(error) for error in errors]


def _concerned(connection: sqlite3.Connection, concerning: list[Directive]) -> list[Directive]:
    wanted: set[str] = set()
    accounts: set[str] = set()
    for entry in concerning:
        made = rows.row(entry)
        if made is not None and made.kind in "dte":
            wanted |= {made.doc_id, *made.names}
        accounts |= {posting.account for posting in getattr(entry, "postings", ())}
        accounts.add(getattr(entry, "account", ""))
    with store.reading(connection):
        found, _ = closure.pieces(connection, wanted)
        entries = slices.directives(connection, found.values())
        accounts |= {posting.account for entry in entries for posting in getattr(entry, "postings", ())}
        accounts |= {entry.account for entry in entries if isinstance(entry, data.Note)}
        opens = slices.directives(connection, closure.openings(connection, accounts - {""}))
    return [*opens, *entries]


def _finding(error: Any) -> Finding:
    meta = error.source or {}
    return Finding(
        "loads", Source(str(meta.get("filename", MAIN)), int(meta.get("lineno", 0))), str(error.message).strip()
    )

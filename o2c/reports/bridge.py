"""The bridge: why days sales outstanding, overdue and unapplied moved from one day to another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused
from o2c.model.money import ZERO
from o2c.reports import dso
from o2c.reports import places
from o2c.reports import scope
from o2c.reports.bridging import changes
from o2c.reports.bridging import days as of_days
from o2c.reports.bridging import overdue
from o2c.reports.bridging import unapplied
from o2c.reports.ratios import divided
from o2c.reports.selection import select
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from datetime import date

    from o2c.books import Books
    from o2c.reports.bridging.changes import Change
    from o2c.reports.bridging.days import Ratio
    from o2c.reports.selection import Selection
    from o2c.reports.span import Span
    from o2c.reports.table import Cell
    from o2c.reports.table import Row

COLUMNS = (
    Column("measure", "code"),
    Column("currency", "code"),
    Column("effect", "code"),
    Column("part", "code"),
    Column("amount", "money"),
    Column("days", "number"),
    Column("exact", "code"),
    Column("documents", "count"),
)
DSO, OVERDUE, UNAPPLIED = "dso", "overdue", "unapplied"
BEGIN, END = "begin", "end"
RECEIVABLES, SALES = "receivables", "sales"
_OF_SALES = (of_days.SALES_NEW, of_days.SALES_GONE)
_ENDINGS = (changes.PAID, changes.CREDITED, changes.WRITTEN_OFF, changes.REFUNDED, changes.OTHER)
#: The parts of each measure, in their order.
PARTS = {
    DSO: (changes.NEW, *_ENDINGS, *_OF_SALES),
    OVERDUE: (overdue.NEWLY, changes.NEW, overdue.DATES, *_ENDINGS),
    UNAPPLIED: (
        unapplied.RECEIVED,
        changes.CREDITED,
        unapplied.APPLIED,
        changes.REFUNDED,
        changes.WRITTEN_OFF,
        changes.OTHER,
    ),
}


class Bridge(NamedTuple):
    """The changes of one measure in one currency, and where it stood before and after them."""

    measure: str
    currency: str
    begin: Decimal
    end: Decimal
    changes: tuple[Change, ...]
    ratio: Ratio | None = None


def report(
    books: Books,
    as_of: date,
    *,
    customer: str = "",
    currency: str = "",
    group: str = "",
    since: date | None = None,
    until: date | None = None,
    days: int | None = None,
) -> Table:
    """Lay out how DSO, overdue and unapplied came from where they stood before `since` to the end of `until`.

    Without days, the month of `as_of` up to it. `begin` plus all parts is `end`, to the cent, per measure and currency.
    `overdue` are open debit items past their due date, `unapplied` credits not used yet (below zero). Of `dso` (simple,
    over the last 90 or `days` days), `amount` is what changed of the receivables or sales, and `days` what that did to
    it: rounded one by one, two decimals; `exact` is the same as a fraction, and these add up. `documents` counts the
    entries of a part; `bridge-documents` lists them. Without sales on both days there is no bridge of the days.
    Raises NotFound for an unknown customer, Refused where the parts are not the difference (which is a fault of ours).
    """
    chosen, period = select(books, customer, currency, group), places.days(as_of, since, until)
    rows = tuple(row for bridge in bridges(chosen, period, days) for row in _rows(bridge))
    window = of_days.windows(period, days)[1].days
    basis = f"{period}; begin plus all parts is end; dso over {window} days; {scope.GROSS}"
    return Table("bridge", "Bridge", period.last, basis, COLUMNS, rows)


def bridges(chosen: Selection, period: Span, days: int | None = None) -> Iterator[Bridge]:
    """Give the bridges of a selection, by measure and currency; those of nothing are left out.

    Where they begin and end is not taken from the changes; that these are the difference is proved for each.
    """
    ratios = of_days.ratios(chosen, period, days)
    sorted_ = _by_currency(of_days.changes(chosen, period, days))
    for currency, ratio in sorted(ratios.items()):
        mine = tuple(sorted_.get(currency, ()))
        yield _proved(Bridge(DSO, currency, ratio.receivables, ratio.receivables_after, mine, ratio))
    late = (dso.overdue(chosen, period.before), dso.overdue(chosen, period.last))
    yield from _of(OVERDUE, *late, overdue.changes(chosen, period))
    waiting = (_unapplied(chosen, period.before), _unapplied(chosen, period.last))
    yield from _of(UNAPPLIED, *waiting, unapplied.changes(chosen, period))


def _of(
    measure: str, begin: Mapping[str, Decimal], end: Mapping[str, Decimal], found: Iterable[Change]
) -> Iterator[Bridge]:
    mine = _by_currency(found)
    for currency in sorted({*begin, *end, *mine}):
        bridge = Bridge(
            measure, currency, begin.get(currency, ZERO), end.get(currency, ZERO), tuple(mine.get(currency, ()))
        )
        if bridge.begin or bridge.end or bridge.changes:
            yield _proved(bridge)


def _unapplied(chosen: Selection, day: date) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for (_, currency), ages in chosen.ages(day, (0,)).items():
        sums[currency] = sums.get(currency, ZERO) + ages.credit
    return sums


def _by_currency(found: Iterable[Change]) -> dict[str, list[Change]]:
    sorted_: dict[str, list[Change]] = {}
    for change in found:
        sorted_.setdefault(change.currency, []).append(change)
    return sorted_


def _proved(bridge: Bridge) -> Bridge:
    """Give a bridge back whose parts are the difference."""
    moved = sum((one.amount for one in bridge.changes if one.part not in _OF_SALES), ZERO)
    differs = bridge.begin + moved != bridge.end
    if bridge.ratio is not None and bridge.ratio.is_known:
        days = sum((bridge.ratio.of(one) for one in bridge.changes), Fraction(0))
        differs = differs or bridge.ratio.before + days != bridge.ratio.after
    if differs:
        raise Refused(
            f"the bridge of {bridge.measure} in {bridge.currency} begins at {bridge.begin} and ends at {bridge.end}, "
            f"but its parts are {moved}; do not use it, and report the fault with these books"
        )
    return bridge


def _rows(bridge: Bridge) -> Iterator[Row]:
    ratio = bridge.ratio if bridge.ratio is not None and bridge.ratio.is_known else None
    yield _row(bridge, BEGIN, bridge.begin, ratio.before if ratio else None, 0)
    for part in PARTS[bridge.measure]:
        mine = [one for one in bridge.changes if one.part == part]
        if mine:
            days = sum((ratio.of(one) for one in mine), Fraction(0)) if ratio else None
            yield _row(bridge, part, sum((one.amount for one in mine), ZERO), days, len(mine))
    yield _row(bridge, END, bridge.end, ratio.after if ratio else None, 0)


def _row(bridge: Bridge, part: str, amount: Decimal, days: Fraction | None, documents: int) -> Row:
    cells: dict[str, Cell] = {
        "measure": bridge.measure,
        "currency": bridge.currency,
        "effect": effect(bridge.measure, part),
        "part": part,
        "amount": amount,
        "days": "" if days is None else divided(Decimal(days.numerator), Decimal(days.denominator)),
        "exact": "" if days is None else str(days),
        "documents": documents or "",
    }
    return cells


def effect(measure: str, part: str) -> str:
    """Name the side of the quotient that a part of the days changes; empty for other measures and both ends."""
    if measure != DSO or part in {BEGIN, END}:
        return ""
    return SALES if part in _OF_SALES else RECEIVABLES

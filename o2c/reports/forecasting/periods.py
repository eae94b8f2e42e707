"""The periods of a forecast: calendar months or weeks from Monday to Sunday."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from datetime import timedelta

from o2c.errors import WrongUsage
from o2c.reports.span import Span
from o2c.reports.span import month

ONE_DAY = timedelta(days=1)
USUAL, MOST = 3, 120
EARLIEST = date(2, 1, 1)
#: As of the end of this year, the longest forecast still ends within the calendar.
LAST_YEAR = date.max.year - MOST // 12 - 1
LATER = "later"


def periods(as_of: date, months: int | None = None, weeks: int | None = None) -> list[Span]:
    """Give the periods after a day; the first begins on the next day and may be a part of a month or week.

    Raises WrongUsage for months and weeks at once, and for less than 1 or more than 120.
    """
    count = counted(months, weeks, USUAL)
    if as_of.year > LAST_YEAR:
        raise WrongUsage(f"a forecast as of {as_of} would leave the calendar; give an earlier --as-of")
    return following(as_of, count, by_week=weeks is not None)


def following(day: date, count: int, *, by_week: bool) -> list[Span]:
    """Give so many periods after a day, the first from the next day on; they must lie within the calendar."""
    found, last = list[Span](), day
    for _ in range(count):
        first = last + ONE_DAY
        last = last_day(first, by_week=by_week)
        found.append(Span(first, last))
    return found


def past(as_of: date, count: int, *, by_week: bool) -> list[Span]:
    """Give the last whole periods up to and with a day, the oldest first; fewer at the beginning of the calendar."""
    found: list[Span] = []
    last = as_of
    while len(found) < count and _first_day(last, by_week=by_week) > EARLIEST:
        period = Span(_first_day(last, by_week=by_week), last_day(last, by_week=by_week))
        if period.last <= as_of:
            found.insert(0, period)
        last = period.before
    return found


def name(period: Span, *, by_week: bool) -> str:
    """Name a period: `2026-04`, or `2026-W15` as ISO 8601 counts weeks."""
    if not by_week:
        return month(period.first)
    year, week, _ = period.first.isocalendar()
    return f"{year:04d}-W{week:02d}"


def last_day(day: date, *, by_week: bool) -> date:
    """Give the last day of the month or week of a day."""
    if by_week:
        return day + timedelta(days=min(6 - day.weekday(), (date.max - day).days))
    return day.replace(day=monthrange(day.year, day.month)[1])


def _first_day(day: date, *, by_week: bool) -> date:
    return day - timedelta(days=min(day.weekday(), (day - date.min).days)) if by_week else day.replace(day=1)


def counted(months: int | None, weeks: int | None, usual: int) -> int:
    """Give the number of periods that was asked for. Raises WrongUsage as `periods` does."""
    if months is not None and weeks is not None:
        raise WrongUsage("--months and --weeks contradict each other; give one of them")
    asked = weeks if months is None else months
    count = usual if asked is None else asked
    if not 1 <= count <= MOST:
        raise WrongUsage(f"a forecast needs between 1 and {MOST} periods, not {count}")
    return count

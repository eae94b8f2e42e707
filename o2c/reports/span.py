"""The days that a report over a period covers."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from typing import NamedTuple

from o2c.errors import WrongUsage

#: A hundred years.
LONGEST = 36_525
USUAL = 90


class Span(NamedTuple):
    """Whole days, both ends inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> date:
        """The day before the first; with the day zero of the calendar, that day."""
        return self.first - timedelta(days=1) if self.first > date.min else self.first

    def holds(self, day: date) -> bool:
        """Tell whether a day is one of these."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        """Say it: `2026-01-01 to 2026-03-31`."""
        return f"{self.first} to {self.last}"


def span(as_of: date, since: date | None = None, until: date | None = None, days: int | None = None) -> Span:
    """Give the days up to and with `until` (`as_of`): from a day on, or so many (90, where nothing is said).

    Raises WrongUsage for both at once, for a first day behind the last, and for fewer than one day.
    """
    if since is not None and days is not None:
        raise WrongUsage("--from and --days contradict each other; give one of them")
    last = as_of if until is None else until
    if since is not None and since > last:
        raise WrongUsage(f"--from {since} lies behind the last day, {last}; give an earlier --from or a later last day")
    count = USUAL if days is None else days
    if not 1 <= count <= LONGEST:
        raise WrongUsage(f"a report over some days needs between 1 and {LONGEST} days, not {count}")
    if since is not None:
        return Span(since, last)
    return Span(last - timedelta(days=min(count - 1, (last - date.min).days)), last)


def year_to(as_of: date, since: date | None = None, until: date | None = None) -> Span:
    """Give the days from `since`, or from the first of January, up to and with `until` (`as_of`)."""
    last = as_of if until is None else until
    return span(last, date(last.year, 1, 1) if since is None else since)


def month(day: date) -> str:
    """Name the month of a day, `2026-03`."""
    return f"{day.year:04d}-{day.month:02d}"

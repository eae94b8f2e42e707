"""Payment terms: when an invoice falls due, in which instalments, and until when a discount may be taken.

A due date is found in four steps: the invoice date plus `net_days`; with `end_of_month` the last day of that month;
plus `extra_days`; with `fixed_day` the first day with that number at or after it (31 means the last day).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.master import gates
from o2c.model import money
from o2c.model.text import code

if TYPE_CHECKING:
    from o2c.master.section import Section

HUNDRED = Decimal(100)
_DAY_FIELDS = ("net_days", "end_of_month", "extra_days", "fixed_day")
_PART_FIELDS = frozenset({"percent", *_DAY_FIELDS})
_FIELDS = frozenset({"text", "instalments", "discounts", *_DAY_FIELDS})
_DISCOUNT_FIELDS = frozenset({"days", "percent"})


@dataclass(frozen=True, slots=True)
class TermPart:
    """A share of the total, in percent, and when it is due."""

    percent: Decimal = HUNDRED
    net_days: int = 0
    end_of_month: bool = False
    extra_days: int = 0
    fixed_day: int = 0

    def due(self, invoice_date: date) -> date:
        """Give the due date, which may be the invoice date itself."""
        day = invoice_date + timedelta(days=self.net_days)
        if self.end_of_month:
            day = _day_of_month(day.year, day.month, 31)
        day += timedelta(days=self.extra_days)
        return _at_or_after(day, self.fixed_day) if self.fixed_day else day


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount in percent for paying within days of the invoice date, the last of them included."""

    days: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of an invoice with its own due date; the parts sum to the total."""

    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed about paying; with `instalments` the day fields of the terms themselves are zero."""

    code: str
    text: str
    net_days: int = 0
    end_of_month: bool = False
    extra_days: int = 0
    fixed_day: int = 0
    instalments: tuple[TermPart, ...] = ()
    discounts: tuple[Discount, ...] = ()

    @property
    def parts(self) -> tuple[TermPart, ...]:
        """The instalments; terms without any are one part of 100 percent."""
        whole = TermPart(HUNDRED, self.net_days, self.end_of_month, self.extra_days, self.fixed_day)
        return self.instalments or (whole,)

    def due_dates(self, invoice_date: date) -> tuple[tuple[date, Decimal], ...]:
        """Give each due date with the percentage that is due on it, in the order of the terms."""
        return tuple((part.due(invoice_date), part.percent) for part in self.parts)

    def discount_dates(self, invoice_date: date) -> tuple[tuple[date, Decimal], ...]:
        """Give the last day of each discount with its percentage, the earliest first."""
        return tuple((invoice_date + timedelta(days=discount.days), discount.percent) for discount in self.discounts)


def instalments(terms: Terms, invoice_date: date, total: Decimal, currency: str) -> tuple[Instalment, ...]:
    """Split a total over the due dates, rounded to the currency; the last instalment takes what is left.

    >>> half = Terms("half", "", instalments=(TermPart(Decimal(50), 20), TermPart(Decimal(50), 40)))
    >>> [(str(i.due), str(i.amount)) for i in instalments(half, date(2026, 3, 1), Decimal("240.01"), "EUR")]
    [('2026-03-21', '120.01'), ('2026-04-10', '120.00')]
    """
    dates = terms.due_dates(invoice_date)
    amounts = money.shares(total, [percent for _, percent in dates], currency)
    return tuple(Instalment(due, amount) for (due, _), amount in zip(dates, amounts, strict=True))


def read(file: Section) -> dict[str, Terms]:
    """Read terms.yaml: codes with their terms."""
    return {name: _read_terms(name, section) for name, section in file.records(code, _FIELDS)}


def _read_terms(name: str, section: Section) -> Terms:
    parts = tuple(_read_part(part) for part in section.sections("instalments", _PART_FIELDS))
    whole = _read_part(section)
    discounts = tuple(_read_discount(part) for part in section.sections("discounts", _DISCOUNT_FIELDS))
    _check(section, parts, discounts)
    return Terms(
        code=name,
        text=section.needed("text", gates.line, "", "payable within 30 days"),
        net_days=whole.net_days,
        end_of_month=whole.end_of_month,
        extra_days=whole.extra_days,
        fixed_day=whole.fixed_day,
        instalments=parts,
        discounts=tuple(sorted(discounts, key=lambda discount: discount.days)),
    )


def _read_part(section: Section) -> TermPart:
    return TermPart(
        percent=section.value("percent", gates.percent, HUNDRED),
        net_days=section.value("net_days", gates.whole(0, 3650), 0),
        end_of_month=section.value("end_of_month", gates.flag, default=False),
        extra_days=section.value("extra_days", gates.whole(0, 3650), 0),
        fixed_day=section.value("fixed_day", gates.whole(1, 31), 0),
    )


def _read_discount(section: Section) -> Discount:
    return Discount(
        days=section.needed("days", gates.whole(0, 3650), 0, "10"),
        percent=section.needed("percent", gates.percent, money.ZERO, "2"),
    )


def _check(section: Section, parts: tuple[TermPart, ...], discounts: tuple[Discount, ...]) -> None:
    """Refuse what has two meanings: shares that are not the whole, days beside instalments, discounts on them."""
    total = sum((part.percent for part in parts), money.ZERO)
    if parts and total != HUNDRED:
        section.fault("instalments", f"the instalments sum to {total} percent; they must sum to 100")
    if parts and any(field in section for field in _DAY_FIELDS):
        section.fault("instalments", "days stand beside the instalments; write the days into the instalments only")
    if parts and discounts:
        section.fault("discounts", "terms with instalments cannot have a discount; remove one of them")
    if len({discount.days for discount in discounts}) != len(discounts):
        section.fault("discounts", "two discounts end on the same day; keep one of them")


def _day_of_month(year: int, month: int, day: int) -> date:
    """Give a day of a month, or the last day when the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _at_or_after(day: date, number: int) -> date:
    """Give the first date at or after a day that has this number in its month."""
    this_month = _day_of_month(day.year, day.month, number)
    if this_month >= day:
        return this_month
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return _day_of_month(year, month, number)

"""A bar for each bucket of the aging totals, with its amount: the shape of what is owed at a glance."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from o2c.reports.aging import UNAPPLIED
from o2c.reports.cells import number
from o2c.reports.layout import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from o2c.reports.table import Row
    from o2c.reports.table import Table

#: From nothing to seven eighths of a letter; the full block follows.
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
LONGEST = 40


def bars(table: Table, width: int, *, blocks: bool) -> Iterator[Line]:
    """Draw the bars of an aging, per currency; nothing for other reports and where there is no room."""
    if table.report == "aging":
        names = [column.name for column in table.columns]
        buckets = names[names.index("current") : names.index(UNAPPLIED)]
        for totals in table.totals:
            yield from _of_currency(totals, buckets, width, blocks=blocks)


def _of_currency(totals: Row, names: Sequence[str], width: int, *, blocks: bool) -> Iterator[Line]:
    amounts = {name: amount for name in names if isinstance(amount := totals[name], Decimal)}
    currency = str(totals["currency"])
    texts = {name: number(amount, currency) for name, amount in amounts.items()}
    digits = max(map(len, texts.values()))
    room = min(LONGEST, width - len(currency) - max(map(len, names)) - digits - 6)
    if room > 0 and any(amounts.values()):
        yield Line("rule", "")
        for name in names:
            label = f"{currency}  {name:<{max(map(len, names))}}  {texts[name]:>{digits}}"
            yield Line("row", f"{label}  {_bar(amounts[name], max(amounts.values()), room, blocks=blocks)}".rstrip())


def _bar(amount: Decimal, longest: Decimal, room: int, *, blocks: bool) -> str:
    """Draw to the eighth of a letter; what is not zero shows at least the least."""
    eighths = int(amount * room * 8 / longest)
    if amount > 0:
        eighths = max(1, eighths)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8] if blocks else "#" * ((eighths + 7) // 8)

"""The checklist of the close: named checks over the books at the end of a month, each with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.books.index.books import IndexedBooks
from o2c.closing.at_end import AtEnd
from o2c.closing.checklist.registry import CHECKS
from o2c.closing.checklist.result import GREEN
from o2c.closing.checklist.result import RED
from o2c.closing.checklist.result import SIGNED_OFF
from o2c.closing.checklist.result import Check
from o2c.closing.checklist.result import Result
from o2c.closing.checklist.result import Seen
from o2c.closing.checklist.sign_offs import signed
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.model import periods
from o2c.model.money import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.books import Books
    from o2c.model.periods import Period

__all__ = ["CHECKS", "GREEN", "RED", "SIGNED_OFF", "Check", "Result", "Seen", "run"]


def run(books: Books, period: Period | str, names: Sequence[str] = ()) -> list[Result]:
    """Run the checks of a month (none named: all) over books that load, in the order of the registry.

    A check that cannot answer (no rate, no policy) is red and says what is missing. Raises NotFound for an unknown
    name, BadInput for what is no month.
    """
    for name in names:
        if name not in CHECKS:
            raise NotFound(f"there is no check {shown(name)} of the close; there are: {', '.join(CHECKS)}")
    whole = books.whole if isinstance(books, IndexedBooks) else books
    at_end = AtEnd(whole, periods.period(period) if isinstance(period, str) else period)
    return [_result(at_end, check) for name, check in CHECKS.items() if not names or name in names]


def _result(at_end: AtEnd, check: Check) -> Result:
    try:
        found = check.look(at_end)
    except Refused as refusal:
        return signed(at_end, check, Result(check.name, RED, str(refusal).replace("\n", "; ")))
    return signed(at_end, check, Result(check.name, RED if found.is_red else GREEN, found.said, found.seen))

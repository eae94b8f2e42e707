"""Where a figure stands in the ledger text, and which days a report over a period looks at."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from o2c.model.findings import NOWHERE
from o2c.reports.span import span

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.model.findings import Source
    from o2c.reports.span import Span

#: Thousands of entries stand in the same file.
_FILES_KEPT = 1 << 10


def place(books: Books, source: Source) -> str:
    """Write a place as `journal/2026-03.beancount:17`, from the folder of the books; empty for no place."""
    if source == NOWHERE:
        return ""
    return f"{_below(books.root, source.file)}:{source.line}"


@lru_cache(_FILES_KEPT)
def _below(root: Path, file: str) -> str:
    """Name a file from the folder of the books where it lies in it."""
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


def days(as_of: date, since: date | None, until: date | None) -> Span:
    """Give the days from `since`, or from the first of the month, up to and with `until` (`as_of`).

    Raises WrongUsage where the last day comes before the first.
    """
    last = until or as_of
    return span(last, since or last.replace(day=1))

"""Reports: each turns the books and a day into a `Table`; `output` lays tables out.

A new report is one module with `report(books, as_of, *, ...) -> Table` and one line in `REPORTS`.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from o2c.books import Books
    from o2c.reports.table import Table


class Report(NamedTuple):
    """Where a report is computed (loaded only when it is asked for) and what it shows, in one line."""

    module: str
    summary: str


REPORTS = {
    "open-items": Report("o2c.reports.open_items", "every open item, the oldest due first"),
    "aging": Report("o2c.reports.aging", "what customers owe, by days past due"),
    "dso": Report("o2c.reports.dso", "days sales outstanding, per currency"),
}


def run(name: str, books: Books, as_of: date, **options: object) -> Table:
    """Compute a report as of the end of a day.

    `options` are the keyword arguments of the report's own `report` function (customer, currency, basis, ...).
    Raises WrongUsage for a name or an option that does not exist, NotFound for a customer that does not.
    """
    if name not in REPORTS:
        raise WrongUsage(f"there is no report '{name}'; there are: {', '.join(REPORTS)}")
    compute: Callable[..., Table] = import_module(REPORTS[name].module).report
    taken = inspect.signature(compute).parameters
    for option in options:
        if option not in taken:
            raise WrongUsage(f"the report {name} has no option --{option}; leave it out")
    return compute(books, as_of, **options)

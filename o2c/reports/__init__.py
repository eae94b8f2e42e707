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
    "roll-forward": Report("o2c.reports.roll_forward", "opening to closing balance of each customer"),
    "movements": Report("o2c.reports.movements", "the entries that make up a roll-forward"),
    "subsequent-receipts": Report("o2c.reports.subsequent_receipts", "what was paid later of what was open"),
    "numbering": Report("o2c.reports.numbering", "numbers used, void and missing, per series"),
    "approvals": Report("o2c.reports.approvals", "who decided, overrode and approved"),
    "audit-trail": Report("o2c.reports.audit_trail", "every entry: who, when, what, why, from, to"),
    "measures": Report("o2c.reports.measures", "DSO and its friends, collection, overdue, bad debt"),
    "days-to-pay": Report("o2c.reports.days_to_pay", "how late each customer pays, weighed by amount"),
    "statement": Report("o2c.reports.statement", "a customer's open items; with --from, the activity"),
    "sales": Report("o2c.reports.sales", "invoiced, credited and net, by month"),
    "tax": Report("o2c.reports.tax", "base and tax by month, code and rate"),
    "backlog": Report("o2c.reports.backlog", "confirmed order lines, neither delivered nor invoiced"),
    "unbilled": Report("o2c.reports.unbilled", "order lines delivered and not invoiced"),
    "cash-application": Report("o2c.reports.cash_application", "how receipts were applied, what is left"),
    "dispute-reasons": Report("o2c.reports.dispute_reasons", "disputes by reason"),
    "credit-note-reasons": Report("o2c.reports.credit_note_reasons", "credit notes by reason"),
    "duties": Report("o2c.reports.duties", "who did two things that two persons should do"),
    "forecast": Report("o2c.reports.forecast", "what the open items will bring, by how customers paid before"),
    "forecast-items": Report("o2c.reports.forecast_items", "when each open item is likely to be paid"),
    "forecast-error": Report("o2c.reports.forecast_error", "the forecast tried on the past, beside the due dates"),
    "variants": Report("o2c.reports.variants", "the paths that orders took, how many, how long"),
    "waiting-times": Report("o2c.reports.waiting_times", "how long each step from order to cash takes"),
    "rework": Report("o2c.reports.rework", "what was repeated, done by hand, or went by itself"),
    "event-log": Report("o2c.reports.event_log", "every step from order to cash, with its moment"),
    "bridge": Report("o2c.reports.bridge", "why DSO, overdue and unapplied moved between two days"),
    "bridge-documents": Report("o2c.reports.bridge_documents", "the entries that make up a bridge"),
    "insights": Report("o2c.reports.insights", "what to look at, with its money"),
    "insight-items": Report("o2c.reports.insight_items", "the documents behind the insights"),
    "exposure": Report("o2c.reports.exposure", "what customers use of their credit limits, and what is left"),
}

#: Reports that look from the end of one day (--as-of) to another (--to); all others have one last day.
OF_TWO_DAYS = frozenset({"subsequent-receipts"})


def options(name: str) -> frozenset[str]:
    """Name the options that a report takes, such as `currency`, `since` (--from) and `until` (--to)."""
    return frozenset(inspect.signature(_compute(name)).parameters) - {"books", "as_of"}


def kinds(name: str) -> dict[str, str]:
    """Give the options of a report with the type of each, as its signature writes it (`date | None`)."""
    taken = inspect.signature(_compute(name)).parameters
    return {option: str(taken[option].annotation) for option in options(name)}


def run(name: str, books: Books, as_of: date, **options: object) -> Table:
    """Compute a report as of the end of a day.

    `options` are the keyword arguments of the report's own `report` function (customer, currency, basis, ...).
    Raises WrongUsage for a name or an option that does not exist, NotFound for a customer that does not.
    """
    compute = _compute(name)
    taken = inspect.signature(compute).parameters
    for option in options:
        if option not in taken:
            raise WrongUsage(f"the report {name} has no option --{option}; leave it out")
    return compute(books, as_of, **options)


def _compute(name: str) -> Callable[..., Table]:
    if name not in REPORTS:
        raise WrongUsage(f"there is no report '{name}'; there are: {', '.join(REPORTS)}")
    compute: Callable[..., Table] = import_module(REPORTS[name].module).report
    return compute

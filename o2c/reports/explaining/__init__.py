"""Explanations: any figure of any report taken apart, down to the documents and the lines of the ledger.

A report offers `explain(asked: Asked) -> Part` in its own module, or in the module of the same name in this folder:
the parts of the figure `asked.column` of `asked.row`, and the rule that makes the figure of them. `HEADLINE` beside
it names the column meant where none is asked for. In the simplest case that is three lines:

    def explain(asked: Asked) -> Part:
        return by_place(asked)

for a report whose rows carry the place of one entry in `source`. Parts from the ledger come from `evidence`, rules from
`rules`; `asked.once(make, ...)` keeps what is looked up for all rows. Totals need nothing: they are sums of rows.
What `explain` gives is never believed: every figure in the tree is computed again from its parts.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from o2c import reports
from o2c.errors import WrongUsage
from o2c.reports.explaining import naming
from o2c.reports.explaining.asked import Asked
from o2c.reports.explaining.entries import by_place
from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import Rule
from o2c.reports.explaining.part import proved
from o2c.reports.explaining.rules import SUM

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence
    from datetime import date
    from types import ModuleType

    from o2c.books import Books
    from o2c.reports.table import Row
    from o2c.reports.table import Table

__all__ = ["Asked", "Part", "Rule", "by_place", "explain", "explained", "explainer", "proved"]


def explain(
    books: Books, report: str, as_of: date, *, words: Sequence[str] = (), column: str = "", **options: object
) -> tuple[Asked, Part]:
    """Take one figure of a report apart.

    `words` stand in its row, and the last may name its column; `column` names it where it is not among them. No words
    are needed for the only row; `total` is the total of a currency, `#3` the third row. `options` are those of the
    report. Gives the question as it was understood, and the figure as a tree whose sums, quotients and
    counts were computed again. Raises NotFound and WrongUsage where no such figure is, Refused where the parts do not
    make the figure.
    """
    table = reports.run(report, books, as_of, **options)
    module = explainer(report)
    row, named = naming.split(table, words, column)
    chosen = naming.column_of(table, named, getattr(module, "HEADLINE", report.replace("-", "_")))
    found = naming.row_of(table, row)
    is_alone = any(found is one for one in table.rows)
    asked = Asked(books, as_of, options, table, found, chosen, is_alone=is_alone)
    return asked, explained(asked)


def explained(asked: Asked) -> Part:
    """Explain a figure that was asked for, and prove it; see `explain`."""
    part = proved(_made(asked))
    assert part.value == asked.value, f"{asked.table.report} {asked.name}: another figure was explained"
    return part


def explainer(report: str) -> ModuleType:
    """Find the module that explains a report: its own, or the one of the same name here.

    Raises WrongUsage for a report that nobody explains.
    """
    if report not in reports.REPORTS:
        raise WrongUsage(f"there is no report '{report}'; there are: {', '.join(reports.REPORTS)}")
    own = reports.REPORTS[report].module
    beside = f"{__name__}.{own.rpartition('.')[2]}"
    for name in (own, beside):
        if find_spec(name) and hasattr(module := import_module(name), "explain"):
            return module
    raise WrongUsage(f"the figures of {report} cannot be explained yet; see its page in docs/reports.md")


def _made(asked: Asked) -> Part:
    compute: Callable[[Asked], Part] = explainer(asked.table.report).explain
    if not any(asked.row is row for row in asked.table.totals):
        return compute(asked)
    if asked.name not in asked.row:
        raise WrongUsage(f"{asked.table.report} has no total of {asked.name}; name a row")
    rows = [row for row in asked.table.rows if row["currency"] == asked.row["currency"]]
    parts = [compute(asked.of(row))._replace(what=label(asked.table, row)) for row in rows if row[asked.name]]
    return asked.answer(SUM, parts, "all rows in this currency")


def label(table: Table, row: Row) -> str:
    """Name a row by its first words."""
    return " ".join(naming.cells_of(table, row)[:3])

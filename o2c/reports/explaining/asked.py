"""What is asked: a figure of a report, by its row and column, with everything the report was computed from."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any
from typing import Concatenate
from typing import ParamSpec
from typing import TypeVar
from typing import cast

from o2c.reports.explaining.part import Part
from o2c.reports.explaining.part import Rule
from o2c.reports.places import place
from o2c.reports.selection import Selection
from o2c.reports.selection import select
from o2c.reports.span import Span
from o2c.reports.span import span
from o2c.reports.span import year_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date

    from o2c.books import Books
    from o2c.model.findings import Source
    from o2c.reports.table import Cell
    from o2c.reports.table import Column
    from o2c.reports.table import Row
    from o2c.reports.table import Table

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Asked:
    """A figure that is to be explained.

    `table` is the report that `books`, `as_of` and `options` gave; `row` is one of its rows or totals, `column` one of
    its columns. `known` keeps what was looked up once, for all figures of this table; `is_alone` says that there is
    only this row to explain, so that books about its customer are enough.
    """

    books: Books
    as_of: date
    options: Mapping[str, Any]
    table: Table
    row: Row
    column: Column
    known: dict[object, object] = field(default_factory=dict)
    is_alone: bool = False

    @property
    def name(self) -> str:
        """Name the column."""
        return self.column.name

    @property
    def value(self) -> Cell:
        """Give the figure as the report says it."""
        return self.row.get(self.name, "")

    @property
    def currency(self) -> str:
        """Name the currency of the row; empty where it has none."""
        return str(self.row.get("currency", ""))

    @property
    def unit(self) -> str:
        """Name the currency of the figure; empty where it is no money."""
        return self.currency if self.column.kind == "money" else ""

    @property
    def day(self) -> date:
        """Give the last day that the report shows."""
        return self.table.as_of or self.as_of

    @cached_property
    def chosen(self) -> Selection:
        """The part of the books that the report looked at."""
        given = {key: self.options[key] for key in ("customer", "currency", "group") if key in self.options}
        return select(self.books, **given)

    @property
    def span(self) -> Span:
        """The days of a report that looks at 90 days where nothing else is said."""
        given = self.options
        return span(self.as_of, given.get("since"), given.get("until"), given.get("days"))

    @property
    def year(self) -> Span:
        """The days of a report that begins on the first of January where nothing else is said."""
        return year_to(self.as_of, self.options.get("since"), self.options.get("until"))

    def cell(self, name: str) -> str:
        """Give a text of the row; empty where it has none."""
        return str(self.row.get(name, ""))

    def once(self, make: Callable[Concatenate[Asked, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Look something up that does not depend on the row, one time for all figures of the table."""
        key = (make, args, tuple(kwargs.items()))
        if key not in self.known:
            self.known[key] = make(self, *args, **kwargs)
        return cast("T", self.known[key])

    def of(self, row: Row) -> Asked:
        """Ask for the same column of another row."""
        return replace(self, row=row)

    def at(self, column: str) -> Asked:
        """Ask for another column of the same row."""
        return replace(self, column=next(one for one in self.table.columns if one.name == column))

    def about(self, *names: str, since: date | None = None) -> Books:
        """Give books about these names where only this row is explained, else all; see `Books.about`."""
        return self.books.about(*names, since=since) if self.is_alone and all(names) else self.books

    def place(self, source: Source) -> str:
        """Write where something stands, from the folder of the books."""
        return place(self.books, source)

    def answer(
        self, rule: Rule | None, parts: Iterable[Part] = (), formula: str = "", *, document: str = "", at: str = ""
    ) -> Part:
        """Explain the figure by its parts; without a rule it is read at the place `at`."""
        return Part(self.name, self.value, self.unit, rule, tuple(parts), document, at, formula)

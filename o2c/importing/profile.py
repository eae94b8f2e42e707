"""A profile: how the export of another system is read (see docs/moving-in.md for each key)."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HISTORY = "history"
OPEN_ITEMS = "open-items"
WITH_LINES = "invoices-with-lines"
KINDS = (HISTORY, OPEN_ITEMS, WITH_LINES)

#: What we want to know of a row; a profile names the column that says it.
FIELDS = (
    "number", "customer", "name", "country", "date", "due", "amount", "open", "currency", "type", "status", "settled",
    "applies_to", "disputed", "reference", "terms", "text", "sku", "quantity", "price",
)  # fmt: skip

#: Fields that a kind of import cannot do without.
NEEDED = {
    HISTORY: ("number", "customer", "date", "amount"),
    OPEN_ITEMS: ("number", "customer", "date"),
    WITH_LINES: ("number", "customer", "date", "quantity", "price"),
}

#: What a document type of the other system can be here.
LEAVE_OUT = "leave-out"
TYPES = ("invoice", "credit-note", "receipt", LEAVE_OUT)

#: What a status of the other system can mean.
STATUSES = ("open", "settled", LEAVE_OUT)


@dataclass(frozen=True, slots=True)
class Profile:
    """How one kind of file is read; everything that could be guessed is said here instead.

    `columns` maps our fields to columns; a number may be made of several columns, joined by `-`. `optional` are the
    fields whose column need not be in the file. `rows_need` are columns that a row must fill to be a record; other
    rows are headings or totals and are left out. `credits` says whether amounts of credit notes and receipts are
    written `negative` or `positive`; `negative_amounts` whether a negative amount is a `credit` or `refused` where no
    document type says so. `no_date` are texts that mean "not yet" in a date column. `due_days` counts from the
    document's date where there is no due date (-1: then it is due at once). `one_time` is the customer for rows
    without one ("" = such rows are bad).
    """

    name: str
    kinds: tuple[str, ...]
    title: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    header_line: int = 1
    rows_need: tuple[str, ...] = ()
    dates: str = "YYYY-MM-DD"
    no_date: tuple[str, ...] = ()
    decimal: str = "."
    group: str = ""
    minus: str = "before"
    currency: str = ""
    numbers: str = "as-is"
    prefixes: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    credits: str = "negative"
    negative_amounts: str = "refused"
    cancellation_prefix: str = ""
    statuses: Mapping[str, str] = field(default_factory=dict)
    disputed: tuple[str, ...] = ()
    undisputed: tuple[str, ...] = ()
    due_days: int = -1
    one_time: str = ""
    one_time_name: str = "One-time customers"
    customer_terms: str = "net30"
    countries: Mapping[str, str] = field(default_factory=dict)
    income_account: str = "Income:Imported"
    bank_account: str = "Assets:Bank:Imported"
    opening_account: str = "Equity:Opening-Balances"

    def column(self, name: str) -> str:
        """Give the column of a field as messages name it; the field itself where no column is known."""
        return " + ".join(self.columns.get(name, (name,)))

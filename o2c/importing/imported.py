"""What an import file says, as values: documents to post, customers to add, and every row that is no good."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date as Date
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.documents import Event


class BadRow(NamedTuple):
    """A row that cannot be taken: its line, the column, and what is wrong and to do."""

    line: int
    column: str
    what: str

    def sentence(self, file: str) -> str:
        """Write it as `FILE:LINE: column: what; what to do`."""
        return f"{file}:{self.line}: {self.column}: {self.what}"


class NewCustomer(NamedTuple):
    """A customer of the file; `number_there` is its number in the other system where ours differs.

    `has_number` is False for the one customer that stands for rows without any.
    """

    code: str
    name: str
    country: str
    currency: str
    number_there: str = ""
    has_number: bool = True


class Rounding(NamedTuple):
    """What rounding to the smallest unit did to the lines of one currency: how many, and posted minus exact in sum."""

    currency: str
    lines: int
    amount: Decimal


class Heading(NamedTuple):
    """What all documents of an import have in common; `line` is where the document begins in the file."""

    doc_id: str
    line: int
    date: Date
    customer: str
    payee: str
    currency: str
    due: Date | None = None
    terms: str = ""
    reference: str = ""
    text: str = ""
    number_there: str = ""


class Imported(NamedTuple):
    """What a whole file says.

    `documents` and `events` are in the order of their days. `lines` gives the line of each document. `left_out`
    counts rows the profile leaves out on purpose; `notes` are things to know that are no faults.
    """

    file: str
    documents: tuple[Document, ...]
    events: tuple[Event, ...]
    customers: tuple[NewCustomer, ...]
    lines: Mapping[str, int]
    bad: tuple[BadRow, ...]
    roundings: tuple[Rounding, ...] = ()
    rows: int = 0
    left_out: int = 0
    notes: tuple[str, ...] = ()

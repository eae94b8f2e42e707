"""Does the ledger hold together? One function for each named check; each gives findings and never raises.

`QUICK` are those that need nothing but the entries, in one light pass: the plugin `beancount_o2c.document_integrity`
runs them at every load. The others need the facts, or what was agreed in the master data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final

from o2c.model.integrity.allocations import dates
from o2c.model.integrity.allocations import over_allocation
from o2c.model.integrity.balance import exact_zero
from o2c.model.integrity.document_numbers import document_numbers
from o2c.model.integrity.events import events
from o2c.model.integrity.items import items
from o2c.model.integrity.items import sub_ledger
from o2c.model.integrity.numbering import numbering
from o2c.model.integrity.quantities import quantities
from o2c.model.integrity.references import references
from o2c.model.integrity.sheet import Sheet
from o2c.model.integrity.sheet import sheet
from o2c.model.integrity.totals import lines_and_totals

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from o2c.model.findings import Finding

#: Checks over the sheet alone, by name.
QUICK: Final[Mapping[str, Callable[[Sheet], list[Finding]]]] = {
    "document-numbers": document_numbers,
    "items": items,
    "exact-zero": exact_zero,
    "lines-and-totals": lines_and_totals,
    "references": references,
    "over-allocation": over_allocation,
    "dates": dates,
}

__all__ = [
    "QUICK",
    "Sheet",
    "dates",
    "document_numbers",
    "events",
    "exact_zero",
    "items",
    "lines_and_totals",
    "numbering",
    "over_allocation",
    "quantities",
    "references",
    "sheet",
    "sub_ledger",
]

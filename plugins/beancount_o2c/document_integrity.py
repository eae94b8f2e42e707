"""Check that orders, invoices, receipts and open items hold together.

Paste this line into your main file; Beancount ignores plugins in included files, without a word:

    plugin "beancount_o2c.document_integrity"

Every load (bean-check, Fava, o2c) then reports: documents without a number or with one that is used twice; postings
on a customer's account without `item`, or with the item of another customer; items from which more was taken than
they are; documents that do not sum to exactly zero; lines, taxes and totals that do not belong together; references
to documents that are not there. It changes nothing. Gaps in numbers are found by `o2c check`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount_o2c.configuration import unwanted
from o2c.model import integrity
from o2c.model.integrity import sharing
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    from beancount.core.data import Directive
    from beancount.core.data import Directives

    from o2c.model.findings import Finding

__plugins__ = ("document_integrity",)

NAME = "document_integrity"
#: The plugin that reads the same sheet.
_NEXT = "beancount_o2c.credit_limit"


class DocumentIntegrityError(NamedTuple):
    """A document or item that is wrong."""

    source: dict[str, Any]
    message: str
    entry: Directive | None


def document_integrity(
    entries: Directives, options_map: dict[str, Any], config: str | None = None
) -> tuple[Directives, list[DocumentIntegrityError]]:
    """Report what is wrong with documents and items; leaves a mark in the options that it ran, and over what."""
    try:
        with no_collection():
            sheet = sharing.taken_over(entries)
            errors = [_error(finding) for check in integrity.QUICK.values() for finding in check(sheet)]
        options_map.setdefault("o2c-ran", {})[NAME] = evidence(sheet)
        if any(name == _NEXT for name, _ in options_map["plugin"]):
            sharing.leave(entries, sheet)
    except Exception as error:  # noqa: BLE001 - Beancount would go on as if the entries had been checked
        message = f"the entries were NOT checked: {NAME} failed with {error!r}; please report it"
        return entries, [DocumentIntegrityError({"filename": options_map["filename"], "lineno": 1}, message, None)]
    if said := unwanted(NAME, config):
        errors.append(DocumentIntegrityError({"filename": options_map["filename"], "lineno": 1}, said, None))
    return entries, errors


def evidence(sheet: integrity.Sheet) -> tuple[int, str]:
    """Say what was checked: how many transactions, and a digest of the documents' numbers."""
    numbers = "\n".join(sheet.numbered)
    return len(sheet.transactions), hashlib.sha256(numbers.encode()).hexdigest()[:16]


def _error(finding: Finding) -> DocumentIntegrityError:
    source = {"filename": finding.source.file, "lineno": finding.source.line}
    return DocumentIntegrityError(source, finding.message, finding.entry)

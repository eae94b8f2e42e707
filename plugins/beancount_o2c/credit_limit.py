"""Check that no order or invoice took a customer over the credit limit of its day without a release.

Paste this line into your main file, behind that of document_integrity; Beancount ignores plugins in included files,
without a word:

    plugin "beancount_o2c.credit_limit"

Limits are entries of the books (`custom "o2c-limit" "C0001" 10000.00 EUR`), so checking last year's books gives last
year's answer. Every load (bean-check, Fava, o2c) then reports each confirmation, delivery, invoice and entry by hand
that went too far, and limits and releases that cannot be read. It changes nothing. See docs/ledger-format.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount_o2c.configuration import unwanted
from o2c.model.credit.breaches import breaches
from o2c.model.integrity import sharing
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    from beancount.core.data import Directive
    from beancount.core.data import Directives

    from o2c.model.findings import Finding
    from o2c.model.integrity import Sheet

__plugins__ = ("credit_limit",)

NAME = "credit_limit"


class CreditLimitError(NamedTuple):
    """A limit that was exceeded, or that cannot be checked."""

    source: dict[str, Any]
    message: str
    entry: Directive | None


def credit_limit(
    entries: Directives, options_map: dict[str, Any], config: str | None = None
) -> tuple[Directives, list[CreditLimitError]]:
    """Report what broke a credit limit; leaves a mark in the options that it ran, and over what."""
    try:
        books_currency = next(iter(options_map["operating_currency"]), "")
        with no_collection():
            sheet = sharing.taken_over(entries)
            errors = [_error(finding) for finding in breaches(entries, sheet, books_currency)]
        options_map.setdefault("o2c-ran", {})[NAME] = evidence(sheet)
    except Exception as error:  # noqa: BLE001 - Beancount would go on as if the limits had been checked
        message = f"the credit limits were NOT checked: {NAME} failed with {error!r}; please report it"
        return entries, [CreditLimitError({"filename": options_map["filename"], "lineno": 1}, message, None)]
    if said := unwanted(NAME, config):
        errors.append(CreditLimitError({"filename": options_map["filename"], "lineno": 1}, said, None))
    return entries, errors


def evidence(sheet: Sheet) -> tuple[int, int, int]:
    """Say what was checked: how many transactions, notes (releases are some), and custom entries (limits are some)."""
    return len(sheet.transactions), len(sheet.notes), len(sheet.customs)


def _error(finding: Finding) -> CreditLimitError:
    source = {"filename": finding.source.file, "lineno": finding.source.line}
    return CreditLimitError(source, finding.message, finding.entry)

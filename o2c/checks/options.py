"""No option of the main file weakens what Beancount proves."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.data import Booking
from beancount.core.data import Open

from o2c.model import names
from o2c.model.findings import Finding
from o2c.model.findings import Source
from o2c.model.money import unit
from o2c.model.reading import source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.checks.evidence import Evidence

NAME = "options"
_NAMES = {
    "name_assets": "Assets",
    "name_liabilities": "Liabilities",
    "name_equity": "Equity",
    "name_income": "Income",
    "name_expenses": "Expenses",
}
_HALF = Decimal("0.5")


def options(evidence: Evidence) -> list[Finding]:
    """Find options that switch off checks, widen tolerances, run code, or rename what the format relies on."""
    main = evidence.books.main
    text = main.read_text(encoding="utf-8", errors="replace")
    faults = [Finding(NAME, _place(main, text, option), message) for option, message in _faults(evidence)]
    return [*faults, *_accounts(evidence)]


def _faults(evidence: Evidence) -> Iterator[tuple[str, str]]:
    said = evidence.books.options
    if said["plugin_processing_mode"] != "default":
        yield "plugin_processing_mode", "raw mode switches balance assertions and pads off; remove the option"
    for currency, tolerance in sorted(said["inferred_tolerance_default"].items()):
        if tolerance > unit(currency) / 2:
            message = (
                f"a tolerance of {tolerance} {currency} lets amounts disappear; write at most {unit(currency) / 2}"
            )
            yield "inferred_tolerance_default", message
    if said["tolerance_multiplier"] > _HALF:
        message = f"a multiplier of {said['tolerance_multiplier']} lets amounts disappear; remove it (0.5)"
        yield "tolerance_multiplier", message
    if said["insert_pythonpath"] or said.get("pythonpath"):
        folders = ", ".join(said.get("pythonpath") or ()) or "the books' folder"
        yield (
            "insert_pythonpath",
            f"Python files in {folders} are run as plugins; remove the option, install the plugin",
        )
    for option, name in _NAMES.items():
        if said[option] != name:
            yield option, f"the accounts {name} are renamed to {said[option]}; the ledger format needs {name}"
    if said["booking_method"] is not Booking.STRICT:
        method = said["booking_method"].name
        yield "booking_method", f"{method} chooses lots by itself; remove the option: open items need STRICT"
    home = evidence.root.resolve()
    for folder in said["documents"]:
        if not (home / folder).resolve().is_relative_to(home):
            yield "documents", f"{folder} lies outside the books; keep documents below {home}"


def _accounts(evidence: Evidence) -> Iterator[Finding]:
    for entry in evidence.books.booked:
        if isinstance(entry, Open) and names.is_item_account(entry.account):
            method = entry.booking
            if method is not None and method is not Booking.STRICT:
                message = f'{entry.account} is opened with "{method.name}"; open items need "STRICT": remove it'
                yield Finding(NAME, source(entry), message)


def _place(main: Path, text: str, option: str) -> Source:
    found = re.search(rf'^option\s+"{option}"', text, re.MULTILINE)
    return Source(str(main), text.count("\n", 0, found.start()) + 1 if found else 1)

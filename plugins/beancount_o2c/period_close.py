"""Check that nobody changed a sealed period.

Paste this line into your main file, before the plugins of others; Beancount ignores it in included files:

    plugin "beancount_o2c.period_close"

Every load (bean-check, Fava, o2c) then reports, for each period that `o2c close seal` sealed: entries that were changed
or added, at their line; entries that are gone, at the line of the close; seals and leaf files that do not belong
together. Formatting, comments, and moving entries between files are free. It changes nothing.

As long as the files begin with the bytes that were sealed, this costs little more than reading them. `o2c close
verify` compares every entry, and with `--expect` also finds a chain of seals that somebody computed anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from beancount.core.data import Document

from beancount_o2c.configuration import unwanted
from o2c.model.memory import no_collection
from o2c.model.sealing import proving

if TYPE_CHECKING:
    from beancount.core.data import Directive
    from beancount.core.data import Directives

    from o2c.model.findings import Finding

__plugins__ = ("period_close",)

NAME = "period_close"


class PeriodCloseError(NamedTuple):
    """An entry of a sealed period that is not as it was sealed."""

    source: dict[str, Any]
    message: str
    entry: Directive | None


def period_close(
    entries: Directives, options_map: dict[str, Any], config: str | None = None
) -> tuple[Directives, list[PeriodCloseError]]:
    """Report what changed in sealed periods; leaves a mark in the options that it ran, and over how many entries."""
    try:
        with no_collection():
            proof = proving.prove(entries, options_map, quick=True)
            errors = [_error(finding) for finding in proof.findings]
        # Beancount's cache and Fava then notice a changed leaf file.
        options_map["include"] = [*options_map["include"], *map(str, proof.files)]
        options_map.setdefault("o2c-ran", {})[NAME] = evidence(entries)
    except Exception as error:  # noqa: BLE001 - Beancount would go on as if the entries had been checked
        message = f"sealed periods were NOT checked: {NAME} failed with {error!r}; please report it"
        return entries, [PeriodCloseError({"filename": options_map["filename"], "lineno": 1}, message, None)]
    if said := unwanted(NAME, config):
        errors.append(PeriodCloseError({"filename": options_map["filename"], "lineno": 1}, said, None))
    return entries, errors


def evidence(entries: Directives) -> int:
    """Say what was checked: how many entries of the files."""
    return len(entries) - sum(1 for entry in entries if type(entry) is Document and entry.meta.get("lineno") == 0)


def _error(finding: Finding) -> PeriodCloseError:
    return PeriodCloseError(
        {"filename": finding.source.file, "lineno": finding.source.line}, finding.message, finding.entry
    )

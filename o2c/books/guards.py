"""What must hold before anything is posted, beyond a load without errors: our guard ran, no option hides errors.

Beancount goes on without a plugin that is misspelt, and options can switch off its own checks (dangers D06 to D09).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any

from beancount.core.data import Custom
from beancount.core.data import Transaction

from o2c.model.findings import Finding
from o2c.model.findings import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

    from beancount.core.data import Directive

GUARD = "beancount_o2c.document_integrity"
#: Plugins that books must name as soon as they hold entries that only these watch over, and how to know them.
WATCHES: dict[str, Callable[[Custom], bool]] = {
    "beancount_o2c.credit_limit": lambda entry: entry.type == "o2c-limit",
    "beancount_o2c.period_close": lambda entry: entry.type == "o2c-close" and "seal" in entry.meta,
}
_HALF_A_CENT = Decimal("0.005")


def findings(main: Path, options: dict[str, Any], booked: Iterable[Directive]) -> list[Finding]:
    """List what is wrong with the options of books that were loaded, given their entries before plugins."""
    return [*_findings(main, options), *unwatched(main, options, booked)]


def unwatched(main: Path, options: dict[str, Any], booked: Iterable[Directive]) -> Iterator[Finding]:
    """Find plugins that are missing, or did not run, although the books hold entries that only they watch over."""
    customs = [entry for entry in booked if isinstance(entry, Custom)]
    named = [name for name, _ in options["plugin"]]
    for plugin, watches in WATCHES.items():
        held = next((entry for entry in customs if watches(entry)), None)
        if held is not None and plugin not in named:
            said = f'nothing watches over the `{held.type}` entries; add the line `plugin "{plugin}"` to the main file'
            yield Finding("plugins", Source(str(main), 1), said)
        elif held is not None and plugin.rpartition(".")[2] not in options.get("o2c-ran", {}):
            said = f"the plugin {plugin} did not run, so nothing watched over the `{held.type}` entries"
            yield Finding("plugins", plugin_line(main, plugin), said)


def _findings(main: Path, options: dict[str, Any]) -> Iterator[Finding]:
    top = Source(str(main), 1)
    named = [name for name, _ in options["plugin"]]
    if GUARD not in named:
        yield Finding("plugins", top, f'nothing checks the documents; add the line `plugin "{GUARD}"` to the main file')
    elif GUARD.rpartition(".")[2] not in options.get("o2c-ran", {}):
        place = plugin_line(main, GUARD)
        yield Finding("plugins", place, f"the plugin {GUARD} did not run, so no document was checked")
    if options["plugin_processing_mode"] != "default":
        yield Finding("options", top, 'the option "plugin_processing_mode" switches off Beancount\'s checks; remove it')
    if options.get("insert_pythonpath"):
        yield Finding("options", top, 'the option "insert_pythonpath" runs Python files beside the books; remove it')
    for currency, tolerance in options["inferred_tolerance_default"].items():
        if tolerance > _HALF_A_CENT:
            said = f'the option "inferred_tolerance_default" lets {tolerance} {currency} disappear; remove it'
            yield Finding("options", top, said)


def lost(main: Path, booked: Iterable[Directive], entries: Iterable[Directive]) -> list[Finding]:
    """Tell whether a plugin took documents away, which Beancount lets happen without a word."""
    before, after = _documents(booked), _documents(entries)
    if after >= before:
        return []
    said = f"a plugin took {before - after} documents away; find it among the plugin lines and remove it"
    return [Finding("plugins", Source(str(main), 1), said)]


def _documents(entries: Iterable[Directive]) -> int:
    return sum("doc-type" in entry.meta for entry in entries if isinstance(entry, Transaction))


def plugin_line(main: Path, name: str) -> Source:
    """Find the line of the main file that names a plugin; line 1 where none does."""
    lines = main.read_text("utf-8", "replace").splitlines() if main.is_file() else []
    found = (number for number, line in enumerate(lines, 1) if line.startswith("plugin") and f'"{name}"' in line)
    return Source(str(main), next(found, 1))

"""What an import did, or would do: documents by type, totals per currency, roundings, customers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Any

import click

from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Opening
from o2c.model.money import ZERO
from o2c.model.money import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.importing.imported import Imported
    from o2c.importing.moving_in import Arrival
    from o2c.posting import Placed
    from o2c.posting import Posted


def say(
    imported: Imported,
    arrival: Arrival,
    customers: Sequence[Mapping[str, object]],
    posted: Posted,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Print the summary; on a dry run the entries come first, on stdout, and the summary goes to stderr."""
    existed = (*(placed.entry for placed in posted.existed), *(() if posted.existed else arrival.existed))
    if as_json:
        click.echo(
            json.dumps(_json(imported, existed, customers, posted, dry_run=dry_run), indent=1, ensure_ascii=False)
        )
        return
    if dry_run:
        click.echo(posted.text.strip("\n"))
    for line in _lines(imported, existed, len(customers), posted.placed):
        click.echo(line, err=dry_run)
    if dry_run:
        click.echo("dry run: nothing was written", err=True)


def _lines(imported: Imported, existed: Sequence[Any], customers: int, placed: Sequence[Placed]) -> Iterator[str]:
    bad = len({row.line for row in imported.bad})
    yield f"{imported.file}: {imported.rows} rows, {imported.left_out} left out by the profile, {bad} bad and left out"
    for kind, (count, sums) in _totals(one.entry for one in placed).items():
        amounts = ", ".join(text(number, currency) for currency, number in sorted(sums.items()))
        yield f"  {kind:<18}{count:>8} new   {amounts}".rstrip()
    if existed:
        yield f"  {'all kinds':<18}{len(existed):>8} existed"
    if customers:
        yield f"  {'customers':<18}{customers:>8} new"
    for currency, lines, amount in imported.roundings:
        yield f"  rounded {lines} lines in {currency}: posted less exact is {amount} {currency}"
    for note in imported.notes:
        yield f"  note: {note}"
    yield from (f"  in {file}" for file in sorted({one.file for one in placed}))


def _totals(entries: Iterable[Any]) -> dict[str, tuple[int, dict[str, Decimal]]]:
    """Count entries by type, and sum what they moved on customers' items per currency."""
    found: dict[str, tuple[int, dict[str, Decimal]]] = {}
    for entry in entries:
        if isinstance(entry, Opening):
            continue
        kind = entry.doc_type if isinstance(entry, Document) else entry.kind
        count, sums = found.get(kind, (0, {}))
        if isinstance(entry, Document):
            for movement in entry.movements:
                sums[movement.currency] = sums.get(movement.currency, ZERO) + movement.amount
        found[kind] = (count + 1, sums)
    return found


def _json(
    imported: Imported,
    existed: Sequence[Any],
    customers: Sequence[Mapping[str, object]],
    posted: Posted,
    *,
    dry_run: bool,
) -> dict[str, Any]:
    return {
        "posted": [_row(one.entry, one.file, one.line) for one in posted.placed if not isinstance(one.entry, Opening)],
        "existed": [_row(entry, *entry.source) for entry in existed if not isinstance(entry, Opening)],
        "rows": imported.rows,
        "left_out": imported.left_out,
        "bad": [bad.sentence(imported.file) for bad in imported.bad],
        "customers": [customer["code"] for customer in customers],
        "totals": [
            {"doc_type": kind, "count": count, "currency": currency, "amount": text(number, currency).split(" ")[0]}
            for kind, (count, sums) in _totals(one.entry for one in posted.placed).items()
            for currency, number in sorted(sums.items())
        ],
        "roundings": [
            {"currency": rounding.currency, "lines": rounding.lines, "amount": f"{rounding.amount:f}"}
            for rounding in imported.roundings
        ],
        "notes": list(imported.notes),
        **({"dry_run": True, "text": posted.text} if dry_run else {}),
    }


def _row(entry: Any, file: str, line: int) -> dict[str, str | int]:
    name = entry.subject if isinstance(entry, Event) else entry.doc_id
    kind = entry.kind if isinstance(entry, Event) else entry.doc_type
    return {"doc_id": name, "doc_type": kind, "date": str(entry.date), "file": file, "line": line}

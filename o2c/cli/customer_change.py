"""The commands that change customers: `customer add`, `customer edit`, `customer import`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c import master
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.customer_approve import say_unapproved
from o2c.cli.names import customer_names
from o2c.errors import BadInput
from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.master.editing import Change

_FILE = click.Path(path_type=Path, allow_dash=True, dir_okay=False)
_CODE = click.argument("code", metavar="C", shell_complete=customer_names)


def _writes(command: Callable[..., None]) -> Callable[..., None]:
    """Add --dry-run and --json to a command that changes customers."""
    command = click.option("--json", "as_json", is_flag=True, help="Say what was written as JSON.")(command)
    return click.option("--dry-run", is_flag=True, help="Print the lines that would change, write nothing.")(command)


@click.command()
@click.argument("file", metavar="FILE|-", type=_FILE)
@_writes
@pass_context
def add(context: Context, file: Path, dry_run: bool, as_json: bool) -> None:
    """Add one customer from a YAML file, or from standard input (-).

    The text is the customer as it shall stand in customers.yaml; comments are kept. A customer that is there
    already, with the same content, is no fault. Probable duplicates are named, and added nevertheless.

    \b
    Example, acme.yaml:
      C0100:
        name: Acme
        address: {lines: [Main Street 1], postcode: "10115", city: Berlin, country: DE}
        terms: net30
        currency: EUR

      o2c customer add acme.yaml
    """
    from o2c.master.editing import add_customer

    text, name = _text(file)
    change = add_customer(context.root, text, name=name, dry_run=dry_run)
    _say(change, "added", dry_run=dry_run, as_json=as_json)
    if change.customers and not dry_run:
        _warn(context, change)


@click.command()
@_CODE
@click.option(
    "--set", "sets", metavar="FIELD=VALUE", multiple=True, help="Set a field; empty takes it away. Repeatable."
)
@click.option("--from", "source", type=_FILE, help="Take the customer's new text from a file, or - for standard input.")
@_writes
@pass_context
def edit(context: Context, code: str, sets: tuple[str, ...], source: Path | None, dry_run: bool, as_json: bool) -> None:
    """Change a customer; without options, in your editor. Only the lines that change are touched.

    Fields inside the address have a dot, lists have commas between their values.

    \b
    Example:
      o2c customer edit C0001 --set terms=net14 --set address.city=Bremen
      o2c customer edit C0001 --set "ibans=DE89370400440532013000"
      o2c customer edit C0001
    """
    from o2c.master.customer_text import parsed_changes
    from o2c.master.editing import edit_customer

    if sets and source:
        raise WrongUsage("--set and --from contradict each other; give one of them")
    changes = parsed_changes(sets) if sets else _text(source)[0] if source else _edited(context, code)
    if changes is None:
        click.echo("nothing was changed")
        return
    change = edit_customer(context.root, code, changes, dry_run=dry_run)
    _say(change, "changed", dry_run=dry_run, as_json=as_json)
    if not dry_run:
        say_unapproved(context, [one for one in change.customers if change.after != change.before])


@click.command(name="import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--delimiter", default=",", show_default=True, help="Between the cells of a CSV file; `tab` for a tab.")
@click.option("--sheet", help="Sheet of a workbook [the only one].")
@_writes
@pass_context
def import_(context: Context, file: Path, delimiter: str, sheet: str | None, dry_run: bool, as_json: bool) -> None:
    """Add many customers at once from YAML, CSV or XLSX: all of them, or none where one has a fault.

    The columns of a table are named like the fields: code, name, address.lines, address.postcode, address.city,
    address.country, contact.email, tax_ids, ibans, terms, currency ... Several values in one cell have ; between.

    \b
    Example:
      o2c customer import customers.csv --delimiter ";"
    """
    from o2c.master import editing

    if file.suffix.lower() in {".yaml", ".yml"}:
        text, name = _text(file)
        change = editing.append_text(context.root, text, name=name, dry_run=dry_run)
    else:
        records, rows = _rows(file, "\t" if delimiter == "tab" else delimiter, sheet)
        change = editing.append_customers(context.root, records, name=file.name, rows=rows, dry_run=dry_run)
    _say(change, "added", dry_run=dry_run, as_json=as_json)


def _text(file: Path) -> tuple[str, str]:
    """Read a text from a file or standard input; gives it with the name that messages use."""
    from o2c.master import yaml_text
    from o2c.master.faults import Faults

    name, limit = "<stdin>" if str(file) == "-" else str(file), yaml_text.MAX_BYTES + 1
    try:
        data = sys.stdin.buffer.read(limit) if name == "<stdin>" else _beginning(file, limit)
    except OSError as error:
        raise BadInput(f"{name}: cannot be read ({error.strerror}); correct the name or its permissions") from error
    faults = Faults(name)
    text = yaml_text.decoded(data, faults)
    if text is None:
        raise BadInput(faults.sentences())
    return text, name


def _beginning(file: Path, limit: int) -> bytes:
    with file.open("rb") as stream:
        return stream.read(limit)


def _rows(file: Path, delimiter: str, sheet: str | None) -> tuple[list[dict[str, object]], list[int]]:
    """Read the rows of a table as customers, with their lines."""
    from o2c.importing.sheets import read_rows
    from o2c.master import incoming

    try:
        rows = list(read_rows(file, delimiter=delimiter, sheet=sheet))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror}); correct the name or its permissions") from error
    incoming.check_columns(rows[0].cells if rows else (), str(file))
    incoming.check_types(((row.line, row.typed) for row in rows), str(file))
    return [incoming.customer(row.cells) for row in rows], [row.line for row in rows]


def _edited(context: Context, code: str) -> str | None:
    """Let the user edit a customer's lines; None when they were left as they are."""
    from o2c.master.editing import text_of

    if not sys.stdin.isatty():
        raise WrongUsage("there is no terminal for an editor; give --set FIELD=VALUE or --from FILE")
    before = text_of(context.root, code)
    after = click.edit(before, extension=".yaml")
    return None if after is None or after == before else after


def _say(change: Change, verb: str, *, dry_run: bool, as_json: bool) -> None:
    """Say what was written: the lines of a dry run, JSON, or a sentence for each customer."""
    if as_json:
        written = [_place(one.code, one.source) for one in change.customers if change.after != change.before]
        existed = [_place(one.code, one.source) for one in change.existed]
        click.echo(json.dumps({"posted": [] if dry_run else written, "existed": existed}, ensure_ascii=False))
    elif dry_run:
        click.echo(change.diff() or "nothing would change")
    else:
        for one in change.customers if change.after != change.before else ():
            click.echo(f"{verb} {one.code} {one.name} ({one.source})")
        for one in change.existed:
            click.echo(f"{one.code} {one.name} was there already ({one.source})")
        if change.after == change.before and not change.existed:
            click.echo("nothing to change: the customer is like that already")


def _place(code: str, source: str) -> dict[str, object]:
    file, _, line = source.rpartition(":")
    return {"doc_id": code, "doc_type": "customer", "file": file, "line": int(line)}


def _warn(context: Context, change: Change) -> None:
    """Name the customers that the new one looks like; it is added nevertheless."""
    from o2c.master import checking

    for pair in checking.duplicates(master.load(context.root), [one.code for one in change.customers]):
        click.echo(
            f"look again: {pair.code} and {pair.other} are probably one customer: {'; '.join(pair.reasons)}", err=True
        )

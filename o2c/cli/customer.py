"""The command `customer`: who buys from us."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c import master
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.customer_approve import approve
from o2c.cli.customer_approve import say_unapproved
from o2c.cli.names import customer_names
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.errors import BadInput
from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from o2c.master.editing import Change
    from o2c.reports.table import Column
    from o2c.reports.table import Row

_FILE = click.Path(path_type=Path, allow_dash=True, dir_okay=False)
_CODE = click.argument("code", metavar="C", shell_complete=customer_names)


def _writes(command: Callable[..., None]) -> Callable[..., None]:
    """Add --dry-run and --json to a command that changes customers."""
    command = click.option("--json", "as_json", is_flag=True, help="Say what was written as JSON.")(command)
    return click.option("--dry-run", is_flag=True, help="Print the lines that would change, write nothing.")(command)


@click.group()
def customer() -> None:
    """Keep the customers: who buys, who pays, and what was agreed (master/customers.yaml).

    \b
    Example:
      o2c customer list --status active
      o2c customer edit C0001 --set terms=net14
    """


customer.add_command(approve)


@customer.command(name="list")
@click.option("--status", help="Only these: active, blocked, prospect, closed or one-time.")
@click.option("--country", help="Only these: two capitals, DE.")
@table_options
@pass_context
def list_(context: Context, status: str | None, country: str | None, fmt: str, output: Path | None) -> None:
    """List customers with their terms and status.

    \b
    Example:
      o2c customer list --country FR --format csv
    """
    rows = [
        {
            "customer": one.code,
            "name": one.name,
            "country": one.address.country,
            "city": one.address.city,
            "terms": one.terms,
            "currency": one.currency,
            "price_list": one.price_list,
            "status": one.status,
        }
        for one in master.load(context.root).customers.values()
        if status in {None, one.status} and country in {None, one.address.country}
    ]
    kinds = {"customer": "code", "name": "text", "city": "text"}
    names = ("customer", "name", "country", "city", "terms", "currency", "price_list", "status")
    _show("customers", "Customers", _columns(names, kinds), rows, fmt, output)


@customer.command()
@_CODE
@table_options
@pass_context
def show(context: Context, code: str, fmt: str, output: Path | None) -> None:
    """Show everything that was agreed with a customer, with the place in the file and how it is taxed.

    \b
    Example:
      o2c customer show C0001
    """
    from o2c.master.describing import described

    books = master.load(context.root)
    rows = [{"field": field, "value": value} for field, value in described(books, code) if value]
    _show(
        "customer",
        f"Customer {code}",
        _columns(("field", "value"), {"field": "code", "value": "text"}),
        rows,
        fmt,
        output,
    )


@customer.command()
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


@customer.command()
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


@customer.command(name="import")
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


@customer.command()
@table_options
@pass_context
def check(context: Context, fmt: str, output: Path | None) -> None:
    """Find probable duplicates, records with gaps, and tax numbers with wrong check digits.

    Duplicates and gaps are proposals. Wrong check digits are faults: the exit code is then 1.

    \b
    Example:
      o2c customer check --format csv -o worklist.csv
    """
    from o2c.master import checking

    books = master.load(context.root)
    wrong = checking.wrong_tax_ids(books)
    rows: list[Row] = [_finding("tax-number", fault.code, "", "", f"{fault.place}: {fault.message}") for fault in wrong]
    rows += [
        _finding("duplicate", pair.code, pair.other, f"{pair.score} %", "; ".join(pair.reasons))
        for pair in checking.duplicates(books)
    ]
    scores = (checking.completeness(one) for one in books.customers.values() if one.status != "closed")
    rows += [
        _finding("incomplete", score.code, "", f"{score.percent} %", f"missing: {', '.join(score.missing)}")
        for score in sorted(scores, key=lambda score: (score.percent, score.code))
        if score.missing
    ]
    kinds = {"customer": "code", "other": "code", "finding": "text"}
    columns = _columns(("check", "customer", "other", "score", "finding"), kinds)
    _show("customer-check", "Customers to look at", columns, rows, fmt, output)
    if wrong:
        sys.exit(1)


def _show(
    report: str, title: str, columns: tuple[Column, ...], rows: Sequence[Row], fmt: str, output: Path | None
) -> None:
    from o2c.reports.table import Table

    show_table(Table(report, title, None, "", columns, tuple(rows)), fmt, output)


def _columns(names: tuple[str, ...], kinds: dict[str, str]) -> tuple[Column, ...]:
    from o2c.reports.table import Column

    return tuple(Column(name, "code" if kinds.get(name, "code") == "code" else "text") for name in names)


def _finding(check: str, code: str, other: str, score: str, finding: str) -> Row:
    return {"check": check, "customer": code, "other": other, "score": score, "finding": finding}


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

"""The command `customer`: who buys from us."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from o2c import master
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.customer_approve import approve
from o2c.cli.customer_change import add
from o2c.cli.customer_change import edit
from o2c.cli.customer_change import import_
from o2c.cli.names import customer_names
from o2c.cli.show import show_table
from o2c.cli.show import table_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from o2c.reports.table import Column
    from o2c.reports.table import Row

_CODE = click.argument("code", metavar="C", shell_complete=customer_names)


@click.group()
def customer() -> None:
    """Keep the customers: who buys, who pays, and what was agreed (master/customers.yaml).

    \b
    Example:
      o2c customer list --status active
      o2c customer edit C0001 --set terms=net14
    """


customer.add_command(add)
customer.add_command(approve)
customer.add_command(edit)
customer.add_command(import_)


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

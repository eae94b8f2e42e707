"""The command `check`: proves the books, check by check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.checks import Result
    from o2c.model.findings import Finding

_HELP = """Prove the books: each check prints one line, its findings below it.

Without a name all checks run. `bean-check` proves less: it accepts cut
files, payments entered twice, cents that disappear, and plugins that
never ran.

Exit codes: 0 all is well, 1 a check failed, 3 the books do not load.

\b
Example: the sub-ledger and the numbers only:
  o2c check sub-ledger numbering
"""


@click.command(help=_HELP)
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option("--list", "listed", is_flag=True, help="Name the checks and what each proves; run none.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.pass_context
@pass_context
def check(context: Context, ctx: click.Context, /, names: tuple[str, ...], *, listed: bool, as_json: bool) -> None:
    """Prove the books, check by check (the text of --help is above)."""
    from o2c import books
    from o2c import checks

    unknown = [name for name in names if name not in checks.CHECKS]
    if unknown:
        raise WrongUsage(f"there is no check {', '.join(map(repr, unknown))}; `o2c check --list` names them all")
    if listed:
        width = max(map(len, checks.CHECKS))
        click.echo("\n".join(f"{name:<{width}}  {one.about}" for name, one in checks.CHECKS.items()))
        return
    evidence = checks.gather(context.root)
    if evidence.loaded is not None:
        books.note_loaded(evidence.loaded)
    results = checks.run(evidence, names)
    click.echo(_as_json(results) if as_json else "\n".join(_lines(results)))
    if evidence.loaded is None:
        ctx.exit(3)
    if not all(result.ok for result in results):
        ctx.exit(1)


def _lines(results: Sequence[Result]) -> list[str]:
    lines = []
    width = max(len(result.check.name) for result in results)
    for result in results:
        lines.append(f"{_verdict(result):<4} {result.check.name:<{width}}  {_said(result)}".rstrip())
        lines += [f"  {_line(finding)}" for finding in result.findings]
    return lines


def _verdict(result: Result) -> str:
    return "skip" if result.skipped else "FAIL" if result.findings else "ok"


def _said(result: Result) -> str:
    if result.findings:
        count = len(result.findings)
        return f"{count:,} finding{'s' if count > 1 else ''}"
    return result.covers


def _line(finding: Finding) -> str:
    """Write a finding on one line; tracebacks of plugins are cut to their last line."""
    message = finding.message.strip().splitlines() or [""]
    said = message[0] if len(message) == 1 else f"{message[0].strip()} ... {message[-1].strip()}"
    return f"{finding.source}: {said}"


def _as_json(results: Sequence[Result]) -> str:
    found = [
        {
            "name": result.check.name,
            "result": _verdict(result).lower(),
            "covers": result.covers,
            "findings": [{"file": f.source.file, "line": f.source.line, "message": f.message} for f in result.findings],
        }
        for result in results
    ]
    return json.dumps({"ok": all(result.ok for result in results), "checks": found}, indent=2, ensure_ascii=False)

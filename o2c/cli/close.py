"""The commands `close ...`: check, propose, seal, reopen, verify, list."""

from __future__ import annotations

import importlib
import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from o2c.cli.approving import post_guarded
from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.posting import Write
from o2c.cli.posting import post
from o2c.cli.posting import posting_options
from o2c.cli.show import show_table
from o2c.cli.show import table_options
from o2c.model import periods
from o2c.model.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from o2c.books import Books
    from o2c.closing.seal import Sealing
    from o2c.closing.verify import Verified
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.model.findings import Finding

#: Subcommands of other modules: module of o2c.cli, name in it.
_OTHERS = {
    "assess": ("close_sign_off", "assess"),
    "check": ("close_check", "check"),
    "pack": ("close_pack", "pack"),
    "propose": ("close_propose", "propose"),
    "sign-off": ("close_sign_off", "sign_off"),
}
_period = click.argument("period", metavar="PERIOD")


class _Group(click.Group):
    """The group, which imports the commands of other modules when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, sorted."""
        return sorted([*self.commands, *_OTHERS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give one command."""
        if cmd_name not in _OTHERS:
            return super().get_command(ctx, cmd_name)
        module, name = _OTHERS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"o2c.cli.{module}"), name)
        return command


@click.group(cls=_Group)
def close() -> None:
    """Close months: check them, post what is missing, seal them, prove the seals.

    A seal makes any later change of a fact visible: `bean-check`, Fava and every command then name the entry at its
    line. Formatting, comments, and moving entries between files stay free.

    \b
    Example: from the checklist to the seal, and a proof a year later:
      o2c close check 2026-10
      o2c close propose 2026-10
      o2c close seal 2026-10 --why "October is complete"
      o2c close verify --expect sha256:1f3a...
    """


@close.command("seal")
@_period
@click.option("--soft", is_flag=True, help="Close softly: who holds a role of `closing: soft_roles` may still post.")
@posting_options
@pass_context
def seal_(context: Context, period: str, soft: bool, write: Write) -> None:
    """Seal a month (2026-10): from then on every change in it is an error at its line.

    All entries through its last day are sealed that were not sealed before. The seal, over every fact of them and
    over the seal before it, becomes a dated entry; the list of the sealed entries goes beside it, into `closes/`.
    Months are sealed in order, after their last day, and only when nothing is red in `o2c close check`.

    Keep the seal outside this machine: print it, mail it to the auditor. Only such a copy shows whether somebody
    changed the books and sealed them anew (`o2c close verify --expect SEAL`). Sealing twice changes nothing.

    \b
    Examples: first softly, so that only accounting may post; then for good:
      o2c close seal 2026-10 --soft
      o2c close seal 2026-10 --why "October is complete"
    """
    month = usage(lambda: periods.period(period))
    command = f"close seal {month.name}{' --soft' if soft else ''}"
    made: list[Sealing] = []

    def compose(books: Books, act: Act, day: date) -> Sequence[Entry]:
        from o2c.closing import seal as closing

        if soft:
            return closing.close_softly(books, act, day, month).entries
        make = closing.look if write.dry_run else closing.seal
        with _progress("sealing") as progress:
            made.append(make(books, act, day, month, progress))
        return made[0].entries

    _reading()
    if write.dry_run:
        _print_only(context, write, command, compose)
        return
    post(context, write, command, [month.name, soft], compose)
    if made and not write.as_json:
        click.echo(made[0].seal)


def _print_only(
    context: Context, write: Write, command: str, compose: Callable[[Books, Act, date], Sequence[Entry]]
) -> None:
    """Print what would be posted; its leaf file is not there, so no preview could prove it."""
    from o2c.model.writing import write as text

    books = context.books()
    books.require_clean()
    act = context.act(command, write.why, write.key, [command, write.date])
    entries = compose(books, act, context.day(write.date))
    click.echo(text(entries).strip("\n") or "nothing to do")
    click.echo("dry run: nothing was written", err=True)


@close.command("reopen")
@_period
@click.option("--reason", required=True, metavar="TEXT", help="Why it must be opened again.")
@posting_options
@pass_context
def reopen_(context: Context, period: str, reason: str, write: Write) -> None:
    """Open a closed month again, the latest first.

    Where `approvals:` of policies.yaml asks for a second person, this writes a proposal that another one approves. The
    old seal and its list stay; the next seal of the month names the one that it replaces.

    \b
    Example:
      o2c close reopen 2026-10 --reason "The auditor wants the accrual of the fair corrected"
    """
    month = usage(lambda: periods.period(period))
    why = usage(lambda: one_line(reason, "--reason", 500))

    def compose(books: Books, act: Act, day: date) -> Sequence[Entry]:
        from o2c.closing.reopen import reopen

        return reopen(books, act, day, month)

    command = f"close reopen {month.name}"
    explained = write._replace(why=why)
    post_guarded(context, explained, command, [month.name, why], compose, about=[month.name])


@close.command("verify")
@click.argument("period", metavar="[PERIOD]", required=False)
@click.option("--expect", "expected", multiple=True, metavar="SEAL", help="A copy of a seal that was kept elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def verify_(context: Context, period: str | None, expected: tuple[str, ...], as_json: bool) -> None:
    """Prove the seals: name every entry that was added, removed or changed since, at its line.

    Every entry is compared and every seal computed again, of all sealed months or those through PERIOD. Without
    --expect that shows changes by anybody who did not also compute all seals anew; with a copy from outside, those too.
    `docs/verify_seal.py` comes to the same result without this program.

    Exit codes: 0 all is as it was sealed, 1 something is not, 3 the books cannot be read.

    \b
    Example: with the seal from last year's closing report:
      o2c close verify --expect sha256:1f3a0c...
    """
    from o2c import books as door
    from o2c.closing.verify import verify

    month = usage(lambda: periods.period(period)) if period else None
    _reading()
    books = door.load(context.root)
    with _progress("comparing") as progress:
        found = verify(books, month, expected, progress)
    click.echo(_as_json(found) if as_json else "\n".join(_lines(found)))
    if found.findings:
        click.get_current_context().exit(1)


@close.command("list")
@table_options
@pass_context
def list_(context: Context, /, fmt: str, output: Path | None) -> None:
    """List what was closed, sealed and reopened: when, by whom, why, and what holds now.

    \b
    Example:
      o2c close list
    """
    from o2c.closing.listing import listing

    show_table(listing(context.books()), fmt, output)


def _lines(found: Verified) -> Iterator[str]:
    for one in found.seals:
        said = f"{len(one.findings):,} finding{'s' * (len(one.findings) > 1)}" if one.findings else "as it was sealed"
        yield f"{'FAIL' if one.findings else 'ok':<4} {one.close.period}  {one.close.seal}  {said}"
        yield from (f"  {finding}" for finding in one.findings)
    yield from (f"FAIL {finding}" for finding in found.others)


def _as_json(found: Verified) -> str:
    def rows(findings: Sequence[Finding]) -> list[dict[str, str | int]]:
        return [{"file": one.source.file, "line": one.source.line, "message": one.message} for one in findings]

    seals = [
        {"period": one.close.period, "seal": one.close.seal, "ok": not one.findings, "findings": rows(one.findings)}
        for one in found.seals
    ]
    answer = {"ok": not found.findings, "seals": seals, "findings": rows(found.others)}
    return json.dumps(answer, indent=2, ensure_ascii=False)


def _reading() -> None:
    """Say on a terminal what takes so long: all of the books are read."""
    if sys.stderr.isatty():
        click.echo("reading the books ...", err=True)


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal how far the work has come."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show

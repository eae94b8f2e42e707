"""The command `index`: the state of the index, a new one, and the proof that it says what Beancount says."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.books.index.status import Status

_MOST_SHOWN = 20


@click.group()
def index() -> None:
    """Look at the index, make it anew, or prove it: why commands answer at once, however long the books are.

    It is `.o2c/index.sqlite` beside the books, made from the ledger text alone
    and kept up to date by every command. Delete it whenever you like.

    \b
    Example: is it up to date, and does it say what Beancount says?
      o2c index status
      o2c index verify
    """


@index.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print the state as JSON.")
@pass_context
def status_(context: Context, /, *, as_json: bool) -> None:
    """Show what the index holds, and which files changed since; changes nothing.

    \b
    Example:
      o2c index status
    """
    from o2c.books.index.status import status

    found = status(_root(context))
    click.echo(_as_json(found) if as_json else "\n".join(_lines(found, context.root)))


@index.command("rebuild")
@pass_context
def rebuild(context: Context, /) -> None:
    """Make the index anew from the ledger text, on all cores.

    Commands that run meanwhile go on with the old one. Whether the books are
    clean is not known afterwards: `o2c check` finds out.

    \b
    Example:
      o2c index rebuild
    """
    from o2c.books.index import sync
    from o2c.books.index.status import status

    root = _root(context)
    with _progress() as progress:
        sync.rebuilt(root, progress).close()
    found = status(root)
    click.echo(f"{found.path}: {found.entries:,} entries of {_files(found.files)}")


@index.command("verify")
@click.pass_context
@pass_context
def verify(context: Context, ctx: click.Context, /) -> None:
    """Compare the index with a fresh load by Beancount, row by row.

    Every entry by file and line, and the open items, balances and sales at
    several days. It takes as long as `bean-check`.

    Exit codes: 0 both say the same, 1 they differ, 3 the books do not load.

    \b
    Example:
      o2c index verify
    """
    from o2c.books.index.status import status
    from o2c.books.index.verify import verify as differences

    root = _root(context)
    found = differences(root)
    for finding in found:
        click.echo(f"{finding.source}: {finding.message}", err=True)
    if found:
        ctx.exit(1)
    state = status(root)
    if state.unfit or not state.exists:
        click.echo("there is nothing to compare: the index cannot hold these books, commands load them whole")
    else:
        click.echo(f"{state.entries:,} entries of {_files(state.files)}: the index says what Beancount says")


def _root(context: Context) -> Path:
    """Give the folder of the books; raises NotFound where it holds none."""
    from o2c.books import MAIN

    if not (context.root / MAIN).is_file():
        raise NotFound(f"{context.root / MAIN}: no such file; give the folder of the books with --books")
    return context.root


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal how far a build has come."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label="reading", file=sys.stderr) as bar:

        def show(read: int, total: int) -> None:
            bar.length = total
            bar.update(read - bar.pos)

        yield show


def _lines(found: Status, root: Path) -> Iterator[str]:
    if not found.exists:
        yield f"index    none at {found.path}; the next command makes it"
        return
    yield f"index    {found.path}, {found.bytes / 1e6:.1f} MB"
    yield f"holds    {found.entries:,} entries of {_files(found.files)} ({found.text_bytes / 1e6:.1f} MB)"
    if found.changed:
        yield f"state    {_files(len(found.changed))} changed; the next command reads them again"
        yield from _some(found.changed, root)
    else:
        yield "state    up to date"
    if found.unfit:
        yield f"used     no: it cannot hold {_files(len(found.unfit))}, so commands load the books whole"
        yield from _some(found.unfit, root)
    yield f"checked  {'these bytes loaded without an error' if found.is_known_clean else 'not known; run `o2c check`'}"


def _some(files: tuple[str, ...], root: Path) -> Iterator[str]:
    yield from (f"           {file.removeprefix(f'{root}/')}" for file in files[:_MOST_SHOWN])
    if len(files) > _MOST_SHOWN:
        yield f"           and {len(files) - _MOST_SHOWN:,} more"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _as_json(found: Status) -> str:
    return json.dumps(
        {**found._asdict(), "path": str(found.path), "up_to_date": found.is_up_to_date}, indent=2, ensure_ascii=False
    )

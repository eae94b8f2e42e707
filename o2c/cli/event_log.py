"""The command `event-log`: every step from order to cash, for process mining tools."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TextIO

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.narrowing import narrowing_options
from o2c.cli.narrowing import warn
from o2c.errors import NotFinished
from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.cli.narrowing import Narrowing
    from o2c.reports.event_log_ocel import Written

#: Files that are the books themselves.
_BOOKS = {".beancount", ".bean", ".yaml", ".yml"}


@click.command("event-log")
@narrowing_options
@click.option("--no-people", is_flag=True, help="Leave out who made each entry, and the reasons given.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file [standard output]."
)
@pass_context
def event_log(context: Context, narrowing: Narrowing, no_people: bool, output: Path | None) -> None:
    """Write the event log of order to cash as OCEL 2.0 (JSON), for process mining tools.

    Events are the entries of the ledger (created, confirmed, held, delivered, invoiced, sent, paid ...), objects the
    documents, order lines and customers that they are about. docs/process.md says what each means. The same steps as a
    table: `o2c report event-log`; what they come to: `o2c report variants`, `waiting-times`, `rework`.

    \b
    Example: the log up to the end of March, without the names of colleagues:
      o2c event-log --as-of 2026-03-31 --no-people -o o2c.jsonocel
    """
    from o2c.reports.event_log_ocel import write
    from o2c.reports.selection import select

    books = context.books()
    warn(books)
    chosen = select(books, **narrowing.whose)
    last = narrowing.as_of or context.today
    written = _save(output, lambda out: write(chosen, last, out, people=not no_people))
    click.echo(f"{written.events} events, {written.objects} objects", err=True)


def _save(output: Path | None, write: Callable[[TextIO], Written]) -> Written:
    """Write to standard output, or to a file that is there whole or not at all."""
    if output is None:
        return _print(write)
    if output.resolve().suffix.lower() in _BOOKS:
        raise WrongUsage(f"{output}: a log cannot be written over books or master data; choose another file name")
    try:
        return _replace(output.resolve(), write)
    except OSError as error:
        raise NotFinished(f"{output}: {error.strerror or error}; the log was not written") from error


def _print(write: Callable[[TextIO], Written]) -> Written:
    """Print as UTF-8, whatever the terminal's encoding."""
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="\n", write_through=False)
    try:
        written = write(out)
        out.flush()
    finally:
        out.detach()
    return written


def _replace(target: Path, write: Callable[[TextIO], Written]) -> Written:
    import tempfile

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".o2c-log-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            written = write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o644)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    return written

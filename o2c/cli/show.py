"""What all commands that show a table have in common: their options, and where the table goes."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from o2c.errors import NotFinished
from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.reports.table import Table

FORMATS = ("text", "csv", "json", "xlsx", "html")
#: How a file of each format may end.
ENDINGS = {"txt": "text", "csv": "csv", "json": "json", "xlsx": "xlsx", "html": "html"}
#: Files that are the books themselves: no report may take their place.
_BOOKS = {".beancount", ".bean", ".yaml", ".yml"}


def table_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --format, --json and -o to a command, which gets `fmt` and `output` (a path, or None).

    Without a format the name of the output file decides, and text is the last resort.
    """

    @functools.wraps(command)
    def wrapped(*args: Any, fmt: str | None, as_json: bool, output: Path | None, **options: Any) -> None:
        if as_json and fmt not in {None, "json"}:
            raise WrongUsage(f"--json and --format {fmt} contradict each other; give one of them")
        chosen = "json" if as_json else fmt or _by_name(output)
        place = None if output == Path("-") else output
        _require_place(chosen, place)
        command(*args, fmt=chosen, output=place, **options)

    choices = [
        click.option(
            "--format", "fmt", type=click.Choice(FORMATS), help="How to show it [by the name of -o, else text]."
        ),
        click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
            help="Write to this file [standard output].",
        ),
    ]
    for choice in reversed(choices):
        wrapped = choice(wrapped)
    return wrapped


def show_table(table: Table, fmt: str, output: Path | None) -> None:
    """Show a table on the terminal, in a pipe, or in a file that is written whole or not at all.

    Raises WrongUsage for a workbook without a file and for a file of the books, NotFinished where the file cannot be
    written.
    """
    from o2c.reports.output import render

    _require_place(fmt, output)
    if output is not None:
        save(_bytes(render(table, fmt)), output)
    elif fmt == "text" and sys.stdout.isatty():
        _say(_fitted(table))
    else:
        _say(render(table, fmt))


def save(content: bytes, output: Path) -> None:
    """Write a file by one atomic step; what was there before stays if the disk refuses.

    A link is followed and the mode kept; a device or pipe is written to, not replaced. Raises NotFinished where the
    system refuses.
    """
    target = output.resolve()
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _replace(target, content)
    except OSError as error:
        raise NotFinished(f"{output}: {error.strerror or error}; the report was not written") from error


def _replace(target: Path, content: bytes) -> None:
    import tempfile

    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".o2c-report-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _require_place(fmt: str, output: Path | None) -> None:
    if fmt == "xlsx" and output is None:
        raise WrongUsage("a workbook is not for the terminal; name its file: -o FILE.xlsx")
    if output is not None and output.resolve().suffix.lower() in _BOOKS:
        raise WrongUsage(f"{output}: a report cannot be written over books or master data; choose another file name")


def _by_name(output: Path | None) -> str:
    """Choose the format that a file's name ends in; text for the terminal, devices and names without an ending."""
    suffix = output.suffix.lower()[1:] if output is not None else ""
    if not suffix or output is None or output.suffix.lower() in _BOOKS or _is_device(output):
        return "text"
    if suffix not in ENDINGS:
        known = ", ".join(f".{ending}" for ending in ENDINGS)
        raise WrongUsage(f"{output}: no format ends in .{suffix}; name the file {known}, or give --format")
    return ENDINGS[suffix]


def _is_device(output: Path) -> bool:
    return output.exists() and not output.is_file()


def _fitted(table: Table) -> str:
    import shutil

    from o2c.reports.as_text import on_terminal

    dull = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    blocks = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return on_terminal(table, shutil.get_terminal_size().columns, colour=not dull, blocks=blocks)


def _bytes(rendered: str | bytes) -> bytes:
    return rendered if isinstance(rendered, bytes) else rendered.encode()


def _say(rendered: str | bytes) -> None:
    """Print as UTF-8, whatever the terminal's encoding; a reader that stops early (`| head`) is no fault."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(_bytes(rendered))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

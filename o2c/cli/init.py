"""The command `init`: new books."""

from __future__ import annotations

from pathlib import Path

import click

from o2c.starting import start_demo
from o2c.starting import start_empty


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--empty", is_flag=True, help="Books without entries, and master data to fill, each field explained.")
def init(folder: Path, empty: bool) -> None:
    """Make new books in a folder that does not exist yet or is empty.

    \b
    Example:
      o2c init demo-books
      o2c init books --empty
    """
    (start_empty if empty else start_demo)(folder)
    click.echo(f"new books in {folder}")
    click.echo(f"next: o2c --books {folder} check")

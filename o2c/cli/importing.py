"""The commands `import history` and `import open-items`: moving in from another system."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.import_summary import say
from o2c.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from o2c.books import Books
    from o2c.importing.imported import Imported
    from o2c.model.documents import Act
    from o2c.posting import Posted


class Asked(NamedTuple):
    """What an import was asked for."""

    command: str
    file: Path
    profile: str
    currency: str
    skip_bad: bool
    dry_run: bool
    key: str | None
    why: str | None
    as_json: bool


@click.group("import")
def import_() -> None:
    """Move in: histories and open items of other systems.

    A profile says how a file is read: which column is what, how days and
    numbers are written, how settlements and cancellations show. Profiles for
    usual exports come with the program; docs/moving-in.md explains how to write one.

    \b
    Example:
      o2c import profiles
      o2c import history paid.csv --profile ibm-history --currency USD --dry-run
      o2c import open-items fbl5n.xlsx --profile sap-fbl5n
    """


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        [
            click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
            click.option(
                "--profile",
                required=True,
                metavar="NAME|FILE",
                help="How the file is read: a shipped profile or your own.",
            ),
            click.option("--currency", default="", metavar="CODE", help="Currency of rows that name none, like USD."),
            click.option(
                "--skip-bad", is_flag=True, help="Leave bad rows out and list them, instead of refusing the file."
            ),
            click.option(
                "--dry-run", is_flag=True, help="Print the entries, a summary and every bad row; write nothing."
            ),
            click.option(
                "--key", metavar="TEXT", help="Idempotency key (an import recognises its documents without one)."
            ),
            click.option("--why", metavar="TEXT", help="The reason to write into the entries [the command itself]."),
            click.option("--json", "as_json", is_flag=True, help="Say what was posted as JSON."),
        ],
    ):
        command = option(command)
    return command


@import_.command("history")
@_options
@pass_context
def history(context: Context, /, **options: Any) -> None:
    """Import invoices, credit notes and payments of the past, from a .csv, .csv.gz or .xlsx FILE.

    Nothing is written unless every row is good. Importing the file again posts
    only what is new in it; a document with other content than in the books is refused.

    \b
    Example:
      o2c import history late-payments.csv --profile ibm-history --currency USD
    """
    _import(context, Asked("history", **options))


@import_.command("open-items")
@_options
@pass_context
def open_items(context: Context, /, **options: Any) -> None:
    """Import what customers owe on the day of moving in, from a .csv, .csv.gz or .xlsx FILE.

    \b
    Example:
      o2c import open-items open.csv --profile open-items
    """
    _import(context, Asked("open-items", **options))


@import_.command("profiles")
@click.argument("name", required=False)
def profiles(name: str | None) -> None:
    """List the profiles that come with the program; with a NAME, print that one, to copy and change.

    \b
    Example:
      o2c import profiles sap-fbl5n > our-sap.yaml
    """
    from o2c.importing import profile_files

    if name:
        profile_files.load(name)
        click.echo(profile_files.shipped().get(name, Path(name)).read_text("utf-8"), nl=False)
        return
    for known in profile_files.shipped():
        profile = profile_files.load(known)
        click.echo(f"{known:<24}{profile.title}  ({', '.join(profile.kinds)})")


def _import(context: Context, asked: Asked) -> None:
    """Read the file, compare it with the books, add its customers, post what is new, and say what was done."""
    from o2c import posting
    from o2c.importing.moving_in import arrive
    from o2c.importing.newcomers import newcomers
    from o2c.importing.profile_files import load
    from o2c.importing.reading_in import read_in

    profile = load(asked.profile)
    books = context.books()
    books.require_clean()
    imported = read_in(asked.file, profile, asked.command, currency=asked.currency, known=_numbers_there(books))
    _refuse_bad_rows(imported, asked)
    act = context.act(f"import {asked.command} {asked.file.name}", asked.why, asked.key, _request(asked))
    arrival = arrive(imported, books, act)
    customers = newcomers(imported, books.master, profile.customer_terms)
    used_key = bool(act.key) and act.key in books.facts.keys
    del books  # the posting loads them again, under the lock; two of them need not fit into memory
    if not (used_key or asked.dry_run):
        _add_customers(context.root, customers)
    posted = _post(context, imported, act, asked) if arrival.entries or used_key else posting.Posted((), (), "")
    say(imported, arrival, customers, posted, dry_run=asked.dry_run, as_json=asked.as_json)


def _post(context: Context, imported: Imported, act: Act, asked: Asked) -> Posted:
    from o2c import posting
    from o2c.importing.moving_in import arrive

    target = f"journal/import-{_slug(asked.file)}.beancount"
    return posting.post(
        context.root, lambda books: arrive(imported, books, act).entries, act, dry_run=asked.dry_run, target=target
    )


def _numbers_there(books: Books) -> dict[str, tuple[str, ...]]:
    return {code: customer.external_ids for code, customer in books.master.customers.items()}


def _refuse_bad_rows(imported: Imported, asked: Asked) -> None:
    """Refuse a file with bad rows, or list what is left out of it."""
    if not imported.bad:
        return
    sentences = [bad.sentence(imported.file) for bad in imported.bad]
    if not asked.skip_bad:
        count = f"{len({bad.line for bad in imported.bad})} of {imported.rows} rows are bad"
        advice = "nothing was written; correct them, or leave them out with --skip-bad"
        raise BadInput([*sentences, f"{count}; {advice}"])
    for sentence in sentences:
        click.echo(f"left out: {sentence}", err=True)


def _request(asked: Asked) -> list[object]:
    """Say what was asked for, so that a key is bound to this file's content."""
    return [
        asked.command,
        asked.profile,
        asked.currency,
        asked.skip_bad,
        hashlib.sha256(asked.file.read_bytes()).hexdigest(),
    ]


def _add_customers(root: Path, customers: list[Mapping[str, object]]) -> None:
    from o2c.master.editing import append_customers

    if customers:
        append_customers(root, customers)


def _slug(file: Path) -> str:
    """Name the journal file after the imported one: small letters, digits and `-`."""
    name = re.sub(r"\.(csv|txt|tsv|xlsx)(\.gz)?$", "", file.name.lower())
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60] or "file"

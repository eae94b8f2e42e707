"""What all commands that write have in common: their options, and how they say what was posted."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import click

from o2c.errors import NotFinished
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Opening
from o2c.model.numbering import require_not_ahead

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.cli.context import Context
    from o2c.model.documents import Act
    from o2c.model.documents import Entry
    from o2c.posting import Placed
    from o2c.posting import Posted


class Write(NamedTuple):
    """The options of a command that writes, as given."""

    date: str | None
    dry_run: bool
    key: str | None
    why: str | None
    as_json: bool


def posting_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --date, --dry-run, --key, --why and --json to a command, which gets them as one `write`."""

    def wrapped(
        *args: Any, date: str | None, dry_run: bool, key: str | None, why: str | None, as_json: bool, **kwargs: Any
    ) -> None:
        command(*args, write=Write(date, dry_run, key, why, as_json), **kwargs)

    wrapped.__name__ = command.__name__
    wrapped.__doc__ = command.__doc__
    wrapped.__dict__.update(command.__dict__)
    options = [
        click.option("--date", metavar="YYYY-MM-DD", help="Posting date [today]."),
        click.option("--dry-run", is_flag=True, help="Print the exact entries, write nothing."),
        click.option(
            "--key", metavar="TEXT", help="Idempotency key: the same command with the same key posts only once."
        ),
        click.option("--why", metavar="TEXT", help="The reason to write into the entry [the command itself]."),
        click.option("--json", "as_json", is_flag=True, help="Say what was posted as JSON."),
    ]
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def post(
    context: Context,
    write: Write,
    command: str,
    request: object,
    compose: Callable[[Books, Act, date], Sequence[Entry]],
    *,
    about: Iterable[str] | Callable[[Books], Iterable[str]] | None = None,
) -> Posted:
    """Post what a verb composes, print it, and give it back.

    `request` is what was asked for, without the day when none was given: the key binds it. `about` names the documents
    and items that the verb looks at (None: all of the books).
    """
    from o2c import posting

    act = context.act(command, write.why, write.key, [command, request, write.date])
    day = context.day(write.date)
    posted = posting.post(
        context.root,
        lambda books: not_ahead(context, compose(books, act, day)),
        act,
        dry_run=write.dry_run,
        about=about,
        explained=bool(write.why),
    )
    try:
        say(posted, dry_run=write.dry_run, as_json=write.as_json)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (OSError, KeyboardInterrupt) as stopped:
        _still_say(posted, stopped)
    return posted


def not_ahead(context: Context, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Pass what a verb composed; raises Refused for invoices and credit notes dated after the day that it is."""
    require_not_ahead([entry for entry in entries if isinstance(entry, Document)], context.today)
    return entries


def _still_say(posted: Posted, stopped: BaseException) -> None:
    """Say on the other channel what stands in the books, where the answer could not be printed."""
    if isinstance(stopped, BrokenPipeError):
        raise stopped
    names = ", ".join(_name(placed.entry) for placed in posted.placed if not isinstance(placed.entry, Opening))
    raise NotFinished(
        f"posted: {names or 'nothing new'}; only the answer could not be printed ({stopped!r})"
    ) from stopped


def say(posted: Posted, *, dry_run: bool, as_json: bool) -> None:
    """Print what was posted: a line each, or JSON; on a dry run the entries themselves."""
    if as_json:
        answer = {"posted": _rows(posted.placed), "existed": _rows(posted.existed)}
        if dry_run:
            answer = {**answer, "dry_run": True, "text": posted.text}  # type: ignore[dict-item]
        click.echo(json.dumps(answer, indent=1, ensure_ascii=False))
    elif dry_run:
        click.echo(posted.text.strip("\n"))
        click.echo("dry run: nothing was written", err=True)
    else:
        for placed in posted.placed:
            if not isinstance(placed.entry, Opening):
                click.echo(_line(placed))
        for placed in posted.existed:
            click.echo(f"already done: {_line(placed)}")
        if not posted.placed and not posted.existed:
            click.echo("nothing to do")


def _rows(placed: Sequence[Placed]) -> list[dict[str, str | int]]:
    return [
        {
            "doc_id": _name(one.entry),
            "doc_type": _kind(one.entry),
            "date": str(one.entry.date),
            "file": one.file,
            "line": one.line,
        }
        for one in placed
        if not isinstance(one.entry, Opening)
    ]


def _name(entry: Entry) -> str:
    if isinstance(entry, Document):
        return entry.doc_id
    return entry.subject if isinstance(entry, Event) else entry.account


def _kind(entry: Entry) -> str:
    if isinstance(entry, Document):
        return entry.doc_type
    return entry.kind if isinstance(entry, Event) else "open"


def _line(placed: Placed) -> str:
    entry = placed.entry
    what = f"{_name(entry)}  {_kind(entry)}  {entry.date}"
    if isinstance(entry, Document):
        what += f"  {entry.payee}"
        total = _total(entry)
        what += f"  {total}" if total else ""
    return f"{what}  {near(placed.file)}:{placed.line}"


def near(file: str) -> str:
    """Write a path as short as it is from here, for the eye; JSON keeps the whole path."""
    here = os.path.relpath(file)
    return file if here.startswith("..") else here


def _total(doc: Document) -> str:
    """Sum what the document moved on the customer's items, for the eye."""
    from o2c.model.money import text

    sums: dict[str, Any] = {}
    for movement in doc.movements:
        sums[movement.currency] = sums.get(movement.currency, 0) + movement.amount
    return ", ".join(text(number, currency) for currency, number in sums.items())

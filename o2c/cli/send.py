"""The command `send`: issued documents leave by mail."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING
from typing import Any

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import document_names
from o2c.errors import NotFinished
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.master.gates import email
from o2c.model.text import day
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.sending.carrier import Carrier
    from o2c.sending.outbox import Message
    from o2c.sending.running import Prepared

#: What to do about a message that a run could not bring to an end.
_ADVICE = {
    "queued": "`o2c outbox retry` tries again",
    "refused": "mend the cause, then `o2c outbox retry {name}`",
    "uncertain": "ask the receiver, then `o2c outbox resolve {name} --sent` or `--not-sent`",
}


@click.command()
@click.argument("documents", metavar="[DOC]...", nargs=-1, shell_complete=document_names())
@click.option("--until", metavar="DATE", help="Every document of a day up to this one, issued and not sent.")
@click.option("--to", metavar="ADDRESS", multiple=True, help="Send to this address instead of the customer's contacts.")
@click.option("--again", is_flag=True, help="Send it once more, although it was sent.")
@click.option("--dry-run", is_flag=True, help="Say what would go to whom; queue and send nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Say what became of each message, and what was left out, as JSON."
)
@pass_context
def send(
    context: Context,
    documents: tuple[str, ...],
    until: str | None,
    to: tuple[str, ...],
    again: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send issued documents by mail, each exactly once.

    The PDF goes out byte for byte as it was issued, to the customer's contacts whose role takes it: billing for
    invoices, credit notes and statements, buying for order confirmations, delivery for delivery notes, dunning for
    reminders. What was sent to whom and when becomes a note in the ledger.

    Every message has a state in outbox/. A message that was sent is not sent again. When the line breaks after the mail
    server was asked to take a message, nobody can know whether it did: it is `uncertain`, and a person decides with
    `o2c outbox resolve`.

    Without a mail server in company.yaml (section `mail`) the messages are laid down in outbox/ as .eml files that
    every mail program opens.

    \b
    Example: what would be sent of the month; then send it:
      o2c send --until 2026-10-31 --dry-run
      o2c send --until 2026-10-31
    """
    from o2c.sending.outbox import Outbox
    from o2c.sending.running import run

    numbers = [_number(number) for number in documents]
    if bool(numbers) == bool(until):
        raise WrongUsage("name documents, or give --until DATE for all that were issued and not sent")
    addresses = tuple(_mail_address(one) for one in to)
    books, act, outbox = context.books(), context.act("send", None, None, None), Outbox(context.root)
    wanted = numbers or _unsent(books, usage(lambda: day(str(until), "--until")))
    left_out: dict[str, str] = {}
    prepared = _prepared(context, books, act, wanted, addresses, left_out, again=again)
    if dry_run:
        _preview(prepared, left_out, as_json=as_json)
        require_done([], left_out.values(), served=False)
        return
    server = carrier(books)
    done = run(
        context.root, outbox, prepared, server, act, context.today, lambda: context.now, said=_progress(len(wanted))
    )
    if as_json:
        _say_json([row(message) for message in done], left_out)
    elif done or not left_out:
        say(done, served=server is not None, as_json=False)
    require_done(done, left_out.values(), served=server is not None)


def _number(given: str) -> str:
    return usage(lambda: identifier(given, "DOC"))


def _mail_address(given: str) -> str:
    return usage(lambda: email(given, "--to"))


def _unsent(books: Books, until: date) -> list[str]:
    """List the documents of days up to this one that were issued and are not known as sent, in order of numbers.

    Counts the day of the document, as in `o2c document render --until`: the invoices of March are drawn in April.
    """
    from o2c.cli.document import not_issued
    from o2c.rendering.drawing import DRAWN

    if left := not_issued(books, until):
        say = f"{left[0]} and {len(left) - 1} more are" if len(left) > 1 else f"{left[0]} is"
        click.echo(f"{say} not issued yet; `o2c document render --until {until}` does that", err=True)
    missing = books.events("issued").keys() - books.events("sent").keys()
    return sorted(doc.doc_id for doc in books.documents(*DRAWN, as_of=until) if doc.doc_id in missing)


def _prepared(
    context: Context,
    books: Books,
    act: Act,
    numbers: list[str],
    to: tuple[str, ...],
    left_out: dict[str, str],
    *,
    again: bool,
) -> Iterator[Prepared]:
    """Prepare one message after the other; what is refused is told in `left_out` by number, and the others go on."""
    from o2c.sending.outbox import Outbox
    from o2c.sending.running import prepare

    outbox = Outbox(context.root)
    for number in numbers:
        try:
            one, times = prepare(context.root, books, number, act, to), 0
            while again and outbox.holds(one.message.name) and outbox.message(one.message.name).state == "sent":
                times += 1
                one = prepare(context.root, books, number, act, to, times)
        except (Refused, NotFound) as refusal:
            left_out[number] = f"{number}: {refusal}" if number not in str(refusal) else str(refusal)
        else:
            yield one


def _preview(prepared: Iterator[Prepared], left_out: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        _say_json([_would_go(*one) for one in prepared], left_out, dry_run=True)
        return
    for message, content in prepared:
        click.echo(f"{message.document}  to {', '.join(message.to)}  {message.subject}  {len(content):,} bytes")
    click.echo("dry run: nothing was queued or sent", err=True)


def _would_go(message: Message, content: bytes) -> dict[str, object]:
    """Give a message that nobody queued as JSON: it has no state and no steps."""
    told = message._asdict()
    kept = ("document", "customer", "sender", "to", "subject", "sha256")
    return {**{name: told[name] for name in kept}, "bytes": len(content)}


def _say_json(rows: list[dict[str, object]], left_out: dict[str, str], **more: bool) -> None:
    without = [{"document": number, "why": why} for number, why in left_out.items()]
    click.echo(json.dumps({"messages": rows, "left_out": without, **more}, indent=1, ensure_ascii=False))


def _progress(total: int) -> Any:
    """Count on a terminal, when there is more than a handful."""
    seen = 0

    def said(_message: Message) -> None:
        nonlocal seen
        seen += 1
        if total > 5 and sys.stderr.isatty():
            click.echo(f"\r{seen} of {total} messages", err=True, nl=seen == total)

    return said


def carrier(books: Books) -> Carrier | None:
    """Make the way to the mail server that company.yaml names; None where it names none."""
    from o2c.sending.carrier import Carrier
    from o2c.sending.secret import password

    mail = books.master.company.mail
    return Carrier(mail, password(mail, os.environ)) if mail.host else None


def say(messages: list[Message], *, served: bool, as_json: bool) -> None:
    """Print what became of each message."""
    if as_json:
        click.echo(json.dumps({"messages": [row(message) for message in messages]}, indent=1, ensure_ascii=False))
        return
    for message in messages:
        click.echo(line(message, served=served))
    if not messages:
        click.echo("nothing to send")


def require_done(messages: list[Message], left_out: Collection[str], *, served: bool) -> None:
    """Say what a person has to do now: raises NotFinished for messages on their way, Refused for those left out."""
    waiting = [message for message in messages if message.state != "sent"] if served else []
    said = [f"{one.document}: {_ADVICE[one.state].format(name=one.name)}" for one in waiting]
    if waiting:
        raise NotFinished("\n".join([*left_out, *said, f"{len(waiting)} of {len(messages)} messages were not sent"]))
    if left_out:
        raise Refused("\n".join([*left_out, f"{len(left_out)} left out; nothing was queued for them"]))


def row(message: Message) -> dict[str, object]:
    """Give a message as JSON."""
    last = message.steps[-1]._asdict() if message.steps else {}
    return {
        **message._asdict(),
        "state": message.state,
        "steps": [step._asdict() for step in message.steps],
        "last": last,
    }


def line(message: Message, *, served: bool = True) -> str:
    """Give a message on one line: document, state, receivers, and the last word about it."""
    said = message.steps[-1].said if message.steps else ""
    state = message.state if served or message.state != "queued" else "laid down"
    where = "" if served or message.state != "queued" else f"outbox/{message.name}.eml"
    return "  ".join(part for part in (message.document, state, ", ".join(message.to), said or where) if part)

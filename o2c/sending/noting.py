"""The ledger says what was sent to whom and when: one note for each message that a server took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c import posting
from o2c.model import names
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.sending import outbox as states

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.sending.outbox import Message
    from o2c.sending.outbox import Outbox

KIND = "sent"


def note_sent(root: Path, outbox: Outbox, act: Act, day: date) -> list[Message]:
    """Post the notes that are still missing, and remember it; call it under the outbox's lock.

    A crash between the two is harmless: a message that the ledger knows is not noted again.
    """
    missing = [message for message in outbox.messages() if message.state == states.SENT and not message.noted]
    if missing:
        about = [message.document for message in missing]
        posting.post(
            root, lambda books: _notes(books, missing, act, day), act._replace(key="", request=""), about=about
        )
    for message in missing:
        outbox.note(message)
    return missing


def _notes(books: Books, messages: Iterable[Message], act: Act, day: date) -> list[Event]:
    return [_note(message, act, day) for message in messages if not _known(books, message)]


def _known(books: Books, message: Message) -> bool:
    said = (dict(event.extra).get("message-id") for event in books.facts.events[message.document] if event.kind == KIND)
    return message.message_id in said


def _note(message: Message, act: Act, day: date) -> Event:
    last = message.steps[-1]
    return Event(
        kind=KIND,
        date=day,
        subject=message.document,
        customer=message.customer,
        act=act._replace(by=last.by, at=last.at, why=f"send {message.document}", key="", request=""),
        account=names.receivable(message.customer),
        comment="Sent",
        links=frozenset({message.document}),
        extra=extra(to=", ".join(message.to), message_id=message.message_id, sha256=message.sha256, answer=last.said),
    )

"""Sends documents: queues a message for each, carries what is queued, and notes in the ledger what was taken.

A run can stop at any point and be started again: what was sent is not sent again, what is in doubt waits for a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused
from o2c.rendering.stored import issued
from o2c.rendering.stored import stored_bytes
from o2c.sending import outbox as states
from o2c.sending.composing import composed
from o2c.sending.composing import named
from o2c.sending.delivering import deliver
from o2c.sending.delivering import recover
from o2c.sending.letter import letter
from o2c.sending.letter import occasion
from o2c.sending.noting import note_sent
from o2c.sending.receivers import receivers
from o2c.sending.receivers import require_plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from o2c.books import Books
    from o2c.model.documents import Act
    from o2c.model.documents import Document
    from o2c.sending.carrier import Carrier
    from o2c.sending.outbox import Message
    from o2c.sending.outbox import Outbox


class Prepared(NamedTuple):
    """A message and its bytes, before it lies in the outbox."""

    message: Message
    content: bytes


def prepare(root: Path, books: Books, number: str, act: Act, to: Sequence[str] = (), again: int = 0) -> Prepared:
    """Write the message that brings an issued document to those who take it, or to the addresses given in `to`.

    Raises NotFound for an unknown document, Refused where it was not issued, its file changed, or nobody receives it.
    """
    master = books.master
    doc = books.about(number).facts.document(number)
    stored = issued(books.about(number).facts, number)
    if stored is None:
        raise Refused(f"{number} was not issued yet; `o2c document render {number}` does that")
    who = _who(books, doc, to)
    about = occasion(doc, master.customer(doc.customer).language)
    words = letter(root, master, about, next((name for _, name in who), ""))
    addresses = [address for address, _ in who]
    message = named(about, master.company, addresses, words.subject, stored.sha256, again)
    file, content = stored.file.rpartition("/")[2], stored_bytes(root, stored)
    mail = composed(message, master.company, words, file, content, act.at, [name for _, name in who])
    return Prepared(message, mail)


def _who(books: Books, doc: Document, to: Sequence[str]) -> list[tuple[str, str]]:
    if not to:
        return [(contact.email, contact.name) for contact in receivers(books.master, doc.customer, doc.doc_type)]
    for address in to:
        require_plain(address, "--to")
    return [(address, "") for address in dict.fromkeys(to)]


def run(
    root: Path,
    outbox: Outbox,
    prepared: Iterable[Prepared],
    server: Carrier | None,
    act: Act,
    day: date,
    now: Callable[[], str],
    *,
    said: Callable[[Message], None],
) -> list[Message]:
    """Queue the messages, carry those that are queued, note what was sent; `said` hears of each when it is decided.

    Without a server the messages stay queued, their files ready for a mail program. Gives the messages of this run in
    their last state. Raises NotFinished (disk, lock); what was reached is on disk then.
    """
    with outbox.locked():
        note_sent(root, outbox, act, day)
        done = []
        try:
            for one in prepared:
                outbox.put(one.message, one.content)
                done.append(_carried(outbox, outbox.message(one.message.name), server, now, act.by))
                said(done[-1])
        finally:
            note_sent(root, outbox, act, day)
        return done


def retry_all(
    root: Path,
    outbox: Outbox,
    server: Carrier | None,
    act: Act,
    day: date,
    now: Callable[[], str],
    *,
    said: Callable[[Message], None],
) -> list[Message]:
    """Carry everything that waits in the outbox; what is in doubt or refused stays where it is."""
    with outbox.locked():
        note_sent(root, outbox, act, day)
        done = []
        try:
            for message in outbox.messages():
                if message.state in {states.QUEUED, states.SENDING, states.ASKING}:
                    done.append(_carried(outbox, message, server, now, act.by))
                    said(done[-1])
        finally:
            note_sent(root, outbox, act, day)
        return done


def _carried(outbox: Outbox, message: Message, server: Carrier | None, now: Callable[[], str], by: str) -> Message:
    found = recover(outbox, message, now(), by)
    if found.state != states.QUEUED or server is None:
        return found
    return deliver(outbox, found, server, now, by)

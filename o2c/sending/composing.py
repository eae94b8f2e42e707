"""Makes the bytes of a message; the same document to the same receivers has the same Message-ID every time."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.sending.outbox import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from o2c.master.company import Company
    from o2c.sending.letter import Letter
    from o2c.sending.letter import Occasion

#: How much of a number fits into a name: forty characters are allowed, nine are for the digest.
_LONGEST = 31
#: Lines end as on the wire, long ones are folded, and headers hold ASCII only.
_POLICY = policy.SMTP.clone(max_line_length=78)


def named(about: Occasion, company: Company, to: Sequence[str], subject: str, sha256: str, again: int) -> Message:
    """Give a message its name and Message-ID, from the document's number, its bytes and the receivers.

    `again` counts the times that the same was sent on purpose, from 0. Raises Refused without a sender's address.
    """
    sender = company.mail.sender or company.email
    if not sender:
        raise Refused("master/company.yaml: who sends? write `sender` under `mail`, or `email` of the company")
    content = "\n".join((about.kind, about.number, sha256, *sorted(to), str(again)))
    name = f"{about.number[:_LONGEST]}-{hashlib.sha256(content.encode()).hexdigest()[:8].upper()}"
    message_id = f"<{name.lower()}@{sender.rpartition('@')[2]}>"
    return Message(name, about.number, about.customer, sender, tuple(to), subject, message_id, sha256)


def composed(
    message: Message, company: Company, letter: Letter, file: str, attached: bytes, at: str, receivers: Sequence[str]
) -> bytes:
    """Write the message with text, HTML and the document; `receivers` are names for the addresses, "" for none."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(company.name, message.sender)
    mail["To"] = [_address(name, address) for name, address in zip(receivers, message.to, strict=True)]
    if company.mail.reply_to:
        mail["Reply-To"] = company.mail.reply_to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(datetime.fromisoformat(at))
    mail["Message-ID"] = message.message_id
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    mail.add_attachment(attached, maintype="application", subtype="pdf", filename=file)
    _fix_boundaries(mail, message.name)
    return mail.as_bytes()


def _address(name: str, address: str) -> Address:
    """Show a name beside an address, unless it looks like an address itself (display-name spoofing, H20)."""
    plain = "" if "@" in name else " ".join(letter for letter in name.split())
    return Address(display_name=plain, addr_spec=address)


def _fix_boundaries(mail: EmailMessage, name: str) -> None:
    """Give each part a boundary of its own that is the same every time; by default they are random."""
    parts = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=={name}=={number}==")

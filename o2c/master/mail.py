"""The mail server that documents leave by: section `mail` of company.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.master import gates
from o2c.model.money import shown

if TYPE_CHECKING:
    from o2c.master.section import Section

FIELDS = frozenset({"host", "port", "security", "user", "password_file", "sender", "reply_to"})
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class Mail:
    """How mail leaves the house; without a `host` it is only laid down in outbox/.

    `security` is `starttls` (default), `tls` or `none` (for a server on the same machine). The password never stands
    in the books: it comes from the environment (O2C_SMTP_PASSWORD) or from `password_file`, which only its owner may
    read.
    """

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password_file: str = ""
    sender: str = ""
    reply_to: str = ""


def read(section: Section | None) -> Mail:
    """Read the section; an absent one means that mail is laid down, not sent."""
    if section is None:
        return Mail()
    security = section.value("security", gates.choice(*_PORTS), "starttls")
    return Mail(
        host=section.value("host", _host, ""),
        port=section.value("port", gates.whole(1, 65_535), _PORTS[security]),
        security=security,
        user=section.value("user", gates.line, ""),
        password_file=section.value("password_file", gates.line, ""),
        sender=section.value("sender", gates.email, ""),
        reply_to=section.value("reply_to", gates.email, ""),
    )


def _host(text: str, name: str) -> str:
    if not _HOST.fullmatch(text):
        raise BadInput(f"{name}: {shown(text)} is not the name of a server; write it like mail.example.com")
    return text

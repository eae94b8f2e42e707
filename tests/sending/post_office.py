"""A real mail server on this machine that follows a script: what it answers at each step, and where it hangs up."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiosmtpd.smtp import Envelope
    from aiosmtpd.smtp import Session

#: Said instead of an answer: the line goes dead.
HANG_UP = "hang up"
#: At the final dot: the message is taken, and the line goes dead before the answer.
TAKE_AND_HANG_UP = "take and hang up"


class Taken:
    """A message that the server took: sender, receivers, bytes."""

    def __init__(self, envelope: Envelope) -> None:
        self.sender = envelope.mail_from
        self.to = list(envelope.rcpt_tos)
        self.content = bytes(envelope.content or b"")


class Office:
    """The script (an answer for each step, by its name; one receiver may have its own) and what was taken."""

    def __init__(self, script: dict[str, str]) -> None:
        self.script = script
        self.taken: list[Taken] = []
        self.calls = 0

    async def _said(self, server: SMTP, step: str) -> str | None:
        answer = self.script.get(step)
        if answer == HANG_UP:
            server.transport.abort()
            return "421 gone"
        return answer

    async def handle_EHLO(self, server: SMTP, session: Session, _envelope: Any, hostname: str, lines: list[str]) -> Any:  # noqa: N802
        self.calls += 1
        session.host_name = hostname
        return [answer] if (answer := await self._said(server, "EHLO")) else lines

    async def handle_HELO(self, server: SMTP, session: Session, _envelope: Any, hostname: str) -> str:  # noqa: N802
        session.host_name = hostname
        return await self._said(server, "EHLO") or "250 hello"

    async def handle_MAIL(self, server: SMTP, _s: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        answer = await self._said(server, "MAIL")
        envelope.mail_from = None if answer else address
        return answer or "250 fine"

    async def handle_RCPT(self, server: SMTP, _s: Any, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        answer = await self._said(server, f"RCPT {address}") or await self._said(server, "RCPT")
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 fine"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        answer = self.script.get("dot")
        if answer in {None, TAKE_AND_HANG_UP}:
            self.taken.append(Taken(envelope))
        if answer in {HANG_UP, TAKE_AND_HANG_UP}:
            server.transport.abort()
        return answer or "250 taken"


class _Server(SMTP):
    """Follows the script also at the steps for which the library has no hook."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        answer = self.event_handler.script.get("DATA")
        if answer == HANG_UP:
            self.transport.abort()
        elif answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        answer = self.event_handler.script.get("STARTTLS")
        if answer == HANG_UP:
            self.transport.abort()
        elif answer:
            await self.push(answer)
        else:
            await super().smtp_STARTTLS(arg)

    async def _handle_client(self) -> None:
        banner = self.event_handler.script.get("banner")
        if banner == HANG_UP:
            self.transport.abort()
        elif banner:
            await self.push(banner)
            self.transport.close()
        else:
            await super()._handle_client()


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@contextlib.contextmanager
def office(script: dict[str, str] | None = None, **options: Any) -> Iterator[tuple[Office, int]]:
    """Open a post office; gives it and its port."""
    clerk = Office(script or {})
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = _Controller(clerk, hostname="127.0.0.1", port=port, ready_timeout=10, **options)
    controller.start()
    try:
        yield clerk, port
    finally:
        controller.stop()

"""The SMTP dialogue: hands one message to the mail server and says for certain what became of it, or that it cannot.

Everything before the final dot can be repeated: the server has not taken the message. Once the dot is on its way, only
the server's answer tells whether the message was taken (danger D43); without an answer nobody may guess.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from o2c.master.mail import Mail

SENT = "sent"
REFUSED = "refused"
LATER = "later"
UNCERTAIN = "uncertain"
_PATIENCE = 60.0
_PERMANENT = 500
_LEADING_DOT = re.compile(rb"(?m)^\.")


class Outcome(NamedTuple):
    """What became of a message: `sent`, `refused` for good, `later` (not taken, can be repeated) or `uncertain`.

    `said` is the server's answer or what went wrong, on one line.
    """

    became: str
    said: str


class _Answered(Exception):
    """The server said no at a step before it had the message."""

    def __init__(self, step: str, code: int, text: bytes) -> None:
        self.became = REFUSED if code >= _PERMANENT else LATER
        super().__init__(f"{step}: {code} {text.decode('utf-8', 'replace')}")


class Carrier:
    """A mail server that can be called; one connection per message, so that no message suffers for another."""

    def __init__(
        self, mail: Mail, password: str, *, trusted: ssl.SSLContext | None = None, patience: float = _PATIENCE
    ) -> None:
        """Keep what is needed for the call; `trusted` replaces the machine's list of trusted certificates."""
        self._mail = mail
        self._password = password
        self._trusted = trusted
        self._patience = patience

    def carry(self, sender: str, to: Sequence[str], content: bytes, before_the_dot: Callable[[], None]) -> Outcome:
        """Hand over a message for all its receivers, or for none of them.

        `before_the_dot` is called when the server has everything but the final dot: what it writes down must be on
        disk when it returns. Never raises for what a server or network does.
        """
        asked = False
        try:
            with self._connection() as smtp:
                _expect(smtp.mail(sender), "sender")
                _address(smtp, to)
                _expect(smtp.docmd("DATA"), "message", 354)
                smtp.send(_LEADING_DOT.sub(b"..", _lines(content)))
                before_the_dot()
                asked = True
                smtp.send(b".\r\n")
                code, text = smtp.getreply()
                return _final(code, text)
        except _Answered as answer:
            return Outcome(answer.became, _one_line(str(answer)))
        except smtplib.SMTPResponseException as answer:  # the greeting, EHLO, STARTTLS or the login was refused
            text = answer.smtp_error if isinstance(answer.smtp_error, bytes) else str(answer.smtp_error).encode()
            refused = _Answered(
                "login" if isinstance(answer, smtplib.SMTPAuthenticationError) else "greeting", answer.smtp_code, text
            )
            return Outcome(LATER, _one_line(str(refused)))
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(UNCERTAIN if asked else LATER, _one_line(f"{type(error).__name__}: {error}"))

    @contextlib.contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        smtp = self._call()
        try:
            smtp.ehlo_or_helo_if_needed()
            if self._mail.security == "starttls":
                smtp.starttls(context=self._context())
                smtp.ehlo()
            if self._mail.user:
                smtp.login(self._mail.user, self._password)
            yield smtp
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.quit()  # the answer is in; how the server says goodbye changes nothing
        finally:
            smtp.close()

    def _call(self) -> smtplib.SMTP:
        if self._mail.security == "tls":
            context = self._context()
            return smtplib.SMTP_SSL(self._mail.host, self._mail.port, timeout=self._patience, context=context)
        return smtplib.SMTP(self._mail.host, self._mail.port, timeout=self._patience)

    def _context(self) -> ssl.SSLContext:
        return self._trusted or ssl.create_default_context()


def _address(smtp: smtplib.SMTP, to: Sequence[str]) -> None:
    """Name every receiver; one refusal takes the message back from all, and names who was refused."""
    answers = [(receiver, *smtp.rcpt(receiver)) for receiver in to]
    refused = [(receiver, code, text) for receiver, code, text in answers if code not in {250, 251}]
    if refused:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.rset()
        receiver, code, text = max(refused, key=lambda one: one[1])
        raise _Answered(f"receiver {receiver}", code, text)


def _expect(answer: tuple[int, bytes], step: str, code: int = 250) -> None:
    if answer[0] != code:
        raise _Answered(step, *answer)


def _final(code: int, text: bytes) -> Outcome:
    said = _one_line(f"{code} {text.decode('utf-8', 'replace')}")
    if code == 250:
        return Outcome(SENT, said)
    if code == -1:  # the line was cut in the middle of the answer
        return Outcome(UNCERTAIN, said)
    return Outcome(REFUSED if code >= _PERMANENT else LATER, said)


def _lines(content: bytes) -> bytes:
    """Give the message with the line ends of the protocol, its last line ended."""
    text = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:500]

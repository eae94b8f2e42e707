"""The dialogue with a mail server: at every step it may refuse or hang up, and we know what that means."""

from __future__ import annotations

import smtplib
import socket
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from o2c.master.mail import Mail
from o2c.sending import carrier
from o2c.sending.carrier import Carrier
from o2c.sending.carrier import Outcome
from tests.sending.post_office import HANG_UP
from tests.sending.post_office import TAKE_AND_HANG_UP
from tests.sending.post_office import office

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = b"Subject: Invoice\n\n.A line with a dot in front\nThe end"
TO = ("a@shop.example", "b@shop.example", "c@shop.example")


def carried(port: int, *, said: list[str] | None = None, mail: Mail | None = None, **options: object) -> Outcome:
    asked = said if said is not None else []
    server = Carrier(mail or Mail("127.0.0.1", port, "none"), "", patience=5, **options)  # type: ignore[arg-type] # options of one call
    return server.carry("me@seller.example", TO, MESSAGE, lambda: asked.append("asked"))


def test_a_message_arrives_once_for_all_receivers_as_it_was_written() -> None:
    said: list[str] = []
    with office() as (clerk, port):
        assert carried(port, said=said) == Outcome(carrier.SENT, "250 taken")
    (message,) = clerk.taken
    assert message.to == list(TO)
    assert message.sender == "me@seller.example"
    assert message.content == b"Subject: Invoice\r\n\r\n.A line with a dot in front\r\nThe end\r\n"
    assert said == ["asked"]


@pytest.mark.parametrize("step", ["banner", "EHLO", "MAIL", "RCPT", "RCPT b@shop.example", "DATA"])
@pytest.mark.parametrize(
    ("answer", "became"),
    [("451 not now", carrier.LATER), ("550 never", carrier.REFUSED), (HANG_UP, carrier.LATER)],
)
def test_before_the_dot_nothing_was_taken_and_nobody_was_asked(step: str, answer: str, became: str) -> None:
    said: list[str] = []
    with office({step: answer}) as (clerk, port):
        outcome = carried(port, said=said)
    # A server that turns every caller away at the door says nothing about this message.
    expected = carrier.LATER if step in {"banner", "EHLO"} else became
    assert outcome.became == expected
    assert clerk.taken == []
    assert said == []
    assert answer == HANG_UP or answer[4:] in outcome.said


def test_one_refused_receiver_of_three_is_named_and_nobody_gets_the_message() -> None:
    with office({"RCPT b@shop.example": "550 no such person"}) as (clerk, port):
        assert carried(port) == Outcome(carrier.REFUSED, "receiver b@shop.example: 550 no such person")
    assert clerk.taken == []


@pytest.mark.parametrize(
    ("answer", "became", "taken"),
    [
        ("451 not now", carrier.LATER, 0),
        ("554 spam", carrier.REFUSED, 0),
        (HANG_UP, carrier.UNCERTAIN, 0),
        (TAKE_AND_HANG_UP, carrier.UNCERTAIN, 1),
    ],
)
def test_after_the_dot_only_an_answer_makes_it_certain(answer: str, became: str, taken: int) -> None:
    said: list[str] = []
    with office({"dot": answer}) as (clerk, port):
        assert carried(port, said=said).became == became
    assert len(clerk.taken) == taken
    assert said == ["asked"]


def test_a_server_that_is_not_there_or_says_nothing_is_tried_again_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        server = Carrier(Mail("127.0.0.1", port, "none"), "", patience=0.2)
        assert server.carry("me@seller.example", TO, MESSAGE, pytest.fail).became == carrier.LATER
    assert carried(port).became == carrier.LATER
    assert Carrier(Mail("no.such.host.invalid"), "").carry("a@b.example", TO, MESSAGE, pytest.fail).became == "later"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    wanted = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -days 2 -nodes -newkey rsa:2048".split()
    made = ["openssl", "req", "-x509", "-keyout", str(key), "-out", str(chain), *wanted]
    subprocess.run(made, check=True, capture_output=True)
    return key, chain


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_said(
    certificate: tuple[Path, Path],
) -> None:
    key, chain = certificate
    offered = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    offered.load_cert_chain(chain, key)
    with office(tls_context=offered, require_starttls=True) as (clerk, port):
        mail = Mail("127.0.0.1", port, "starttls")
        doubted = carried(port, mail=mail)
        assert doubted.became == carrier.LATER
        assert "CERTIFICATE_VERIFY_FAILED" in doubted.said
        assert clerk.taken == []
        trusted = ssl.create_default_context(cafile=str(chain))
        assert carried(port, mail=mail, trusted=trusted).became == carrier.SENT
    assert len(clerk.taken) == 1


@pytest.mark.parametrize("answer", ["454 no TLS today", HANG_UP])
def test_without_the_encryption_that_was_asked_for_nothing_is_sent(answer: str) -> None:
    with office({"STARTTLS": answer}) as (clerk, port):
        assert carried(port, mail=Mail("127.0.0.1", port, "starttls")).became == carrier.LATER
    assert clerk.taken == []


def test_a_wrong_password_is_said_without_showing_it() -> None:
    from aiosmtpd.smtp import AuthResult

    def nobody(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    with office(authenticator=nobody, auth_required=True, auth_require_tls=False) as (clerk, port):
        mail = Mail("127.0.0.1", port, "none", user="me")
        server = Carrier(mail, "s3cret-word", patience=5)
        outcome = server.carry("me@seller.example", TO, MESSAGE, pytest.fail)
    assert outcome.became == carrier.LATER
    assert outcome.said.startswith("login: 535")
    assert "s3cret-word" not in outcome.said
    assert clerk.taken == []


def test_a_state_that_cannot_be_written_before_the_dot_stops_the_message() -> None:
    def disk_full() -> None:
        raise OSError(28, "No space left on device")

    with office() as (clerk, port):
        server = Carrier(Mail("127.0.0.1", port, "none"), "", patience=5)
        assert server.carry("me@seller.example", TO, MESSAGE, disk_full).became == carrier.LATER
    assert clerk.taken == []


def test_smtplib_still_sends_what_it_is_given() -> None:
    # The dialogue is our own from DATA on, because smtplib does not say whether the dot was sent.
    assert callable(smtplib.SMTP.send)
    assert callable(smtplib.SMTP.getreply)

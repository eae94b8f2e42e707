"""Moves messages through their states; after a crash it knows what may be repeated and what a person must decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.sending import carrier
from o2c.sending import outbox as states
from o2c.sending.outbox import Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.sending.carrier import Carrier
    from o2c.sending.outbox import Message
    from o2c.sending.outbox import Outbox

_BECAME = {
    carrier.SENT: states.SENT,
    carrier.REFUSED: states.REFUSED,
    carrier.LATER: states.QUEUED,
    carrier.UNCERTAIN: states.UNCERTAIN,
}
_IN_DOUBT = "stopped while the server was asked to take it; whether it did is not known"


def recover(outbox: Outbox, message: Message, at: str, by: str) -> Message:
    """Bring a message that a crash left on its way into a state from which one can go on; call it under the lock."""
    if message.state == states.SENDING:
        return outbox.move(message, Step(states.QUEUED, at, by, "stopped before any server had it"))
    if message.state == states.ASKING:
        return outbox.move(message, Step(states.UNCERTAIN, at, by, _IN_DOUBT))
    return message


def deliver(outbox: Outbox, message: Message, server: Carrier, now: Callable[[], str], by: str) -> Message:
    """Hand a queued message to the mail server; every state is on disk before the step it speaks of.

    Raises NotFinished where a state cannot be written; the next run then finds what was reached.
    """
    assert message.state == states.QUEUED, f"{message.name} is {message.state}, not queued"
    content = outbox.content(message.name)
    going = [outbox.move(message, Step(states.SENDING, now(), by))]

    def before_the_dot() -> None:
        going.append(outbox.move(going[-1], Step(states.ASKING, now(), by)))

    outcome = server.carry(message.sender, message.to, content, before_the_dot)
    return outbox.move(going[-1], Step(_BECAME[outcome.became], now(), by, outcome.said))


def retry(outbox: Outbox, message: Message, at: str, by: str) -> Message:
    """Queue a refused message again, after the cause was mended; raises Refused in every other state."""
    if message.state != states.REFUSED:
        raise Refused(f"{message.name} is {message.state}; only a refused message can be sent again")
    return outbox.move(message, Step(states.QUEUED, at, by, "to be tried again"))


def resolve(outbox: Outbox, message: Message, at: str, by: str, *, sent: bool, reason: str) -> Message:
    """Say what became of a message of which nobody was sure, or that was sent by other means.

    Raises Refused where the outbox knows: a message that was sent stays sent.
    """
    if message.state in {states.SENT, states.SENDING, states.ASKING}:
        raise Refused(f"{message.name} is {message.state}; there is nothing to decide")
    return outbox.move(message, Step(states.SENT if sent else states.QUEUED, at, by, reason))

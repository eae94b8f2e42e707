"""The outbox: one message is two files, its exact bytes and its state; the state is on disk before anything is done.

`queued -> sending -> asking -> sent | refused | uncertain` (rule R8). A message found in `sending` had not been taken
by any server and is queued again; one found in `asking` may have been, and a person must say.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from o2c.errors import BadInput
from o2c.errors import NotFound
from o2c.master.lock import writer_lock
from o2c.model.money import shown
from o2c.model.text import identifier
from o2c.posting import replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: How long a command waits for another one that is sending, in seconds.
_PATIENCE = 60.0
QUEUED = "queued"
SENDING = "sending"
ASKING = "asking"
SENT = "sent"
REFUSED = "refused"
UNCERTAIN = "uncertain"
STATES = (QUEUED, SENDING, ASKING, SENT, REFUSED, UNCERTAIN)


class Step(NamedTuple):
    """Something that happened to a message: the state it went to, when (UTC), by whom, and what was said."""

    state: str
    at: str
    by: str
    said: str = ""


class Message(NamedTuple):
    """A message in the outbox.

    `name` is that of its files, and the part of its Message-ID before the `@`. `sha256` is that of the document that
    is attached, `noted` tells that the ledger says it was sent.
    """

    name: str
    document: str
    customer: str
    sender: str
    to: tuple[str, ...]
    subject: str
    message_id: str
    sha256: str
    steps: tuple[Step, ...] = ()
    noted: bool = False

    @property
    def state(self) -> str:
        """The state it is in."""
        return self.steps[-1].state if self.steps else QUEUED

    def moved(self, step: Step) -> Message:
        """Give the message one step further."""
        return self._replace(steps=(*self.steps, step))


class Outbox:
    """The folder `outbox/` of the books."""

    def __init__(self, root: Path) -> None:
        """Look into the books' folder; nothing is made before something is put in."""
        self.folder = root / "outbox"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the outbox, so that two commands never carry the same message; raises NotFinished after a while."""
        with writer_lock(self.folder.parent, _PATIENCE, "outbox-lock"):
            if self.folder.is_dir():
                replace.remove_leftovers(self.folder)
            yield

    def put(self, message: Message, content: bytes) -> None:
        """Lay a message into the outbox: its bytes first, then its state. One that is there already stays as it is."""
        if self.holds(message.name):
            return
        self.folder.mkdir(exist_ok=True)
        mail = self.mail_file(message.name)
        if replace.current(mail) != content:
            replace.replace(mail, expected=replace.current(mail), content=content)
        self._write(message, None)

    def holds(self, name: str) -> bool:
        """Tell whether a message of this name is in the outbox, in whatever state."""
        return self._state_file(name).exists()

    def content(self, name: str) -> bytes:
        """Give the exact bytes of a message."""
        return self.mail_file(name).read_bytes()

    def mail_file(self, name: str) -> Path:
        """Name the file with the bytes of a message; a mail program opens it."""
        return self.folder / f"{identifier(name, 'message')}.eml"

    def message(self, name: str) -> Message:
        """Read the state of a message; raises NotFound, or BadInput where the file was damaged."""
        path = self._state_file(name)
        content = replace.current(path)
        if content is None:
            raise NotFound(f"there is no message {shown(name)} in the outbox; `o2c outbox list` shows them")
        return _read(path, content)

    def messages(self) -> list[Message]:
        """Read all messages, in the order of their names."""
        files = sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []
        return [_read(path, path.read_bytes()) for path in files]

    def move(self, message: Message, step: Step) -> Message:
        """Write down a step, on disk when this returns."""
        moved = message.moved(step)
        self._write(moved, message)
        return moved

    def note(self, message: Message) -> None:
        """Write down that the ledger says that the message was sent."""
        self._write(message._replace(noted=True), message)

    def _write(self, message: Message, before: Message | None) -> None:
        path = self._state_file(message.name)
        replace.replace(path, expected=None if before is None else _text(before), content=_text(message))

    def _state_file(self, name: str) -> Path:
        return self.folder / f"{identifier(name, 'message')}.json"


def _text(message: Message) -> bytes:
    said: dict[str, Any] = message._asdict()
    said["steps"] = [step._asdict() for step in message.steps]
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def _read(path: Path, content: bytes) -> Message:
    try:
        said = json.loads(content)
        steps = tuple(Step(**step) for step in said.pop("steps"))
        message = Message(**{**said, "to": tuple(said["to"])}, steps=steps)
        if message.name != path.stem or any(step.state not in STATES for step in steps):
            raise ValueError("the name or a state is wrong")  # noqa: TRY301 - one way out for every damage
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput(
            f"{path}: this state of a message cannot be read ({error}); take the file from a backup, "
            "or remove it when you know whether the message was sent"
        ) from error
    return message

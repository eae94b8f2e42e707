"""What every command needs to know: which books, who acts, which day it is. Only here the clock is asked."""

from __future__ import annotations

import getpass
import os
import re
from datetime import UTC
from datetime import date
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar

import click

from o2c.errors import BadInput
from o2c.errors import WrongUsage
from o2c.model.money import shown
from o2c.model.text import day
from o2c.model.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.books import Books
    from o2c.model.documents import Act

T = TypeVar("T")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Context:
    """The answers to where, who and when; each found at its first use."""

    def __init__(self, root: Path | None, user: str | None, today: str | None, now: str | None) -> None:
        """Keep the global options as they were given."""
        self._root = root
        self._user = user
        self._today = today
        self._now = now

    @cached_property
    def root(self) -> Path:
        """The folder of the books: --books, $O2C_BOOKS, or the nearest upwards that holds them."""
        given = self._root or (Path(os.environ["O2C_BOOKS"]) if os.environ.get("O2C_BOOKS") else None)
        if given is not None:
            return given.resolve()
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / "main.beancount").is_file() and (folder / "master").is_dir():
                return folder
        raise WrongUsage(
            "there are no books here; go to their folder, give --books DIR, or make some with `o2c init DIR`"
        )

    @cached_property
    def user(self) -> str:
        """Who acts: --user, $O2C_USER, or the login name."""
        name = self._user or os.environ.get("O2C_USER") or getpass.getuser()
        return usage(lambda: one_line(name, "user", 60))

    @cached_property
    def given_today(self) -> date | None:
        """The day that --today says; None where the clock is to say it."""
        text = self._today
        return usage(lambda: day(text, "--today")) if text else None

    @cached_property
    def today(self) -> date:
        """The day: --today, or the day it is where the company is."""
        if self.given_today is not None:
            return self.given_today
        from zoneinfo import ZoneInfo

        from o2c import master

        zone = master.load_company(self.root).timezone if (self.root / "master").is_dir() else "UTC"
        return datetime.now(ZoneInfo(zone)).date()

    @cached_property
    def now(self) -> str:
        """The moment in UTC that entries carry: --now, or the clock."""
        if self._now:
            if not _MOMENT.fullmatch(self._now):
                raise WrongUsage(f"--now: {shown(self._now)} is not a moment; write it like 2026-03-05T09:30:00Z")
            return self._now
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def day(self, given: str | None) -> date:
        """Read the --date of a command; without it, today."""
        return usage(lambda: day(given, "--date")) if given else self.today

    def books(self) -> Books:
        """Open the books, errors and all."""
        from o2c import books as door

        return door.opened(self.root)

    def act(self, command: str, why: str | None, key: str | None, request: object) -> Act:
        """Say who acts, when, why, and for which request; without a reason given, the command is the reason."""
        from o2c.model.documents import Act

        reason = usage(lambda: one_line(why, "--why", 500)) if why else command
        if not key:
            return Act(self.user, self.now, reason)
        import hashlib
        import json

        content = json.dumps([command.split(" ", maxsplit=1)[0], request], sort_keys=True, default=str)
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        return Act(self.user, self.now, reason, usage(lambda: one_line(key, "--key", 100)), f"sha256:{digest}")


pass_context = click.make_pass_decorator(Context)


def usage(parse: Callable[[], T]) -> T:
    """Read a value from the command line; a bad one is wrong usage (exit code 2), not a refusal."""
    try:
        return parse()
    except BadInput as error:
        raise WrongUsage(str(error)) from error

"""The office: people at their desks, who run the tool's own commands on a day and at a time."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c import books
from o2c.cli import main as o2c
from o2c.model import names
from o2c.model.items import open_items

if TYPE_CHECKING:
    from datetime import date

    from o2c.books import Books
    from o2c.model.documents import Document
    from o2c.model.items import Item

#: An order as it stands in an order file.
Order = dict[str, str | list[dict[str, str]]]
_OPENS = 7 * 60 + 30  # minutes after midnight, in UTC
_PACE = 4  # minutes between two commands
_PLAIN = {("close", "propose"), ("proposal", "accept")}  # they take neither --json nor --date


class Owed(NamedTuple):
    """An open item, and the order that its invoice fulfils ("" for items that were moved in)."""

    item: Item
    order: str


class Office:
    """Books and the clock of the day; every entry is made by a command, with user, day and time."""

    def __init__(self, root: Path) -> None:
        """Open the office of the books in a folder."""
        self.root = root
        self.held = ""  # the order that was held last
        self._books: Books | None = None
        self._day: date | None = None
        self._done = 0

    def run(self, day: date, user: str, *command: str, dated: bool = True, may_wait: bool = False) -> list[str]:
        """Run a command and give the numbers of the documents it posted; a refusal ends everything.

        `may_wait`: what is held, or written as a proposal (exit code 1), waits for somebody and is no refusal.
        """
        said = io.StringIO()
        self._books = None
        head = ["--books", str(self.root), "--user", user, "--today", str(day), "--now", self._moment(day)]
        plain = command[:2] in _PLAIN
        options = [] if plain else ["--json", *(["--date", str(day)] if dated else [])]
        try:
            with redirect_stdout(said):
                o2c([*head, *command, *options])
        except SystemExit as end:
            if end.code and not (may_wait and end.code == 1):
                raise SystemExit(f"{day} {user}: o2c {' '.join(command)}: refused ({end.code})") from None
        return self._numbers("" if plain else said.getvalue())

    def _numbers(self, said: str) -> list[str]:
        posted = json.loads(said)["posted"] if said else []
        self.held = next((one["doc_id"] for one in posted if one["doc_type"] == "order-held"), self.held)
        return [one["doc_id"] for one in posted if one["doc_type"] not in names.EVENTS]

    def take_in(self, day: date, user: str, orders: list[Order], command: list[str], *options: str) -> list[str]:
        """Write an order file (JSON is YAML) and run a command with it."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "orders.yaml"
            file.write_text(json.dumps(orders, ensure_ascii=False), "utf-8")
            return self.run(day, user, *command, str(file), *options, may_wait=True)

    def ask(self, day: date, user: str, *command: str) -> str:
        """Run a command that writes a proposal instead of posting; gives the number of the proposal."""
        before = set(self._proposals())
        self.run(day, user, *command, may_wait=True)
        made = sorted(set(self._proposals()) - before)
        if len(made) != 1:
            raise SystemExit(f"{day} {user}: o2c {' '.join(command)}: one proposal expected, there are {made}")
        return made[0]

    def _proposals(self) -> list[str]:
        return [file.stem for file in (self.root / "proposals").glob("PR-*.beancount")]

    def lay(self, file: Path) -> None:
        """Lay a file that somebody wrote by hand beside the others."""
        shutil.copyfile(file, self.root / "manual" / file.name)
        self._books = None

    def invoice(self, order: str) -> Document:
        """Find the newest invoice of an order."""
        invoices = self._read().facts.documents(names.INVOICE)
        return [doc for doc in invoices if doc.refers == order][-1]

    def owed(self, day: date) -> list[Owed]:
        """List what customers owe on a day, oldest due first."""
        facts = self._read().facts
        orders = {doc.doc_id: doc.refers for doc in facts.documents(names.INVOICE)}
        items = open_items(facts.moved, day)
        return [Owed(item, orders.get(item.doc_id, "")) for item in items if item.open > 0]

    def _read(self) -> Books:
        if self._books is None:
            self._books = books.load(self.root)
        return self._books

    def _moment(self, day: date) -> str:
        self._done = self._done + 1 if day == self._day else 0
        self._day = day
        minutes = _OPENS + _PACE * self._done
        return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}:00Z"

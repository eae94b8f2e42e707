"""Fava over books in a folder, as the tests of the pages ask it."""

from __future__ import annotations

import hashlib
import html
import re
from typing import TYPE_CHECKING
from typing import NamedTuple

from fava.application import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from fava.core import FavaLedger
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from fava_o2c.ledger_books import LedgerBooks

PAGES = ("Receivables", "Customers", "Documents", "Orders", "Cash", "Credit", "Close", "Trail", "Measures", "Reports")
LINE = '\n2026-01-01 custom "fava-extension" "fava_o2c"\n'


class Site(NamedTuple):
    """A running Fava, without a network."""

    root: Path
    client: FlaskClient
    slug: str
    ledger: FavaLedger

    def address(self, page: str, endpoint: str = "", **args: str) -> tuple[str, dict[str, str]]:
        return f"/{self.slug}/extension/O2C{page}/{endpoint}", args

    def get(self, page: str, endpoint: str = "", **args: str) -> TestResponse:
        address, query = self.address(page, endpoint, **args)
        return self.client.get(address, query_string={"partial": "true", **query})

    def text(self, page: str, **args: str) -> str:
        answer = self.get(page, **args)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    @property
    def books(self) -> LedgerBooks:
        page = self.ledger.extensions.get_extension("O2CReceivables")
        return page.shelf.books(self.ledger)


def site(root: Path, *, read_only: bool = False, incognito: bool = False) -> Site:
    main = root / "main.beancount"
    if "fava-extension" not in main.read_text("utf-8"):
        main.write_text(main.read_text("utf-8") + LINE, "utf-8")
    # Asking the files at each request needs no thread and no handle of the system, of which it has few.
    app = create_app([main], load=True, read_only=read_only, incognito=incognito, poll_watcher=True)
    app.testing = True
    ledgers = app.config["LEDGERS"]
    return Site(root, app.test_client(), ledgers.first_slug(), ledgers.ledgers[0])


def troubles(text: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'class="trouble"[^>]*>([^<]*)', text)]


def cells(text: str, key: str) -> list[list[str]]:
    """Read the rows of a table off a page, as a reader sees them."""
    section = re.search(rf'<section class="o2c-table" id="{key}">.*?</section>', text, re.DOTALL)
    assert section, f"no table {key}"
    body = re.search(r"<tbody>(.*?)</tbody>", section[0], re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [[_plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def _plain(cell: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()


def tree_hash(root: Path) -> dict[str, str]:
    """Hash every file below a folder."""
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in root.rglob("*") if path.is_file()}

"""What customers and clerks write stays text on every page (H42)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.fava.fava_pages import PAGES
from tests.fava.fava_pages import Site
from tests.fava.fava_pages import site
from tests.fava.hostile_books import MARK
from tests.fava.hostile_books import PAYLOADS
from tests.fava.hostile_books import spoil

if TYPE_CHECKING:
    from pathlib import Path

MARCH = "2026-01 - 2026-03"
PARAMETERS = ("aging-find", "items-sort", "aging-is-currency", "account", "filter", "time", "junk", "items-page")
VIEWS = [
    *((page, {}) for page in PAGES),
    ("Customers", {"code": "C0001"}),
    *(("Documents", {"number": f"HOSTILE-{number}"}) for number in range(len(PAYLOADS))),
    *(("Documents", {"number": payload}) for payload in PAYLOADS),
    ("Orders", {"only": "held"}),
    ("Orders", {"only": "incomplete"}),
    *(("Receivables", {name: payload}) for name in PARAMETERS for payload in PAYLOADS),
    *(("Customers", {"code": payload}) for payload in PAYLOADS),
]  # fmt: skip


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Site:
    from o2c.starting import start_demo

    root: Path = tmp_path_factory.mktemp("hostile") / "books"
    start_demo(root)
    spoil(root)
    return site(root)


def test_the_payloads_are_in_the_books(spoiled: Site) -> None:
    """Otherwise the other tests prove nothing."""
    text = spoiled.text("Documents", number="HOSTILE-0", time=MARCH)
    assert "&lt;script&gt;window.hit=1&lt;/script&gt;" in text
    assert "&#39;window.hit=1&#39;" in spoiled.text("Receivables", time=MARCH)


@pytest.mark.parametrize(("page", "args"), VIEWS)
def test_no_payload_becomes_markup(spoiled: Site, page: str, args: dict[str, str]) -> None:
    answer = spoiled.get(page, **({"time": MARCH} | args))
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    for tag in re.findall(r"<[a-zA-Z/!][^>]*>", text):
        outside = re.sub(r'"[^"]*"', "", tag)
        assert MARK not in outside, tag
        assert not re.search(r"\son\w+=", outside), tag
        assert not re.search(r'(?:href|src|action|data)="\s*javascript:', tag), tag
    assert len(re.findall(r"<script(?! type=\"application/json\")", text)) == 0
    for data in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL):
        assert "<" not in data
    assert "49$" not in text
    assert "${49}" not in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_becomes_a_header_of_a_download(spoiled: Site, payload: str) -> None:
    answer = spoiled.get("Receivables", "download", table="items", format="csv", time=MARCH, junk=payload)
    assert answer.status_code == 200
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', answer.headers["Content-Disposition"])


def test_no_cell_of_a_download_is_a_formula(spoiled: Site) -> None:
    text = spoiled.get("Trail", "download", table="trail", format="csv", time=MARCH).get_data(as_text=True)
    assert not re.search(r'(?m)(?:^|,)"?[=@]', text)

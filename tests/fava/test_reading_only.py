"""Pages read: no endpoint takes more than GET, and no GET changes a file (H41)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import fava_o2c
from o2c.cli import main as o2c
from tests.fava.fava_pages import PAGES
from tests.fava.fava_pages import site
from tests.fava.fava_pages import tree_hash

TEMPLATES = Path(fava_o2c.__file__).parent / "templates"
MARCH = "2026-01 - 2026-03"


def _issued(books: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        o2c(["--books", str(books), "document", "render", "INV-2026-0118"])
    assert not ended.value.code


@pytest.mark.parametrize("read_only", [False, True])
def test_no_get_changes_a_file(own_books: Path, read_only: bool) -> None:
    pages = site(own_books, read_only=read_only)
    before = tree_hash(own_books)
    asked = 0
    for page in PAGES:
        extension = pages.ledger.extensions.get_extension(f"O2C{page}")
        assert extension is not None
        for endpoint, method in extension.endpoints:
            assert method == "GET"
            for args in ({}, {"table": "aging", "format": "xlsx"}, {"number": "INV-2026-0118"}, {"code": "C0001"}):
                assert pages.get(page, endpoint, time=MARCH, **args).status_code in {200, 400, 404}
                asked += 1
        for args in ({}, {"code": "C0001"}, {"number": "INV-2026-0118"}, {"only": "held"}):
            assert pages.get(page, time=MARCH, **args).status_code == 200
    assert asked >= len(PAGES)
    assert tree_hash(own_books) == before


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("endpoint", ["", "download", "paper"])
def test_nothing_but_get_is_answered(own_books: Path, method: str, endpoint: str) -> None:
    pages = site(own_books)
    before = tree_hash(own_books)
    for page in PAGES:
        answer = getattr(pages.client, method)(pages.address(page, endpoint)[0], data={"number": "INV-2026-0118"})
        assert answer.status_code in {404, 405}
    assert tree_hash(own_books) == before


def test_templates_escape_everything_and_compute_nothing() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text("utf-8")
        assert not re.search(r"autoescape|\|\s*sum|\|\s*round|Markup", text), template.name
        for before in re.findall(r"(\S+)\|\s*safe", text):
            assert before.endswith("'"), f"{template.name}: only a literal is safe, not {before}"


def test_a_page_for_every_title_has_its_template() -> None:
    assert {path.stem for path in TEMPLATES.glob("O2C*.html")} == {f"O2C{page}" for page in PAGES}


@pytest.mark.parametrize(
    "number",
    [
        "../../main.beancount",
        "..%2f..%2fmain.beancount",
        "/etc/passwd",
        "documents/2026/INV-2026-0118.pdf",
        "INV-2026-0118/../INV-2026-0118",
        "INV-2026-0118\x00.pdf",
        "INV-2026-0117",
        "C:\\windows",
        "ＩＮＶ-2026-0118",  # noqa: RUF001 - letters that look alike
        "",
        "SO-2026-0118",
    ],
)
def test_a_paper_is_only_found_by_the_number_of_an_issued_document(own_books: Path, number: str) -> None:
    pages = site(own_books)
    answer = pages.get("Documents", "paper", number=number)
    assert answer.status_code in {400, 404}
    assert "%PDF" not in answer.get_data(as_text=True)
    assert "plugin" not in answer.get_data(as_text=True)


def test_a_note_that_names_a_file_outside_does_not_show_it(own_books: Path) -> None:
    (own_books / "manual" / "forged.beancount").write_text(
        '2026-03-29 note Assets:AR:C0022 "Issued" #issued\n  subject: "INV-2026-0118"\n  customer: "C0022"\n'
        '  file: "../../../../etc/passwd"\n  sha256: "sha256:0"\n  media: "application/pdf"\n',
        "utf-8",
    )
    answer = site(own_books).get("Documents", "paper", number="INV-2026-0118")
    assert answer.status_code == 400
    assert "root:" not in answer.get_data(as_text=True)


def test_an_issued_invoice_is_shown_as_it_was_issued_and_a_changed_file_is_not(own_books: Path) -> None:
    pytest.importorskip("weasyprint")
    _issued(own_books)
    pages = site(own_books)
    text = pages.text("Documents", number="INV-2026-0118")
    assert '<object data="' in text
    answer = pages.get("Documents", "paper", number="INV-2026-0118")
    (file,) = (own_books / "documents").rglob("*INV-2026-0118*.pdf")
    assert answer.data == file.read_bytes()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    file.write_bytes(file.read_bytes() + b" ")
    assert pages.get("Documents", "paper", number="INV-2026-0118").status_code == 400

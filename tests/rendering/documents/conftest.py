"""The demonstration books, loaded once, and what a PDF says, read back by other libraries."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdf
import pytest

from o2c import books as door
from o2c.rendering.drawing import drawing
from o2c.rendering.pdf import pdf
from o2c.shipped import DEMO_LEDGER

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.books import Books

pytest.importorskip("weasyprint")


@pytest.fixture(scope="session")
def demo() -> Books:
    return door.load(DEMO_LEDGER)


def drawn(books: Books, number: str, root: Path = DEMO_LEDGER) -> bytes:
    """Draw a document of the books."""
    one = drawing(root, books, number)
    return pdf(root, one.html, number, one.attached)


def text_of(content: bytes) -> str:
    """Read the text of all pages, with plain spaces."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")

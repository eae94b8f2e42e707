"""What the tests of e-invoices share: the official rules, where they are installed, run on XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import official
from o2c.rendering.einvoice import ubl
from o2c.rendering.einvoice.making import e_invoice
from o2c.rendering.einvoice.schematron import Schematron
from o2c.rendering.einvoice.verifying import verify_all
from tests.rendering.einvoice.samples import demo_master

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from o2c.model.documents import Document


@pytest.fixture(scope="session")
def running() -> Iterator[Schematron]:
    """Start the process of the official rules once, for all tests that ask it."""
    if official.missing():
        pytest.skip(official.missing())
    with Schematron() as process:
        yield process


@pytest.fixture
def faults(running: Schematron) -> Callable[[Sequence[tuple[Document, Document | None]]], list[str]]:
    """Write documents in both syntaxes and give everything that is wrong with them, by all rules."""

    def found(documents: Sequence[tuple[Document, Document | None]]) -> list[str]:
        made = [e_invoice(doc, demo_master(), credited) for doc, credited in documents]
        files = [(f"{one.number} {syntax.__name__[-3:]}", syntax.write(one)) for one in made for syntax in (cii, ubl)]
        return [str(finding) for findings in verify_all(files, running) for finding in findings]

    return found

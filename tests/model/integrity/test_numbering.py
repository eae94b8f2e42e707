"""Series of numbers have no gaps that nobody explains, and do not go back in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model import integrity
from tests.model.integrity.ledgers import facts_of
from tests.model.integrity.ledgers import invoice
from tests.model.integrity.ledgers import only

if TYPE_CHECKING:
    from o2c.model.findings import Finding


PATTERNS = {"invoice": "INV-{year}-{number:04d}", "credit-note": "CN-{year}-{number:04d}"}


def numbering(*texts: str) -> list[Finding]:
    return integrity.numbering(facts_of(*texts), PATTERNS)


def test_numbers_without_gaps_in_each_year_are_right() -> None:
    assert (
        numbering(invoice("INV-2025-0001"), invoice("INV-2026-0001"), invoice("INV-2026-0002"), invoice("OLD-7")) == []
    )


def test_a_gap_is_found_and_its_explanation_is_shown() -> None:
    message = only(numbering(*(invoice(f"INV-2026-000{n}") for n in (1, 4))))
    assert message.startswith("INV-2026-0002 to INV-2026-0003 missing, though there is INV-2026-0004")
    assert 'custom "o2c-void" "INV-2026-0002" "INV-2026-0003"' in message


def test_an_explained_void_closes_the_gap_and_needs_a_reason() -> None:
    texts = [invoice("INV-2026-0001"), invoice("INV-2026-0003")]
    void = '\n2026-01-11 custom "o2c-void" "INV-2026-0002"\n  why: "printer jam, never issued"\n'
    assert numbering(*texts, void) == []
    assert "gives no reason" in only(numbering(*texts, void.split("\n  why", maxsplit=1)[0] + "\n"))


def test_a_range_of_voids_explains_the_numbers_before_the_books_began() -> None:
    void = '\n2026-01-01 custom "o2c-void" "INV-2026-0001" "INV-2026-0411"\n  why: "issued by the old system"\n'
    assert numbering(void, invoice("INV-2026-0412")) == []


def test_a_void_number_that_is_used_is_found() -> None:
    void = '\n2026-01-11 custom "o2c-void" "INV-2026-0001"\n  why: "x"\n'
    assert "voided here and used at" in only(numbering(invoice("INV-2026-0001"), void))


def test_opening_items_fill_numbers_but_make_no_series() -> None:
    assert numbering(invoice("INV-2025-0388", doc_type="opening-item")) == []
    assert numbering(invoice("INV-2026-0001", doc_type="opening-item"), invoice("INV-2026-0002")) == []


def test_an_invoice_that_goes_back_in_time_is_found() -> None:
    message = only(numbering(invoice("INV-2026-0001", "2026-01-12"), invoice("INV-2026-0002", "2026-01-11")))
    assert "INV-2026-0002 is dated 2026-01-11, before INV-2026-0001 of 2026-01-12" in message

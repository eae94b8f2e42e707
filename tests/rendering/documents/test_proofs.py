"""`o2c document verify` finds whatever somebody changes in what was issued, in the files or in the ledger."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdf
import pytest

from o2c.books.stored import digest
from o2c.rendering.einvoice import official
from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest.importorskip("weasyprint")

FIRST, SECOND = "INV-2026-0001", "INV-2026-0002"


@pytest.fixture(autouse=True)
def _without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only our own rules run: what is tested here is the comparison with the ledger."""
    monkeypatch.setattr(official, "find_spec", lambda _name: None)


@pytest.fixture(scope="session")
def _issued(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = new_shop(tmp_path_factory.mktemp("issued") / "books")
    delivered(made, 2)
    made.did("invoice", "run")
    made.did("credit-note", "create", FIRST, "--reason", "return", "--line", "1=1")
    made.did("document", "render", FIRST, SECOND, "CN-2026-0001", "DN-2026-0001", "--unchecked")
    return made


@pytest.fixture
def shop(_issued: Shop, tmp_path: Path) -> Shop:
    """Two invoices, a credit note and a delivery note, all issued."""
    return _issued.copy(tmp_path / "books")


def stored(shop: Shop, number: str) -> Path:
    return shop.root / "documents" / f"{number}.pdf"


def in_ledger(shop: Shop, old: str, new: str, count: int = 1) -> None:
    """Change the ledger as somebody with an editor would."""
    text = shop.journal.read_text()
    assert text.count(old) >= count, (old, text)
    shop.journal.write_text(text.replace(old, new, count))


def noted(shop: Shop, number: str) -> str:
    return digest(stored(shop, number).read_bytes())


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def one_byte(shop: Shop) -> None:
    content = stored(shop, FIRST).read_bytes()
    stored(shop, FIRST).write_bytes(flip(content, len(content) // 2))


def one_byte_more(shop: Shop) -> None:
    stored(shop, FIRST).write_bytes(stored(shop, FIRST).read_bytes() + b"\n")


def removed(shop: Shop) -> None:
    stored(shop, FIRST).unlink()


def emptied(shop: Shop) -> None:
    stored(shop, FIRST).write_bytes(b"")


def a_link_elsewhere(shop: Shop) -> None:
    outside = shop.root.parent / "outside.pdf"
    stored(shop, FIRST).rename(outside)
    stored(shop, FIRST).symlink_to(outside)


def swapped(shop: Shop) -> None:
    one, two = stored(shop, FIRST).read_bytes(), stored(shop, SECOND).read_bytes()
    stored(shop, FIRST).write_bytes(two)
    stored(shop, SECOND).write_bytes(one)


def hash_in_the_ledger(shop: Shop) -> None:
    in_ledger(shop, noted(shop, FIRST), "sha256:" + "0" * 64)


def swapped_with_their_hashes(shop: Shop) -> None:
    one, two = noted(shop, FIRST), noted(shop, SECOND)
    swapped(shop)
    in_ledger(shop, one, "@")
    in_ledger(shop, two, one)
    in_ledger(shop, "@", two)


def without_its_e_invoice(shop: Shop) -> None:
    before = noted(shop, FIRST)
    stored(shop, FIRST).write_bytes(stored(shop, "DN-2026-0001").read_bytes())
    in_ledger(shop, before, noted(shop, FIRST))


def no_pdf_any_more(shop: Shop) -> None:
    before = noted(shop, FIRST)
    stored(shop, FIRST).write_bytes(b"%PDF-1.7 and nothing else")
    in_ledger(shop, before, noted(shop, FIRST))


@pytest.mark.parametrize(
    ("change", "number", "said"),
    [
        (one_byte, FIRST, "this is not what was issued"),
        (one_byte_more, FIRST, "this is not what was issued"),
        (removed, FIRST, "cannot be read"),
        (emptied, FIRST, "this is not what was issued"),
        (a_link_elsewhere, FIRST, "does not lie in documents/"),
        (swapped, FIRST, "this is not what was issued"),
        (swapped, SECOND, "this is not what was issued"),
        (hash_in_the_ledger, FIRST, "sha256:0000"),
        (swapped_with_their_hashes, FIRST, f"the number is {SECOND}, in the ledger {FIRST}"),
        (without_its_e_invoice, FIRST, "without its e-invoice inside"),
        (no_pdf_any_more, FIRST, ""),
    ],
)
def test_a_change_of_a_file_or_its_hash_is_found_and_named(
    shop: Shop, change: Callable[[Shop], None], number: str, said: str
) -> None:
    assert shop.did("document", "verify") == "4 issued documents, 0 findings\n"
    change(shop)
    answer = shop.run("document", "verify")
    assert answer.code == 1, answer
    assert "Traceback" not in answer.err
    assert any(number in line and said in line for line in answer.out.splitlines()[:-1]), answer


def test_an_invoice_that_was_changed_in_the_ledger_afterwards_is_found(shop: Shop) -> None:
    text = shop.journal.read_text()
    start = text.index('doc-id: "INV-2026-0001"')
    end = text.index("\n\n", start)
    entry = text[start:end]
    changed = entry.replace("10.00", "20.00").replace("119.00", "238.00").replace("100.00", "200.00")
    changed = changed.replace("19.00 EUR", "38.00 EUR")
    shop.journal.write_text(text[:start] + changed + text[end:])
    answer = shop.run("document", "verify")
    assert answer.code == 1, answer
    said = [line for line in answer.out.splitlines() if "documents/INV-2026-0001.pdf" in line]
    assert said, (answer, changed)
    assert any("the entry was changed after the issue" in line for line in said), said


def test_a_day_that_was_changed_in_the_ledger_afterwards_is_found(shop: Shop) -> None:
    text = shop.journal.read_text()
    start = text.rindex("\n\n", 0, text.index('doc-id: "INV-2026-0002"')) + 2
    shop.journal.write_text(text[:start] + text[start:].replace("2026-03-02 *", "2026-03-01 *", 1))
    answer = shop.run("document", "verify")
    assert "the day is 20260302, in the ledger 20260301" in answer.out, answer


def test_an_e_invoice_that_breaks_the_rules_is_found_inside_its_pdf(shop: Shop, tmp_path: Path) -> None:
    import pikepdf

    file = tmp_path / "other.pdf"
    with pikepdf.open(stored(shop, FIRST)) as pdf:
        attached = pdf.attachments["factur-x.xml"]
        xml = attached.get_file().read_bytes().replace(b">119.00<", b">119.01<")
        pdf.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(pdf, xml)
        pdf.save(file)
    answer = shop.run("document", "verify", str(file))
    assert answer.code == 1
    assert "BR-CO-1" in answer.out


@pytest.mark.parametrize("cut", [0, 1, 7, 100, 2000])
def test_a_torn_pdf_is_a_finding_and_never_a_traceback(shop: Shop, tmp_path: Path, cut: int) -> None:
    file = tmp_path / "torn.pdf"
    file.write_bytes(stored(shop, FIRST).read_bytes()[:cut])
    answer = shop.run("document", "verify", str(file))
    assert answer.code == 1
    assert answer.out + answer.err
    assert "Traceback" not in answer.err


def moved_house(shop: Shop) -> None:
    """Change whatever company.yaml says of the seller: name, address, VAT number, bank, register."""
    file = shop.root / "master" / "company.yaml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith(("name:", "vat_id:", "iban:"))]
    lines += ["name: New Name SE", "vat_id: DE129273398", "iban: DE89370400440532013000", "registration: HRB 77, Bonn"]
    file.write_text("\n".join(lines) + "\n")


def test_a_seller_who_changes_everything_changes_nothing_that_was_issued(shop: Shop) -> None:
    before = stored(shop, FIRST).read_bytes()
    moved_house(shop)
    assert shop.did("document", "verify") == "4 issued documents, 0 findings\n"
    answer = shop.run("document", "render", FIRST)
    assert (answer.code, answer.err.count("seller")) == (0, 0), answer
    assert answer.out.startswith(f"already issued: {FIRST}")
    assert stored(shop, FIRST).read_bytes() == before
    (inside,) = pypdf.PdfReader(io.BytesIO(before)).attachments["factur-x.xml"]
    assert shop.did("document", "render", FIRST, "--cii").encode() == inside, "the e-invoice is that of the day, too"


def test_an_invoice_that_is_not_issued_yet_comes_from_the_seller_as_he_is_today_and_keeps_its_vat_number(
    shop: Shop,
) -> None:
    delivered(shop)
    shop.did("invoice", "run")
    was = shop.run("document", "render", "INV-2026-0003", "--cii", "--unchecked")
    assert "seller" not in was.err, "nothing to remark while the VAT number is the one of the entry"
    moved_house(shop)
    now = shop.run("document", "render", "INV-2026-0003", "--cii", "--unchecked")
    assert "New Name SE" in now.out
    assert "DE89370400440532013000" in now.out
    assert "DE345378383" in now.out, "frozen when it was posted"
    assert "DE129273398" not in now.out
    assert now.err.count("the seller had the VAT number DE345378383 when this was posted") == 1

"""`o2c document`: issued once and kept byte for byte, months that can be stopped, and everything that is refused."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pypdf
import pytest

from o2c.rendering.einvoice import official
from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("weasyprint")

INVOICE = "INV-2026-0001"
STORED = f"documents/{INVOICE}.pdf"


@pytest.fixture(scope="session")
def _sold(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = new_shop(tmp_path_factory.mktemp("sold") / "books")
    company = made.root / "master" / "company.yaml"
    company.write_text(company.read_text() + "iban: DE73200505500282389289\n")
    delivered(made, 3)
    made.did("invoice", "run")
    return made


@pytest.fixture
def shop(_sold: Shop, tmp_path: Path) -> Shop:
    """Three orders, delivered and invoiced, 119.00 EUR each."""
    return _sold.copy(tmp_path / "books")


@pytest.fixture(autouse=True)
def _without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only our own rules run: what is tested here are the commands."""
    monkeypatch.setattr(official, "find_spec", lambda _name: None)


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")


def notes(shop: Shop) -> list[str]:
    return sorted(entry.meta["subject"] for entry in shop.loaded() if "issued" in (getattr(entry, "tags", None) or ()))


def test_an_invoice_is_issued_once_and_given_out_as_it_was_whatever_has_changed(shop: Shop, tmp_path: Path) -> None:
    said = shop.did("document", "render", INVOICE)
    assert said.startswith(f"{INVOICE}  issued  {STORED}  ")
    first = (shop.root / STORED).read_bytes()
    assert "119.00 EUR" in text_of(first)
    customers = shop.root / "master" / "customers.yaml"
    customers.write_text(customers.read_text().replace("name: Acme", "name: Another"))
    copy = tmp_path / "copy.pdf"
    before = shop.files()
    assert shop.did("document", "render", INVOICE, "-o", str(copy)).startswith(f"already issued: {INVOICE}  {STORED}")
    assert copy.read_bytes() == first
    assert shop.files() == before, "nothing was issued a second time"
    assert shop.run("document", "verify").out == "1 issued document, 0 findings\n"
    assert shop.did("check").count("FAIL") == 0


def test_a_month_is_issued_in_one_go_and_goes_on_where_it_was(shop: Shop) -> None:
    shop.did("document", "render", "INV-2026-0002")
    said = shop.did("document", "render", "--until", "2026-03-31")
    assert [line.split()[0] for line in said.splitlines()] == [INVOICE, "INV-2026-0003"]
    assert notes(shop) == [INVOICE, "INV-2026-0002", "INV-2026-0003"]
    assert shop.did("document", "render", "--until", "2026-03-31") == "nothing to issue\n"
    assert shop.did("document", "render", "--until", "2026-02-28") == "nothing to issue\n"


def test_one_customer_that_cannot_be_drawn_does_not_stop_the_month(shop: Shop) -> None:
    customers = shop.root / "master" / "customers.yaml"
    customers.write_text(customers.read_text().replace("name: Bolt", "name: Bolt \U00013000"))
    assert shop.order("{customer: C2, lines: [{sku: P-1, quantity: 1}]}", "--confirm").code == 0
    shop.did("deliver", "--all")
    shop.did("invoice", "run")
    answer = shop.run("document", "render", "--until", "2026-03-31")
    assert answer.code == 1
    assert answer.out.count("  issued  ") == 3
    assert "INV-2026-0004: no font on this machine can draw '\\U00013000' (U+13000)" in answer.err
    assert answer.err.endswith("1 of 4 documents were not issued\n")
    assert notes(shop) == [INVOICE, "INV-2026-0002", "INV-2026-0003"]


@pytest.mark.parametrize("number", ["SO-2026-0001", "DN-2026-0001"])
def test_orders_and_deliveries_are_issued_without_an_e_invoice(shop: Shop, number: str) -> None:
    shop.did("document", "render", number)
    content = (shop.root / "documents" / f"{number}.pdf").read_bytes()
    assert not pypdf.PdfReader(io.BytesIO(content)).attachments
    assert shop.did("document", "verify") == "1 issued document, 0 findings\n"


def test_a_receipt_is_issued_as_thanks(shop: Shop) -> None:
    shop.did("receipt", "C1", "50.00", "--apply", INVOICE)
    shop.did("document", "render", "RC-2026-0001")
    assert INVOICE in text_of((shop.root / "documents" / "RC-2026-0001.pdf").read_bytes())


def test_a_preview_is_marked_and_a_page_is_shown_and_neither_is_issued(shop: Shop, tmp_path: Path) -> None:
    before = shop.files()
    shop.did("document", "render", INVOICE, "--preview", "-o", str(tmp_path / "look.pdf"))
    drawn = (tmp_path / "look.pdf").read_bytes()
    assert "PREVIEW" in text_of(drawn)
    assert not pypdf.PdfReader(io.BytesIO(drawn)).attachments, "a preview is no e-invoice"
    page = shop.did("document", "render", INVOICE, "--html")
    assert page.startswith("<!doctype html>")
    assert f"<title>Invoice {INVOICE}</title>" in page
    assert shop.files() == before


def test_account_documents_are_drawn_and_nothing_is_posted(shop: Shop, tmp_path: Path) -> None:
    before = shop.files()
    file = tmp_path / "account.pdf"
    shop.did("document", "statement", "C1", "-o", str(file))
    open_items = text_of(file.read_bytes())
    assert "357.00 EUR" in open_items
    shop.did("document", "statement", "C1", "--from", "2026-03-01", "--as-of", "2026-03-31", "-o", str(file))
    activity = text_of(file.read_bytes())
    assert activity.count("INV-2026-000") == 3
    assert "357.00 EUR" in activity
    shop.did("document", "statement", "C1", "--as-of", "2026-02-28", "-o", str(file))
    assert "357.00" not in text_of(file.read_bytes()), "nothing was open before"
    for level, word in ((1, "Payment reminder"), (2, "Second payment reminder"), (3, "Final payment reminder")):
        shop.did("document", "reminder", "C1", "--level", str(level), "--as-of", "2026-05-01", "-o", str(file))
        said = text_of(file.read_bytes())
        assert word in said
        assert "30" in said.split(), "days late"
        assert "DE73 2005 0550 0282 3892 89" in said, "where to pay"
    assert shop.files() == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("render",), 2, "name documents, or give --until"),
        (("render", INVOICE, "--until", "2026-03-31"), 2, "name documents, or give --until"),
        (("render", INVOICE, "INV-2026-0002", "-o", "x.pdf"), 2, "name one document"),
        (("render", INVOICE, "--preview"), 2, "-o FILE"),
        (("render", "INV-2026-0099"), 1, "there is no document 'INV-2026-0099'"),
        (("render", "../../etc/passwd"), 2, "DOCUMENT"),
        (("render", "inv 1"), 2, "DOCUMENT"),
        (("render", "--until", "2026-13-01"), 2, "--until"),
        (("statement", "C9", "-o", "x.pdf"), 1, "C9"),
        (("statement", "C1", "--from", "2026-04-01", "--as-of", "2026-03-01", "-o", "x.pdf"), 2, "swap the days"),
        (("reminder", "C1", "--level", "1", "-o", "x.pdf"), 1, "nothing overdue"),
        (("reminder", "C1", "--level", "4", "-o", "x.pdf"), 2, "4"),
    ],
)
def test_what_cannot_be_done_is_refused_and_leaves_nothing(
    shop: Shop, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = shop.refused("document", *arguments, code=code)
    assert said in " ".join(answer.split()).replace("official rules", "")


def test_a_type_that_customers_do_not_receive_is_refused(shop: Shop) -> None:
    shop.did("receipt", "C1", "119.00")
    shop.did("allocate", "RC-2026-0001", INVOICE)
    assert "AL-2026-0001 is of type allocation" in shop.refused("document", "render", "AL-2026-0001", code=1)


def test_an_invoice_by_hand_without_lines_is_refused_and_left_out_of_a_month(shop: Shop) -> None:
    by_hand = (
        '\n2026-03-02 * "Acme" "Moved in" #invoice ^OLD-1\n  doc-type: "invoice"\n  doc-id: "OLD-1"\n  customer: "C1"\n'
        '  Assets:AR:C1  10.00 EUR\n    item: "OLD-1"\n    due: 2026-03-30\n  Equity:Opening-Balances  -10.00 EUR\n'
    )
    file = shop.root / "manual" / "prices.beancount"
    file.write_text(file.read_text() + by_hand)
    assert "OLD-1 has no lines with taxes" in shop.refused("document", "render", "OLD-1", code=1)
    assert "OLD-1" not in shop.did("document", "render", "--until", "2026-03-31")


def test_a_strange_file_in_the_place_of_a_document_is_never_overwritten(shop: Shop) -> None:
    (shop.root / "documents").mkdir(exist_ok=True)
    (shop.root / STORED).write_bytes(b"%PDF-1.7 somebody's\n")
    assert "another file lies here" in shop.refused("document", "render", INVOICE, code=1)
    found = shop.run("check", "issued")
    assert found.code == 1
    assert f"{INVOICE}.pdf:1: the ledger does not say that this was issued" in found.out


def test_a_stored_document_that_was_changed_is_not_given_out(shop: Shop, tmp_path: Path) -> None:
    shop.did("document", "render", INVOICE)
    (shop.root / STORED).write_bytes((shop.root / STORED).read_bytes() + b"\n")
    answer = shop.run("document", "render", INVOICE, "-o", str(tmp_path / "copy.pdf"))
    assert answer.code == 1
    assert "this is not what was issued" in answer.err
    assert not (tmp_path / "copy.pdf").exists()


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_an_issued_document_whose_file_is_gone_or_changed_is_refused_and_the_others_are_issued(
    shop: Shop, change: str
) -> None:
    shop.did("document", "render", INVOICE)
    if change == "gone":
        (shop.root / STORED).unlink()
    else:
        (shop.root / STORED).write_bytes(b"%PDF-1.7 other\n")
    answer = shop.run("document", "render", INVOICE, "INV-2026-0002")
    assert (answer.code, "already issued" in answer.out) == (1, False)
    assert "INV-2026-0002  issued  " in answer.out
    assert "from a backup" in answer.err
    assert "were not issued" not in answer.err, "it was issued; its file is what is missing"


@pytest.mark.parametrize("change", ["gone", "changed"])
def test_a_file_that_is_gone_or_changed_is_one_finding_that_says_nothing_of_its_e_invoice(
    shop: Shop, change: str
) -> None:
    shop.did("document", "render", INVOICE)
    if change == "gone":
        (shop.root / STORED).unlink()
    else:
        (shop.root / STORED).write_bytes(b"%PDF-1.7 other\n")
    answer = shop.run("document", "verify")
    assert (answer.code, "without its e-invoice" in answer.out) == (1, False)
    assert answer.out.splitlines()[1:] == ["1 issued document, 1 finding"]


def test_an_invoice_in_a_currency_of_three_decimals_is_issued_without_an_e_invoice_and_says_so(
    shop: Shop, tmp_path: Path
) -> None:
    number = in_dinars(shop)
    why = f"{number}: an e-invoice (EN 16931) has amounts of two decimals, KWD has 3"
    answer = shop.run("document", "render", number)
    assert answer.code == 0, answer
    assert [line for line in answer.err.splitlines() if number in line] == [f"{why}; the PDF has none inside"]
    content = (shop.root / "documents" / f"{number}.pdf").read_bytes()
    assert "12.345 KWD" in text_of(content)
    assert not pypdf.PdfReader(io.BytesIO(content)).attachments
    assert shop.did("document", "verify") == "1 issued document, 0 findings\n"
    for syntax in ("--cii", "--ubl"):
        refused = shop.refused("document", "render", number, syntax, "-o", str(tmp_path / "x.xml"), code=1)
        assert refused.count("two decimals") == 1
    assert not (tmp_path / "x.xml").exists()


def in_dinars(shop: Shop) -> str:
    """Invoice 12.345 KWD to a customer in Kuwait; gives the number."""
    customers = shop.root / "master" / "customers.yaml"
    place = "address: {lines: [Road 6], city: Kuwait, country: KW}"
    kuwait = f"KW1: {{name: Dana, {place}, terms: net30, currency: KWD, price_list: kwd}}\n"
    customers.write_text(customers.read_text() + kuwait)
    prices = shop.root / "master" / "prices.yaml"
    prices.write_text(prices.read_text() + "kwd: {currency: KWD, text: Dinar, prices: {P-1: 12.345}}\n")
    with shop.journal.open("a") as journal:
        journal.write("\n2026-01-01 price KWD 3.00 EUR\n")
    shop.order("{customer: KW1, lines: [{sku: P-1, quantity: 1}]}", "--confirm")
    shop.did("deliver", "--all")
    shop.did("invoice", "run")
    return "INV-2026-0004"


def test_without_the_library_a_sentence_says_what_to_install(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    before = shop.files()
    answer = shop.run("document", "render", INVOICE)
    assert answer.code == 4
    assert "pip install beancount-o2c[documents]" in answer.err
    assert shop.files() == before


def test_two_commands_at_once_issue_a_document_once(shop: Shop) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda _: shop.process("document", "render", INVOICE, "INV-2026-0002", "--unchecked"), range(2))
        )
    assert [answer.code for answer in answers] == [0, 0], answers
    assert notes(shop) == [INVOICE, "INV-2026-0002"]
    assert shop.did("document", "verify") == "2 issued documents, 0 findings\n"


def test_the_day_of_the_note_is_never_before_the_document(shop: Shop) -> None:
    shop.did("document", "render", INVOICE, "--date", "2026-01-05")
    (note,) = [entry for entry in shop.loaded() if "issued" in (getattr(entry, "tags", None) or ())]
    assert str(note.date) == "2026-03-02"


def test_the_commands_answer_as_data_too(shop: Shop) -> None:
    said = json.loads(shop.run("check", "issued", "--json").out)
    assert "0 issued documents" in json.dumps(said)


def test_a_pdf_that_is_cut_is_refused_in_one_sentence_with_its_name(shop: Shop, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(b"%PDF-1.4 and no more")
    answer = shop.process("document", "verify", str(cut))
    assert answer.code == 1
    said = [line for line in answer.err.splitlines() if "einvoice" not in line]
    assert len(said) == 1, answer.err
    assert said[0].startswith(f"{cut}: this PDF cannot be read (")

"""PDFs as customers receive them, read back by other libraries: right, archivable, the same every time."""

from __future__ import annotations

import io
import itertools
import os
import re
import subprocess
import sys
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from http.server import HTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pikepdf
import pypdf
import pytest

from o2c.errors import Refused
from o2c.model import names
from o2c.rendering import page
from o2c.rendering.billing_sheet import billing_sheet
from o2c.rendering.drawing import drawing
from o2c.rendering.einvoice import cii
from o2c.rendering.einvoice import making
from o2c.rendering.pdf import pdf
from o2c.rendering.sheet import Cell
from o2c.rendering.words import words
from o2c.shipped import DEMO_LEDGER
from tests.rendering.documents.conftest import drawn
from tests.rendering.documents.conftest import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.books import Books
    from o2c.rendering.sheet import Sheet

INVOICE = "INV-2026-0002"


def sheet(books: Books, number: str = INVOICE, locale: str = "en") -> Sheet:
    doc = books.facts.document(number)
    return billing_sheet(DEMO_LEDGER, books.master, doc, making.of_posted(books, number), words(DEMO_LEDGER, locale))


def printed(shown: Sheet) -> bytes:
    return pdf(DEMO_LEDGER, page.html(DEMO_LEDGER, shown), shown.number)


def test_two_libraries_read_the_e_invoice_that_is_inside(demo: Books) -> None:
    content = drawn(demo, INVOICE)
    xml = cii.write(making.of_posted(demo, INVOICE))
    assert pypdf.PdfReader(io.BytesIO(content)).attachments == {"factur-x.xml": [xml]}
    with pikepdf.open(io.BytesIO(content)) as read:
        assert bytes(read.attachments["factur-x.xml"].get_file().read_bytes()) == xml
        assert len(read.Root.AF) == 1
        assert read.Root.AF[0].AFRelationship == "/Data"
        with read.open_metadata() as said:
            assert said.pdfa_status == "3B"
            assert said["{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}ConformanceLevel"] == "EN 16931"
            assert said["{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}DocumentFileName"] == "factur-x.xml"
            assert said["dc:title"] == "Rechnung INV-2026-0002"


def test_every_amount_of_every_kind_of_document_can_be_found_in_its_text(demo: Books) -> None:
    for kind in (names.INVOICE, names.CREDIT_NOTE):
        doc = next(doc for doc in demo.facts.documents(kind) if len(doc.lines) > 1 or kind == names.CREDIT_NOTE)
        invoice = making.of_posted(demo, doc.doc_id)
        language = demo.master.customer(doc.customer).language
        said, write = text_of(drawn(demo, doc.doc_id)), words(DEMO_LEDGER, language)
        amounts = [line.net for line in invoice.lines] + [tax.tax for tax in invoice.taxes]
        for amount in (*amounts, invoice.totals.net, invoice.totals.gross, invoice.totals.due):
            assert write.amount(amount, doc.currency) in said, (doc.doc_id, amount)
        for line in invoice.lines:
            assert write.number(line.quantity) in said


@pytest.mark.parametrize("kind", [names.ORDER, names.DELIVERY, names.RECEIPT])
def test_orders_deliveries_and_receipts_are_archivable_too(demo: Books, kind: str) -> None:
    number = next(doc.doc_id for doc in demo.facts.documents(kind) if doc.customer)
    content = drawn(demo, number)
    with pikepdf.open(io.BytesIO(content)) as read, read.open_metadata() as said:
        assert said.pdfa_status == "3B"
        assert not read.attachments
    assert number in text_of(content)


def test_the_same_document_gives_the_same_bytes_elsewhere_and_at_another_time(demo: Books, tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from o2c import books; from o2c.rendering.drawing import drawing; "
        "from o2c.rendering.pdf import pdf; root = pathlib.Path(sys.argv[1]); "
        f"one = drawing(root, books.load(root), '{INVOICE}'); "
        f"sys.stdout.buffer.write(pdf(root, one.html, '{INVOICE}', one.attached))"
    )
    environment = {**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LANG": "C", "LC_ALL": "C"}
    environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    copy = tmp_path / "somewhere else"
    subprocess.run(["cp", "-r", str(DEMO_LEDGER), str(copy)], check=True)
    other = subprocess.run(
        [sys.executable, "-c", script, str(copy)], check=True, capture_output=True, env=environment, cwd=tmp_path
    )
    assert other.stdout == drawn(demo, INVOICE)


def test_a_long_invoice_carries_its_sum_from_page_to_page(demo: Books) -> None:
    invoice = making.of_posted(demo, INVOICE)
    line = invoice.lines[0]._replace(net=Decimal("10.00"))
    many = invoice._replace(lines=tuple(line._replace(number=str(number + 1)) for number in range(110)))
    doc = demo.facts.document(INVOICE)
    shown = billing_sheet(DEMO_LEDGER, demo.master, doc, many, words(DEMO_LEDGER, "en"))
    pages = [text_of_page(one) for one in pypdf.PdfReader(io.BytesIO(printed(shown))).pages]
    assert len(pages) > 3
    carried = [re.findall(r"Carried forward ([0-9.,]+)", text) for text in pages]
    if not carried[-1]:
        carried.pop()  # the table ended with its page; terms and payment stand on one of their own
    assert [len(found) for found in carried] == [1, *[2] * (len(carried) - 2), 1]
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
    for left, right in itertools.pairwise(carried):
        assert set(left) & set(right), "each page begins with what the last one ended with"
    rows_on_the_first = sum(line.startswith("Desk") or line.endswith(" 10.00") for line in pages[0].split("\n"))
    assert carried[0] == [f"{10 * rows_on_the_first:.2f}"]


def text_of_page(one: pypdf.PageObject) -> str:
    return re.sub(" +", " ", one.extract_text().replace("\u00a0", " "))


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_both_papers_and_names_of_many_scripts_fit_on_a_page(demo: Books, paper: str) -> None:
    shown = sheet(demo)
    receiver = ("Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltung " * 2, "Street 1", "Ελλάδα", "Київ")
    content = printed(shown._replace(receiver=receiver, look=shown.look._replace(paper=paper)))
    (only,) = pypdf.PdfReader(io.BytesIO(content)).pages
    assert [float(size) for size in only.mediabox[2:]] == pytest.approx(
        [595.3, 841.9] if paper == "A4" else [612, 792], abs=0.2
    )
    assert "Київ" in only.extract_text()


def test_a_letter_that_no_font_has_is_an_error_that_names_it(demo: Books) -> None:
    with pytest.raises(Refused, match=r"INV-2026-0002: no font on this machine can draw '\\U0010e123' \(U\+10E123\)"):
        printed(sheet(demo)._replace(receiver=("Party \U0010e123",)))


HOSTILE = [
    "<script>alert(1)</script>",
    "<link rel=attachment href=file:///etc/hostname>",
    "<style>.sums{display:none}</style>",
    "<img src=http://127.0.0.1:1/x>",
    "{{ 7*7 }}{% for x in y %}",
    "{{ cycler.__init__.__globals__ }}",
    "a & b ]]> \" ' \\",
    '";} @page { size: 1mm',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_stands_in_a_field_is_printed_as_it_stands(demo: Books, text: str) -> None:
    shown = sheet(demo)
    filled = shown._replace(
        title=text,
        seller=text,
        sender_line=text,
        receiver=(text, text),
        facts=tuple(fact._replace(value=text) for fact in shown.facts),
        headline=tuple(fact._replace(value=text) for fact in shown.headline),
        rows=tuple(row._replace(cells=tuple(Cell(text, text) for _ in row.cells), carried=text) for row in shown.rows),
        remarks=(text,),
        ship_to=(text,),
        footer=((text,),),
        words={**shown.words, "page": f"{text.replace('{', '').replace('}', '')} {{page}}"},
    )
    content = printed(filled)
    assert "".join(text.split()) in "".join(text_of(content).split())
    assert not pypdf.PdfReader(io.BytesIO(content)).attachments


def test_what_stands_in_a_field_is_never_computed(demo: Books) -> None:
    bare = sheet(demo)._replace(title="{{ 7*7 }}", rows=(), sums=(), pay=None, facts=())
    assert "49" not in text_of(printed(bare)).split()


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that must never be asked."""
    asked: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Canary)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


@pytest.mark.parametrize(
    "evil",
    [
        '<img src="{url}/img">',
        '<link rel="stylesheet" href="{url}/css">',
        "<style>@import url({url}/import);</style>",
        '<p style="background:url({url}/bg)">x</p>',
        '<object data="{url}/object"></object>',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<img src="file:///etc/hostname">',
        '<link rel="stylesheet" href="../../etc/hostname">',
    ],
)
def test_even_an_evil_template_reads_nothing_outside(canary: tuple[str, list[str]], evil: str) -> None:
    url, asked = canary
    with pytest.raises(Refused):
        pdf(DEMO_LEDGER, f"<html><body>{evil.format(url=url)}</body></html>", "EVIL-1")
    assert asked == []


def test_a_logo_outside_the_books_or_of_another_kind_is_refused(demo: Books, tmp_path: Path) -> None:
    from dataclasses import replace

    from o2c.rendering.letterhead import look

    company = demo.master.company
    for name in ("../secret.png", "/etc/hostname", "logo.gif", "missing.png"):
        with pytest.raises(Refused, match="logo"):
            look(tmp_path, replace(company, documents=replace(company.documents, logo=name)))


def test_a_company_lays_a_document_out_its_own_way_and_a_wrong_template_is_named(demo: Books, tmp_path: Path) -> None:
    own = tmp_path / "templates" / "document"
    own.mkdir(parents=True)
    (own / "document.html").write_text("<html lang=en><title>{{ sheet.number }}</title><body>Ours: {{ sheet.title }}")
    one = drawing(tmp_path, demo, INVOICE)
    assert "Ours: Rechnung" in text_of(pdf(tmp_path, one.html, INVOICE))
    (own / "document.html").write_text("<html>\n{{ sheet.totl }}")
    with pytest.raises(Refused, match=r"templates/document/document\.html"):
        drawing(tmp_path, demo, INVOICE)
    (tmp_path / "templates" / "words.de.yaml").write_text("invoice: Steuerrechnung\n")
    (own / "document.html").unlink()
    assert "Steuerrechnung" in drawing(tmp_path, demo, INVOICE).html

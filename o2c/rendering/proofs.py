"""Proves everything that was issued: the bytes are those of the day, and say what the ledger says."""

from __future__ import annotations

import io
import logging
from datetime import date
from typing import TYPE_CHECKING

from o2c.errors import NotFinished
from o2c.errors import Refused
from o2c.model.findings import Finding
from o2c.model.money import ZERO
from o2c.rendering.einvoice import making
from o2c.rendering.einvoice.verifying import verify_all
from o2c.rendering.factur_x import FILE_NAME
from o2c.rendering.stored import ISSUED
from o2c.rendering.stored import Issued
from o2c.rendering.stored import stated
from o2c.rendering.stored import stored_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lxml.etree import _Element

    from o2c.books import Books
    from o2c.model.documents import Document

_CHECK = "issued"
_HEAD = (
    "rsm:ExchangedDocument/ram:ID",
    "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
)
_SUMS = {
    "BT-106": "the sum of the lines",
    "BT-109": "the net total",
    "BT-110": "the tax",
    "BT-112": "the total",
    "BT-115": "the amount due",
}


def prove_issued(root: Path, books: Books) -> tuple[int, list[Finding]]:
    """Prove every document that the ledger calls issued; gives how many there are, and what is wrong.

    Wrong is: a file that is gone or changed, an invoice without the e-invoice inside, an e-invoice that breaks the
    rules or says another number, day, currency or sum than the ledger, a note about a document that is not there.
    """
    every = [stated(event) for events in books.events(ISSUED).values() for event in events]
    findings: list[Finding] = []
    inside: list[tuple[Issued, bytes]] = []
    bare: list[Issued] = []
    for one in every:
        try:
            xml = e_invoice_inside(stored_bytes(root, one), one.file)
        except Refused as refusal:
            findings.append(Finding(_CHECK, one.source, str(refusal)))
            continue
        if xml is None:
            bare.append(one)
        else:
            inside.append((one, xml))
    numbers = {one.number for one in every}
    known = {doc.doc_id: doc for doc in books.documents(*making.KINDS, as_of=date.max, among=numbers)}
    findings += [_bare(one) for one in bare if one.number in known and not _without(known[one.number], books)]
    verified = verify_all([(one.file, xml) for one, xml in inside])
    for (one, xml), wrong in zip(inside, verified, strict=True):
        findings += wrong
        if not wrong:
            findings += _differs(one, xml, known.get(one.number), books.about(one.number))
    return len(every), findings


def e_invoice_inside(content: bytes, file: str) -> bytes | None:
    """Take the e-invoice out of a PDF; None where there is none, or where the file is no PDF.

    Raises Refused, with the name of the file, for a PDF that cannot be read.
    """
    if not content.startswith(b"%PDF-"):
        return None
    try:
        import pypdf
    except ImportError as error:
        raise NotFinished("PDF files are read with pypdf; `pip install pypdf`") from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong is said below, once and with the file
    try:
        files = pypdf.PdfReader(io.BytesIO(content)).attachments.get(FILE_NAME, [])
    except (pypdf.errors.PyPdfError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise Refused(f"{file}: this PDF cannot be read ({error}); take it from a backup, or ask for it") from error
    return files[0] if files else None


def _without(doc: Document, books: Books) -> str:
    return making.without(doc, books.master.company.currency)


def _bare(one: Issued) -> Finding:
    return Finding(_CHECK, one.source, f"{one.number} was issued without its e-invoice inside ({one.file})")


def _differs(one: Issued, xml: bytes, doc: Document | None, books: Books) -> Iterable[Finding]:
    """Compare number, day, currency and every sum with what the ledger says now."""
    from lxml import etree

    from o2c.rendering.einvoice import cii
    from o2c.rendering.einvoice.figures import figures

    if doc is None:
        yield Finding(_CHECK, one.source, f"{one.number} was issued, but there is no such invoice or credit note")
        return
    try:
        now = etree.fromstring(cii.write(making.of_posted(books, one.number)))
    except Refused as refusal:
        yield Finding(_CHECK, one.source, f"{one.number} was issued, and could not be today: {refusal}")
        return
    then = etree.fromstring(xml)
    said, says = figures(then), figures(now)
    pairs = [(_head(then, path), _head(now, path)) for path in _HEAD]
    pairs += [(said.currency, says.currency)]
    pairs += [(str(said.sums.get(term, ZERO)), str(says.sums.get(term, ZERO))) for term in _SUMS]
    names_of = ("the number", "the day", "the currency", *_SUMS.values())
    for name, (printed, booked) in zip(names_of, pairs, strict=True):
        if printed != booked:
            message = f"{one.file}: {name} is {printed}, in the ledger {booked}; the entry was changed after the issue"
            yield Finding(_CHECK, one.source, message)


def _head(root: _Element, path: str) -> str:
    from o2c.rendering.einvoice import cii

    return (root.findtext(path, "", cii.NAMESPACES) or "").strip()

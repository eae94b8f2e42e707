"""Documents: the invoices, or one document with its chain from order to cash, ledger lines and issued paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fava.core.file import find_entry_lines

from fava_o2c import links
from fava_o2c.pages.making import shown
from fava_o2c.parts import Fields
from fava_o2c.parts import Links
from fava_o2c.parts import Paper
from fava_o2c.parts import Search
from fava_o2c.parts import Shown
from fava_o2c.parts import Step
from fava_o2c.parts import Timeline
from fava_o2c.viewing import grouped
from fava_o2c.viewing import label
from fava_o2c.viewing import place
from o2c.errors import WrongUsage
from o2c.model import items as open_items
from o2c.model import money
from o2c.model import names
from o2c.model.chain import chain
from o2c.model.documents import Document
from o2c.rendering.stored import issued
from o2c.rendering.stored import stored_bytes
from o2c.reports import listings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables
    from o2c.books import Books
    from o2c.model.documents import Event
    from o2c.model.findings import Source

KINDS = (names.INVOICE, names.CREDIT_NOTE)
ONLY = {"open": "still open", "overdue": "past due", "all": "all"}
#: No entry shows more lines than these; the way to the source shows the rest.
LINES = 120


def tables(here: Here) -> Tables:
    """Give the tables of the page: none of one document, else the invoices or credit notes."""
    if here.asked.args.get("number"):
        return {}
    kind, only = _list(here)
    wanted = "" if only == "all" else only
    key = ("documents", here.asked.day, (kind, only))
    return {
        "documents": lambda: here.books.kept(
            key, lambda: listings.sales_documents(here.books, here.asked.day, kind, only=wanted)
        )
    }


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    number = here.asked.args.get("number", "")
    search = Search("Document number", "number", number, links.page(here.asked, here.page, {}), here.asked.filters())
    if not number:
        return [search, *_lists(here), *shown(here, tables(here))]
    books = here.books.about(number)
    doc = books.facts.document(number)
    return [search, _head(here, books, doc), _ways(here, doc), *_papers(here, books, doc), _chain(here, books, doc)]


def title(here: Here) -> str:
    """Name the document."""
    return here.asked.args.get("number", "") or "Documents"


def paper(here: Here) -> tuple[bytes, str, str]:
    """Read a document as it was issued: its bytes, media type and file name.

    Only what the ledger names under a number is ever read, and only where the bytes are those that were issued.
    Raises NotFound for an unknown number, WrongUsage where nothing was issued, Refused where the bytes are not right.
    """
    number = here.asked.args.get("number", "")
    facts = here.books.facts
    doc = facts.document(number)
    found = issued(facts, doc.doc_id) if doc.doc_id in facts.events else None
    if found is None:
        raise WrongUsage(f"{doc.doc_id} was not issued as a file; `o2c document render {doc.doc_id}` makes one")
    return stored_bytes(here.books.root, found), found.media, Path(found.file).name


def _list(here: Here) -> tuple[str, str]:
    kind, only = here.asked.args.get("kind", names.INVOICE), here.asked.args.get("only", "open")
    if kind not in KINDS or only not in ONLY:
        raise WrongUsage(f"there is no list of “{kind}” “{only}”; choose one of those above")
    return kind, only


def _lists(here: Here) -> list[Links]:
    kind, only = _list(here)
    kinds = (_way(here, f"{one}s".replace("-", " "), one, only, chosen=one == kind) for one in KINDS)
    onlys = (_way(here, said, kind, one, chosen=one == only) for one, said in ONLY.items())
    return [Links("Kind", tuple(kinds)), Links("Show", tuple(onlys))]


def _way(here: Here, said: str, kind: str, only: str, *, chosen: bool) -> Shown:
    return Shown(said, "" if chosen else links.page(here.asked, here.page, {"kind": kind, "only": only}))


def _head(here: Here, books: Books, doc: Document) -> Fields:
    pairs = {
        "what": doc.doc_type,
        "date": doc.date.isoformat(),
        "customer": doc.customer,
        "name": doc.payee,
        "narration": doc.narration,
        "refers to": doc.refers,
        "reference": doc.reference,
        "reason": doc.reason,
        "terms": str(doc.fact("terms-text")) or doc.terms,
        "due": str(doc.due or ""),
        "version": str(doc.version) if doc.version > 1 else "",
    }
    ways = {"customer": links.customer(here.asked, doc.customer), "refers to": _number(here, doc.refers).href}
    said = [(label(name), (Shown(value, ways.get(name, "")),)) for name, value in pairs.items() if value]
    return Fields("", (*said, *_open(here, books, doc)))


def _open(here: Here, books: Books, doc: Document) -> Iterator[tuple[str, tuple[Shown, ...]]]:
    """Say what is open of each item that the document opens or moves, at the end of the day."""
    now = open_items.items(books.facts.moved, here.asked.day)
    for move in dict.fromkeys((one.account, one.item, one.currency) for one in doc.movements):
        item = now.get(move)
        amount = money.text(item.open, item.currency) if item else "nothing yet"
        of = "" if move[1] == doc.doc_id else f" on {move[1]}"
        yield "open", (Shown(_amount(amount), is_figure=True), Shown(of))


def _amount(text: str) -> str:
    number, space, currency = text.partition(" ")
    return f"{grouped(number)}{space}{currency}"


def _number(here: Here, number: str) -> Shown:
    return Shown(number, links.document(here.asked, number) if number in here.books.facts.versions else "")


def _ways(here: Here, doc: Document) -> Links:
    ways = (Shown("journal lines", links.journal(here.asked, doc.doc_id)), place(here, str(doc.source)))
    return Links("In Fava", ways)


def _papers(here: Here, books: Books, doc: Document) -> list[Paper]:
    found = issued(books.facts, doc.doc_id) if doc.doc_id in books.facts.events else None
    if found is None:
        return []
    address = links.page(here.asked, here.page, {"number": doc.doc_id}, "paper")
    return [Paper(f"{doc.doc_id} as it was issued", address, found.media)]


def _chain(here: Here, books: Books, doc: Document) -> Timeline:
    steps = tuple(_step(here, entry, doc) for entry in chain(books.facts, doc.doc_id))
    return Timeline("From order to cash", steps)


def _step(here: Here, entry: Document | Event, doc: Document) -> Step:
    is_document = isinstance(entry, Document)
    number = entry.doc_id if isinstance(entry, Document) else entry.subject
    return Step(
        day=entry.date.isoformat(),
        what=label(entry.doc_type if isinstance(entry, Document) else entry.kind).replace("-", " "),
        number=_number(here, number) if number != doc.doc_id else Shown(number),
        said=entry.narration if isinstance(entry, Document) else entry.comment,
        amounts=tuple(_amounts(entry)) if isinstance(entry, Document) else (),
        act=_act(entry),
        place=place(here, str(entry.source)),
        lines=_lines(here, entry.source),
        is_here=is_document and number == doc.doc_id,
    )


def _amounts(doc: Document) -> Iterator[str]:
    for move in doc.movements:
        yield f"{_amount(money.text(move.amount, move.currency))} on {move.item}"


def _act(entry: Document | Event) -> str:
    who = " ".join(filter(None, (entry.act.by, entry.act.at)))
    return ": ".join(filter(None, (who, entry.act.why)))


def _lines(here: Here, source: Source) -> str:
    """Read the lines of an entry from the files that Fava has loaded, and from no other."""
    if source.file not in here.books.options["include"]:
        return ""
    try:
        text = Path(source.file).read_text(encoding="utf-8").splitlines()
        lines = find_entry_lines(text, source.line - 1)
    except (OSError, ValueError, IndexError):
        return ""
    return "\n".join(lines[:LINES])

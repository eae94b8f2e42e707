"""Books with an issued invoice, a customer with contacts, and a mail server of our own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest

from o2c import posting
from o2c.model import names
from o2c.model.documents import Act
from o2c.model.documents import Event
from o2c.model.documents import extra
from o2c.rendering.stored import digest
from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop
from tests.sending.post_office import office

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sending.post_office import Office

PDF = b"%PDF-1.7 the invoice as issued\n"
CONTACTS = (
    "contacts: [{role: billing, name: Inga Petersen, email: billing@acme.example}, "
    "{role: buying, email: buying@acme.example}], "
)


def issue(shop: Shop, number: str, content: bytes = PDF, customer: str = "C1", day: date = date(2026, 3, 2)) -> None:
    """Store a document and say so in the ledger."""
    (shop.root / "documents").mkdir(exist_ok=True)
    (shop.root / "documents" / f"{number}.pdf").write_bytes(content)
    note = Event(
        kind="issued",
        date=day,
        subject=number,
        customer=customer,
        account=names.receivable(customer),
        comment="Issued",
        links=frozenset({number}),
        extra=extra(file=f"documents/{number}.pdf", sha256=digest(content), media="application/pdf"),
    )
    posting.post(shop.root, lambda _: [note], Act("ann", "2026-03-02T09:00:00Z", "render"))


@pytest.fixture(scope="session")
def _issued(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = new_shop(tmp_path_factory.mktemp("issued") / "books")
    customers = shop.root / "master" / "customers.yaml"
    customers.write_text(customers.read_text().replace("C1: {name: Acme, ", "C1: {name: Acme, " + CONTACTS))
    company = shop.root / "master" / "company.yaml"
    company.write_text(company.read_text() + "email: invoices@seller.example\n")
    delivered(shop, 2)
    shop.did("invoice", "run")
    for number in ("INV-2026-0001", "INV-2026-0002"):
        issue(shop, number)
    return shop


@pytest.fixture
def shop(_issued: Shop, tmp_path: Path) -> Shop:
    """Two invoices of 119.00 EUR to Acme, issued and not sent; no mail server yet."""
    return _issued.copy(tmp_path / "books")


class Post(NamedTuple):
    """A mail server of our own and its script, and the books that use it."""

    clerk: Office
    shop: Shop


def use_server(shop: Shop, port: int) -> None:
    """Name a mail server on this machine in company.yaml."""
    company = shop.root / "master" / "company.yaml"
    company.write_text(company.read_text() + f"mail: {{host: 127.0.0.1, port: {port}, security: none}}\n")


@pytest.fixture
def post(shop: Shop) -> Iterator[Post]:
    """The books with a mail server that takes everything until its script says otherwise."""
    with office() as (clerk, port):
        use_server(shop, port)
        yield Post(clerk, shop)


@pytest.fixture
def notes() -> Callable[[Shop], list[str]]:
    """List what the ledger says was sent, document by document."""
    return lambda shop: sorted(
        entry.meta["subject"] for entry in shop.loaded() if "sent" in (getattr(entry, "tags", None) or ())
    )

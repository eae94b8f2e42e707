"""Tax by code and rate: what documents say of base and tax, as owed to the tax office."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from o2c.model.documents import Document
    from o2c.model.documents import Tax

#: Code, rate in percent, and the currency in which base and tax are read.
RateKey = tuple[str, Decimal, str]


class Rated(NamedTuple):
    """What was taxed under a code at a rate: base and tax as owed to the tax office (sales above zero).

    `tax` in the currency of the documents, as `base`; `posted` is the same in the currency of the books.
    """

    base: Decimal = ZERO
    tax: Decimal = ZERO
    posted: Decimal = ZERO
    documents: int = 0

    def plus(self, other: Rated) -> Rated:
        """Add two of them."""
        return Rated(
            self.base + other.base,
            self.tax + other.tax,
            self.posted + other.posted,
            self.documents + other.documents,
        )


def tax_report(documents: Iterable[Document]) -> dict[RateKey, Rated]:
    """Sum base and tax of documents by code and rate; credit notes and write-offs that take tax back lower both."""
    found: dict[RateKey, Rated] = {}
    for doc in documents:
        for tax in doc.taxes:
            key = (tax.code, tax.rate, tax.base.currency)
            found[key] = found.get(key, Rated()).plus(rated(doc, tax))
    return found


def rated(doc: Document, tax: Tax) -> Rated:
    """Read one tax posting of a document."""
    owed = sign(doc, tax)
    return Rated(owed * abs(tax.base.number or ZERO), owed * abs(own(tax)), -tax.amount, 1)


def own(tax: Tax) -> Decimal:
    """Give the tax in the currency of the document, with the sign it is written with."""
    return tax.amount if tax.tax is None or tax.tax.number is None else tax.tax.number


def sign(doc: Document, tax: Tax) -> int:
    """Tell whether a tax is owed (1) or taken back (-1); one of nothing goes with its base and document."""
    if tax.amount:
        return 1 if tax.amount < 0 else -1
    kind = str(doc.fact("reverses")) or doc.doc_type
    owed = kind not in {names.CREDIT_NOTE, names.WRITE_OFF}
    return 1 if owed == ((tax.base.number or ZERO) >= 0) else -1

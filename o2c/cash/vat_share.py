"""The VAT in a part of a document: per tax code, in proportion to gross, of what was not taken back before."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.cash.taken_back import reversal_of
from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import rounded
from o2c.model.money import shares

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.model.documents import Document
    from o2c.model.documents import Tax
    from o2c.model.facts import Facts


class Rest(NamedTuple):
    """What is left of one tax code of a document, positive: base and tax in its currency, tax as posted."""

    base: Decimal
    tax: Decimal
    posted: Decimal

    def __sub__(self, other: Rest) -> Rest:
        """Take off what was taken back."""
        return Rest(self.base - other.base, self.tax - other.tax, self.posted - other.posted)

    @property
    def gross(self) -> Decimal:
        """Base and tax together."""
        return self.base + self.tax


def vat_share(facts: Facts, doc: Document, amount: Decimal) -> tuple[Tax, ...]:
    """Take back the VAT in an amount of a document's gross (positive: owed to us, negative: owed by us).

    Each tax is posted opposite to the document's, with base and tax positive as on a credit note. The gross is split
    over the codes, the last one takes the odd cent; the parts of each code sum to its part of the gross.
    """
    rests = _rests(facts, doc)
    parts = shares(abs(amount), [max(rest.gross, ZERO) for rest in rests], doc.currency)
    taken = [_part(tax, rest, part) for tax, rest, part in zip(doc.taxes, rests, parts, strict=True)]
    sign = 1 if amount > 0 else -1
    return tuple(_tax(tax, part, sign) for tax, part in zip(doc.taxes, taken, strict=True) if part.gross or part.posted)


def _part(tax: Tax, rest: Rest, gross: Decimal) -> Rest:
    if gross >= rest.gross:
        return rest
    own = rounded(rest.tax * gross / rest.gross, tax.base.currency)
    posted = own if tax.tax is None else rounded(rest.posted * gross / rest.gross, tax.currency)
    return Rest(gross - own, own, posted)


def _tax(tax: Tax, part: Rest, sign: int) -> Tax:
    currency = tax.base.currency
    return tax._replace(
        amount=sign * part.posted if part.posted else ZERO,
        base=Amount(part.base, currency),
        tax=None if tax.tax is None else Amount(part.tax, currency),
        extra=(),
    )


def _rests(facts: Facts, doc: Document) -> list[Rest]:
    rests = [_size(tax) for tax in doc.taxes]
    for other in _corrections(facts, doc):
        for tax in other.taxes:
            same = [index for index, own in enumerate(doc.taxes) if (own.code, own.rate) == (tax.code, tax.rate)]
            if same:
                rests[same[0]] -= _size(tax)
    return rests


def _corrections(facts: Facts, doc: Document) -> Iterator[Document]:
    """Find credit notes and write-offs of the document that were not reversed."""
    for other in facts.documents(names.CREDIT_NOTE, names.WRITE_OFF):
        if other.refers == doc.doc_id and not reversal_of(facts, other.doc_id):
            yield other


def _size(tax: Tax) -> Rest:
    base, own = (
        tax.base.number or ZERO,
        tax.tax.number if tax.tax is not None and tax.tax.number is not None else tax.amount,
    )
    return Rest(abs(base), abs(own), abs(tax.amount))

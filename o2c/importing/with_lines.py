"""Invoices with their lines, one row per line; cancellations are documents of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.importing.imported import Rounding
from o2c.importing.making import Sold
from o2c.importing.making import Use
from o2c.importing.profile import WITH_LINES
from o2c.model import names
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from decimal import Decimal

    from o2c.importing.gathering import Gathering
    from o2c.importing.imported import Heading
    from o2c.importing.imported import Imported
    from o2c.importing.sheets import Row
    from o2c.model.documents import Document


def read_with_lines(gather: Gathering, rows: Iterable[Row]) -> Imported:
    """Read invoices and cancellations; each line's net is quantity times price, rounded half up to the smallest unit.

    A document with a bad line is left out whole. An invoice may sum to zero, not to less; a cancellation, which
    becomes a credit note, not to more (hostile input H31).
    """
    groups = _Groups(gather)
    for _ in gather.records(rows, WITH_LINES):
        groups.take()
    documents = list(groups.documents())
    return gather.result(documents, (), _roundings(documents))


class _Groups:
    """The lines of each document, as they come."""

    def __init__(self, gather: Gathering) -> None:
        self._gather = gather
        self._heads: dict[str, Heading] = {}
        self._lines: dict[str, list[Sold]] = {}
        self._keys: dict[str, tuple[str, str, str]] = {}
        self._at: dict[str, list[int]] = {}
        self._bad: dict[str, int] = {}

    def take(self) -> None:
        """Take the present row: the first of a document gives its heading, the others must agree with it."""
        gather, fields = self._gather, self._gather.fields
        raw = fields.raw("number")
        if not raw:
            fields.fault("number", "is empty; enter the number")
            gather.row_is_bad()
            return
        currency = fields.currency() if raw not in self._heads else self._heads[raw].currency
        if raw not in self._heads:
            self._heads[raw] = gather.heading(self._kind(raw), currency)
            self._lines[raw], self._at[raw] = [], []
            self._keys[raw] = self._key()
        elif self._key() != self._keys[raw]:
            self._check_agreement(raw)
        self._at[raw].append(fields.line)
        self._lines[raw].append(self._line(raw))
        if gather.row_is_bad():
            self._bad.setdefault(raw, fields.line)

    def documents(self) -> Iterator[Document]:
        """Make the documents without bad lines."""
        twice = self._gather.numbers_used_twice(
            (head.doc_id, head.line) for head in self._heads.values() if head.doc_id
        )
        for raw, head in self._heads.items():
            if raw in self._bad:
                self._tell_left_out(raw)
            elif head.doc_id not in twice:
                yield from self._document(raw, head)

    def _kind(self, raw: str) -> str:
        prefix = self._gather.profile.cancellation_prefix
        return names.CREDIT_NOTE if prefix and raw.startswith(prefix) else names.INVOICE

    def _key(self) -> tuple[str, str, str]:
        """Give what all rows of a document share, as written."""
        fields = self._gather.fields
        return fields.raw("customer"), fields.raw("date"), fields.raw("currency")

    def _check_agreement(self, raw: str) -> None:
        """Compare a row that differs from the first of its document: only the time of day may."""
        fields, head, first = self._gather.fields, self._heads[raw], self._keys[raw]
        here = self._key()
        if here[0] != first[0]:
            fields.fault("customer", f"{raw} has another customer in line {head.line}; give each document one")
        if here[1] != first[1] and fields.needed_day("date", head.date) != head.date:
            fields.fault("date", f"{raw} has another day in line {head.line}; give each document one")
        if here[2] != first[2] and fields.currency() != head.currency:
            fields.fault("currency", f"{raw} has another currency in line {head.line}; give each document one")

    def _line(self, raw: str) -> Sold:
        fields, head = self._gather.fields, self._heads[raw]
        quantity, price = fields.number("quantity"), fields.number("price")
        if price < 0:
            fields.fault("price", "is negative; write a negative quantity, or a document of its own")
        if self._kind(raw) == names.CREDIT_NOTE:
            quantity = -quantity
        return Sold(
            fields.text("sku", 60), fields.text("text"), quantity, price, rounded(quantity * price, head.currency)
        )

    def _document(self, raw: str, head: Heading) -> Iterator[Document]:
        maker, lines = self._gather.maker, self._lines.pop(raw)
        total = sum((line.net for line in lines), ZERO)
        if self._kind(raw) == names.CREDIT_NOTE:
            if total < 0:
                self._gather.refuse(
                    head.line,
                    "quantity",
                    f"{raw} is a cancellation but sums to {-total}, above zero; correct its lines",
                )
                return
            yield maker.credit_note(head, (Use("", total),), lines)
        elif total < 0:
            self._gather.refuse(
                head.line,
                "quantity",
                f"{raw} sums to {total}, and only a cancellation may be below zero; correct its lines",
            )
        else:
            yield maker.invoice(head, total, lines)

    def _tell_left_out(self, raw: str) -> None:
        known = {row.line for row in self._gather.bad}
        for line in self._at[raw]:
            if line not in known:
                self._gather.refuse(
                    line, "number", f"{raw} is left out whole, because its line {self._bad[raw]} is bad"
                )


def _roundings(documents: Iterable[Document]) -> tuple[Rounding, ...]:
    """Sum what rounding did to the lines, per currency: posted minus exact, seen as turnover."""
    counts: dict[str, int] = {}
    sums: dict[str, Decimal] = {}
    for doc in documents:
        for line in doc.lines:
            price = line.price.number if line.price else None
            exact = line.quantity * (price or ZERO)
            posted = abs(line.amount) if exact >= 0 else -abs(line.amount)
            if posted != exact:
                sign = -1 if doc.doc_type == names.CREDIT_NOTE else 1
                counts[doc.currency] = counts.get(doc.currency, 0) + 1
                sums[doc.currency] = sums.get(doc.currency, ZERO) + sign * (posted - exact)
    return tuple(Rounding(currency, counts[currency], sums[currency]) for currency in sorted(counts))

"""Tax taken apart: what each document says of base and tax under a code, and what it posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.model.taxed import rated
from o2c.reports.explaining import evidence
from o2c.reports.explaining.rules import COUNT
from o2c.reports.explaining.rules import SAME
from o2c.reports.explaining.rules import SUM
from o2c.reports.span import month

if TYPE_CHECKING:
    from o2c.model.documents import Document
    from o2c.model.documents import Tax
    from o2c.reports.explaining.asked import Asked
    from o2c.reports.explaining.part import Part

HEADLINE = "tax"
#: Month, code, category, rate, account, currency, currency posted.
Key = tuple[object, ...]


def explain(asked: Asked) -> Part:
    """Explain base and tax by the documents, the rate by what each of them says."""
    row = asked.row
    key = (*(row[name] for name in ("period", "code", "category", "rate", "account")), asked.currency)
    found = asked.once(_taxes).get((*key, row["posted_currency"]), [])
    if asked.name in {"documents", "rate"}:
        parts = [evidence.of_document(asked, doc, tax.rate) for doc, tax in found]
        return asked.answer(COUNT if asked.name == "documents" else SAME, parts)
    unit = asked.cell("posted_currency") if asked.name == "posted" else asked.currency
    figures = (evidence.of_document(asked, doc, getattr(rated(doc, tax), asked.name), unit) for doc, tax in found)
    return asked.answer(SUM, figures)._replace(unit=unit)


def _taxes(asked: Asked) -> dict[Key, list[tuple[Document, Tax]]]:
    period = asked.year
    found: dict[Key, list[tuple[Document, Tax]]] = {}
    for doc in asked.chosen.documents(until=period.last):
        for tax in doc.taxes if period.holds(doc.date) else ():
            key = (month(doc.date), tax.code, tax.category, tax.rate, tax.account, tax.base.currency, tax.currency)
            found.setdefault(key, []).append((doc, tax))
    return found

"""The words of a mail: a short text of the template for the document's kind, in the customer's language."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused
from o2c.model import names
from o2c.model.creditor_reference import creditor_reference
from o2c.model.creditor_reference import printed
from o2c.model.money import ZERO
from o2c.rendering.environment import environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from o2c.master import Master
    from o2c.model.documents import Document

_SUBJECT = "Subject: "
_LANGUAGES = frozenset({"en", "de"})
_GREETING = {"en": ("Dear {}", "Good day"), "de": ("Guten Tag {}", "Guten Tag")}
_CLOSING = {"en": "Kind regards", "de": "Freundliche Grüße"}
_PAYABLE = frozenset({names.INVOICE, names.DEPOSIT_INVOICE})


class Letter(NamedTuple):
    """Subject, text and HTML of a mail."""

    subject: str
    text: str
    html: str


class Occasion(NamedTuple):
    """What a mail is about; `amount` and `due` where it has them, `language` the customer's, such as `de-AT`."""

    kind: str
    number: str
    customer: str
    day: date
    currency: str
    language: str
    amount: Decimal | None = None
    due: date | None = None
    reference: str = ""


def occasion(doc: Document, language: str) -> Occasion:
    """Tell what a document is about; amounts are positive, as the customer reads them."""
    amount = None if doc.doc_type in names.MEMO_TYPES else abs(sum((m.amount for m in doc.movements), ZERO))
    due = doc.due or min((m.due for m in doc.movements if m.due), default=None)
    kind, payable = doc.doc_type, doc.doc_type in _PAYABLE
    about = (kind, doc.doc_id, doc.customer, doc.date, doc.currency, language)
    return Occasion(*about, amount, due if payable else None, doc.reference)


def letter(root: Path, master: Master, about: Occasion, contact: str) -> Letter:
    """Write the mail; raises Refused where a template of the company is wrong, naming it."""
    language = about.language[:2] if about.language[:2] in _LANGUAGES else "en"
    words = {**_facts(master, about, language), "greeting": _greeting(language, contact)}
    text = _filled(root, f"mail/{about.kind}.{language}.txt", words)
    first, _, body = text.partition("\n")
    if not first.startswith(_SUBJECT):
        raise Refused(f"templates/mail/{about.kind}.{language}.txt: the first line must begin with '{_SUBJECT}'")
    subject = " ".join(first.removeprefix(_SUBJECT).split())
    body = _spaced(body)
    paragraphs = [paragraph.split("\n") for paragraph in body.split("\n\n")]
    shown = {"language": language, "subject": subject, "paragraphs": paragraphs}
    return Letter(subject, body + "\n", _filled(root, "mail/letter.html", shown))


def _facts(master: Master, about: Occasion, language: str) -> dict[str, str]:
    from babel import Locale
    from babel.dates import format_date
    from babel.numbers import format_currency

    locale = Locale.parse(about.language.replace("-", "_")) if about.language[:2] == language else Locale(language)
    company = master.company
    amount = "" if about.amount is None else format_currency(about.amount, about.currency, locale=locale)
    sender = (_CLOSING[language], company.name, company.phone, company.email)
    return {
        "number": about.number,
        "date": format_date(about.day, "long", locale=locale),
        "amount": amount,
        "due": format_date(about.due, "long", locale=locale) if about.due else "",
        "reference": about.reference,
        "payment_reference": printed(creditor_reference(about.number)) if about.due else "",
        "closing": "\n".join(line for line in sender if line),
    }


def _greeting(language: str, contact: str) -> str:
    named, unnamed = _GREETING[language]
    return named.format(contact) if contact else unnamed


def _filled(root: Path, name: str, words: Mapping[str, object]) -> str:
    from jinja2 import TemplateError

    try:
        return environment(root).get_template(name).render(words)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        place = f"templates/{name}:{line}" if line else f"templates/{name}"
        raise Refused(f"{place}: the template cannot be filled in ({error}); nothing was sent") from error


def _spaced(body: str) -> str:
    """Leave one empty line between paragraphs, however many a template's conditions left."""
    lines: list[str] = []
    for line in body.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines)

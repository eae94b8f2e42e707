"""Balance confirmation letters: each customer is shown what our books say, and asked whether his say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

import yaml

from o2c.closing.pack.population import worth
from o2c.errors import Refused
from o2c.model.money import ZERO
from o2c.rendering import letterhead
from o2c.rendering import page
from o2c.rendering.pdf import pdf
from o2c.rendering.sheet import Cell
from o2c.rendering.sheet import Column as SheetColumn
from o2c.rendering.sheet import Fact
from o2c.rendering.sheet import Row as SheetRow
from o2c.rendering.sheet import Sheet
from o2c.rendering.sheet import Sum
from o2c.rendering.words import Words
from o2c.rendering.words import words
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.shipped import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from o2c.books import Books
    from o2c.closing.pack.asked import Asked
    from o2c.closing.pack.sample import Sample
    from o2c.master import Customer
    from o2c.model.items import Item
    from o2c.reports.table import Row

_COLUMNS = (
    Column("customer", "code"),
    Column("name", "text"),
    Column("currency", "code"),
    Column("balance", "money"),
    Column("items", "count"),
    Column("chosen", "text"),
    Column("letter", "text"),
)


class Letters(NamedTuple):
    """The letters by their file in the pack, and the list of them."""

    files: Mapping[str, bytes]
    table: Table


def letters(then: Books, asked: Asked, drawn: Sample) -> Letters:
    """Write to the customers with the highest balances and to those in the sample; the books end with the month.

    Whoever is not in the master data gets none, which the list says.
    """
    last = asked.period.last
    items: dict[str, list[Item]] = {}
    for item in then.open_items(last):
        items.setdefault(item.customer, []).append(item)
    highest = _highest(then, items, asked)
    files, rows = {}, []
    for customer in sorted({*highest, *drawn.customers}):
        own = items.get(customer, [])
        known = then.master.customers.get(customer)
        file = f"letters/{customer}.pdf" if known else ""
        if known:
            files[file] = _letter(then, asked, known, own)
        rows += _rows(then, customer, own, _chosen(customer, highest, drawn), file)
    said = f"the {asked.letters} highest balances, and the customers in the sample"
    return Letters(files, Table("letters", "Confirmation letters", last, said, _COLUMNS, tuple(rows)))


def _highest(then: Books, items: Mapping[str, Sequence[Item]], asked: Asked) -> list[str]:
    sums = {
        customer: sum((worth(then, item, asked.period.last) for item in own), ZERO) for customer, own in items.items()
    }
    return sorted(sums, key=lambda customer: (-sums[customer], customer))[: asked.letters]


def _chosen(customer: str, highest: Sequence[str], drawn: Sample) -> str:
    return " and ".join(
        ["balance"] * (customer in highest) + ["sample"] * (customer in drawn.customers),
    )


def _rows(then: Books, customer: str, own: Sequence[Item], chosen: str, file: str) -> list[Row]:
    known = then.master.customers.get(customer)
    return [
        {
            "customer": customer,
            "name": known.name if known else customer,
            "currency": currency,
            "balance": number,
            "items": sum(item.currency == currency for item in own),
            "chosen": chosen,
            "letter": file or "none: not in the master data",
        }
        for currency, number in _totals(own) or [(then.master.company.currency, ZERO)]
    ]


def _totals(items: Sequence[Item]) -> list[tuple[str, Decimal]]:
    sums: dict[str, Decimal] = {}
    for item in items:
        sums[item.currency] = sums.get(item.currency, ZERO) + item.open
    return sorted(sums.items())


def _letter(then: Books, asked: Asked, customer: Customer, items: Sequence[Item]) -> bytes:
    sheet = _sheet(then, asked, customer, items)
    return pdf(then.root, page.html(then.root, sheet), sheet.number)


def _sheet(then: Books, asked: Asked, customer: Customer, items: Sequence[Item]) -> Sheet:
    general = words(then.root, customer.language)
    own = _own_words(then.root, customer.language, general.language)
    company = then.master.company
    end = general.day(asked.period.last)
    columns = ("document", "date", "due", "original", "open", "currency")
    return Sheet(
        kind="document",
        language=general.language,
        number=f"{asked.period.name}-{customer.code}",
        day=asked.day.isoformat(),
        title=own.say("title"),
        seller=company.name,
        sender_line=letterhead.sender_line(company),
        receiver=letterhead.receiver(customer),
        facts=(
            Fact(general.say("date"), general.day(asked.day)),
            Fact(general.say("customer"), customer.code),
            Fact(own.say("balance-at"), end),
        ),
        headline=tuple(_balance(own, general, total) for total in _totals(items)),
        columns=tuple(SheetColumn(name, general.say(name), name not in {"document", "currency"}) for name in columns),
        rows=tuple(_item_row(item, general) for item in items),
        words={**letterhead.layout_words(general), "preview": own.say("draft")},
        sums=tuple(Sum(*_balance(own, general, total), strong=True) for total in _totals(items)),
        said=(own.say("intro" if items else "nothing", date=end),),
        remarks=(_answer_to(own, asked), own.say("agree", date=end), own.say("differ"), own.say("sign")),
        footer=letterhead.foot(company, general),
        look=letterhead.look(then.root, company),
        preview=asked.draft,
    )


def _balance(own: Words, general: Words, total: tuple[str, Decimal]) -> Fact:
    currency, number = total
    return Fact(own.say("in-our-favour" if number >= 0 else "in-your-favour"), general.money(abs(number), currency))


def _answer_to(own: Words, asked: Asked) -> str:
    return own.say("to-auditor", auditor=asked.auditor) if asked.auditor else own.say("to-us")


def _item_row(item: Item, general: Words) -> SheetRow:
    return SheetRow(
        (
            Cell(item.item, general.kind(item.doc_type)),
            Cell(general.short(item.date)),
            Cell(general.short(item.due)),
            Cell(general.amount(item.original, item.currency)),
            Cell(general.amount(item.open, item.currency)),
            Cell(item.currency),
        )
    )


def _own_words(root: Path, locale: str, language: str) -> Words:
    """Read the words of these letters; the company's own file overrides word by word."""
    name = f"pack/letter.{language}.yaml"
    found = _read(TEMPLATES / name)
    if (own := root / "templates" / name).is_file():
        found |= _read(own)
    return Words(found, language, locale if locale[:2] == language else language)


def _read(path: Path) -> dict[str, str]:
    try:
        read = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - gives texts and nothing else
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: this is no list of words ({str(error).splitlines()[0]})") from error
    if not isinstance(read, dict) or not all(isinstance(value, str) for value in read.values()):
        raise Refused(f"{path}: this is no list of words; write lines such as `title: Balance confirmation`")
    return read

"""What is written is read back the same, whatever it holds; what could be read as something else is not written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from beancount.core.amount import Amount
from beancount.parser import booking
from beancount.parser import parser
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from o2c.errors import BadInput
from o2c.model import names
from o2c.model import reading
from o2c.model import text
from o2c.model.documents import Act
from o2c.model.documents import Document
from o2c.model.documents import Event
from o2c.model.documents import Line
from o2c.model.documents import Movement
from o2c.model.documents import Opening
from o2c.model.documents import Other
from o2c.model.documents import Tax
from o2c.model.findings import NOWHERE
from o2c.model.items import Item
from o2c.model.settling import reduce
from o2c.model.writing import write
from tests.model import strategies

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from beancount.core.data import Directive

    from o2c.model.documents import Entry

DAY = date(2026, 3, 2)
INJECTION = '"\n2026-03-02 * "x"\n  Assets:Bank:Main  5000.00 EUR\n  Equity:Thief'


def parsed(ledger: str) -> list[Directive]:
    """Parse and book a text, in the order of its lines."""
    found, faults, options = parser.parse_string(ledger)
    assert not faults, faults
    booked, faults = booking.book(found, options)
    assert not faults, faults
    return sorted(booked, key=lambda entry: int(entry.meta["lineno"]))


def read_back(meant: Sequence[Entry]) -> list[Entry]:
    """Write entries and read them; the number of directives is the number of entries."""
    directives = parsed(write(meant))
    assert len(directives) == len(meant)
    found = [reading.read(directive) for directive in directives]
    return [entry._replace(source=NOWHERE) for entry in found if entry is not None]


# ---- write -> read --------------------------------------------------------------------------------------------------


@given(strategies.documents())
def test_a_document_comes_back_as_it_was_written(doc: Document) -> None:
    assert read_back([doc]) == [doc]


@given(st.lists(strategies.entries, max_size=5))
def test_entries_of_all_kinds_come_back_in_their_order(meant: list[Entry]) -> None:
    assert read_back(meant) == meant


@given(st.lists(strategies.entries, max_size=3))
def test_what_was_read_is_written_again_to_the_same_text(meant: list[Entry]) -> None:
    ledger = write(meant)
    assert write([entry for entry in map(reading.read, parsed(ledger)) if entry is not None]) == ledger


@given(st.text(max_size=80))
@example('ok"\n  Assets:Bank:Main  9999.00 EUR')
@example("back\\slash \\n \\")
@example("one\r\ntwo")
@example("\ufeffmark")
@example("; no comment")
@example("zero\u200bwidth 日本語 e\u0301 😀")
def test_every_text_is_refused_by_the_gate_or_comes_back_from_every_field(candidate: str) -> None:
    try:
        said = text.free_text(candidate, "field")
    except BadInput:
        return
    doc = sample(
        payee=said,
        narration=said,
        reference=said,
        act=Act(said, said, said, said, said),
        lines=(Line(1, "Income:Sales", Decimal("-1.00"), "EUR", text=said),),
        taxes=(Tax("Income:Sales", Decimal(0), "EUR", "X", "E", Amount(Decimal("1.00"), "EUR"), Decimal(0), said),),
        extra=(("bill-to", said),) if said else (),
    )
    assert read_back([doc]) == [doc]


@given(
    total=strategies.amounts(currency="USD", sign=1),
    carrying=strategies.amounts(currency="EUR", sign=1),
    share=st.integers(1, 10**6),
    is_debit=st.booleans(),
)
def test_a_lot_that_is_used_in_part_comes_back_with_its_exact_carrying_amounts(
    total: Amount, carrying: Amount, share: int, *, is_debit: bool
) -> None:
    account, sign = (names.receivable("C0001"), 1) if is_debit else (names.deposit("C0001"), -1)
    assert total.number is not None
    assert carrying.number is not None
    held = Amount(sign * carrying.number, "EUR")
    opened = sample(movements=(Movement(account, "INV-1", sign * total.number, "USD", carrying=held),))
    part = max((total.number * share / 10**6).quantize(Decimal("0.01")), Decimal("0.01"))
    used = opened._replace(doc_id="RC-1", movements=reduce(item(opened), part).movements)
    assert read_back([opened, used]) == [opened, used]


def item(opened: Document) -> Item:
    (move,) = opened.movements
    assert move.carrying is not None
    assert move.carrying.number is not None
    return Item(
        item=move.item,
        account=move.account,
        customer="C0001",
        currency=move.currency,
        doc_id=opened.doc_id,
        doc_type=opened.doc_type,
        date=opened.date,
        due=opened.date,
        original=move.amount,
        open=move.amount,
        carrying=move.carrying.number,
        carrying_currency=move.carrying.currency,
        source=NOWHERE,
    )


def test_an_entry_by_hand_in_another_order_is_read_as_the_same_document() -> None:
    by_hand = """
2026-03-02 * "Alsterlicht" "Invoice INV-1"
  customer: "C0001"
  doc-id: "INV-1"
  currency: "EUR"
  doc-type: "invoice"
  Income:Sales
    line: 1
  Assets:AR:C0001   (100 + 19) EUR
    item: "INV-1"
"""
    (found,) = map(reading.read, parsed(by_hand))
    assert isinstance(found, Document)
    line = Line(1, "Income:Sales", Decimal(-119), "EUR")
    assert found._replace(source=NOWHERE) == sample(payee="Alsterlicht", narration="Invoice INV-1", lines=(line,))


def test_what_is_no_document_reads_as_none_and_its_movements_count() -> None:
    (entry,) = parsed(
        '2026-03-02 * "Paid"\n  Assets:Bank:Main  5.00 EUR\n  Assets:AR:C0001  -5.00 EUR\n    item: "INV-1"\n'
    )
    assert reading.read(entry) is None
    assert [(move.item, move.amount) for move in reading.movements(entry)] == [("INV-1", Decimal(-5))]


# ---- what must not be written (dangers D01-D03, hostile inputs H01-H03) ---------------------------------------------


def sample(**other: object) -> Document:
    """Make a small document of customer C0001."""
    return Document(
        **{  # type: ignore[arg-type] - the fields of a document, some of them given
            "doc_type": names.INVOICE,
            "doc_id": "INV-1",
            "date": DAY,
            "customer": "C0001",
            "currency": "EUR",
            "payee": "",
            "narration": "",
            "movements": (Movement("Assets:AR:C0001", "INV-1", Decimal("119.00"), "EUR"),),
            **other,
        }
    )


AMOUNT = Decimal("1.00")
PLACES: dict[str, Callable[[str], Entry]] = {
    "account of a movement": lambda evil: sample(movements=(Movement(f"Assets:AR:{evil}", "X", AMOUNT, "EUR"),)),
    "account of a line": lambda evil: sample(lines=(Line(1, f"Income:{evil}", AMOUNT, "EUR"),)),
    "account of another posting": lambda evil: sample(others=(Other(f"Assets:{evil}", AMOUNT, "EUR"),)),
    "account of an opening": lambda evil: Opening(f"Assets:{evil}", DAY),
    "account of a note": lambda evil: Event("remark", DAY, "X", "C0001", account=f"Assets:AR:{evil}"),
    "currency of a posting": lambda evil: sample(others=(Other("Assets:Bank", AMOUNT, f"EUR{evil}"),)),
    "currency of a price": lambda evil: sample(
        lines=(Line(1, "Income:X", AMOUNT, "EUR", price=Amount(AMOUNT, f"E{evil}")),)
    ),
    "currency of an opening": lambda evil: Opening("Assets:Bank", DAY, (f"EUR{evil}",)),
    "currency of a total": lambda evil: sample(
        others=(Other("Assets:B", AMOUNT, "USD", Amount(AMOUNT, f"EUR{evil}")),)
    ),
    "tag": lambda evil: sample(tags=frozenset({f"invoice{evil}"})),
    "link": lambda evil: sample(links=frozenset({f"INV-1{evil}"})),
    "link of a note": lambda evil: Event(
        "remark", DAY, "X", "C0001", account="Assets:AR:C0001", links=frozenset({evil})
    ),
    "metadata key": lambda evil: sample(extra=((f"word{evil}", "x"),)),
    "metadata key of a posting": lambda evil: sample(
        others=(Other("Assets:B", AMOUNT, "EUR", None, ((f"word{evil}", "x"),)),)
    ),
    "flag": lambda evil: sample(flag=f"*{evil}"),
    "kind of event": lambda evil: Event(f"o2c-limit{evil}", DAY, "X", "C0001"),
}
EVIL = [
    INJECTION,
    "\n  Equity:Thief  1.00 EUR",
    " ",
    '"',
    "\\",
    "ü",
    "\u0410",
    "\u200b",
    "\u202e",
    "e\u0301",
    "😀",
    "\x00",
    "\ud800",
    "\u0661",
    "\u2028",
    ";",
    "x" * 3 + "\t",
]


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_name_is_never_written_as_one(place: str, evil: str) -> None:
    with pytest.raises(BadInput):
        write([PLACES[place](evil)])


@given(place=st.sampled_from(sorted(PLACES)), said=st.text(max_size=12))
def test_any_text_as_a_name_is_refused_or_stays_a_name(place: str, said: str) -> None:
    meant = PLACES[place](said)
    try:
        ledger = write([meant])
    except BadInput:
        return
    (directive,) = parsed(ledger)
    found = reading.read(directive)
    assert found is not None
    assert found._replace(source=NOWHERE) == meant


@pytest.mark.parametrize("key", ["filename", "lineno", "q", "", "Key", "1st", "-x", "_x", "__tolerances__", "key:"])
def test_keys_that_beancount_keeps_or_cannot_read_are_refused(key: str) -> None:
    with pytest.raises(BadInput, match="metadata key"):
        write([sample(extra=((key, "x"),))])


@pytest.mark.parametrize("flag", ["", "txn", "P", "#", "**", "* ", "'A"])
def test_only_the_two_flags_of_the_format_are_written(flag: str) -> None:
    with pytest.raises(BadInput, match="flag"):
        write([sample(flag=flag)])


@pytest.mark.parametrize("currency", ["", "E", "eur", "EUR ", "TRUE", "FALSE", "NULL", "ÄUR", "EUR\n", "/ES"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(BadInput, match="currency"):
        write([sample(others=(Other("Assets:Bank", AMOUNT, currency),))])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1E+18000", "1000000000000000001"])
def test_what_is_no_amount_of_money_is_refused(number: str) -> None:
    with pytest.raises(BadInput, match="number"):
        write([sample(others=(Other("Assets:Bank", Decimal(number), "EUR"),))])


@pytest.mark.parametrize("character", [*"\x00\r\x0b\x1b\x7f\x85\u2028\u2029", chr(0xD800), chr(0xDFFF)], ids=ascii)
def test_characters_that_change_a_file_are_refused_in_every_text(character: str) -> None:
    for place in (
        sample(payee=f"a{character}b"),
        sample(narration=f"a{character}b"),
        sample(extra=(("bill-to", f"a{character}b"),)),
        Event("remark", DAY, "X", "C0001", account="Assets:AR:C0001", comment=f"a{character}b"),
        Event("o2c-limit", DAY, "X", "C0001", values=(f"a{character}b",)),
    ):
        with pytest.raises(BadInput, match="text"):
            write([place])


@pytest.mark.parametrize("comment", ['say "hi"', "back\\slash", "two\nlines", "a\ttab"])
def test_a_note_that_beancount_could_not_print_again_is_refused(comment: str) -> None:
    with pytest.raises(BadInput, match="note"):
        write([Event("remark", DAY, "C0001", "C0001", account="Assets:AR:C0001", comment=comment)])


def test_numbers_are_never_written_with_an_exponent() -> None:
    tiny = sample(others=(Other("Assets:Bank", Decimal("1E+3"), "EUR", None, (("rate", Decimal("1E-6")),)),))
    assert "1000.00 EUR\n    rate: 0.000001" in write([tiny])

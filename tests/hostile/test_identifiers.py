"""H02, H03, H07: what becomes a part of an account, a tag, a link or a file name passes a strict gate or is refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

EVIL = {
    "injection": 'C1"\n2024-01-02 open Assets:Thief',
    "posting": "C1  5000.00 EUR\n  Equity:Thief",
    "newline": "C1\n",
    "account part": "C1:Thief",
    "up": "../C1",
    "up and away": "../../../etc/passwd",
    "absolute": "/etc/passwd",
    "down": "C1/../C2",
    "backslash": "..\\C1",
    "nul": "C1\x00",
    "device": "CON",
    "device with ending": "NUL.txt",
    "point at the end": "C1.",
    "two points": "C1..2",
    "point": ".",
    "tilde": "~",
    "small letters": "c1",
    "space": "C 1",
    "space behind": "C1 ",
    "quote": 'C1"',
    "tag": "C1 #tag",
    "comment": "C1;",
    "long": "C" * 300,
    "long beyond sense": "C" * 1_000_000,
    "cyrillic": "\u04211",
    "full width": "\uff231",
    "arabic digit": "C\u0661",
    "zero width": "C\u200b1",
    "right to left": "C1\u202e",
    "not composed": "C\u03011",
    "emoji": "C😀",
    "surrogate": "C\udc80",
    "byte order mark": "\ufeffC1",
    "wildcard": "*",
    "option": "-rf",
    "template": "{{7*7}}",
    "variable": "$HOME",
}

#: Commands with a hole `{}` for an identifier.
HOLES = {
    "show": ("show", "{}"),
    "order show": ("order", "show", "{}"),
    "invoice show": ("invoice", "show", "{}"),
    "delivery show": ("delivery", "show", "{}"),
    "credit-note show": ("credit-note", "show", "{}"),
    "receipt show": ("receipt", "show", "{}"),
    "customer show": ("customer", "show", "{}"),
    "report --customer": ("report", "aging", "--customer", "{}"),
    "order confirm": ("order", "confirm", "{}"),
    "order hold": ("order", "hold", "{}"),
    "order release": ("order", "release", "{}", "--reason", "x"),
    "order cancel": ("order", "cancel", "{}"),
    "deliver": ("deliver", "{}"),
    "deliver --line": ("deliver", "SO-2026-0005", "--line", "{}=1"),
    "invoice create": ("invoice", "create", "{}"),
    "invoice run --until": ("invoice", "run", "--until", "{}"),
    "credit-note create": ("credit-note", "create", "{}", "--reason", "price", "--full"),
    "credit-note --reason": ("credit-note", "create", "INV-2026-0001", "--reason", "{}", "--full"),
    "credit-note --line": ("credit-note", "create", "INV-2026-0001", "--reason", "price", "--line", "{}=1"),
    "receipt": ("receipt", "{}", "1.00 EUR"),
    "receipt currency": ("receipt", "C1", "1.00", "{}"),
    "receipt amount with currency": ("receipt", "C1", "1.00 {}"),
    "receipt --apply": ("receipt", "C1", "1.00 EUR", "--apply", "{}"),
    "receipt --account": ("receipt", "C1", "1.00 EUR", "--account", "{}"),
    "allocate from": ("allocate", "{}", "INV-2026-0001"),
    "allocate to": ("allocate", "RC-2026-0001", "{}"),
    "unallocate": ("unallocate", "{}"),
    "refund": ("refund", "{}", "1.00 EUR"),
    "refund --account": ("refund", "RC-2026-0001", "1.00 EUR", "--account", "{}"),
    "reverse": ("reverse", "{}", "--reason", "x"),
    "write-off": ("write-off", "{}", "--reason", "bad-debt"),
    "write-off --reason": ("write-off", "INV-2026-0001", "--reason", "{}"),
    "posting date": ("invoice", "create", "SO-2026-0002", "--date", "{}"),
    "today": ("--today", "{}", "invoice", "create", "SO-2026-0002"),
    "now": ("--now", "{}", "invoice", "create", "SO-2026-0002"),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_command_refuses_every_evil_identifier(shop: Shop, hole: str) -> None:
    before = shop.files()
    for name, evil in EVIL.items():
        if name == "surrogate":
            continue  # a test of its own, below
        answer = shop.run(*(part.replace("{}", evil) for part in HOLES[hole]))
        said = shop.require_refused(before, answer)
        assert len(said) < 2000, f"{name}: the refusal repeats a long input"


@pytest.mark.parametrize("hole", HOLES)
def test_a_command_refuses_bytes_that_are_no_text(shop: Shop, hole: str) -> None:
    """A byte that is not UTF-8 reaches Python as half of a surrogate pair."""
    shop.refused(*(part.replace("{}", EVIL["surrogate"]) for part in HOLES[hole]))


#: Holes in which an empty text means the same as none: the usual account, currency or day.
_MAY_BE_EMPTY = {
    "today", "now", "report --customer", "receipt currency", "receipt --account", "refund --account",
    "invoice run --until", "posting date",
}  # fmt: skip


@pytest.mark.parametrize(
    "hole",
    [hole for hole in HOLES if hole not in _MAY_BE_EMPTY],
)
def test_a_command_refuses_an_empty_text_where_an_identifier_is_needed(shop: Shop, hole: str) -> None:
    """As a script gives it, whose variable is not set: `o2c deliver "$ORDER"`."""
    shop.refused(*(part.replace("{}", "") for part in HOLES[hole]))


_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
#: What is well-formed, though there may be nothing of that name.
_HARMLESS = {
    **dict.fromkeys(("price_list", "ship_to"), _CODE),
    **dict.fromkeys(("terms", "invoicing", "date", "requested_date"), re.compile("(?!)")),
    "customer": re.compile("C1"),
    "currency": re.compile(r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]", re.ASCII),
}


@pytest.mark.parametrize(
    "field", ["customer", "currency", "price_list", "ship_to", "terms", "invoicing", "date", "requested_date"]
)
def test_an_order_file_refuses_every_evil_identifier_of_the_order(shop: Shop, field: str) -> None:
    for evil in EVIL.values():
        order = {"customer": "C1", "lines": [{"sku": "P-1", "quantity": "1"}], field: evil}
        if not _HARMLESS[field].fullmatch(evil.strip()):
            shop.refused_order(json.dumps(order))


@pytest.mark.parametrize("field", ["price_list", "ship_to"])
def test_an_order_file_refuses_a_code_that_is_not_there(shop: Shop, field: str) -> None:
    shop.refused_order(json.dumps({"customer": "C1", "lines": [{"sku": "P-1", "quantity": "1"}], field: "nowhere"}))


@pytest.mark.parametrize("field", ["sku", "quantity", "price", "discount", "promised"])
def test_an_order_file_refuses_every_evil_value_of_a_line(shop: Shop, field: str) -> None:
    for evil in EVIL.values():
        order = {"customer": "C1", "lines": [{"sku": "P-1", "quantity": "1", field: evil}]}
        shop.refused_order(json.dumps(order))


@pytest.mark.parametrize(
    "code", ["C1:X", "../C1", "c1", "C 1", "CON", "\u04211", "C1\u202e", "C1\\n", ".", "", "C" * 40]
)
def test_master_data_refuse_an_evil_customer_code(shop: Shop, code: str) -> None:
    file = shop.root / "master" / "customers.yaml"
    file.write_text(file.read_text() + f'"{code}": {{name: Evil, terms: net30, currency: EUR}}\n')
    before = shop.files()
    answer = shop.order("{customer: C1, lines: [{sku: P-1, quantity: 1}]}")
    assert answer.code == 3, answer
    assert "master/customers.yaml:" in answer.err
    assert shop.files() == before


def test_numbers_that_differ_only_in_case_are_different_numbers(shop: Shop) -> None:
    assert "inv-2026-0001" in shop.refused("show", "inv-2026-0001")
    shop.refused("order", "confirm", "so-2026-0005")


def test_a_number_of_another_kind_is_named_as_what_it_is(shop: Shop) -> None:
    assert "SO-2026-0002 is an order, not an invoice" in shop.refused("invoice", "show", "SO-2026-0002")
    assert "INV-2026-0001 is an invoice" in shop.refused("deliver", "INV-2026-0001")


def test_a_link_planted_at_the_journal_of_the_month_cannot_lead_out_unseen(shop: Shop) -> None:
    """The target of a link is written (F18), but only where it already is a ledger file that loads with the books."""
    outside = shop.root.parent / "victim.txt"
    outside.write_text("this is no ledger text\n")
    (shop.root / "journal" / "2026-04.beancount").symlink_to(outside)
    answer = shop.run("invoice", "create", "SO-2026-0002", "--date", "2026-04-01")
    assert answer.code == 3
    assert outside.read_text() == "this is no ledger text\n"

"""H01, H03: hostile text in every field of every command is stored as it is or refused by the name of the field.

Never does a text add a directive, a posting or a line to the books.
"""

from __future__ import annotations

import csv
import functools
import io
import unicodedata
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest
from beancount.core.data import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from beancount.core.data import Directive

    from tests.faults.small_shop import Answer
    from tests.faults.small_shop import Shop

INJECTION = '"\n2024-01-02 * "x" "y"\n  Assets:Bank:Main  5000.00 EUR\n  Income:Sales  -5000.00 EUR\n;"'
PAYLOADS = {
    "quote": 'a"b',
    "two quotes": '""',
    "backslash": "a\\b",
    "backslash at the end": "a\\",
    "escaped quote": '\\"',
    "escape": "a\\nb",
    "newline": "a\nb",
    "carriage return": "a\rb",
    "both": "a\r\nb",
    "tab": "a\tb",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "next line": "a\x85b",
    "form feed": "a\x0cb",
    "injection": INJECTION,
    "injection in one line": '" #tag ^link\\n2024-01-02 open Assets:Thief',
    "comment": "; a remark",
    "key": 'customer: "C2"',
    "directive": "2024-01-02 open Assets:Thief",
    "right to left": "a\u202eb",
    "isolate": "a\u2066b",
    "zero width": "a\u200bb",
    "nul": "a\x00b",
    "escape code": "a\x1b[31mb",
    "surrogate": "a\udc80b",
    "byte order mark": "\ufeffa",
    "private use": "a\ue000b",
    "unassigned": "a\u0378b",
    "not composed": "Mu\u0308ller",
    "emoji": "😀 שלום 例",
    "template": "{{7*7}} {% raw %} ${x} %s {0}",
    "markup": "<script>alert(1)</script> & ]]>",
    "formula": "=cmd|' /C calc'!A0",
    "long": "x" * 1_000_000,
}


class Field(NamedTuple):
    """A field: its name in messages, and how to fill it."""

    name: str
    fill: Callable[[Shop, str], Answer]


def _head(name: str) -> Field:
    text = f"{{customer: C1, {name}: %s, lines: [{{sku: P-1, quantity: 1}}]}}"
    return Field(name, lambda shop, value: shop.order(text.replace("%s", _yaml(value))))


def _line(name: str) -> Field:
    text = f"{{customer: C1, lines: [{{sku: P-1, quantity: 1, {name}: %s}}]}}"
    return Field(name, lambda shop, value: shop.order(text.replace("%s", _yaml(value))))


def _cell(name: str) -> Field:
    def fill(shop: Shop, value: str) -> Answer:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(
            [["customer", "sku", "quantity", name], ["C1", "P-1", "1", value]]
        )
        return shop.order(out.getvalue(), name="order.csv")

    return Field(name, fill)


def _argument(option: str, *command: str) -> Field:
    return Field(option, lambda shop, value: shop.run(*command, f"{option}={value}"))


def _user(shop: Shop, value: str) -> Answer:
    return shop.run(f"--user={value}", "order", "hold", "SO-2026-0005")


def _yaml(value: str) -> str:
    """Write a text as YAML with an escape for every sign: so it gets past whatever looks at the raw file."""
    return '"' + "".join(sign if sign.isascii() and sign.isalnum() else f"\\U{ord(sign):08X}" for sign in value) + '"'


#: Fields of free text that end in an entry.
FIELDS = {
    "yaml order": _head("order"),
    "yaml reference": _head("reference"),
    "yaml text": _line("text"),
    "csv order": _cell("order"),
    "csv reference": _cell("reference"),
    "csv text": _cell("text"),
    "order hold --why": _argument("--why", "order", "hold", "SO-2026-0005"),
    "order cancel --why": _argument("--why", "order", "cancel", "SO-2026-0005"),
    "deliver --why": _argument("--why", "deliver", "SO-2026-0005"),
    "invoice create --why": _argument("--why", "invoice", "create", "SO-2026-0002"),
    "invoice run --why": _argument("--why", "invoice", "run"),
    "credit-note --why": _argument("--why", "credit-note", "create", "INV-2026-0001", "--reason", "price", "--full"),
    "receipt --why": _argument("--why", "receipt", "C1", "1.00 EUR"),
    "receipt --ref": _argument("--ref", "receipt", "C1", "1.00 EUR"),
    "allocate --why": _argument("--why", "allocate", "RC-2026-0001", "INV-2026-0001"),
    "refund --why": _argument("--why", "refund", "RC-2026-0001", "1.00 EUR"),
    "write-off --why": _argument("--why", "write-off", "INV-2026-0001", "--reason", "bad-debt"),
    "reverse --reason": _argument("--reason", "reverse", "RC-2026-0001"),
    "--key": _argument("--key", "invoice", "create", "SO-2026-0002"),
    "receipt --key": _argument("--key", "receipt", "C1", "1.00 EUR"),
    "--user": Field("user", _user),
}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_text_is_stored_as_it_is_or_refused_by_its_field(
    shop: Shop, harmless: Callable[[str], list[object]], field: str, payload: str
) -> None:
    name, fill = FIELDS[field]
    value = PAYLOADS[payload]
    before = shop.files()
    answer = fill(shop, value)
    if answer.code:
        said = shop.require_refused(before, answer)
        assert name.lstrip("-") in said or "order.yaml:1:" in said or "order.csv:" in said, said
        return
    entries = shop.loaded()
    assert _shapes(entries) == harmless(field), "a text added or changed an entry"
    assert _stored(value) in set(_texts(entries)), "the text is not in the books as it was given"


@pytest.mark.parametrize("field", FIELDS)
def test_usual_text_with_quotes_backslashes_and_letters_of_the_world_is_stored(shop: Shop, field: str) -> None:
    """So that the test above cannot pass by refusing everything."""
    value = 'Größe 3" \\ 例 שלום 😀 {{7*7}} <b>'
    answer = FIELDS[field].fill(shop, value)
    assert answer.code == 0, answer
    assert value in set(_texts(shop.loaded()))


@pytest.fixture(scope="module")
def harmless(stocked: Shop, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[object]]:
    """Say what the entries are when a field holds a harmless text; asked once for every field."""

    @functools.cache
    def shapes(field: str) -> list[object]:
        twin = stocked.copy(tmp_path_factory.mktemp("harmless") / "books")
        answer = FIELDS[field].fill(twin, "harmless")
        assert answer.code == 0, answer
        return _shapes(twin.loaded())

    return shapes


@pytest.mark.parametrize("command", [("reverse", "RC-2026-0001"), ("order", "release", "SO-2026-0005")])
def test_a_bad_reason_is_named_as_the_reason(shop: Shop, command: tuple[str, ...]) -> None:
    shop.did("order", "hold", "SO-2026-0005")
    assert "--reason" in shop.refused(*command, "--reason", "a\nb")


def _shapes(entries: list[Directive]) -> list[object]:
    """Say what the entries are, but for their texts: kind, day, keys, accounts and amounts."""
    return [
        (
            type(entry).__name__,
            entry.date,
            sorted(entry.meta.keys() - {"lineno", "filename"}),
            [(posting.account, posting.units, sorted(posting.meta or {})) for posting in entry.postings],
            entry.tags,
            entry.links,
        )
        if isinstance(entry, Transaction)
        else (type(entry).__name__, entry.date, sorted(entry.meta.keys() - {"lineno", "filename"}))
        for entry in entries
    ]


def _texts(entries: list[Directive]) -> Iterator[str]:
    for entry in entries:
        yield from (value for value in entry.meta.values() if isinstance(value, str))
        if isinstance(entry, Transaction):
            yield from (entry.payee or "", entry.narration or "")
            for posting in entry.postings:
                yield from (value for value in (posting.meta or {}).values() if isinstance(value, str))


def _stored(value: str) -> str:
    """What a gate makes of a text: composed (NFC), line ends of Unix, no space around it; nothing else."""
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()


# ---- texts of master data --------------------------------------------------------------------------------------------


def _customer(value: str) -> str:
    return (
        f"C1: {{name: {_yaml(value)}, address: {{lines: [Street 1], city: Berlin, country: DE}}, terms: net30, "
        "currency: EUR, price_list: eur}\n"
    )


def _address(value: str) -> str:
    return (
        f"C1: {{name: Acme, address: {{lines: [{_yaml(value)}], city: Berlin, country: DE}}, terms: net30, "
        "currency: EUR, price_list: eur}\n"
    )


MASTER = {
    "customer name": ("customers", _customer),
    "address": ("customers", _address),
    "product name": ("products", lambda value: f"P-1: {{name: {_yaml(value)}}}\n"),
    "terms text": ("terms", lambda value: f"net30: {{text: {_yaml(value)}, net_days: 30}}\n"),
}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("field", MASTER)
def test_a_text_of_master_data_is_frozen_as_it_is_or_refused_with_its_line(
    shop: Shop, field: str, payload: str
) -> None:
    file, write = MASTER[field]
    value = PAYLOADS[payload]
    before = _invoiced(shop, file, write("harmless"), "twin")
    assert before[0].code == 0, before[0]
    answer, broken = _invoiced(shop, file, write(value), "hostile")
    if answer.code:
        assert answer.code == 3, answer
        assert f"master/{file}.yaml:1" in answer.err, answer
        assert "Traceback" not in answer.err
        return
    assert _shapes(broken.loaded()) == _shapes(before[1].loaded())
    assert any(_stored(value) in text for text in _texts(broken.loaded()))


def _invoiced(shop: Shop, file: str, text: str, name: str) -> tuple[Answer, Shop]:
    """Put one record into master data, in place of its namesake, and let an order become an invoice with it."""
    twin = shop.copy(shop.root.parent / name)
    path = twin.root / "master" / f"{file}.yaml"
    code = text.split(":", maxsplit=1)[0]
    rest = path.read_text()
    if file == "terms":
        rest = rest.replace("net30:\n  text: Payable within 30 days without deduction\n  net_days: 30\n", "")
    else:
        rest = "".join(line for line in rest.splitlines(keepends=True) if not line.startswith(f"{code}:"))
    path.write_bytes(text.encode("utf-8", "surrogatepass") + rest.encode())
    before = twin.files()
    answer = twin.order("{customer: C1, lines: [{sku: P-1, quantity: 1}], invoicing: order}", "--confirm")
    if answer.code:
        assert twin.files() == before
        return answer, twin
    return twin.run("invoice", "create", "SO-2026-0006"), twin

"""Records that are read when somebody asks for them say what a full load says, and no fault stays unnoticed."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar

import pytest

from o2c import books as door
from o2c import master
from o2c.books.index import master_data
from o2c.books.index import store
from o2c.books.index import sync
from o2c.cli import main
from o2c.errors import BooksBroken
from o2c.errors import NotFound
from o2c.master import on_demand
from o2c.master.on_demand import Records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from o2c.master import Customer
    from o2c.master import Master

T = TypeVar("T")
LEDGER = Path(__file__).parents[2] / "ledger"
NEAR = 50  # so few records are always read one by one
NOTES = (
    "",
    "  notes: 'it''s quoted # no comment'\n",
    '  notes: "C9999: a \\"quoted\\" text\n\n    over lines"\n',
    "  notes: |\n    Folded hands: none.\n\n    # not a comment\n    C0001: no code\n\n",
    "  notes: >-\n    folded\n    text\n",
    "  notes: |+\n    kept\n\n\n",
    "  notes: plain text\n    that goes on\n",
)
BETWEEN = ("", "\n", "\n\n", "# --- C0001: a comment ---\n", "  # indented comment\n", "    \n", "#\n\n")
WORDS = ("Möbel", "Størmer", "Ågård", "株式会社", "O'Neill", "Überseehandel", "Łódź", "Δέλτα")


def customers_file(count: int, seed: int = 7) -> str:
    """Write customers in all the ways that people write YAML."""
    some = random.Random(seed)
    records = ["# Customers\n\n"]
    for number in range(1, count + 1):
        name = f"{some.choice(WORDS)} {number}"
        record = (
            f"  name: {some.choice([name, chr(34) + name + chr(34)])}\n  terms: net30   # as all\n  currency: EUR\n"
        )
        record += some.choice(
            [
                "  address: {lines: [Weg 1], postcode: 01234, city: Köln, country: DE}\n",
                "  address:\n    lines:\n    - Weg 1\n    - Hof 2\n    city: NO\n    country: NO\n",
                '  address: {lines: ["Weg 1"],\n    city: "Bad\n      Ems", country: DE}\n',
            ]
        )
        record += some.choice(NOTES)
        colon = some.choice([":", ": ", ":  # a customer"])
        records.append(f"X{number:04d}{colon}\n{record}{some.choice(BETWEEN)}")
    return "".join(records)


def prices_file(count: int) -> str:
    rows = [
        row
        for number in range(count)
        for row in (
            f"     A{number:03d}: 1{number}.50 # each\n",
            f"     B{number:03d}:\n     - {{price: 2.50}}\n\n     - price: 1.25\n       min_quantity: 5\n",
            f"     # C{number:03d}: none\n     C{number:03d}: '3.125'\n",
        )
    ]
    return (
        "# lists\nfirst: # behind\n\n  prices:   # all of them\n" + "".join(rows) + "  text: C1\n  currency: EUR\n"
        "second:\n      currency: USD\n      text: |\n        prices:\n          A000: 1\n      prices:\n       A000: 7"
    )


def products_file(count: int) -> str:
    return "".join(f"{letter}{n:03d}: {{name: Ware {letter}{n}}}\n" for n in range(count) for letter in "ABC")


def write(root: Path, name: str, text: str) -> None:
    (root / "master" / f"{name}.yaml").write_bytes(text.encode())


def said(customer: Customer) -> tuple[Customer, str]:
    return customer, customer.source


def parts(codes: Iterable[T]) -> Iterator[list[T]]:
    every = list(codes)
    return (every[start : start + NEAR] for start in range(0, len(every), NEAR))


def require_equal(root: Path) -> None:
    """Compare every record, each read alone."""
    full = master.load(root)
    lazy = master.load_on_demand(root)
    assert isinstance(lazy.customers, Records)
    assert on_demand.agrees(lazy, full)
    for some in parts(full.customers):
        lazy = master.load_on_demand(root)
        assert [said(lazy.customer(code)) for code in some] == [said(full.customer(code)) for code in some]
    for some in parts(full.products):
        lazy = master.load_on_demand(root)
        assert [lazy.product(sku) for sku in some] == [full.product(sku) for sku in some]
    for places in parts(full.prices.rows):
        lazy = master.load_on_demand(root)
        assert [lazy.prices.rows[place] for place in places] == [full.prices.rows[place] for place in places]
    assert list(lazy.prices.currencies.items()) == list(full.prices.currencies.items())
    assert master.load_on_demand(root) == full


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_demonstration_company_read_on_demand_equals_a_full_load(root: Path, line_end: str) -> None:
    for path in (root / "master").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", line_end.encode()))

    require_equal(root)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_two_thousand_records_read_one_by_one_equal_a_full_load(root: Path, line_end: str) -> None:
    write(root, "customers", customers_file(2000).rstrip().replace("\n", line_end))
    write(root, "products", products_file(60).replace("\n", line_end))
    write(root, "prices", prices_file(60).replace("\n", line_end))

    require_equal(root)


def test_all_values_of_a_large_file_equal_a_full_load(root: Path) -> None:
    write(root, "customers", customers_file(500))
    full, lazy = master.load(root), master.load_on_demand(root)

    assert list(map(said, lazy.customers.values())) == list(map(said, full.customers.values()))
    assert dict(lazy.customers.items()) == full.customers


def test_codes_are_known_without_reading_a_record(root: Path) -> None:
    write(root, "customers", "GOOD:\n  name: x\nBAD:\n  nome: x\n")
    lazy = master.load_on_demand(root)

    assert (list(lazy.customers), len(lazy.customers)) == (["GOOD", "BAD"], 2)
    assert ("BAD" in lazy.customers, "NONE" in lazy.customers, lazy.customers.get("NONE")) == (True, False, None)
    with pytest.raises(NotFound, match="did you mean GOOD"):
        lazy.customer("GOOT")
    with pytest.raises(KeyError):
        lazy.customers["NONE"]


def test_a_record_is_read_without_reading_the_others_and_a_fault_is_said_with_its_place(root: Path) -> None:
    text = (root / "master" / "customers.yaml").read_text("utf-8")
    write(root, "customers", text.replace("name: Inselmarkt Norderney", "nome: Inselmarkt Norderney"))
    line = text[: text.index("name: Inselmarkt Norderney")].count("\n") + 1
    lazy = master.load_on_demand(root)

    assert lazy.customer("C0001").name == "Alsterlicht Einrichtungen"
    with pytest.raises(BooksBroken) as caught:
        lazy.customer("C0024")
    assert any(fault.startswith(f"master/customers.yaml:{line}:3: ") for fault in caught.value.faults)


@pytest.mark.parametrize("name", ["company", "terms", "taxes", "policies"])
def test_small_files_are_read_at_once(root: Path, name: str) -> None:
    write(root, name, "unknown: [")

    with pytest.raises(BooksBroken, match=rf"master/{name}\.yaml"):
        master.load_on_demand(root)


def test_a_file_that_is_gone_is_a_fault(root: Path) -> None:
    (root / "master" / "products.yaml").unlink()

    with pytest.raises(BooksBroken, match="the file is missing"):
        master.load_on_demand(root)


@pytest.mark.parametrize(
    "text",
    [
        '"C1": {name: A, terms: net30, currency: EUR, address: {country: DE}}\n',
        "{C1: {name: A, terms: net30, currency: EUR, address: {country: DE}}}\n",
        "? C1\n: {name: A, terms: net30, currency: EUR, address: {country: DE}}\n",
        "---\nC1: {name: A, terms: net30, currency: EUR, address: {country: DE}}\n",
        "C1 : {name: A, terms: net30, currency: EUR, address: {country: DE}}\n",
        " {\nC1: {name: A, terms: net30, currency: EUR, address: {country: DE}}\n }",
        "C1: {name: A, terms: net30, currency: EUR, address: {country: DE}\n}\n",
    ],
)
def test_a_file_in_another_form_is_read_in_full(root: Path, text: str) -> None:
    write(root, "customers", text)
    lazy = master.load_on_demand(root)

    assert not isinstance(lazy.customers, Records)
    assert lazy == master.load(root)


def test_a_price_list_in_one_line_is_read_in_full(root: Path) -> None:
    write(root, "products", "A1: {name: Ware}\n")
    write(root, "prices", "standard: {currency: EUR, prices: {A1: 1.50}}\npartner:\n  currency: EUR\n")
    write(root, "customers", "")

    assert master.load_on_demand(root) == master.load(root)
    assert not isinstance(master.load_on_demand(root).prices.rows, Records)


def test_a_file_all_of_which_is_indented_is_split_too(root: Path) -> None:
    write(root, "products", "  # goods\n  A1:\n    name: Ware\n  A2: {name: Ding}\n")
    write(root, "prices", "")
    write(root, "customers", "")

    assert list(master.load_on_demand(root).products) == ["A1", "A2"]
    assert master.load_on_demand(root) == master.load(root)


def test_a_quoted_text_that_looks_like_a_record_is_found_out(root: Path) -> None:
    record = "terms: net30\n  currency: EUR\n  address: {country: DE}\n"
    write(root, "customers", f'C1:\n  name: "A\nC2: B"\n  {record}C3:\n  name: C\n  {record}')
    full = master.load(root)

    assert list(full.customers) == ["C1", "C3"]
    assert not on_demand.agrees(master.load_on_demand(root), full)


def test_the_company_is_read_alone(root: Path) -> None:
    write(root, "customers", "C1: [")

    assert master.load_company(root) == master.load(LEDGER).company
    write(root, "company", "name: A\n")
    with pytest.raises(BooksBroken, match="company has no `country`"):
        master.load_company(root)


# ---- through the index --------------------------------------------------------------------------------------------


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demonstration books; files are believed as soon as they are written."""
    monkeypatch.setattr(sync, "RACY_NS", 0)
    shutil.copytree(LEDGER, tmp_path / "ledger")
    return tmp_path / "ledger"


def read(root: Path) -> Master:
    return door.opened(root).master


def is_lazy(found: Master) -> bool:
    return isinstance(found.customers, Records)


def change(root: Path, name: str, old: str, new: str) -> None:
    text = (root / "master" / f"{name}.yaml").read_text("utf-8")
    assert old in text
    write(root, name, text.replace(old, new, 1))


def believe(root: Path) -> None:
    """Make the index believe that the files as they are were found clean."""
    connection = sync.opened(root)
    connection.execute("insert or replace into about values ('master', ?)", (master_data.look(root).digest,))


def test_the_second_command_reads_on_demand_what_the_first_found_clean(books: Path) -> None:
    first, second = read(books), read(books)

    assert (is_lazy(first), is_lazy(second)) == (False, True)
    assert first == second


def test_a_change_of_any_file_is_read_in_full_once(books: Path) -> None:
    read(books)
    change(books, "customers", "name: Alsterlicht Einrichtungen", "name: Alsterlicht")

    changed = read(books)

    assert (is_lazy(changed), changed.customer("C0001").name) == (False, "Alsterlicht")
    assert (is_lazy(read(books)), read(books).customer("C0001").name) == (True, "Alsterlicht")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("customers", "status: blocked", "status: stopped"),
        ("terms", "net30:", "net31:"),
        ("prices", "NL-1002: 54.90", "NL-1002: -54.90"),
    ],
)
def test_a_new_fault_in_a_record_that_nobody_asks_for_stops_the_next_command(
    books: Path, name: str, old: str, new: str
) -> None:
    read(books)
    change(books, name, old, new)

    for _ in range(2):
        with pytest.raises(BooksBroken):
            read(books)


def test_a_misspelled_file_beside_clean_ones_is_refused(books: Path) -> None:
    read(books)
    (books / "master" / "customer.yaml").write_text("C9: {}\n")

    with pytest.raises(BooksBroken, match="this file is not read"):
        read(books)


def test_other_tools_prove_the_files_again(books: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(books)
    opened = door.opened(books)
    monkeypatch.setattr(store, "stamp_of_tools", lambda: "newer")

    assert not is_lazy(opened.master)


def test_files_touched_a_moment_ago_are_not_believed(books: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "RACY_NS", 3_600_000_000_000)

    assert [is_lazy(read(books)), is_lazy(read(books))] == [False, False]


def test_a_change_while_the_files_are_read_is_not_passed_over(books: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(books)
    reading = master.load_on_demand

    def meanwhile(root: Path) -> Master:
        monkeypatch.undo()
        found = reading(root)
        change(root, "customers", "name: Alsterlicht Einrichtungen", "name: Alsterlicht")
        return found

    monkeypatch.setattr(master, "load_on_demand", meanwhile)

    assert read(books).customer("C0001").name == "Alsterlicht"


def test_files_that_are_split_in_wrong_places_are_always_read_in_full(books: Path) -> None:
    change(books, "customers", "C0001:\n  name: Alsterlicht Einrichtungen", 'C0001:\n  name: "Alsterlicht\nC1: Licht"')

    assert [is_lazy(read(books)), is_lazy(read(books))] == [False, False]
    assert read(books).customer("C0001").name == "Alsterlicht C1: Licht"


def test_check_reads_everything_whatever_the_index_remembers(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(books, "customers", "name: Inselmarkt Norderney", "nome: Inselmarkt Norderney")
    believe(books)
    assert read(books).customer("C0001").name == "Alsterlicht Einrichtungen"  # the fault is not met on this way

    with pytest.raises(SystemExit) as end:
        main(["--books", str(books), "check", "master"])

    said_there = capsys.readouterr()
    assert end.value.code != 0
    assert "no field `nome`" in said_there.out + said_there.err

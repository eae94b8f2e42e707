"""The close pack of a small shop: refused until the month is sealed, the same bytes each time, nothing a formula."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pypdf
import pytest
import python_calamine

from o2c import books
from o2c.closing.pack import Asked
from o2c.closing.pack import make
from o2c.closing.pack import put
from o2c.closing.pack.books_then import books_then
from o2c.closing.pack.printed import MOST_ROWS
from o2c.closing.pack.printed import printed
from o2c.closing.pack.sections import Section
from o2c.errors import BooksBroken
from o2c.errors import Refused
from o2c.model.facts import Facts
from o2c.model.periods import period
from o2c.reports.table import Column
from o2c.reports.table import Table
from o2c.reports.table import totals

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.reports.table import Row
    from tests.closing.conftest import ClosingShop

MARCH = Asked(period("2026-03"), date(2026, 4, 2), "2026-03", size=3)
DRAFT = MARCH._replace(draft=True)
HOSTILE = '=HYPERLINK("http://x") <b>&amp; {{ 7*7 }} @import'


def pack(shop: ClosingShop, asked: Asked = MARCH) -> dict[str, bytes]:
    return make(books.load(shop.root), asked)


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    made = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: made.get_sheet_by_name(name).to_python() for name in made.sheet_names}


def rows(sheet: list[list[object]]) -> list[dict[str, object]]:
    head = [str(cell) for cell in sheet[2]]
    return [dict(zip(head, row, strict=False)) for row in sheet[3:] if row and row[0] not in {"", "total"}]


def rename(shop: ClosingShop, name: str) -> None:
    file = shop.root / "master/customers.yaml"
    quoted = "'" + name.replace("'", "''") + "'"
    file.write_text(file.read_text().replace("name: Acme", f"name: {quoted}", 1))


def test_a_month_that_is_not_sealed_has_only_a_draft_and_every_page_says_so(shop: ClosingShop) -> None:
    with pytest.raises(Refused, match=r"2026-03 is not sealed, .*--draft"):
        pack(shop)
    made = pack(shop, DRAFT)
    assert all("DRAFT" in page for page in pages(made["pack.pdf"]))
    assert all("DRAFT" in page for page in pages(made["letters/C1.pdf"]))
    assert b"Draft" in made["index.html"]
    assert all("DRAFT" in str(sheet[1][0]) for sheet in sheets(made["pack.xlsx"]).values())


def test_a_month_that_is_not_over_has_no_pack(shop: ClosingShop) -> None:
    with pytest.raises(Refused, match="is not over on 2026-03-31"):
        pack(shop, DRAFT._replace(day=date(2026, 3, 31)))


def test_a_sealed_month_has_its_figures_its_seal_and_the_calls_that_prove_it(shop: ClosingShop) -> None:
    seal = shop.seal("2026-03")
    made = pack(shop)
    said = " ".join(pages(made["pack.pdf"]))
    assert "DRAFT" not in said
    packed = said.replace(" ", "")
    assert f"python verify_seal.py main.beancount --expect {seal}".replace(" ", "") in packed
    assert f"o2c close verify 2026-03 --expect {seal}".replace(" ", "") in packed
    assert "every entry is as it was sealed" in said
    (forward,) = rows(sheets(made["pack.xlsx"])["Roll-forward"])
    assert (forward["customer"], forward["invoices"], forward["closing"]) == ("C1", 238.0, 238.0)
    (agreed,) = rows(sheets(made["pack.xlsx"])["Agreement"])
    assert (agreed["control_accounts"], agreed["open_items"], agreed["aging"], agreed["roll_forward"]) == (238.0,) * 4
    assert agreed["difference"] == 0


def test_every_source_names_the_line_where_the_document_stands(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    made = sheets(pack(shop)["pack.xlsx"])
    for sheet, column in (("Open items", "item"), ("Movements", "document"), ("Chains", "subject"), ("Sample", "item")):
        found = rows(made[sheet])
        assert found
        for row in found:
            file, _, line = str(row["source"]).rpartition(":")
            text = (shop.root / file).read_text().splitlines()[int(line) - 1 : int(line) + 12]
            assert any(str(row[column]) in one for one in text), row


def test_the_chain_leads_from_order_to_invoice(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    made = rows(sheets(pack(shop)["pack.xlsx"])["Chains"])
    first = [row["what"] for row in made if row["no"] == 1]
    assert first == ["order", "order-confirmed", "delivery", "invoice"]


def test_the_same_books_and_day_give_the_same_bytes_wherever_they_lie(shop: ClosingShop, tmp_path: Path) -> None:
    shop.seal("2026-03")
    assert pack(shop) == pack(shop.copy_to(tmp_path / "elsewhere" / "books"))


def test_another_seed_is_named_and_only_the_sample_and_its_letters_follow_it(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    one, other = (sheets(pack(shop, MARCH._replace(seed=seed))["pack.xlsx"]) for seed in ("a", "b"))
    assert {name for name in one if one[name] != other[name]} <= {
        "Contents",
        "Sample",
        "Chains",
        "Confirmation letters",
    }
    assert one["Sample"] != other["Sample"]


def test_an_item_by_hand_is_in_the_sample_with_itself_as_its_chain(shop: ClosingShop) -> None:
    hand = shop.root / "manual/by-hand.beancount"
    hand.write_text(
        '2026-03-05 * "Hand" "Old"\n  Assets:AR:C1  50000.00 EUR\n    item: "OLD-1"\n  Equity:Opening-Balances\n'
    )
    made = sheets(pack(shop, DRAFT)["pack.xlsx"])
    assert [row["what"] for row in rows(made["Chains"]) if row["item"] == "OLD-1"] == ["by hand"]
    assert rows(made["Chains"])[-1]["source"] == "manual/by-hand.beancount:1"
    assert "by hand" in [row["what"] for row in rows(made["Audit trail"])]


def test_a_later_pack_has_the_same_tables_but_for_the_subsequent_receipts(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    before = sheets(pack(shop)["pack.xlsx"])
    shop.today = "2026-05-04"
    shop.did("receipt", "C1", "119.00 EUR", "--apply", "INV-2026-0001", "--date", "2026-04-20")
    shop.did("write-off", "INV-2026-0002", "19.00 EUR", "--reason", "bad-debt", "--date", "2026-04-21")
    after = sheets(pack(shop, MARCH._replace(day=date(2026, 5, 4)))["pack.xlsx"])
    assert set(before) == set(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"Contents", "Subsequent receipts"}  # the contents name the day
    paid = {row["item"]: (row["received"], row["written_off"]) for row in rows(after["Subsequent receipts"])}
    assert paid == {"INV-2026-0001": (-119.0, 0.0), "INV-2026-0002": (0.0, -19.0)}


def test_what_was_changed_after_the_seal_stops_the_pack(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    journal = shop.root / "journal/2026-03.beancount"
    journal.write_text(journal.read_text().replace("Invoice INV-2026-0001", "Invoice INV-2026-0001 changed", 1))
    with pytest.raises(BooksBroken, match="2026-03"):
        pack(shop)


def test_hostile_names_stay_texts_in_every_file(shop: ClosingShop) -> None:
    rename(shop, HOSTILE)
    shop.seal("2026-03")
    made = pack(shop)
    assert HOSTILE in " ".join(pages(made["pack.pdf"]))
    assert HOSTILE in " ".join(pages(made["letters/C1.pdf"]))
    book = sheets(made["pack.xlsx"])
    assert rows(book["Roll-forward"])[0]["name"] == HOSTILE
    assert rows(book["Sample"])[0]["name"] == HOSTILE


def test_a_letter_shows_the_balance_of_the_last_day_in_the_language_of_the_customer(shop: ClosingShop) -> None:
    file = shop.root / "master/customers.yaml"
    file.write_text(file.read_text().replace("C1: {name: Acme,", "C1: {name: Acme, language: de,", 1))
    shop.seal("2026-03")
    (page,) = pages(pack(shop, MARCH._replace(auditor="Meier, PO box 12"))["letters/C1.pdf"])
    for said in ("Saldenbestätigung", "238,00 EUR", "31. März 2026", "INV-2026-0002", "Meier, PO box 12"):
        assert said in page


def test_letters_go_to_the_highest_balances_and_to_the_sample(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    assert "letters/C1.pdf" not in pack(shop, MARCH._replace(letters=0, size=0))
    listed = rows(sheets(pack(shop, MARCH._replace(letters=0))["pack.xlsx"])["Confirmation letters"])
    assert [(row["customer"], row["chosen"]) for row in listed] == [("C1", "sample")]


def test_invoices_of_the_month_can_be_sampled_instead(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    made = rows(sheets(pack(shop, MARCH._replace(population="invoices"))["pack.xlsx"])["Sample"])
    assert {row["item"] for row in made} == {"INV-2026-0001", "INV-2026-0002"}
    assert sum(Decimal(str(row["book_value"])) for row in made) == Decimal(238)


def test_the_index_names_every_file_with_its_hash(shop: ClosingShop) -> None:
    made = pack(shop, DRAFT)
    index = made["index.html"].decode()
    for name, content in made.items():
        if name != "index.html":
            assert f'href="{name}"' in index
            assert hashlib.sha256(content).hexdigest() in index


# ---- the folder ------------------------------------------------------------------------------------------------------


def test_a_folder_is_written_whole_once_and_never_over_anything(tmp_path: Path) -> None:
    files = {"index.html": b"1", "letters/C1.pdf": b"2"}
    target = tmp_path / "deep" / "pack"
    assert put(target, files) is True
    assert (target / "letters/C1.pdf").read_bytes() == b"2"
    assert put(target, files) is False
    with pytest.raises(Refused, match="something else lies here already"):
        put(target, {**files, "index.html": b"3"})
    assert sorted(path.name for path in target.parent.iterdir()) == ["pack"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match="this is a file"):
        put(tmp_path / "file", files)


# ---- print -----------------------------------------------------------------------------------------------------------


def test_a_long_table_is_cut_in_print_and_says_how_much_is_left_while_totals_stay() -> None:
    columns = (Column("currency", "code"), Column("open", "money"), Column("why", "text"))
    made = tuple({"currency": "EUR", "open": Decimal("1.00"), "why": ""} for _ in range(MOST_ROWS + 7))
    table = Table("long", "Long", None, "", columns, made, totals(made, "open"))
    shown = printed(Section("Long", "", "", table))
    assert (len(shown.rows), shown.more) == (MOST_ROWS, 7)
    assert shown.others == (("EUR, 7 others", "7.00"),)
    assert shown.totals == (("EUR", f"{MOST_ROWS + 7}.00"),)
    assert [heading.label for heading in shown.headings] == ["currency", "open"]


def test_the_largest_rows_of_a_long_table_are_printed_and_add_up_with_the_others() -> None:
    columns = (Column("item", "code"), Column("currency", "code"), Column("open", "money"))
    made: tuple[Row, ...] = tuple(
        {"item": f"I{n}", "currency": ("EUR", "USD")[n % 2], "open": Decimal((-1) ** n * n)} for n in range(1000)
    )
    table = Table("long", "Long", None, "", columns, made, totals(made, "open"))
    shown = printed(Section("Long", "", "", table))
    assert [row[0] for row in shown.rows] == [f"I{n}" for n in range(1000 - MOST_ROWS, 1000)]
    for _, currency, total in shown.totals:
        parts = [_number(row[2]) for row in (*shown.rows, *shown.others) if row[1] == currency]
        assert sum(parts) == _number(total)


def test_a_long_table_without_sums_prints_its_first_rows() -> None:
    made = tuple({"what": f"W{n}"} for n in range(MOST_ROWS + 1))
    shown = printed(Section("Long", "", "", Table("long", "Long", None, "", (Column("what", "code"),), made)))
    assert ([row[0] for row in shown.rows][-1], shown.others, shown.more) == (f"W{MOST_ROWS - 1}", (), 1)


def test_books_of_the_month_have_the_facts_that_a_reading_of_their_entries_gives(shop: ClosingShop) -> None:
    loaded = books.load(shop.root)
    for last in sorted({entry.date for entry in loaded.booked}):
        cut, anew = books_then(loaded, last).facts, Facts([entry for entry in loaded.booked if entry.date <= last])
        assert vars(cut) == vars(anew)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_a_sample_far_larger_than_its_population_lists_few_hits_of_each_item(shop: ClosingShop) -> None:
    size = 10_000
    sample = rows(sheets(pack(shop, DRAFT._replace(size=size))["pack.xlsx"])["Sample"])
    said = [str(row["hits"]) for row in sample]
    assert max(map(len, said)) < 100
    assert sum(int(hits.rpartition("(")[2].removesuffix(" hits)")) for hits in said) == size
    first, _, rest = said[0].partition(", ")
    assert float(str(sample[0]["first_cent"])) <= int(first)
    assert int(rest.partition(" to ")[2].partition(" ")[0]) <= float(str(sample[0]["last_cent"]))

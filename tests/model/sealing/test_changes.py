"""Every change of a fact in a sealed month is found: by verify, the plugin, and docs/verify_seal.py (F33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.model.sealing.sealed_books import FILES

if TYPE_CHECKING:
    from tests.model.sealing.sealed_books import Sealed

ACCOUNTS, JANUARY, FEBRUARY = "accounts.beancount", "journal/2026-01.beancount", "journal/2026-02.beancount"
#: File, what stood there, what stands there now: each field of each type of entry.
CHANGES = [
    # open: date, account, currencies, booking
    (ACCOUNTS, "2026-01-01 open Assets:Old", "2025-12-31 open Assets:Old"),
    (ACCOUNTS, "open Equity:Opening", "open Equity:Start"),
    (ACCOUNTS, "EUR,USD", "EUR,GBP"),
    (ACCOUNTS, "EUR,USD", "EUR"),
    (ACCOUNTS, '"STRICT"', '"FIFO"'),
    (ACCOUNTS, ' "STRICT"', ""),
    # close: date, account
    (ACCOUNTS, "2026-01-20 close", "2026-01-21 close"),
    (ACCOUNTS, "close Assets:Old", "close Assets:Stock"),
    # commodity: date, currency, metadata
    (ACCOUNTS, "2026-01-01 commodity", "2026-01-02 commodity"),
    (ACCOUNTS, "commodity EUR", "commodity USD"),
    (ACCOUNTS, '"Euro"', '"euro"'),
    # pad: date, both accounts
    (ACCOUNTS, "2026-01-01 pad", "2025-12-31 pad"),
    (ACCOUNTS, "pad Assets:Bank Equity:Opening", "pad Assets:Old Equity:Opening"),
    (ACCOUNTS, "pad Assets:Bank Equity:Opening", "pad Assets:Bank Equity:Start"),
    # balance: date, account, number, currency, tolerance
    (ACCOUNTS, "2026-01-02 balance", "2026-01-03 balance"),
    (ACCOUNTS, "balance Assets:Bank", "balance Assets:Stock"),
    (ACCOUNTS, "1000.00", "1000.01"),
    (ACCOUNTS, "0.01 EUR", "0.01 USD"),
    (ACCOUNTS, "~ 0.01", "~ 0.02"),
    (ACCOUNTS, " ~ 0.01", ""),
    # note: date, account, comment, tag, link, metadata
    (JANUARY, "2026-01-05 note", "2026-01-06 note"),
    (JANUARY, "note Assets:AR:C1", "note Assets:Bank"),
    (JANUARY, "called", "called back"),
    (JANUARY, "#remark", "#promise"),
    (JANUARY, "#remark ^INV-2026-0001", "#remark ^INV-2026-0002"),
    (JANUARY, 'subject: "C1"', 'subject: "C2"'),
    # event: date, type, description
    (JANUARY, "2026-01-06 event", "2026-01-05 event"),
    (JANUARY, '"location"', '"place"'),
    (JANUARY, "Bremen", "Kiel"),
    # query: date, name, text
    (JANUARY, "2026-01-07 query", "2026-01-06 query"),
    (JANUARY, '"banks"', '"bank"'),
    (JANUARY, "SELECT account", "SELECT date"),
    # price: date, currency, number, its currency
    (JANUARY, "2026-01-08 price", "2026-01-09 price"),
    (JANUARY, "price USD", "price GBP"),
    (JANUARY, "0.92", "0.93"),
    (JANUARY, "0.92 EUR", "0.92 CHF"),
    # document: date, account, path, tag, link
    (JANUARY, "2026-01-09 document", "2026-01-08 document"),
    (JANUARY, "document Assets:Bank", "document Assets:Stock"),
    (JANUARY, "2026-01.pdf", "2026-02.pdf"),
    (JANUARY, "#scan", "#paper"),
    (JANUARY, "^ST-1", "^ST-2"),
    # custom: date, type, each kind of value, metadata
    (JANUARY, '2026-01-10 custom "card-limit"', '2026-01-11 custom "card-limit"'),
    (JANUARY, '"card-limit" "C1"', '"bank-limit" "C1"'),
    (JANUARY, "500.00 EUR", "500.00 USD"),
    (JANUARY, "500.00", "5000.00"),
    (JANUARY, '"mixed" "C1"', '"mixed" "C2"'),
    (JANUARY, '"mixed" "C1" Assets:Bank', '"mixed" "C1" "Assets:Bank"'),
    (JANUARY, " 3 TRUE", " 4 TRUE"),
    (JANUARY, " 3 TRUE", ' "3" TRUE'),
    (JANUARY, "TRUE", "FALSE"),
    (JANUARY, "2026-01-03 5.00", "2026-01-04 5.00"),
    (JANUARY, " 5.00 EUR\n\n2026-01-12", "\n\n2026-01-12"),
    (JANUARY, '  customer: "C1"\n\n', "\n"),
    # transaction: date, flag, payee, narration, the border between them, tag, links
    (JANUARY, "2026-01-12 *", "2026-01-13 *"),
    (JANUARY, "2026-01-12 *", "2026-01-12 !"),
    (JANUARY, '"Acme"', '"Acme Ltd"'),
    (JANUARY, '"Acme" "Invoice"', '"AcmeInvoice"'),
    (JANUARY, '"Acme" "Invoice"', '"Acme I" "nvoice"'),
    (JANUARY, '"Shares"', '"" "Shares"'),
    (JANUARY, '"Invoice"', '"invoice"'),
    (JANUARY, "#invoice", "#Invoice"),
    (JANUARY, "#invoice", "#invoice #sent"),
    (JANUARY, " #invoice", ""),
    (JANUARY, "^SO-1", "^SO-2"),
    # metadata: key, value, type of value, added, removed
    (JANUARY, '"INV-2026-0001"\n  customer', '"INV-2026-0002"\n  customer'),
    (JANUARY, 'doc-type: "invoice"', 'doc-type: "fee"'),
    (JANUARY, "due: 2026-02-11", "due: 2026-02-12"),
    (JANUARY, "due: 2026-02-11", 'due: "2026-02-11"'),
    (JANUARY, "due: 2026-02-11", "until: 2026-02-11"),
    (JANUARY, "count: 3", "count: 4"),
    (JANUARY, "count: 3", 'count: "3"'),
    (JANUARY, "count: 3", "count:"),
    (JANUARY, "gross: 119.00 EUR", "gross: 119.00 USD"),
    (JANUARY, "gross: 119.00 EUR", "gross: 118.00 EUR"),
    (JANUARY, "paid: FALSE", "paid: TRUE"),
    (JANUARY, "  paid: FALSE\n", ""),
    (JANUARY, "  paid: FALSE\n", "  paid: FALSE\n  more: 1\n"),
    # posting: account, number, currency, flag, metadata, added, removed
    (JANUARY, "Assets:AR:C1   119.00", "Assets:Bank   119.00"),
    (JANUARY, "-100.00 EUR\n", "-99.00 EUR\n"),
    (JANUARY, "-19.00 EUR", "-19.00 USD"),
    (JANUARY, "! Income", "Income"),
    (JANUARY, 'tax-code: "19"', 'tax-code: "7"'),
    (JANUARY, 'tax-code: "19"', "tax-code: 19"),
    (JANUARY, '    tax-code: "19"\n', ""),
    (JANUARY, "  ! Income:Sales  -19.00 EUR\n", ""),
    (JANUARY, "-19.00 EUR\n", "-10.00 EUR\n  ! Income:Sales  -9.00 EUR\n"),
    # cost: number, currency, date, label; price
    (JANUARY, "{50.00 EUR", "{51.00 EUR"),
    (JANUARY, "{50.00 EUR", "{50.00 USD"),
    (JANUARY, "2026-01-14,", "2026-01-13,"),
    (JANUARY, '"lot"', '"Lot"'),
    (JANUARY, "@ 51.00 EUR", "@ 52.00 EUR"),
    (JANUARY, "@ 51.00 EUR", "@ 51.00 USD"),
    (JANUARY, " @ 51.00 EUR", ""),
    (JANUARY, "10 ACME", "11 ACME"),
    (JANUARY, "10 ACME", "10 ACMES"),
    # a twin changed, and the second month
    (JANUARY, "5.00 EUR\n  Income:Sales\n\n", "6.00 EUR\n  Income:Sales\n\n"),
    (FEBRUARY, '"RC-2026-0001"', '"RC-2026-0002"'),
    (FEBRUARY, "119.00 EUR", "120.00 EUR"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new"), CHANGES)
def test_every_change_of_a_fact_is_found_by_all_three(sealed: Sealed, file: str, old: str, new: str) -> None:
    sealed.change(file, old, new)
    assert sealed.verdicts() == (False, False, False)


def test_untouched_books_are_as_they_were_sealed(sealed: Sealed) -> None:
    assert sealed.verdicts() == (True, True, True)


def _blocks() -> list[tuple[str, str]]:
    return [
        (file, block)
        for file in (ACCOUNTS, JANUARY, FEBRUARY)
        for block in (FILES[file].splitlines(keepends=True) if file == ACCOUNTS else FILES[file].split("\n\n"))
        if block[0] != " "
    ]


@pytest.mark.parametrize(("file", "block"), _blocks())
def test_every_removed_entry_is_found_by_all_three(sealed: Sealed, file: str, block: str) -> None:
    sealed.change(file, block, "\n")
    assert sealed.verdicts() == (False, False, False)


@pytest.mark.parametrize(("file", "block"), _blocks())
def test_every_doubled_entry_is_found_by_all_three(sealed: Sealed, file: str, block: str) -> None:
    # Entries of an included file are believed where its bytes are; so the copy goes into a new file, too.
    (sealed.root / "journal/again.beancount").write_text(f"{block}\n")
    assert sealed.verdicts() == (False, False, False)


def test_the_entry_and_what_changed_in_it_are_named(sealed: Sealed) -> None:
    sealed.change(JANUARY, "due: 2026-02-11", "due: 2026-02-12")
    (finding,) = sealed.findings()
    assert finding.source == (str(sealed.root / JANUARY), 18)
    assert finding.message.startswith("INV-2026-0001 of 2026-01-12 was changed (metadata) after meral sealed 2026-01")


@pytest.mark.parametrize(
    ("old", "new", "groups"),
    [
        ("2026-01-12 *", "2026-01-13 *", "date"),
        ('"Acme" "Invoice"', '"Acme" "invoice"', "words"),
        ("^SO-1", "^SO-2", "tags or links"),
        ("count: 3", "count: 4", "metadata"),
        ("-100.00 EUR", "-101.00 EUR", "accounts or amounts"),
        ('tax-code: "19"', 'tax-code: "7"', "metadata of postings"),
    ],
)
def test_the_group_of_fields_is_named(sealed: Sealed, old: str, new: str, groups: str) -> None:
    sealed.change(JANUARY, old, new)
    (finding,) = sealed.findings()
    assert f"INV-2026-0001 of 2026-01-12 was changed ({groups}) after" in finding.message


def test_a_date_that_was_moved_out_of_the_month_is_named_at_its_entry(sealed: Sealed) -> None:
    sealed.change(JANUARY, "2026-01-12 *", "2026-03-12 *")
    (finding,) = sealed.findings()
    assert finding.source.line == 18
    assert "INV-2026-0001 of 2026-01-12 was changed (date)" in finding.message


def test_a_removed_entry_is_named_at_the_close_with_the_place_where_it_stood(sealed: Sealed) -> None:
    sealed.change(FEBRUARY, FILES[FEBRUARY], "")
    (finding,) = sealed.findings()
    assert "RC-2026-0001 of 2026-02-10 is gone: it stood at journal/2026-02.beancount:1 when" in finding.message
    assert finding.source.file.endswith("2026-03.beancount")


def test_an_entry_that_is_dated_in_a_sealed_month_later_is_named_at_its_line(sealed: Sealed) -> None:
    sealed.append("journal/2026-03.beancount", '\n2026-01-31 event "location" "Rome"\n')
    (finding,) = sealed.findings()
    (error,) = sealed.plugin()
    assert "event location Rome is dated 2026-01-31, but meral sealed 2026-01 on 2026-03-05" in finding.message
    assert (error.source["lineno"], error.message) == (finding.source.line, finding.message)


def test_of_twins_the_one_that_was_added_is_named(sealed: Sealed) -> None:
    twin = FILES[JANUARY][FILES[JANUARY].rindex("2026-01-16") :]
    sealed.change(JANUARY, "; January\n", f"; January\n{twin}\n")
    # All lines moved, so any of the three may be called new; exactly one is.
    (finding,) = sealed.findings()
    assert "Twin is dated 2026-01-16" in finding.message


def test_the_three_doors_name_the_same_entries(sealed: Sealed) -> None:
    sealed.change(JANUARY, "count: 3", "count: 4")
    sealed.change(FEBRUARY, "119.00 EUR", "120.00 EUR")
    places = {f"{finding.source}" for finding in sealed.findings()}
    assert places == {f"{error.source['filename']}:{error.source['lineno']}" for error in sealed.plugin()}
    assert places == {line.split(": ")[1] for line in sealed.outside() if "was not sealed so" in line}

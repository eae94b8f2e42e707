"""March closed by days: ordered, delivered, invoiced, paid, valued, proved, sealed; and April goes on undisturbed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import books
from o2c.closing import checklist

if TYPE_CHECKING:
    from tests.scenarios.books import Story

ALLOWANCE = """\
allowance:
  least_items: 1000
  rates: {current: 0.5, d1_30: 1.6, d31_60: 3.6, d61_90: 6.6, d91_plus: 10.6}
reasons:"""
RATES = """\
2010-01-01 price USD  0.90 EUR
2026-03-31 price USD  0.92 EUR
2026-04-08 price USD  0.93 EUR
2026-04-20 price USD  0.89 EUR
"""
BANK = "2026-04-01 balance Assets:Bank:Main  284.89 EUR\n"


@pytest.fixture
def march(story: Story) -> Story:
    """March with everything that a close has to look at: the second of April, nothing closed yet."""
    story.change("policies", "reasons:", ALLOWANCE)
    (story.root / "manual" / "prices.beancount").write_text(RATES)
    home = story.on("2026-03-02").order("LAMP 10", "TEA 4")
    story.on("2026-03-04")("deliver", home, "--line", "1=6")
    story.on("2026-03-05")("invoice", "create", home)
    story.on("2026-03-09").order("FREE 1 1000.00", customer="DOLLAR", currency="USD")
    story.on("2026-03-10")("deliver", "SO-2026-0002")
    story("invoice", "create", "SO-2026-0002")
    story.on("2026-03-20")("receipt", "HOME", "284.89 EUR", "--apply", "INV-2026-0001")
    story.on("2026-03-30")("deliver", home, "--line", "1=3")
    return story.on("2026-04-02")


def states(story: Story) -> dict[str, str]:
    return {result.name: result.state for result in checklist.run(books.load(story.root), "2026-03")}


def red(story: Story) -> set[str]:
    return {name for name, state in states(story).items() if state == "red"}


def propose_and_post(story: Story) -> None:
    for number in ("PR-2026-0001", "PR-2026-0002", "PR-2026-0003"):
        story("proposal", "accept", number)
        story("proposal", "post", number)


def test_a_month_is_closed_from_the_first_order_to_the_seal(march: Story) -> None:
    assert red(march) == {"bank-proof", "delivered-not-invoiced", "revaluation", "allowance"}
    code, out, _ = march.run("close", "check", "2026-03")
    assert code == 1
    assert "RED        bank-proof" in out
    assert "was not sealed: 4 checks are red" in march.refused("close", "seal", "2026-03")

    said = march("close", "propose", "2026-03")
    assert "HOME: 119.70 EUR of revenue delivered and not invoiced, taken back on 2026-04-01" in said
    assert "DOLLAR USD: unrealised gain of 20.00 EUR, taken back on 2026-04-01" in said
    assert "all: allowance raised by 4.60 EUR from 0.00 EUR to 4.60 EUR" in said
    assert march("close", "propose", "2026-03") == said, "the same again is the same proposals"
    assert "proposals" in red(march), "they are left over until they are posted or rejected"

    propose_and_post(march)
    (march.root / "manual" / "bank.beancount").write_text(BANK)
    assert red(march) == set()
    assert "nothing to do" in march("close", "propose", "2026-03")

    march("close", "seal", "2026-03", "--why", "March is complete")
    march("close", "verify")
    assert "2026-03 is closed" in march.refused("close", "propose", "2026-03")
    assert march.balances()["Assets:Allowance"] == "-4.60"


def test_what_was_accrued_and_revalued_is_gone_in_april_and_counts_once(march: Story) -> None:
    march("close", "propose", "2026-03")
    propose_and_post(march)
    loaded = march.balances()
    assert "Assets:Accrued-Revenue" not in loaded
    assert "Income:FX:Unrealised" not in loaded

    march.on("2026-04-03")("invoice", "create", "SO-2026-0001")
    march.on("2026-04-08")("receipt", "DOLLAR", "600.00 USD", "--apply", "INV-2026-0002")
    assert march.balances()["Income:FX:Realised"] == "-18.00"
    march.on("2026-04-20")("receipt", "DOLLAR", "400.00 USD", "--apply", "INV-2026-0002")
    assert march.balances()["Income:FX:Realised"] == "-14.00"
    assert march.open("DOLLAR") == {}
    assert march.balances()["Income:Sales"] == "-1259.10", "six and three lamps, and 1000 USD at 0.90, each once"


def test_a_red_check_is_signed_off_with_a_reason_until_what_was_signed_changes(march: Story) -> None:
    code, out, _ = march.run("close", "check", "2026-03", "--only", "bank-proof")
    assert code == 1
    assert "add `2026-04-01 balance Assets:Bank:Main 284.89 EUR`" in out
    assert "--why TEXT" in march.refused("close", "sign-off", "2026-03", "bank-proof", code=2)
    march("close", "sign-off", "2026-03", "bank-proof", "--why", "The statement comes on the 5th")
    out = march("close", "check", "2026-03", "--only", "bank-proof")
    assert "signed-off bank-proof" in out
    assert "anna: The statement comes on the 5th" in out
    assert "nothing to do" in march(
        "close", "sign-off", "2026-03", "bank-proof", "--why", "The statement comes on the 5th"
    )
    assert "is green" in march.refused("close", "sign-off", "2026-03", "vat", "--why", "because")

    march("receipt", "HOME", "10.00 EUR", "--date", "2026-03-31")
    code, out, _ = march.run("close", "check", "2026-03", "--only", "bank-proof")
    assert code == 1
    assert "the sign-off by anna of 2026-04-02 is void: what it signed has changed since" in out


def test_what_only_a_repair_mends_cannot_be_signed_off(march: Story) -> None:
    (march.root / "journal" / "2026-03.beancount.tmp").write_text("left by an editor")
    assert "books-clean" in red(march)
    said = march.refused("close", "sign-off", "2026-03", "books-clean", "--why", "never mind")
    assert "cannot be signed off" in said


def test_an_item_assessed_by_itself_changes_the_allowance(march: Story) -> None:
    march("close", "assess", "INV-2026-0002", "800.00 USD", "--why", "Insolvent", "--date", "2026-03-31")
    code, out, _ = march.run("close", "check", "2026-03", "--only", "allowance")
    assert code == 1
    assert "all specific-0001  INV-2026-0002: assessed by itself, 736.00 EUR" in out
    assert "--why" in march.refused("close", "assess", "INV-2026-0002", "general", code=2)


def test_each_check_is_a_row_with_its_evidence_in_the_other_formats(march: Story) -> None:
    code, out, _ = march.run("close", "check", "2026-03", "--only", "delivered-not-invoiced", "--format", "csv")
    assert code == 1
    assert out.splitlines()[0] == "check,state,what,said,by,why,file,line"
    assert out.splitlines()[2].startswith(
        'delivered-not-invoiced,red,SO-2026-0001 line 1,"to accrue 119.70 EUR, posted 0.00 EUR",,,'
    )


def test_a_dry_run_prints_the_entries_and_writes_nothing(march: Story) -> None:
    before = march.bytes()
    out = march("close", "propose", "2026-03", "accruals", "--dry-run")
    assert '2026-03-31 * "Home Stores" "Accrual NEW-1: delivered, not invoiced at the end of 2026-03"' in out
    assert march.bytes() == before


@pytest.mark.parametrize("words", [("check", "2026-13"), ("propose", "2026"), ("sign-off", "March", "vat")])
def test_what_is_no_month_is_wrong_usage(march: Story, words: tuple[str, ...]) -> None:
    assert "is not a month; write it like 2026-10" in march.refused("close", *words, code=2)


def test_an_unknown_check_is_named_with_those_that_there_are(march: Story) -> None:
    said = march.refused("close", "check", "2026-03", "--only", "nope")
    assert "there is no check 'nope' of the close; there are: books-clean" in said


def test_a_close_proposed_with_a_key_is_proposed_once_whatever_became_of_it(march: Story) -> None:
    call = ("close", "propose", "2026-03", "--key", "night-run", "--date", "2026-04-01")
    said = march(*call)
    (first, *_) = march.json("proposal", "list")["rows"]
    assert (first["proposal"], first["date"]) == ("PR-2026-0001", "2026-04-01")
    propose_and_post(march)
    assert march(*call) == said
    assert len(march.json("proposal", "list")["rows"]) == 3
    assert "key" in march.refused("close", "propose", "2026-03", "accruals", "--key", "night-run")

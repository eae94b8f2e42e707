"""Closing, sealing and reopening months through the command line (F37, S12)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from o2c import books
from o2c.model.sealing import proving

if TYPE_CHECKING:
    from tests.closing.conftest import ClosingShop

RECEIPT = ("receipt", "C1", "119.00 EUR", "--apply", "INV-2026-0001")
MAKE_APRIL = ("receipt", "C1", "50.00 EUR", "--date", "2026-04-02")


def test_a_sealed_month_takes_no_entry_and_says_who_closed_it_and_what_to_do(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    said = shop.refused(*RECEIPT, "--date", "2026-03-20")
    assert re.search(
        r"2026-03-20 lies in 2026-03 or before, which ann sealed on 2026-04-02 \(\S+2026-04.beancount:\d+\); "
        r"use a --date from 2026-04-01 on: .* `o2c close reopen 2026-03 --reason TEXT` takes a second person",
        said,
    )
    shop.refused(*RECEIPT, "--date", "2026-02-20")


def test_old_items_are_paid_and_allocated_in_an_open_month(shop: ClosingShop) -> None:
    kept = shop.seal("2026-03")
    shop.did("receipt", "C1", "119.00 EUR", "--date", "2026-04-02")
    shop.did("allocate", "RC-2026-0001", "INV-2026-0001", "--date", "2026-04-02")
    shop.did("write-off", "INV-2026-0002", "9.00 EUR", "--reason", "bad-debt", "--date", "2026-04-02")
    assert kept in shop.did("close", "verify", "--expect", kept)


def test_a_new_customer_gets_an_account_that_is_opened_after_the_sealed_month(shop: ClosingShop) -> None:
    kept = shop.seal("2026-03")
    shop.did("receipt", "C2", "10.00 EUR", "--date", "2026-04-02")
    text = (shop.root / "journal/2026-04.beancount").read_text()
    assert "2026-04-01 open Liabilities:Customer-Deposits:C2" in text
    shop.did("close", "verify", "--expect", kept)


def test_sealing_twice_writes_nothing_and_gives_the_same_seal(shop: ClosingShop) -> None:
    kept, before = shop.seal("2026-03"), shop.files()
    assert shop.did("close", "seal", "2026-03").splitlines() == ["nothing to do", kept]
    assert shop.files() == before


def test_a_month_that_is_not_over_cannot_be_closed(shop: ClosingShop) -> None:
    assert "2026-04 ends on 2026-04-30 and is not over on 2026-04-02" in shop.refused("close", "seal", "2026-04")
    assert "is not over" in shop.refused("close", "seal", "2026-04", "--soft")
    on_the_last_day = shop.refused("close", "seal", "2026-04", "--date", "2026-04-30")
    assert "2026-04 ends on 2026-04-30 and is not over on 2026-04-30" in on_the_last_day


def test_months_are_sealed_in_order(shop: ClosingShop) -> None:
    shop.seal("2026-02")
    shop.today = "2026-05-02"
    assert "2026-03 is not sealed yet; periods are sealed in order" in shop.refused("close", "seal", "2026-04")
    assert "2026-01 is sealed already, within 2026-02" in shop.refused("close", "seal", "2026-01")
    shop.seal("2026-03")
    shop.seal("2026-04")
    assert [row["period"] for row in _rows(shop)] == ["2026-02", "2026-03", "2026-04"]


def _rows(shop: ClosingShop) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(shop.did("close", "list", "--json"))["rows"]
    return rows


def test_a_red_checklist_stops_the_seal_and_names_the_checks(shop: ClosingShop) -> None:
    said = shop.refused("close", "seal", "2026-03")
    assert "2026-03 was not sealed: 1 check is red; settle it, or sign it off" in said
    assert re.match(r"[a-z-]+: \S", said)


def test_only_who_holds_the_role_closes(shop: ClosingShop) -> None:
    before = shop.files()
    for command in (
        ["seal", "2026-03"],
        ["seal", "2026-03", "--soft"],
        ["reopen", "2026-03", "--reason", "x"],
        ["sign-off", "2026-03", "bank-proof", "--why", "x"],
    ):
        answer = shop.by("bob", "close", *command)
        assert (answer.code, answer.out) == (1, "")
        assert "bob may not close periods; that takes the role accounting (policies.yaml" in answer.err
    assert shop.files() == before


def test_a_soft_close_takes_a_role_and_a_reason(shop: ClosingShop) -> None:
    shop.did("close", "seal", "2026-03", "--soft")
    late = (*RECEIPT, "--date", "2026-03-20")
    assert "give the reason with --why TEXT, or use a --date from 2026-04-01 on" in shop.refused(*late)
    answer = shop.by("bob", *late, "--why", "I like to")
    assert answer.code == 1
    assert "posting there takes the role accounting, which bob does not hold" in answer.err
    assert "which ann soft closed on 2026-04-02" in answer.err
    shop.did(*late, "--why", "The bank was late")
    assert shop.did("close", "seal", "2026-03", "--soft") == "nothing to do\n"


def test_a_soft_close_without_roles_in_the_policies_lets_nobody_in(shop: ClosingShop) -> None:
    shop.did("close", "seal", "2026-03", "--soft")
    policies = shop.root / "master/policies.yaml"
    policies.write_text(policies.read_text().replace(", soft_roles: [accounting]", ""))
    said = shop.refused(*RECEIPT, "--date", "2026-03-20", "--why", "x")
    assert "policies.yaml names nobody who may post there (`closing: soft_roles`)" in said


def test_a_soft_closed_month_is_sealed_later_and_a_sealed_one_is_not_closed_softly(shop: ClosingShop) -> None:
    shop.did("close", "seal", "2026-03", "--soft")
    shop.seal("2026-03")
    assert "2026-03 is closed already: ann on 2026-04-02" in shop.refused("close", "seal", "2026-03", "--soft")


def test_a_reopened_month_keeps_its_old_seal_and_the_next_one_names_it(shop: ClosingShop) -> None:
    old = shop.seal("2026-03")
    shop.did("close", "reopen", "2026-03", "--reason", "The fair was forgotten")
    shop.did(*RECEIPT, "--date", "2026-03-20")
    new = shop.seal("2026-03")
    assert new != old
    assert [(row["state"], row["seal"], row["in_force"]) for row in _rows(shop)] == [
        ("sealed", old, False),
        ("open", "", False),
        ("sealed", new, True),
    ]
    assert sorted(path.name for path in (shop.root / "closes").iterdir()) == ["2026-03-2.leaves", "2026-03.leaves"]
    (proved,) = _proof(shop).seals
    assert proved.opened.head is not None
    assert proved.opened.head.content.replaces == old
    answer = shop.run("close", "verify", "--expect", old)
    assert answer.code == 1
    assert f"2026-03 had the seal {old}, but was reopened since" in answer.out
    shop.did("close", "verify", "--expect", new)


def _proof(shop: ClosingShop) -> proving.Proof:
    loaded = books.load(shop.root)
    return proving.prove(loaded.booked, loaded.options, quick=False)


def test_the_reason_of_a_reopening_stands_in_the_books(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    shop.did("close", "reopen", "2026-03", "--reason", "The fair was forgotten")
    assert [row["why"] for row in _rows(shop)][-1] == "The fair was forgotten"
    shop.refused("close", "reopen", "2026-03", "--reason", "again")


def test_the_latest_month_is_reopened_first(shop: ClosingShop) -> None:
    shop.seal("2026-02")
    shop.seal("2026-03")
    said = shop.refused("close", "reopen", "2026-02", "--reason", "x")
    assert "2026-03 is closed behind 2026-02; reopen it first" in said


def test_a_reopening_waits_for_a_second_person_where_the_policy_says_so(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    policies = shop.root / "master/policies.yaml"
    text = re.sub(r"(?m)^approvals:(\n .*)*\n", "", policies.read_text())
    policies.write_text(text + "approvals: {mode: two-persons, kinds: {reopen: {role: approvals}}}\n")
    answer = shop.run("close", "reopen", "2026-03", "--reason", "The fair was forgotten")
    assert answer.code == 1, answer
    number = re.search(r"PR-2026-\d+", answer.err)
    assert number is not None
    shop.refused(*RECEIPT, "--date", "2026-03-20")
    assert shop.run("proposal", "approve", number[0]).code == 1, "ann prepared it herself"
    assert shop.by("eve", "proposal", "approve", number[0]).code == 0
    shop.did("proposal", "post", number[0])
    shop.did(*RECEIPT, "--date", "2026-03-20")


def test_changed_books_cannot_be_sealed_further(shop: ClosingShop) -> None:
    shop.seal("2026-02")
    start = next(shop.root.glob("journal/0000*"))
    start.write_text(start.read_text() + '\n2026-01-05 event "location" "Rome"\n')
    answer = shop.run("close", "seal", "2026-03")
    assert answer.code == 3
    assert "event location Rome is dated 2026-01-05, but ann sealed 2026-02" in answer.err


def test_a_dry_run_prints_the_entry_and_writes_nothing(shop: ClosingShop) -> None:
    shop.sign_off("2026-03")
    before = shop.files()
    answer = shop.run("close", "seal", "2026-03", "--dry-run")
    assert answer.code == 0
    assert '2026-04-02 custom "o2c-close" "2026-03" 2026-03-31 "closed"' in answer.out
    assert shop.files() == before
    assert f'seal: "{shop.seal("2026-03")}"' in answer.out


def test_books_whose_main_file_lacks_the_plugin_are_not_sealed(shop: ClosingShop) -> None:
    main = shop.root / "main.beancount"
    main.write_text(main.read_text().replace('plugin "beancount_o2c.period_close"', "; nothing"))
    shop.sign_off("2026-03")
    assert 'add the line `plugin "beancount_o2c.period_close"`' in shop.refused("close", "seal", "2026-03")


def test_after_the_seal_every_command_leaves_the_facts_of_the_month_alone(shop: ClosingShop) -> None:
    kept = shop.seal("2026-03")
    for command in (
        ("order", "hold", "SO-2026-0002", "--reason", "x"),
        RECEIPT,
        ("reverse", "INV-2026-0002", "--reason", "x"),
        ("credit-note", "create", "INV-2026-0002", "--reason", "goodwill", "--full"),
        ("refund", "RC-2026-0001", "1.00 EUR"),
    ):
        shop.run(*command, "--date", "2026-03-30")
        shop.run(*command, "--date", "2026-04-02")
    assert shop.did("close", "verify", "--expect", kept).startswith("ok ")
    assert _proof(shop).findings == ()


def test_verify_answers_in_json_with_places(shop: ClosingShop) -> None:
    shop.seal("2026-03")
    journal = shop.root / "journal/2026-03.beancount"
    journal.write_text(journal.read_text().replace("119.00 EUR", "119.01 EUR", 1))
    answer = shop.run("close", "verify", "--json")
    found = json.loads(answer.out)
    assert (answer.code, found["ok"], found["seals"][0]["ok"]) == (1, False, False)
    assert found["seals"][0]["findings"][0]["file"] == str(journal)


def test_the_check_seals_compares_every_entry(shop: ClosingShop) -> None:
    assert "no period is sealed" in shop.did("check", "seals")
    shop.seal("2026-03")
    assert "1 period sealed" in shop.did("check", "seals")
    journal = shop.root / "journal/2026-03.beancount"
    journal.write_text(journal.read_text().replace("ann", "bob", 1))
    answer = shop.run("check", "seals")
    assert answer.code == 1
    assert "was changed (metadata) after ann sealed 2026-03" in answer.out


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1", "0000-01", "10-2026", "2026-10 ", "\uff12026-10", ""])
def test_what_is_no_month_is_wrong_usage(shop: ClosingShop, text: str) -> None:
    assert "is not a month; write it like 2026-10" in shop.refused("close", "seal", text, code=2)


def test_posting_through_the_index_goes_on_behind_a_seal(shop: ClosingShop) -> None:
    """Large books post without loading all; the plugin over whole months must not be asked over a part of them."""
    shop.seal("2026-03")
    shop.did("index", "status")
    shop.did(*MAKE_APRIL)
    shop.did("receipt", "C1", "60.00 EUR", "--date", "2026-04-02")
    assert books.load(shop.root).errors == ()
    shop.did("index", "verify")


#: Every kind of change that a person can ask for, without its day.
_CHANGES = (
    RECEIPT,
    ("credit-note", "create", "INV-2026-0002", "--reason", "return", "--line", "1=1"),
    ("credit", "hold", "C1", "--reason", "insolvent"),
    ("close", "assess", "INV-2026-0002", "1.00 EUR", "--why", "in doubt"),
    ("write-off", "INV-2026-0002", "9.00 EUR", "--reason", "bad-debt"),
    ("reverse", "INV-2026-0001", "--reason", "typing error"),
)


def test_no_command_changes_a_fact_of_a_sealed_month_and_the_seal_stays(shop: ClosingShop) -> None:
    """Property S12, over the words that post."""
    kept, before = shop.seal("2026-03"), shop.files()
    for change in _CHANGES:
        shop.refused(*change, "--date", "2026-03-31")
    assert shop.files() == before
    answers = [shop.run(*change, "--date", "2026-04-02") for change in _CHANGES]
    assert [answer.code for answer in answers] == [0, 0, 0, 0, 0, 1], [answer.err for answer in answers]
    assert kept in shop.did("close", "verify", "--expect", kept)
    assert shop.did("close", "seal", "2026-03").splitlines() == ["nothing to do", kept]

"""A proposal from its first line to the books: shown, decided line by line, approved, posted once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from o2c import books
from o2c import proposals
from o2c.errors import NotFound
from o2c.errors import Refused
from tests.proposals.ask import ANN
from tests.proposals.ask import BOB
from tests.proposals.ask import DAY
from tests.proposals.ask import FIRST
from tests.proposals.ask import WRITE_OFF
from tests.proposals.ask import bob
from tests.proposals.ask import file_of
from tests.proposals.ask import proposed

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

ALL = ("INV-2026-0001", "INV-2026-0002", "INV-2026-0003")


def test_an_act_over_the_amount_becomes_a_proposal_and_posts_after_a_second_person_approved(shop: Shop) -> None:
    journal = shop.journal.read_bytes()
    answer = shop.run(*WRITE_OFF)
    assert (answer.code, answer.out) == (1, "")
    assert "needs approval by approvals: PR-2026-0001 written" in answer.err
    assert "o2c proposal approve PR-2026-0001" in answer.err
    assert shop.journal.read_bytes() == journal
    assert "needs approval; ann prepared it" in shop.refused("proposal", "post", FIRST)
    bob(shop, "proposal", "approve", FIRST)
    said = shop.did("proposal", "post", FIRST)
    assert said.startswith("WO-2026-0001  write-off  2026-03-02  Acme  -119.00 EUR")
    assert shop.numbers("write-off") == ["WO-2026-0001"]
    shop.did("check")


def test_below_the_amount_the_act_is_posted_at_once(shop: Shop) -> None:
    shop.did("write-off", "INV-2026-0001", "99.99", "--reason", "bad-debt")
    assert not file_of(shop).exists()


def test_posting_twice_posts_once(shop: Shop) -> None:
    proposed(shop.root, *ALL)
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    after = shop.files()
    said = shop.did("proposal", "post", FIRST)
    assert said.count("already done: WO-2026-000") == 3
    assert shop.files() == after


def test_only_accepted_lines_are_posted_and_open_ones_must_be_decided(shop: Shop) -> None:
    proposed(shop.root, *ALL, accepted=False)
    assert "line 1 of PR-2026-0001 is still open" in shop.refused("--user", "bob", "proposal", "approve", FIRST)
    shop.did("proposal", "accept", FIRST, "--line", "1", "--line", "3")
    shop.did("proposal", "reject", FIRST, "--line", "2", "--reason", "Paid yesterday")
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    posted = [entry for entry in shop.loaded() if entry.meta.get("doc-type") == "write-off"]
    assert [(entry.meta["doc-id"], entry.meta["key"]) for entry in posted] == [
        ("WO-2026-0001", "PR-2026-0001/1"),
        ("WO-2026-0002", "PR-2026-0001/3"),
    ]
    shown = shop.did("proposal", "show", FIRST)
    assert "2  rejected  Give up INV-2026-0002" in shown
    assert "Paid yesterday" in shown


def test_nothing_of_a_posted_proposal_is_decided_any_more(shop: Shop) -> None:
    proposed(shop.root, *ALL[:2], accepted=False)
    shop.did("proposal", "accept", FIRST, "--line", "1")
    shop.did("proposal", "reject", FIRST, "--line", "2", "--reason", "not yet")
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    assert "PR-2026-0001 is posted" in shop.refused("proposal", "accept", FIRST, "--line", "2")
    assert "PR-2026-0001 is posted" in shop.refused("proposal", "reject", FIRST, "--reason", "oh")
    shop.did("check", "approvals")


def test_accept_all_accepts_the_open_lines_but_not_the_rejected_ones(shop: Shop) -> None:
    shop.root.joinpath("master", "policies.yaml").write_text(
        shop.root.joinpath("master", "policies.yaml").read_text().replace("mode: two-persons", "mode: single")
    )
    proposed(shop.root, *ALL, accepted=False)
    shop.did("proposal", "reject", FIRST, "--line", "2", "--reason", "no")
    shop.did("proposal", "post", FIRST, "--accept-all")
    assert shop.numbers("write-off") == ["WO-2026-0001", "WO-2026-0002"]


def test_a_line_is_stale_once_the_books_changed_under_it_and_the_others_are_not(shop: Shop) -> None:
    proposed(shop.root, *ALL[:2])
    shop.did("receipt", "C1", "20.00 EUR", "--apply", "INV-2026-0002")
    said = shop.refused("--user", "bob", "proposal", "approve", FIRST)
    assert "line 2 of PR-2026-0001 is stale: the books changed since about INV-2026-0002" in said
    shown = shop.did("proposal", "show", FIRST)
    assert shown.count("stale:") == 1
    shop.did("proposal", "reject", FIRST, "--line", "2", "--reason", "stale")
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    assert shop.numbers("write-off") == ["WO-2026-0001"]


def test_what_happens_to_other_items_makes_no_line_stale(shop: Shop) -> None:
    proposed(shop.root, ALL[0])
    shop.did("receipt", "C1", "119.00 EUR", "--apply", "INV-2026-0002")
    found = proposals.load(shop.root, FIRST)
    assert proposals.standing(books.opened(shop.root), found, DAY).stale == {}


def test_a_change_between_approval_and_posting_is_refused(shop: Shop) -> None:
    proposed(shop.root, ALL[0])
    bob(shop, "proposal", "approve", FIRST)
    shop.did("receipt", "C1", "20.00 EUR", "--apply", "INV-2026-0001")
    assert "line 1 of PR-2026-0001 is stale" in shop.refused("proposal", "post", FIRST)


def test_the_same_proposal_again_is_the_one_that_is_there(shop: Shop) -> None:
    assert proposed(shop.root, ALL[0]).proposal_id == proposed(shop.root, ALL[0]).proposal_id == FIRST
    assert proposed(shop.root, ALL[1]).proposal_id == "PR-2026-0002"
    proposals.reject(shop.root, FIRST, (), ANN)
    assert proposed(shop.root, ALL[0]).proposal_id == "PR-2026-0003"


def test_a_command_with_a_key_writes_one_proposal_and_is_done_once_that_is_posted(shop: Shop) -> None:
    for _ in range(2):
        assert shop.run(*WRITE_OFF, "--key", "k1").code == 1
    assert [file.name for file in (shop.root / "proposals").glob("*.beancount")] == ["PR-2026-0001.beancount"]
    assert "another proposal" in shop.refused("write-off", "INV-2026-0002", "--reason", "bad-debt", "--key", "k1")
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    after = shop.files()
    assert "already done: PR-2026-0001 is posted" in shop.did(*WRITE_OFF, "--key", "k1")
    assert shop.files() == after


def test_a_dry_run_shows_the_entries_and_writes_neither_proposal_nor_entry(shop: Shop) -> None:
    before = shop.files()
    answer = shop.run(*WRITE_OFF, "--dry-run")
    assert answer.code == 1
    assert 'doc-type: "write-off"' in answer.out
    assert "needs approval by approvals" in answer.err
    assert shop.files() == before


def test_a_proposal_that_is_not_there_is_named_with_what_lists_them(shop: Shop) -> None:
    with pytest.raises(NotFound, match=r"there is no proposal PR-2026-0009 .*`o2c proposal list`"):
        proposals.load(shop.root, "PR-2026-0009")
    assert "no line 7; it has lines 1 to 1" in _refusal(shop)


def _refusal(shop: Shop) -> str:
    proposed(shop.root, ALL[0])
    with pytest.raises(Refused) as refused:
        proposals.accept(shop.root, FIRST, [7], BOB)
    return str(refused.value)


def test_a_renamed_file_is_named_and_posts_nothing(shop: Shop) -> None:
    proposed(shop.root, ALL[0])
    file_of(shop).rename(file_of(shop, "PR-2026-0005"))
    assert "holds PR-2026-0001; rename it to PR-2026-0001.beancount" in shop.refused("proposal", "post", "PR-2026-0005")
    assert "there is no proposal PR-2026-0001" in shop.refused("proposal", "post", FIRST)
    listed = shop.run("proposal", "list")
    assert listed.code == 1
    assert "PR-2026-0005.beancount:4" in listed.err


def test_a_copied_file_cannot_post_a_second_time(shop: Shop) -> None:
    proposed(shop.root, ALL[0])
    bob(shop, "proposal", "approve", FIRST)
    file_of(shop, "PR-2026-0002").write_text(file_of(shop).read_text().replace(f'"{FIRST}"', '"PR-2026-0002"'))
    assert "PR-2026-0002 needs approval" in shop.refused("proposal", "post", "PR-2026-0002")


def test_a_number_that_an_approval_names_is_not_given_again_when_the_file_is_lost(shop: Shop) -> None:
    proposed(shop.root, ALL[0])
    bob(shop, "proposal", "approve", FIRST)
    file_of(shop).unlink()
    assert proposed(shop.root, ALL[0]).proposal_id == "PR-2026-0002"


def test_one_person_may_do_all_in_the_single_mode_and_every_answer_says_so(shop: Shop) -> None:
    policies = shop.root / "master" / "policies.yaml"
    policies.write_text(policies.read_text().replace("mode: two-persons", "mode: single"))
    shop.did(*WRITE_OFF)
    assert not file_of(shop).exists()
    proposed(shop.root, ALL[1], accepted=False)
    assert "not separated" in shop.did("proposal", "show", FIRST)
    for check in ("approvals", "duties"):
        assert "not separated: one person may do all" in shop.did("check", check)


def test_a_dry_run_of_a_decision_says_how_the_lines_would_stand_and_writes_nothing(shop: Shop) -> None:
    proposed(shop.root, "INV-2026-0001", "INV-2026-0002", accepted=False)
    before = file_of(shop).read_bytes()
    said = json.loads(shop.did("proposal", "accept", FIRST, "--line", "2", "--dry-run", "--json"))
    assert [(line["line"], line["state"]) for line in said["lines"]] == [(1, "open"), (2, "accepted")]
    assert said["dry_run"] is True
    assert "2  rejected" in shop.did("proposal", "reject", FIRST, "--reason", "no", "--dry-run")
    assert file_of(shop).read_bytes() == before
    done = json.loads(shop.did("proposal", "accept", FIRST, "--line", "2", "--json"))
    assert (done["proposal"], done["lines"]) == (FIRST, said["lines"])
    assert done["hash"] == proposals.load(shop.root, FIRST).hash


def test_a_hash_is_of_a_proposal_and_never_passed_over(shop: Shop) -> None:
    said = shop.refused("--user", "bob", "proposal", "approve", "CN-2026-0001", "--hash", "sha256:1")
    assert "only a proposal has a hash" in said


def test_a_decision_with_a_key_is_made_once(shop: Shop) -> None:
    proposed(shop.root, "INV-2026-0001", "INV-2026-0002", accepted=False)
    call = ("proposal", "accept", FIRST, "--line", "1", "--key", "K-1")
    said = shop.did(*call)
    after = file_of(shop).read_bytes()
    assert shop.did(*call) == said
    assert "was used to decide otherwise" in shop.refused("proposal", "accept", FIRST, "--line", "2", "--key", "K-1")
    assert "was used to decide otherwise" in shop.refused("proposal", "reject", FIRST, "--reason", "no", "--key", "K-1")
    assert file_of(shop).read_bytes() == after
    shop.did("proposal", "accept", FIRST, "--line", "2", "--key", "K-2")
    assert [line.state for line in proposals.load(shop.root, FIRST).lines] == ["accepted", "accepted"]
    bob(shop, "proposal", "approve", FIRST)
    assert "write-off" in shop.did("proposal", "post", FIRST)

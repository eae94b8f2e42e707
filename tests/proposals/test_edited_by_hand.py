"""A proposal that somebody edited, broke or filled with strange texts: read strictly, or refused with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import proposals
from o2c.errors import BadInput
from o2c.proposals import reading_in
from tests.proposals.ask import FIRST
from tests.proposals.ask import bob
from tests.proposals.ask import edit
from tests.proposals.ask import file_of
from tests.proposals.ask import proposed

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop

ITEM = "INV-2026-0001"
#: What somebody does to the text, the line that is named, and the words of the refusal.
BROKEN = {
    "syntax": ("  Assets:AR:C1 ", "  Assets:AR:C1 %% ", ":27: ", "correct the proposal"),
    "no amount": ("-119.00 EUR", "", ":17: ", "the posting on Assets:AR:C1 has no amount; write every amount out"),
    "unknown state": ('1 "accepted"', '1 "done"', ":11: ", 'line 1 with one of "open", "accepted", "rejected"'),
    "wrong line": ('-line" 1 ', '-line" 2 ', ":11: ", "here must stand line 1"),
    "other day of a line": (
        '2026-03-02 custom "o2c-proposal-line"', '2026-03-03 custom "o2c-proposal-line"', ":11: ", "write the same day",
    ),
    "balance": (
        '2026-03-02 * "Acme"', '2026-03-02 balance Assets:AR:C1 1 EUR\n\n2026-03-02 * "Acme"', ":17: ",
        "this balance cannot be proposed",
    ),
    "plugin": ('2026-03-02 custom "o2c-proposal"', 'plugin "x"\n2026-03-02 custom "o2c-proposal"', "", "no `plugin`"),
    "include": (
        '2026-03-02 custom "o2c-proposal"', 'include "x"\n2026-03-02 custom "o2c-proposal"', "", "no `include`",
    ),
    "no type": ('  doc-type: "write-off"\n', "", ":17: ", "this transaction cannot be proposed"),
    "flagged posting": ("  Assets:AR:C1 ", "  ! Assets:AR:C1 ", ":17: ", "would get lost in the books"),
    "a mark of posting": (
        '  doc-type: "write-off"\n', '  doc-type: "write-off"\n  approved-by: "bob"\n', ":17: ",
        "`approved-by` is written when the proposal is posted",
    ),
    "unknown head": (
        '  approval: "write-off"\n', '  approval: "write-off"\n  more: 1\n', ":4: ", "`more` has no meaning",
    ),
    "number as text": ('  approval: "write-off"\n', "  approval: 1\n", ":4: ", "`approval` is a text"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_text_is_refused_with_its_line_and_posts_nothing(shop: Shop, name: str) -> None:
    proposed(shop.root, ITEM)
    before, after, line, words = BROKEN[name]
    edit(shop, before, after)
    said = shop.refused("proposal", "post", FIRST)
    assert f"PR-2026-0001.beancount{line}" in said
    assert words in said


def test_an_empty_or_foreign_file_is_no_proposal(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    for content in (b"", b"2026-03-02 open Assets:X\n", b"\xff\xfe"):
        file_of(shop).write_bytes(content)
        assert "PR-2026-0001.beancount" in shop.refused("proposal", "show", FIRST)


def test_a_file_cut_off_anywhere_is_refused_or_has_another_hash(shop: Shop) -> None:
    whole = proposed(shop.root, ITEM)
    content = file_of(shop).read_bytes()
    for cut in range(0, len(content.rstrip()), 37):
        assert _hash_or_refusal(content[:cut]) != whole.hash, cut


def _hash_or_refusal(content: bytes) -> str:
    try:
        return reading_in.read(content, "PR-2026-0001.beancount").hash
    except BadInput as error:
        return str(error)


def test_an_added_posting_that_balances_is_posted_after_a_new_approval(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    bob(shop, "proposal", "approve", FIRST)
    edit(shop, "Expenses:Bad-Debt                                   100.00 EUR", "Expenses:Bad-Debt     90.00 EUR\n"
         "  Expenses:Small-Differences     10.00 EUR")  # fmt: skip
    assert "void: the content changed" in shop.refused("proposal", "post", FIRST)
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    posted = next(entry for entry in shop.loaded() if entry.meta.get("doc-type") == "write-off")
    assert [posting.account for posting in posted.postings][-2:] == ["Expenses:Bad-Debt", "Expenses:Small-Differences"]
    shop.did("check")


def test_an_added_posting_that_does_not_balance_is_refused_at_its_entry(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    edit(shop, "Expenses:Bad-Debt                                   100.00 EUR", "Expenses:Bad-Debt     100.01 EUR")
    bob(shop, "proposal", "approve", FIRST)
    said = shop.refused("proposal", "post", FIRST)
    assert "PR-2026-0001.beancount:17: Transaction does not balance" in said


def test_a_changed_date_counts_and_needs_a_new_approval(shop: Shop) -> None:
    proposed(shop.root, ITEM)
    bob(shop, "proposal", "approve", FIRST)
    edit(shop, '2026-03-02 * "Acme"', '2026-03-05 * "Acme"')
    assert "void: the content changed" in shop.refused("proposal", "post", FIRST)
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    assert "2026-03-05 * " in shop.journal.read_text()


def test_comments_blank_lines_and_zeros_change_nothing(shop: Shop) -> None:
    made = proposed(shop.root, ITEM)
    bob(shop, "proposal", "approve", FIRST)
    edit(shop, '2026-03-02 * "Acme"', '; looked at it with the lawyer\n\n\n2026-03-02 * "Acme"')
    edit(shop, "-119.00 EUR", "  -119 EUR")
    assert proposals.load(shop.root, FIRST).hash == made.hash
    shop.did("proposal", "post", FIRST)


def test_deciding_about_a_line_keeps_every_comment_and_edit_of_the_file(shop: Shop) -> None:
    proposed(shop.root, ITEM, "INV-2026-0002", accepted=False)
    edit(shop, '2026-03-02 * "Acme"', '; looked at it\n2026-03-02 * "Acme"')
    before = file_of(shop).read_text()
    shop.did("proposal", "reject", FIRST, "--line", "1", "--reason", 'He said "no" \\ twice')
    after = file_of(shop).read_text()
    assert "; looked at it\n" in after
    assert '1 "rejected"' in after
    assert 'why: "He said \\"no\\" \\\\ twice"' in after
    entries = before.index("; looked at it")
    assert after.endswith(before[entries:])


@pytest.mark.parametrize(
    "name",
    [
        'quote " and \\ and \\" more',
        "line\nbreak\tand tab",
        "right to left \u202e gnp.exe",
        "bell \a and escape \x1b[31m",
        "2026-01-01 open Assets:Evil",
        "emoji \U0001f600 and \u4e2d\u6587",
    ],
)
def test_hostile_texts_in_evidence_stay_texts_and_cannot_hide(shop: Shop, name: str) -> None:
    made = proposed(shop.root, ITEM, evidence=(("name", name),))
    assert proposals.load(shop.root, FIRST).lines[0].evidence == made.lines[0].evidence
    shown = shop.did("proposal", "show", FIRST)
    assert not set(shown) & {"\a", "\x1b", "\u202e"}
    if "\u202e" in name:
        assert "<U+202E>" in shown
    bob(shop, "proposal", "approve", FIRST)
    shop.did("proposal", "post", FIRST)
    assert [entry for entry in shop.loaded() if getattr(entry, "account", "") == "Assets:Evil"] == []

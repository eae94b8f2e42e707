"""Nothing is issued in the name of "Our Company, Street 1": not posted, not drawn, and the check says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.scenarios.books import Story

SAID = "master/company.yaml:4: still the example of empty books, and customers would read it: name `Our Company`"


@pytest.fixture
def nameless(story: Story) -> Story:
    """Books with an invoice, whose company was set back to the example of empty books."""
    story.invoice("LAMP 3")
    text = (story.root / "master" / "company.yaml").read_text("utf-8")
    name = next(line for line in text.splitlines() if line.startswith("name:"))
    story.master("company", "\n# ours\n\nname: Our Company\n" + text.replace(f"{name}\n", "").lstrip("\n"))
    return story


def test_no_invoice_is_posted(nameless: Story) -> None:
    order = nameless.order("LAMP 1", invoicing="order")
    assert nameless.refused("invoice", "create", order).startswith(SAID)
    assert SAID in nameless.refused("invoice", "run")


def test_no_credit_note_is_posted(nameless: Story) -> None:
    assert SAID in nameless.refused("credit-note", "create", "INV-2026-0001", "--full", "--reason", "price")


def test_no_document_is_drawn_or_issued(nameless: Story) -> None:
    assert SAID in nameless.refused("document", "render", "INV-2026-0001")
    assert SAID in nameless.refused("document", "render", "SO-2026-0001")
    assert SAID in nameless.refused("document", "render", "INV-2026-0001", "--ubl")
    statement = ("document", "statement", "HOME", "-o", str(nameless.root.parent / "statement.pdf"))
    assert SAID in nameless.refused(*statement)


def test_the_check_says_what_is_still_to_fill_in_and_does_not_fail(nameless: Story) -> None:
    told = nameless("check", "master")
    assert "still to fill in before anything is issued: name in master/company.yaml" in told
    nameless.change("company", "Our Company", "Own Ltd")
    assert "still to fill in" not in nameless("check", "master")
    nameless("credit-note", "create", "INV-2026-0001", "--full", "--reason", "price")

"""The checks `issued` and `outbox`: files, states and notes agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from o2c import checks
from tests.sending.conftest import PDF

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Shop
    from tests.sending.conftest import Post

INVOICE = "INV-2026-0001"


def result(books: Shop, name: str) -> checks.Result:
    (only,) = checks.run(checks.gather(books.root), [name])
    return only


def said(books: Shop, name: str) -> list[str]:
    return [finding.message for finding in result(books, name).findings]


def state_file(books: Shop) -> Path:
    (only,) = (books.root / "outbox").glob("*.json")
    return only


def test_issued_documents_as_they_were_are_right(shop: Shop) -> None:
    found = result(shop, "issued")
    assert (found.findings, found.covers) == ((), "2 issued documents")


def test_a_changed_a_lost_and_a_strange_file_are_found(shop: Shop) -> None:
    folder = shop.root / "documents"
    (folder / f"{INVOICE}.pdf").write_bytes(PDF + b" ")
    (folder / "INV-2026-0002.pdf").unlink()
    (folder / "INV-2026-0007.pdf").write_bytes(PDF)
    changed, lost, strange = said(shop, "issued")
    assert "this is not what was issued as INV-2026-0001" in changed
    assert "INV-2026-0002 was issued, but its file cannot be read" in lost
    assert "does not say that this was issued; `o2c document render INV-2026-0007`" in strange


def test_what_was_sent_and_noted_is_right(post: Post) -> None:
    post.shop.did("send", INVOICE)
    found = result(post.shop, "outbox")
    assert (found.findings, found.covers) == ((), "1 message")


def without_note(post: Post, *, noted: bool) -> None:
    """Send, and take the note out of the ledger; `noted` is what the state file says of it."""
    post.shop.did("send", INVOICE)
    text = post.shop.journal.read_text()
    post.shop.journal.write_text(text[: text.rindex("\n2026-", 0, text.index("message-id"))] + "\n")
    file = state_file(post.shop)
    changed = {**json.loads(file.read_text()), "noted": noted}
    file.write_text(json.dumps(changed, indent=1, ensure_ascii=False) + "\n")


def test_a_message_that_was_sent_and_not_noted_is_found_and_the_named_command_mends_it(post: Post) -> None:
    without_note(post, noted=False)
    (message,) = said(post.shop, "outbox")
    assert "INV-2026-0001 was sent, and the ledger does not say so yet; `o2c outbox retry`" in message
    post.shop.did("outbox", "retry")
    assert said(post.shop, "outbox") == []


def test_a_note_that_somebody_took_out_of_the_ledger_is_found(post: Post) -> None:
    without_note(post, noted=True)
    (message,) = said(post.shop, "outbox")
    assert "INV-2026-0001 was sent and noted, and the note is gone" in message


@pytest.mark.parametrize("cut", [0, 1, 40])
def test_a_damaged_state_is_found(post: Post, cut: int) -> None:
    post.shop.did("send", INVOICE)
    state_file(post.shop).write_bytes(state_file(post.shop).read_bytes()[:cut])
    (message,) = said(post.shop, "outbox")
    assert "this state of a message cannot be read" in message


def test_a_waiting_message_without_its_bytes_is_found(post: Post) -> None:
    post.clerk.script["banner"] = "421 closed"
    post.shop.run("send", INVOICE)
    assert said(post.shop, "outbox") == []
    state_file(post.shop).with_suffix(".eml").unlink()
    assert said(post.shop, "outbox") == ["the message itself (.eml) is gone; take it from a backup"]


@pytest.mark.parametrize("state", ["uncertain", "refused"])
def test_what_waits_for_a_person_is_told_and_is_not_wrong(post: Post, state: str) -> None:
    post.clerk.script["RCPT"] = "550 no"
    post.shop.run("send", INVOICE)
    file = state_file(post.shop)
    message = json.loads(file.read_text())
    message["steps"][-1]["state"] = state
    file.write_text(json.dumps(message))
    found = result(post.shop, "outbox")
    assert found.findings == ()
    assert f"somebody must decide (`o2c outbox list`): {file.stem} {state}" in found.covers

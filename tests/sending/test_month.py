"""A month: invoiced, issued and sent, each run killed in the middle and started again; everybody gets one mail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from o2c.books.stored import digest
from tests.faults import tracing
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop
from tests.sending.conftest import CONTACTS
from tests.sending.conftest import use_server
from tests.sending.post_office import office
from tests.sending.test_send import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.small_shop import Shop
    from tests.sending.post_office import Office

pytest.importorskip("weasyprint")

UNTIL = ("--until", "2026-03-31")
INVOICES = [f"INV-2026-000{number}" for number in range(1, 6)]
#: A run, the call in the middle of it at which it is killed, and how often it reaches one before.
RUNS = {
    "invoice": (("invoice", "run"), "rename", 1),
    "render": (("document", "render", *UNTIL, "--unchecked"), "rename", 3),
    "send": (("send", *UNTIL), "sendto", 14),
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Three orders of Acme and two of Bolt, delivered and not invoiced; both have somebody who takes invoices."""
    made = new_shop(tmp_path / "books")
    customers = made.root / "master" / "customers.yaml"
    text = customers.read_text().replace("C1: {name: Acme, ", "C1: {name: Acme, " + CONTACTS)
    bolt = "contacts: [{role: billing, email: billing@bolt.example}], "
    customers.write_text(text.replace("C2: {name: Bolt, ", "C2: {name: Bolt, " + bolt))
    company = made.root / "master" / "company.yaml"
    company.write_text(company.read_text() + "email: invoices@seller.example\niban: DE73200505500282389289\n")
    delivered(made, 3)
    delivered(made, 2, "C2")
    return made


def _killed_then_run_again(shop: Shop, log: Path, name: str) -> None:
    command, kind, number = RUNS[name]
    answer = tracing.disturbed(shop, command, log, kind, number, "signal=KILL")
    assert answer.code == -9, (name, answer)
    shop.process(*command)


def _decide(shop: Shop, clerk: Office) -> None:
    """Decide what nobody can know but the server: whether it took the message that was on its way."""
    for message in json.loads(shop.did("outbox", "list", "--all", "--json"))["messages"]:
        if message["state"] == "uncertain":
            took = any(message["name"].lower() in opened(one.content)["Message-ID"] for one in clerk.taken)
            decision = "--sent" if took else "--not-sent"
            shop.did("outbox", "resolve", message["name"], decision, "--reason", "asked the server")
    shop.run("send", *UNTIL)


def test_everybody_gets_each_invoice_once_with_exactly_the_bytes_that_were_issued(
    shop: Shop, tmp_path: Path, notes: Callable[[Shop], list[str]]
) -> None:
    tracing.require_strace()
    with office() as (clerk, port):
        use_server(shop, port)
        for name in RUNS:
            _killed_then_run_again(shop, tmp_path / f"{name}.log", name)
        _decide(shop, clerk)
        assert shop.did("send", *UNTIL) == "nothing to send\n"
    mails = {opened(taken.content)["Subject"].split()[-1]: taken for taken in clerk.taken}
    assert sorted(mails) == INVOICES
    assert len(clerk.taken) == len(INVOICES), "one mail each"
    said = {
        entry.meta["subject"]: entry.meta["sha256"]
        for entry in shop.loaded()
        if "issued" in (getattr(entry, "tags", None) or ())
    }
    for number, taken in mails.items():
        (attached,) = opened(taken.content).iter_attachments()
        stored = (shop.root / "documents" / f"{number}.pdf").read_bytes()
        assert attached.get_content() == stored
        assert said[number] == digest(stored)
    assert [one.to[0] for one in mails.values()].count("billing@bolt.example") == 2
    assert notes(shop) == INVOICES
    assert shop.did("check").count("FAIL") == 0

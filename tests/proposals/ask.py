"""What the tests of proposals do again and again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from o2c import books
from o2c import proposals
from o2c.cash.write_offs import write_off
from o2c.model.documents import Act
from o2c.proposals import Part
from o2c.proposals import Proposal

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.model.documents import Extra
    from tests.faults.small_shop import Shop

DAY = date(2026, 3, 2)
ANN = Act("ann", "2026-03-02T09:00:00Z", "they will never pay")
BOB = Act("bob", "2026-03-02T10:00:00Z", "seen")
CORA = Act("cora", "2026-03-02T10:00:00Z", "seen")
WRITE_OFF = ("write-off", "INV-2026-0001", "--reason", "bad-debt")
FIRST = "PR-2026-0001"


def proposed(root: Path, *invoices: str, accepted: bool = True, evidence: Extra = ()) -> Proposal:
    """Propose to write off invoices, one line each."""
    opened = books.opened(root)
    parts = [
        Part(
            tuple(write_off(opened, ANN, DAY, name, None, "bad-debt")),
            (name,),
            evidence or (("open", Decimal("119.00")),),
            f"Give up {name}",
        )
        for name in invoices
    ]
    return proposals.propose(root, opened, "write-offs", DAY, ANN, parts, "write-off", accepted=accepted)


def file_of(shop: Shop, name: str = FIRST) -> Path:
    """Name the file of a proposal."""
    return shop.root / "proposals" / f"{name}.beancount"


def edit(shop: Shop, before: str, after: str, name: str = FIRST) -> None:
    """Change the text of a proposal by hand, at one place."""
    file = file_of(shop, name)
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def bob(shop: Shop, *command: str) -> str:
    """Run a command as bob, who approves."""
    return shop.did("--user", "bob", *command)

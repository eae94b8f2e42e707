"""A shop with two months of business, whose checklist is signed off so that they can be sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.closing import checklist
from tests.faults.small_shop import Shop
from tests.faults.small_shop import delivered
from tests.faults.small_shop import new_shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Answer

POLICIES = """
users: {ann: [accounting], bob: [sales], eve: [approvals], zoe: []}
closing: {seal_roles: [accounting], soft_roles: [accounting]}
"""


class ClosingShop(Shop):
    """A shop in which any day can be today, and anybody can act."""

    today = "2026-04-02"
    user = "ann"

    def arguments(self, *arguments: str) -> list[str]:
        now = f"{self.today}T09:00:00Z"
        return ["--books", str(self.root), "--user", self.user, "--today", self.today, "--now", now, *arguments]

    def by(self, user: str, *arguments: str) -> Answer:
        """Run a command as somebody else."""
        self.user = user
        try:
            return self.run(*arguments)
        finally:
            self.user = "ann"

    def sign_off(self, month: str) -> None:
        """Sign off whatever is red in a month."""
        from o2c import books

        for result in checklist.run(books.load(self.root), month):
            if result.state == checklist.RED:
                self.did("close", "sign-off", month, result.name, "--why", "small shop")

    def seal(self, month: str) -> str:
        """Seal a month, and give its seal."""
        self.sign_off(month)
        return self.did("close", "seal", month, "--why", "complete").splitlines()[-1]

    def copy_to(self, root: Path) -> ClosingShop:
        return ClosingShop(self.copy(root).root)


@pytest.fixture(scope="session")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> ClosingShop:
    made = new_shop(tmp_path_factory.mktemp("closing") / "books")
    delivered(made, 2)
    made.did("invoice", "create", "SO-2026-0001")
    made.did("invoice", "create", "SO-2026-0002")
    policies = made.root / "master/policies.yaml"
    policies.write_text(policies.read_text() + POLICIES)
    return ClosingShop(made.root)


@pytest.fixture
def shop(_ready: ClosingShop, tmp_path: Path) -> ClosingShop:
    """Two invoices of 119.00 EUR of March 2026; it is the second of April."""
    return _ready.copy_to(tmp_path / "books")

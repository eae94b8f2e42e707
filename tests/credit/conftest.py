"""Books of a small company whose policies have rules of credit, and which watch over limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.books import POLICIES
from tests.scenarios.books import Story

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = 'plugin "beancount_o2c.credit_limit"\n'
_GROUPED = """\
NORTH:
  name: Home Stores North
  address: {lines: [North Street 3], postcode: "24103", city: Kiel, country: DE}
  terms: net30
  currency: EUR
  price_list: standard
  credit_group: STORES
SOUTH:
  name: Home Stores South
  address: {lines: [South Street 4], postcode: "80331", city: Munich, country: DE}
  terms: net30
  currency: EUR
  price_list: standard
  credit_group: STORES
WEST:
  name: Westend Interiors
  address: {lines: [West Street 5], postcode: "50667", city: Cologne, country: DE}
  terms: net30
  currency: EUR
  price_list: standard
"""


class CreditStory(Story):
    """Books and days, with words for credit."""

    def rules(self, text: str) -> None:
        """Write the section `credit` of the policies: lines below it, with two spaces in front."""
        self.master("policies", f"{POLICIES}credit:\n{text}")

    def limit(self, name: str, amount: str, *options: str) -> None:
        """Set a limit."""
        self("credit", "limit", name, amount, "--reason", "as agreed", *options)

    def draft(self, *lines: str, customer: str = "HOME", **head: str) -> str:
        """Take in an order, not confirmed; gives its number."""
        return self.posted("order", "import", str(self.order_file(*lines, customer=customer, **head)))[0]

    def state(self, number: str) -> str:
        """Give the state of an order."""
        rows = self.json("order", "list")["rows"]
        return next(row["state"] for row in rows if row["order"] == number)

    def held(self, *arguments: str) -> str:
        """Run a command that holds an order: exit code 1, a sentence, and the books still load clean."""
        code, out, err = self.run(*arguments)
        assert code == 1, f"{arguments}: {code}\n{out}\n{err}"
        assert "is held" in err
        return err

    def exposure(self, name: str = "HOME", as_of: str = "") -> str:
        """Give the exposure of a customer or group, as `credit show` shows it."""
        rows = self.json("credit", "show", name, "--as-of", as_of or self.day)["rows"]
        return next(row["amount"] for row in rows if row["term"] == "exposure" and row["of"] == name)


@pytest.fixture
def story(tmp_path: Path) -> CreditStory:
    """Make books and the means to run commands on them."""
    made = CreditStory(tmp_path / "books")
    made.master("customers", (made.root / "master" / "customers.yaml").read_text("utf-8") + _GROUPED)
    main = made.root / "main.beancount"
    if PLUGIN not in main.read_text("utf-8"):
        main.write_text(PLUGIN + main.read_text("utf-8"), "utf-8")
    return made

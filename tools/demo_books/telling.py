"""Tells the three months day by day: the everyday trade by its habits, and the story beside it line by line."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from datetime import date
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from tools.demo_books.buyers import BY_CODE
from tools.demo_books.buyers import baskets

if TYPE_CHECKING:
    from o2c.model.items import Item
    from tools.demo_books.buyers import Basket
    from tools.demo_books.office import Office
    from tools.demo_books.office import Order

HERE = Path(__file__).parent
FIRST, LAST = date(2026, 1, 2), date(2026, 3, 31)
_MONDAY, _WEDNESDAY, _FRIDAY, _SATURDAY = 0, 2, 4, 5
_NAMED = re.compile(r"\{([a-z]+)(?::(invoice|open)(?:\.([0-9]))?([+-][0-9.]+)?)?\}")
_CUSTOMER = re.compile("C[0-9]{4}")  # tells our short order line from `order confirm` and so on
_OPEN_ITEMS = HERE / "open-items-2025.csv"


class Told(NamedTuple):
    """A line of the story: who does what, and what its document is called further down."""

    user: str
    name: str
    words: list[str]


def tell(office: Office, manual: Path) -> None:
    """Write the three months into the books of an office; `manual` holds what accountants wrote by hand."""
    Telling(office, manual).all_days()


def working_days() -> list[date]:
    """List the days on which somebody works; order days are Mondays and Wednesdays of these."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if day.weekday() < _SATURDAY]


def story() -> dict[date, list[Told]]:
    """Read the story, by days."""
    told: dict[date, list[Told]] = defaultdict(list)
    for line in (HERE / "story.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            day, user, *words = shlex.split(line)
            name = words.pop(0) if words[1] == "=" else ""
            told[date.fromisoformat(day)].append(Told(user, name, words[1:] if name else words))
    return told


class Telling:
    """What the story must remember: which document has which name, and which orders pay by the story."""

    def __init__(self, office: Office, manual: Path) -> None:
        """Begin before the first day."""
        self.office = office
        self.manual = manual
        self.named: dict[str, str] = {}
        self.paid_by_story: set[str] = set()

    def all_days(self) -> None:
        """Tell every day: orders in the morning, the story, then what is delivered, invoiced and paid."""
        days, told = working_days(), story()
        ordered = baskets([day for day in days if day.weekday() in {_MONDAY, _WEDNESDAY}])
        profile = ("--profile", "open-items")
        self.office.run(FIRST, "dirk", "import", "open-items", str(_OPEN_ITEMS), *profile, dated=False)
        for day in days:
            taken = self._order(day, ordered.get(day, []))
            for line in told.pop(day, []):
                self._tell(day, line)
            self._bill(day, taken)
            self._receive(day)
        assert not told, f"the story has lines for days on which nobody works: {sorted(told)}"

    # ---- the story --------------------------------------------------------------------------------------------

    def _tell(self, day: date, line: Told) -> None:
        verb, *words = [self._filled(day, word) for word in line.words]
        if verb == "lay":
            self.office.lay(self.manual / words[0])
        elif verb == "amend":
            self._amend(day, line.user, words)
        elif verb == "ask":
            self.named[line.name] = self.office.ask(day, line.user, *words)
        elif verb == "order" and _CUSTOMER.fullmatch(words[0]):
            self._take_in(day, line, words)
        else:
            posted = self.office.run(day, line.user, verb, *words)
            if line.name:
                self.named[line.name] = posted[0]

    def _take_in(self, day: date, line: Told, words: list[str]) -> None:
        customer, reference, *rest = words
        order = _order(customer, reference, _lines(rest))
        if "prepaid" in rest:
            order["invoicing"] = "order"
        options = ["--confirm"] if "confirm" in rest else []
        number = self.office.take_in(day, line.user, [order], ["order", "import"], *options)[0]
        self.named[line.name] = number
        if "own" in rest:
            self.paid_by_story.add(number)

    def _amend(self, day: date, user: str, words: list[str]) -> None:
        number, customer, reference, *rest = words
        options = rest[rest.index("--why") :]
        order = _order(customer, reference, _lines(rest[: -len(options)]))
        self.office.take_in(day, user, [order], ["order", "amend", number], *options)

    def _filled(self, day: date, word: str) -> str:
        return _NAMED.sub(lambda found: self._value(day, *found.groups()), word)

    def _value(self, day: date, name: str, what: str | None, part: str | None, more: str | None) -> str:
        if what is None:
            return self.office.held if name == "held" else self.named[name]
        invoice = self.office.invoice(self.named[name]).doc_id
        if what == "invoice":
            return invoice
        items = [owed.item for owed in self.office.owed(day) if owed.item.doc_id == invoice]
        wanted = [item.open for item in items if part is None or item.item == f"{invoice}.{part}"]
        return str(sum(wanted, Decimal(0)) + Decimal(more or 0))

    # ---- the everyday trade -----------------------------------------------------------------------------------

    def _order(self, day: date, wanted: list[Basket]) -> list[tuple[str, Basket]]:
        """Take in and confirm the orders of the day, all with one file."""
        orders = [_order(basket.customer, basket.reference, basket.lines) for basket in wanted]
        taken = self.office.take_in(day, "anna", orders, ["order", "import"], "--confirm") if orders else []
        return list(zip(taken, wanted, strict=True))

    def _bill(self, day: date, taken: list[tuple[str, Basket]]) -> None:
        """Deliver and invoice: those who want it at once, and on Fridays everything that can go."""
        for number, basket in taken:
            if BY_CODE[basket.customer].prompt:
                self.office.run(day, "bernd", "deliver", number)
                self.office.run(day, "clara", "invoice", "create", number)
        if day.weekday() == _FRIDAY:
            self.office.run(day, "bernd", "deliver", "--all")
            self.office.run(day, "clara", "invoice", "run")

    def _receive(self, day: date) -> None:
        """Enter the money of the day: one receipt of each customer and currency, for all that it pays."""
        payments: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item, order in self.office.owed(day):
            if order not in self.paid_by_story and _pays_on(item) == day:
                payments[item.customer, item.currency].append(item)
        for (customer, currency), items in payments.items():
            amount = str(sum((item.open for item in items), Decimal(0)))
            uses = [word for item in items for word in ("--apply", item.item)]
            reference = ", ".join(dict.fromkeys(item.doc_id for item in items))
            self.office.run(day, "dirk", "receipt", customer, amount, currency, *uses, "--ref", reference)


def _pays_on(item: Item) -> date | None:
    """Give the day on which a customer pays by its habit, a working day; None where only the story knows."""
    buyer = BY_CODE.get(item.customer)
    if buyer is None or not buyer.late:
        return None
    habit = buyer.late[int(re.sub("[^0-9]", "", item.item)) % len(buyer.late)]
    day = item.due + timedelta(days=habit)
    return day if day.weekday() < _SATURDAY else day + timedelta(days=7 - day.weekday())


def _order(customer: str, reference: str, lines: tuple[tuple[str, str], ...]) -> Order:
    return {
        "customer": customer,
        **({"reference": reference} if reference not in {"", "-"} else {}),
        "lines": [_line(sku, quantity) for sku, quantity in lines],
    }


def _line(sku: str, quantity: str) -> dict[str, str]:
    pieces, at, price = quantity.partition("@")
    return {"sku": sku, "quantity": pieces, **({"price": price} if at else {})}


def _lines(words: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = (word.partition(":") for word in words)
    return tuple((sku, quantity) for sku, colon, quantity in pairs if colon)

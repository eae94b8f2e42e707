"""Random receipts, allocations, refunds, write-offs, and taking them back, against a model of plain dictionaries.

Invariants S05, S06, S07: what is applied never exceeds item or receipt, money is conserved, items sum to the control
account, and what is taken back is as if it had never been.
"""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.cash.allocations import allocate
from o2c.cash.asked import Asked
from o2c.cash.choosing import Use
from o2c.cash.receipts import Payment
from o2c.cash.receipts import receipt
from o2c.cash.refunds import refund
from o2c.cash.reversals import reverse
from o2c.cash.unallocations import unallocate
from o2c.cash.write_offs import write_off
from o2c.errors import Refused
from tests.cash.shop import Shop
from tests.cash.shop import dollar_invoice
from tests.cash.shop import invoice

if TYPE_CHECKING:
    from o2c.master import Master

D = Decimal
INVOICES = {"INV-1": 11900, "INV-2": 1, "INV-3": 5000, "INV-4": 10001}
LEDGER = "".join(invoice(name, str(D(cents) / 100)) for name, cents in INVOICES.items())


class Model:
    """What should be, in cents: open debits, credits left, and who used what for which item."""

    def __init__(self) -> None:
        self.debits = dict(INVOICES)
        self.credits: dict[str, int] = {}
        self.received: dict[str, int] = {}
        self.used: dict[tuple[str, str, str], int] = {}  # (document, credit, item) -> cents
        self.spent: dict[str, tuple[str, int]] = {}  # refund -> (credit, cents)
        self.lost: dict[str, tuple[str, int]] = {}  # write-off -> (item, cents)
        self.bank = 0
        self.expense = 0

    def receive(self, doc: str, cents: int, uses: list[tuple[str, int | None]]) -> bool:
        left, plan = cents, {}
        for item, asked in uses:
            rest = self.debits[item] - plan.get(item, 0)
            amount = min(rest, left) if asked is None else asked
            if amount <= 0 or amount > rest or amount > left:
                return False
            plan[item] = plan.get(item, 0) + amount
            left -= amount
        for item, amount in plan.items():
            self.debits[item] -= amount
            self.used[doc, doc, item] = amount
        self.credits[doc] = left
        self.received[doc] = cents
        self.bank += cents
        return True

    def allocate(self, doc: str, credit: str, item: str, asked: int | None) -> bool:
        have, rest = self.credits.get(credit, 0), self.debits[item]
        amount = min(have, rest) if asked is None else asked
        if not 0 < amount <= min(have, rest):
            return False
        self.credits[credit] -= amount
        self.debits[item] -= amount
        self.used[doc, credit, item] = amount
        return True

    def unallocate(self, doc: str, item: str) -> bool:
        if doc not in self.received and not any(key[0] == doc for key in self.used):
            return False
        keys = [key for key in self.used if key[0] == doc and item in {"", key[2]}]
        for key in keys:
            amount = self.used.pop(key)
            self.credits[key[1]] += amount
            self.debits[key[2]] += amount
        return bool(keys)

    def reverse_receipt(self, doc: str) -> bool:
        own = sum(amount for (by, _, _), amount in self.used.items() if by == doc)
        if doc not in self.received or self.credits[doc] + own != self.received[doc]:
            return False
        for key in [key for key in self.used if key[0] == doc]:
            self.debits[key[2]] += self.used.pop(key)
        self.bank -= self.received.pop(doc)
        del self.credits[doc]
        return True

    def refund(self, doc: str, credit: str, amount: int) -> bool:
        if not 0 < amount <= self.credits.get(credit, 0):
            return False
        self.credits[credit] -= amount
        self.bank -= amount
        self.spent[doc] = (credit, amount)
        return True

    def reverse_refund(self, doc: str) -> bool:
        credit, amount = self.spent.pop(doc, ("", 0))
        if amount:
            self.credits[credit] += amount
            self.bank += amount
        return bool(amount)

    def write_off(self, doc: str, item: str, asked: int | None) -> bool:
        amount = self.debits[item] if asked is None else asked
        if not 0 < amount <= self.debits[item]:
            return False
        self.debits[item] -= amount
        self.expense += amount
        self.lost[doc] = (item, amount)
        return True

    def reverse_write_off(self, doc: str) -> bool:
        item, amount = self.lost.pop(doc, ("", 0))
        if amount:
            self.debits[item] += amount
            self.expense -= amount
        return bool(amount)


items = st.sampled_from(sorted(INVOICES))
#: Which of the documents there are; with -1 one that is not there.
number = st.one_of(st.integers(0, 5), st.integers(0, 5), st.just(-1))
#: Percent of what is possible: most often allowed, and at times a little too much.
share = st.one_of(st.integers(1, 100), st.just(100), st.sampled_from([0, 101, 150]))
EDGES = [1, 2, 4999, 5000, 5001, 10_001, 11_899, 11_900, 11_901, 20_000]
cents = st.one_of(st.integers(1, 13_000), st.sampled_from(EDGES))
maybe = st.one_of(st.none(), share)
RECEIVE = st.tuples(st.just("receive"), cents, st.lists(st.tuples(items, maybe), max_size=3))
ON_ACCOUNT = st.tuples(st.just("receive"), cents, st.just([]))
STEPS = st.one_of(
    RECEIVE,
    ON_ACCOUNT,
    st.tuples(st.just("allocate"), number, items, maybe),
    st.tuples(st.just("allocate"), number, items, st.none()),
    st.tuples(st.just("unallocate"), st.sampled_from(["AL", "RC"]), number, st.one_of(st.just(""), items)),
    st.tuples(st.just("unallocate"), st.just("AL"), number, st.just("")),
    st.tuples(st.just("reverse_receipt"), number),
    st.tuples(st.just("refund"), number, share),
    st.tuples(st.just("reverse_refund"), number),
    st.tuples(st.just("write_off"), items, maybe),
    st.tuples(st.just("reverse_write_off"), number),
)


def money(amount: int) -> Decimal:
    return D(amount).scaleb(-2)


def asked(amount: int | None) -> Asked | None:
    return None if amount is None else Asked(money(amount))


def part_of(limit: int, share: int | None) -> int | None:
    """Take percent of a limit, never falling to nothing by rounding."""
    return None if share is None else -(-limit * share // 100)


class Play:
    """Does each step in the books and in the model; both must agree whether it can be done, and on what follows."""

    def __init__(self, company: Master) -> None:
        self.books = Shop(company, LEDGER)
        self.model = Model()
        self.drawn = {"RC": 0, "AL": 0, "RF": 0, "WO": 0}
        self.day = date(2026, 3, 1)

    def next(self, series: str) -> str:
        return f"{series}-2026-{self.drawn[series] + 1:04d}"

    def pick(self, series: str, wanted: int) -> str:
        known = self.drawn[series]
        return f"{series}-2026-{wanted % known + 1:04d}" if known and wanted >= 0 else f"{series}-2026-9999"

    def step(self, step: tuple) -> bool:
        kind, *words = step
        series, possible, verb, args = getattr(self, f"_{kind}")(*words)
        if not possible:
            with pytest.raises(Refused):
                self.books.do(verb, *args, on=str(self.day))
            return False
        made = self.books.do(verb, *args, on=str(self.day))
        assert len(made) == 1
        if series:
            assert made[0].doc_id == self.next(series)
            self.drawn[series] += 1
        return True

    def _receive(self, amount: int, uses: list) -> tuple:
        doc = self.next("RC")
        parts = [(item, part_of(self.model.debits[item], share)) for item, share in uses]
        payment = Payment(
            "C1",
            money(amount),
            "EUR",
            tuple(Use(item, None if part is None else money(part)) for item, part in parts),
            again=True,
        )
        return "RC", self.model.receive(doc, amount, parts), receipt, [payment]

    def _allocate(self, credit: int, item: str, share: int | None) -> tuple:
        name = self.pick("RC", credit)
        amount = part_of(min(self.model.credits.get(name, 0), self.model.debits[item]), share)
        return "AL", self.model.allocate(self.next("AL"), name, item, amount), allocate, [name, item, asked(amount)]

    def _unallocate(self, series: str, wanted: int, item: str) -> tuple:
        name = self.pick(series, wanted)
        possible = self.model.unallocate(name, item)
        return ("AL" if possible else ""), possible, unallocate, [name, item]

    def _reverse_receipt(self, wanted: int) -> tuple:
        name = self.pick("RC", wanted)
        return "", self.model.reverse_receipt(name), reverse, [name]

    def _refund(self, credit: int, share: int) -> tuple:
        name = self.pick("RC", credit)
        amount = part_of(self.model.credits.get(name, 0), share) or 0
        return "RF", self.model.refund(self.next("RF"), name, amount), refund, [name, asked(amount)]

    def _reverse_refund(self, wanted: int) -> tuple:
        name = self.pick("RF", wanted)
        return "", self.model.reverse_refund(name), reverse, [name]

    def _write_off(self, item: str, share: int | None) -> tuple:
        amount = part_of(self.model.debits[item], share)
        return "WO", self.model.write_off(self.next("WO"), item, amount), write_off, [item, asked(amount), "small"]

    def _reverse_write_off(self, wanted: int) -> tuple:
        name = self.pick("WO", wanted)
        return "", self.model.reverse_write_off(name), reverse, [name]

    def compare(self) -> None:
        """Prove the books against the model, and the sub-ledger against the control accounts."""
        model, balances = self.model, self.books.balances()
        wanted = {("Assets:AR:C1", name): left for name, left in model.debits.items() if left}
        wanted |= {("Liabilities:Customer-Deposits:C1", name): -left for name, left in model.credits.items() if left}
        found = {key[:2]: int(amount * 100) for key, (amount, _) in self.books.open_items().items()}
        assert found == wanted
        control = {account: int(number * 100) for (account, _), number in balances.items()}
        assert control.get("Assets:AR:C1", 0) == sum(model.debits.values())
        assert control.get("Liabilities:Customer-Deposits:C1", 0) == -sum(model.credits.values())
        assert control.get("Assets:Bank:Main", 0) == model.bank
        assert control.get("Expenses:Small", 0) == model.expense
        assert all(0 <= left <= INVOICES[name] for name, left in model.debits.items())
        assert all(0 <= left <= model.received[name] for name, left in model.credits.items())
        assert sum(balances.values()) == 0


@given(
    first=st.tuples(RECEIVE, ON_ACCOUNT), steps=st.lists(st.tuples(STEPS, st.integers(0, 2)), min_size=5, max_size=20)
)
def test_books_and_model_agree_after_every_step(company: Master, first: tuple, steps: list) -> None:
    play = Play(company)
    for step, later in [*((step, 0) for step in first), *steps]:
        play.day += timedelta(days=later)
        play.step(step)
        play.compare()


@given(data=st.data())
def test_what_is_applied_and_taken_back_in_any_order_was_never_there(company: Master, data: st.DataObject) -> None:
    """Complaint 5: unapply(apply(x)) = x for every subset, with exchange differences."""
    amounts = data.draw(st.lists(st.integers(1, 9_999), min_size=2, max_size=4))
    ledger = "".join(
        dollar_invoice(f"INV-{index}", str(money(amount)), str(money(data.draw(st.integers(1, 9_999)))))
        for index, amount in enumerate(amounts)
    )
    books = Shop(company, ledger + f"2026-03-01 price USD 0.{data.draw(st.integers(1000, 9999))} EUR\n")
    books.do(receipt, Payment("US1", money(data.draw(st.integers(1, 20_000))), "USD"))
    before, balances = books.open_items(), books.balances()
    chosen = data.draw(st.lists(st.sampled_from(range(len(amounts))), min_size=1, unique=True))
    made = []
    for index in chosen:
        left = -books.open("RC-2026-0001")
        most = int(min(left, books.open(f"INV-{index}")) * 100)
        if most:
            part = data.draw(st.integers(1, most))
            made += books.do(allocate, "RC-2026-0001", f"INV-{index}", Asked(money(part)))
    for doc in data.draw(st.permutations(made)):
        books.do(unallocate, doc.doc_id)
    assert books.open_items() == before
    assert books.balances() == balances
    books.do(reverse, "RC-2026-0001")
    assert set(books.balances()) == {("Assets:AR:US1", "USD"), ("Income:Sales", "EUR")}

"""The desk at which the orders of one step are held against limits, each with what the step let pass before it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from typing import NamedTuple

from beancount.core.amount import Amount

from o2c.credit import behaviour
from o2c.credit.credit_file import CreditFiles
from o2c.credit.releases import valid_release
from o2c.errors import Refused
from o2c.master.credit_cases import Against
from o2c.master.credit_cases import Situation
from o2c.model import credit
from o2c.model.credit.limits import LIMIT
from o2c.model.documents import Event
from o2c.model.facts import Facts
from o2c.model.money import ZERO
from o2c.model.money import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence
    from decimal import Decimal

    from o2c.books import Books
    from o2c.master.credit_policy import CreditPolicy
    from o2c.model.credit import Exposure
    from o2c.model.credit import Limit
    from o2c.model.documents import Document

_NEED_VALUE = frozenset({"first_order", "document_value"})
_NEED_ITEMS = frozenset({"oldest_item", "overdue", "dunning_level"})
_AMOUNTS = frozenset({"permanent", "temporary", "insured", "secured"})


class Tested(NamedTuple):
    """What was looked at: the situation, and for each limit the exposure as it was without the step."""

    situation: Situation
    exposures: tuple[Exposure, ...]


class Desk:
    """One step's view of credit: the books, and the entries that the step makes, taken in one after the other."""

    def __init__(self, books: Books, since: date) -> None:
        """Open the desk; `since` is the first day as of which it is asked."""
        self.books = books
        self.master = books.master
        self.policy: CreditPolicy = books.master.policies.credit
        self.limits = credit.limits_by_name(books.customs(LIMIT))
        self._files = CreditFiles(books, since)
        self._exposures: dict[tuple[str, date], tuple[Limit | None, Exposure]] = {}

    def facts(self, customer: str) -> Facts:
        """Give what the books, and the step so far, say about a customer."""
        return self._files[customer].facts

    def take(self, entries: Iterable[Document | Event]) -> None:
        """Take in entries about orders that the step makes."""
        for entry in entries:
            self._files[entry.customer].take(entry)
            order = entry.subject if isinstance(entry, Event) else entry.refers or entry.doc_id
            for name, day in self._exposures:
                self._renew(name, day, entry.customer, order)

    def _renew(self, name: str, day: date, customer: str, order: str) -> None:
        """Count one order anew in an exposure that is known already; everything else in it stays."""
        limit, known = self._exposures[name, day]
        if customer == name or (limit and customer in limit.members):
            others = tuple(term for term in known.terms if term.doc_id != order)
            now = self._of_order(customer, order, limit, known, ())
            self._exposures[name, day] = (limit, known._replace(terms=(*others, *now.terms)))

    def is_of_interest(self, customer: str, day: date, point: str) -> bool:
        """Tell whether any rule can fail: a limit or block is set, or a rule of behaviour is tested at the point."""
        always = {"blocked", "over_limit", "expired_limit", "expired_review"}
        rules = [name for name, rule in self.policy.rules.items() if point in rule.actions and name not in always]
        return bool(rules) or any(name in self.limits for name in self.names(customer, day))

    def names(self, customer: str, day: date) -> list[str]:
        """Name whose limits count for a customer: its own, and those of its credit groups."""
        return [customer, *credit.groups_of(self.limits, customer, day)]

    def tested(self, order: Document, day: date, step: Sequence[Document | Event], point: str) -> Tested:
        """Look at an order as it would be after a step (confirmed; or with this delivery), in figures."""
        pairs = [self._against(name, order, day, step) for name in self.names(order.customer, day)]
        against = tuple(one for one, _ in pairs)
        release = valid_release(self.facts(order.customer).events.get(order.doc_id, ()), step, order, day)
        needed = {name for name, rule in self.policy.rules.items() if point in rule.actions}
        situation = Situation(
            against=against,
            value=self._value(order, day) if needed & _NEED_VALUE else ZERO,
            currency=self.master.company.currency,
            released=None if release is None else self.worth(release, against[0].currency, day),
            earlier_orders=self._earlier(order, day) if "first_order" in needed else 1,
        )
        if needed & _NEED_ITEMS:
            situation = self._with_behaviour(situation, order.customer, day)
        return Tested(situation, tuple(exposure for _, exposure in pairs))

    def exposure(self, name: str, day: date) -> tuple[Limit | None, Exposure]:
        """Give the limit of a customer or credit group on a day, and its exposure, in the currency of the limit.

        Without a limit it is in the currency of the books. Raises Refused where a rate is missing.
        """
        if (name, day) not in self._exposures:
            limit = credit.in_force(self.limits.get(name, ()), day)
            each = [self._of_member(member, limit, day) for member in (limit.members if limit else ()) or (name,)]
            exposure = credit.together(name, each) if limit and limit.members else each[0]
            self._exposures[name, day] = (limit, exposure)
        return self._exposures[name, day]

    def _of_member(self, member: str, limit: Limit | None, day: date) -> Exposure:
        currency = limit.currency if limit else self.master.company.currency
        horizon, deduct = (limit.horizon, limit.deduct) if limit else (None, True)
        return credit.exposure(self.facts(member), member, day, currency, self._rate(currency), horizon, deduct=deduct)

    def _rate(self, currency: str) -> credit.Rate:
        return credit.into(currency, self.master.company.currency, self.books.rate)

    def _against(
        self, name: str, order: Document, day: date, step: Sequence[Document | Event]
    ) -> tuple[Against, Exposure]:
        limit, exposure = self.exposure(name, day)
        invoices = self._files[order.customer].documents_of(order.doc_id)
        items = sum((term.counted for term in exposure.terms if term.doc_id in invoices), ZERO)
        before = sum((term.counted for term in exposure.terms if term.doc_id == order.doc_id), ZERO)
        after = self._of_order(order.customer, order.doc_id, limit, exposure, step, confirmed=(order,))
        one = Against(
            name=name,
            currency=exposure.currency,
            limit=limit.total if limit else None,
            without=exposure.total - before - items,
            order=after.total + items,
            blocked=limit.blocked if limit else False,
            expired_days=expired_days(limit, day),
            review_past_days=(day - limit.review).days if limit and limit.review and limit.review < day else 0,
        )
        return one, exposure

    def _of_order(
        self,
        customer: str,
        order: str,
        limit: Limit | None,
        whole: Exposure,
        step: Sequence[Document | Event],
        confirmed: Sequence[Document] = (),
    ) -> Exposure:
        """Count one order alone, with a step, as an exposure counts it."""
        own = credit.AsOf(self._files[customer].of_order(order, step), whole.day, items=())
        horizon = limit.horizon if limit else None
        return own.exposure(customer, whole.currency, self._rate(whole.currency), horizon, confirmed=confirmed)

    def _value(self, order: Document, day: date) -> Decimal:
        """Give the whole order, gross of tax, in the currency of the books; rules must name amounts in it, too."""
        currency = self.master.company.currency
        for rule in self.policy.rules.values():
            if rule.currency not in {"", currency}:
                raise Refused(f"master/policies.yaml: credit, {rule.name}: write the amount in {currency}")
        return credit.would_be(Facts(()), [order], day, currency, self._rate(currency)).total

    def worth(self, amount: Amount, currency: str, day: date) -> Decimal:
        """Give what an amount is worth in a currency on a day, rounded; raises Refused where a rate is missing."""
        return rounded((amount.number or ZERO) * self._rate(currency)(amount.currency, day), currency)

    def _with_behaviour(self, situation: Situation, customer: str, day: date) -> Situation:
        facts, books_currency = self.facts(customer), self.master.company.currency
        items = behaviour.debits(facts, day)
        left_out = {} if self.policy.disputed else behaviour.disputed(items, facts.events, day)
        found = behaviour.arrears(
            items, day, lambda number, currency: self.worth(Amount(number, currency), books_currency, day), left_out
        )
        return situation._replace(
            oldest_item=found.oldest_item,
            oldest_days=found.oldest_days,
            overdue_percent=found.percent,
            dunning_level=behaviour.dunning_level(items, facts.events, day),
        )

    def _earlier(self, order: Document, day: date) -> int:
        """Give 1 where the customer bought before, as far as the books tell, else 0."""
        if self.books.sales(date.min, day, order.customer):
            return 1
        return int(behaviour.has_bought(self.facts(order.customer), day, order.doc_id))


def expired_days(limit: Limit | None, day: date) -> int:
    """Give since how many days a limit is over: all of it, or its insured or secured part; 0 where nothing is over.

    A temporary limit that ends leaves the permanent one as it was: that is no fault.
    """
    if limit is None:
        return 0
    amounts = [entry for entry in limit.entries if entry.kind in _AMOUNTS]
    ended = [entry for entry in amounts if entry.until and entry.until < day]
    if len(ended) < len(amounts):
        ended = [entry for entry in ended if entry.kind != "temporary"]
    return max(((day - entry.until).days for entry in ended if entry.until), default=0)

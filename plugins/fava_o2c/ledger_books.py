"""The books as Fava holds them: the same functions as everywhere, over the entries that Fava has loaded.

Fava keeps the entries after the plugins, and not what the files said before them. So a figure here is that of the
loaded books; what needs the text as it was written - seals above all - is proved by `o2c close verify` alone. The
plugins of o2c add and change nothing; what another plugin adds shows here as it shows in Fava.
"""

from __future__ import annotations

from collections import OrderedDict
from copy import copy
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

from fava_o2c.item_lives import ItemLives
from fava_o2c.order_lives import OrderLives
from fava_o2c.running_sums import RunningSums
from fava_o2c.slices import Slices
from o2c.books.loaded import Books
from o2c.model.ages import DUE
from o2c.model.facts import Facts
from o2c.model.items import open_items
from o2c.model.memory import no_collection

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from datetime import date as Date
    from decimal import Decimal
    from pathlib import Path

    from beancount.core.data import Directive

    from o2c.books.loaded import Numbered
    from o2c.books.loaded import SalesByDay
    from o2c.model.ages import AgesByCustomer
    from o2c.model.documents import Document
    from o2c.model.documents import Event
    from o2c.model.facts import Moved
    from o2c.model.items import Item

T = TypeVar("T")
#: How many tables are kept: enough to sort, search and page without computing again.
KEPT = 128


class LedgerBooks(Books):
    """Books over loaded entries, which are asked often and do not change: what is asked for most is prepared once."""

    def __init__(
        self, main: Path, entries: list[Directive], options: dict[str, Any], ledger_errors: Sequence[Any] = ()
    ) -> None:
        """Take the entries of a loaded ledger, in its order, and the errors of its load."""
        super().__init__(main.parent, [], entries, entries, (), options, {})
        self.main = main
        self.ledger_errors = tuple(ledger_errors)
        self._kept: OrderedDict[tuple[object, ...], object] = OrderedDict()

    def prepare(self) -> None:
        """Prepare now what every page needs, so that no reader waits for it."""
        with no_collection():
            _ = (
                self.lives,
                self.orders,
                self.sums,
                self.slices,
                self._of_type,
                self._place,
                self.first_day,
                self.last_day,
            )
            self.slices.prepare()
            self.customer_names()

    def kept(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Give what was made under a key before, or make it; the same key must always mean the same thing."""
        if key not in self._kept:
            self._kept[key] = make()
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]  # type: ignore[return-value]  # a key is used with one type only

    @cached_property
    def first_day(self) -> Date:
        """The day of the first entry that is ours; the first day there is where none is."""
        return min((days[0].date for days in self.facts.versions.values()), default=date.min)

    @cached_property
    def last_day(self) -> Date:
        """The day of the last entry that is ours; the last day there is where none is."""
        days = [docs[-1].date for docs in self.facts.versions.values()]
        days += [events[-1].date for events in self.facts.events.values() if events]
        return max(days, default=date.max)

    def troubles(self, plugin: str) -> list[str]:
        """List what a plugin of ours found wrong when the ledger was loaded, each with its place."""
        name = plugin.replace("_", " ").title().replace(" ", "") + "Error"
        return [_sentence(error) for error in self.ledger_errors if type(error).__name__ == name]

    @cached_property
    def lives(self) -> ItemLives:
        """From when to when each item was open."""
        return ItemLives(self.facts.moved)

    @cached_property
    def orders(self) -> OrderLives:
        """From when to when something was left to do with each order."""
        return OrderLives(self.facts)

    @cached_property
    def sums(self) -> RunningSums:
        """Balances and sales of each customer, day by day."""
        return RunningSums(self.facts.moved, self._is_sale)

    @cached_property
    def slices(self) -> Slices:
        """Everything about each customer."""
        return Slices(self.facts)

    def open_items(self, as_of: Date, customer: str = "", currency: str = "") -> list[Item]:
        """List the items not settled at the end of a day; looked at are only those that were open on it."""
        return open_items(self.lives.moved(as_of, customer, currency), as_of)

    def ages(
        self, as_of: Date, last_days: Sequence[int], basis: str = DUE, *, customer: str = "", currency: str = ""
    ) -> AgesByCustomer:
        """Sum what is open at the end of a day by customer, currency and age; see `model.ages`."""
        return self.lives.ages(as_of, last_days, basis, customer, currency)

    def balances(self, as_of: Date, customer: str = "", currency: str = "") -> dict[tuple[str, str], Decimal]:
        """Sum the accounts of customers at the end of a day, by customer and currency, debit positive."""
        return self.sums.balances(as_of, customer, currency)

    def sales(self, after: Date, until: Date, customer: str = "", currency: str = "") -> dict[str, Decimal]:
        """Sum what was invoiced less credited and reversed, after a day and through another, by currency, gross."""
        return self.sums.sales(after, until, customer, currency)

    def _moved(self, customer: str, currency: str) -> list[Moved]:
        if not customer:
            return super()._moved(customer, currency)
        return [move for move in self.slices.moved(customer) if not currency or move.movement.currency == currency]

    def documents(
        self,
        *doc_types: str,
        as_of: Date,
        customer: str = "",
        among: Collection[str] | None = None,
        brief: bool = False,  # noqa: ARG002 - here: all of them
    ) -> Iterable[Document]:
        """List documents in the version of the day; of a customer or among few numbers, only these are looked at."""
        if customer:
            part = self._part(self.slices.facts(customer))
            return part.documents(*doc_types, as_of=as_of, customer=customer, among=among)
        numbers = [number for name in doc_types or self._of_type for number in self._of_type.get(name, ())]
        if among is not None:
            numbers = [number for number in numbers if number in among]
        few = Facts(())
        few.versions = {number: self.facts.versions[number] for number in sorted(numbers, key=self._place.__getitem__)}
        return few.documents(as_of=as_of)

    def numbered(self, until: date) -> Iterable[Numbered]:
        """List the numbers of all documents up to and with a day, each once, as it was first used."""
        return [one for one in self._numbered if one.date <= until]

    @cached_property
    def _numbered(self) -> list[Numbered]:
        with no_collection():
            return list(super().numbered(date.max))

    @cached_property
    def _of_type(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number, versions in self.facts.versions.items():
            found.setdefault(versions[0].doc_type, []).append(number)
        return found

    @cached_property
    def _place(self) -> dict[str, int]:
        return {number: place for place, number in enumerate(self.facts.versions)}

    def events(self, *kinds: str) -> dict[str, list[Event]]:
        """Give the events of some kinds by their subjects, in the order of the books."""
        subjects = sorted({place for kind in kinds for place in self._of_kind.get(kind, ())})
        return {
            subject: [event for event in self.facts.events[subject] if event.kind in kinds] for _, subject in subjects
        }

    @cached_property
    def _of_kind(self) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for place, (subject, events) in enumerate(self.facts.events.items()):
            for kind in {event.kind for event in events}:
                found.setdefault(kind, []).append((place, subject))
        return found

    def about(self, *names: str, since: Date | None = None) -> Books:  # noqa: ARG002 - all days are here
        """Give books with everything about these customers, and about the customers of these documents and items."""
        owners = [one for name in names for one in self.slices.customers_of(name)]
        return self._part(self.slices.facts(*self.slices.together(*owners)))

    def touched(self, first: Date, last: Date) -> Books:
        """Give books with everything about the documents and subjects that have an entry in a period."""
        return self._part(self.slices.touched(first, last))

    def moving(self, first: Date, last: Date) -> LedgerBooks:
        """Give the same books with the movements of those items only that were moved in a period."""
        wanted = self.lives.moving(first, last)
        facts = copy(self.facts)
        facts.moved = [move for move in self.facts.moved if id(move) in wanted]
        part = copy(self)
        part.__dict__["facts"] = facts
        return part

    def dated(
        self,
        first: Date,
        last: Date,
        customers: Collection[str] | None = None,  # noqa: ARG002 - here: everybody
        *,
        doc_types: Collection[str] | None = None,  # noqa: ARG002 - here: of all types
        with_items: bool = False,
    ) -> Books:
        """Give books with everything of these days; questions about other days have the answers of all books."""
        if with_items:
            return self.kept(("moving", first, last), lambda: self.moving(first, last))
        return self.kept(("within", first, last), lambda: self._within(first, last))

    def _within(self, first: Date, last: Date) -> LedgerBooks:
        part = copy(self)
        part.__dict__["facts"] = self.slices.within(first, last)
        return part

    def sales_by_day(self, until: Date, customer: str = "", currency: str = "") -> SalesByDay:
        """Sum sales of each day up to and with a day, by currency, gross; days without sales are left out."""
        return self.sums.sales_by_day(until, customer, currency)

    def posted(self, account: str, as_of: Date) -> dict[str, Decimal]:
        """Sum the postings on any account up to the end of a day, by currency, debit positive."""
        return self.kept(("posted", account, as_of), lambda: super(LedgerBooks, self).posted(account, as_of))

    def in_parts(self, as_of: Date, only: str = "", customer: str = "") -> Iterator[tuple[Books, list[str]]]:
        """Give the orders of a day with books that hold everything about them; `only`: those with something left."""
        numbers = self.orders.unfinished(as_of) if only else self.orders.begun(as_of)
        part = self._part(self.slices.facts(customer) if customer else self.orders.facts(numbers))
        yield part, [number for number in numbers if number in part.facts.versions]

    def _part(self, facts: Facts) -> Books:
        part = Books(self.root, [], self.booked, self.entries, (), self.options, {})
        part.__dict__.update(facts=facts, master=self.master)
        return part


def _sentence(error: Any) -> str:  # noqa: ANN401 - errors of plugins have no common type
    place = error.source or {}
    return f"{place.get('filename', '')}:{place.get('lineno', 0)}: {error.message}"

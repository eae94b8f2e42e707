"""The event log in the format of process mining tools: OCEL 2.0 as JSON (ocel-standard.org, 16 October 2023).

Its schema wants the values of all attributes as strings, whatever type they are declared as; so amounts stay exact.
"""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.model import names
from o2c.model.documents import Document
from o2c.reports import places
from o2c.reports.process import ocel_values
from o2c.reports.process.steps import ORDER
from o2c.reports.process.steps import SELF
from o2c.reports.process.steps import steps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from datetime import date
    from typing import TextIO

    from o2c.reports.process.steps import Step
    from o2c.reports.selection import Selection

#: How a step is about the lines of orders that it makes or fulfils.
LINE_OF = "line"
_BLOCK = 1 << 20
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Written(NamedTuple):
    """How many events and objects were written."""

    events: int
    objects: int


def write(chosen: Selection, until: date, out: TextIO, *, people: bool = True) -> Written:
    """Write the log of the steps up to and with a day, one event or object per line.

    Objects are customers, orders and their lines, and every other document. `people`: also who made each entry, and the
    reason given. Of a large log only a day is held in memory at a time, beside the names of its objects.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as objects:
        log = _Log(chosen, out, objects, people=people)
        out.write('{\n"events": [')
        for step in steps(chosen, until):
            log.take(step)
        log.customers()
        out.write('\n],\n"objects": [')
        objects.seek(0)
        while block := objects.read(_BLOCK):
            out.write(block)
        out.write(f'\n],\n"eventTypes": {_json(log.event_types())},\n"objectTypes": {_json(log.object_types())}\n}}\n')
    return log.written


class _Log:
    """A log while it is written: events at once, objects beside them."""

    def __init__(self, chosen: Selection, out: TextIO, objects: TextIO, *, people: bool) -> None:
        self.written = Written(0, 0)
        self._chosen = chosen
        self._out = out
        self._objects = objects
        self._said = [name for name in ocel_values.EVENT if people or name not in ocel_values.PEOPLE]
        self._activities: set[str] = set()
        self._types: set[str] = set()
        self._payees: dict[str, str] = {}
        self._lines: set[str] = set()

    def take(self, step: Step) -> None:
        """Write an event, and the document that it made."""
        entry = step.entry
        relations = self._relations(step)
        if isinstance(entry, Document):
            self._payees[entry.customer] = entry.payee
            relations = self._document(step, relations)
        elif entry.customer:
            self._payees.setdefault(entry.customer, entry.customer)
        self._activities.add(step.activity)
        values = ocel_values.of_event(step)
        self._write(
            self._out,
            self.written.events,
            {
                "id": places.place(self._chosen.books, entry.source),
                "type": step.activity,
                "time": step.time,
                "attributes": [{"name": name, "value": values[name]} for name in self._said if values[name]],
                "relationships": relations,
            },
        )
        self.written = self.written._replace(events=self.written.events + 1)

    def customers(self) -> None:
        """Write the customers, named as the master data name them, else as their documents do."""
        agreed = self._chosen.books.customer_names()
        for code in sorted(filter(None, self._payees)):
            name = agreed.get(code) or self._payees[code]
            said = [{"name": "name", "time": ocel_values.ALWAYS, "value": name}]
            self._object(_customer(code), ocel_values.CUSTOMER, said, [])

    def event_types(self) -> list[object]:
        """Declare the types of the events that there are."""
        attributes = [{"name": name, "type": ocel_values.EVENT[name]} for name in self._said]
        return [{"name": name, "attributes": attributes} for name in sorted(self._activities)]

    def object_types(self) -> list[object]:
        """Declare the types of the objects that there are."""
        return [
            {
                "name": kind,
                "attributes": [{"name": name, "type": said} for name, said in ocel_values.of_type(kind).items()],
            }
            for kind in sorted(self._types)
        ]

    def _document(self, step: Step, relations: list[dict[str, str]]) -> list[dict[str, str]]:
        """Write a document as an object, and give the objects of the step: those of an order are known only now.

        An order is written with its lines, and with what later versions made of it.
        """
        if not step.versions:
            return relations
        first = step.versions[0]
        if first.doc_type == names.ORDER:
            self._order_lines(step.versions)
            relations = self._relations(step)
        said = ocel_values.history((doc, ocel_values.of_document(doc)) for doc in step.versions)
        others = [one for one in relations if one["qualifier"] not in {SELF, LINE_OF}]
        self._object(first.doc_id, first.doc_type, said, others)
        return relations

    def _order_lines(self, versions: Iterable[Document]) -> None:
        said: dict[str, list[tuple[Document, Mapping[str, str]]]] = {}
        number = ""
        for order in versions:
            number = order.doc_id
            for line in order.lines:
                name = _line(order.doc_id, line.number)
                said.setdefault(name, []).append((order, ocel_values.of_line(order, line)))
        self._lines.update(said)
        for name, values in said.items():
            order_of_it = [{"objectId": number, "qualifier": ORDER}]
            self._object(name, ocel_values.LINE, ocel_values.history(values), order_of_it)

    def _relations(self, step: Step) -> list[dict[str, str]]:
        """Give the objects of a step: documents, order lines, the customer."""
        entry = step.entry
        found = [{"objectId": touch.doc_id, "qualifier": touch.how} for touch in step.touches]
        if isinstance(entry, Document):
            lines = dict.fromkeys(_line(line.order, line.order_line) for line in entry.lines if line.order)
            if entry.doc_type == names.ORDER:
                lines = dict.fromkeys(_line(entry.doc_id, line.number) for line in entry.lines)
            found += [{"objectId": name, "qualifier": LINE_OF} for name in lines if name in self._lines]
        if entry.customer:
            found.append({"objectId": _customer(entry.customer), "qualifier": "customer"})
        return found

    def _object(self, name: str, kind: str, attributes: list[dict[str, str]], relations: list[dict[str, str]]) -> None:
        self._types.add(kind)
        made = {"id": name, "type": kind, "attributes": attributes, "relationships": relations}
        self._write(self._objects, self.written.objects, made)
        self.written = self.written._replace(objects=self.written.objects + 1)

    @staticmethod
    def _write(out: TextIO, before: int, made: Mapping[str, object]) -> None:
        out.write(",\n" if before else "\n")
        out.write(_json(made))


def _customer(code: str) -> str:
    """Name a customer among the objects: no document can be called so."""
    return f"customer:{code}"


def _line(order: str, number: int) -> str:
    """Name an order line among the objects: no document can be called so."""
    return f"{order}/{number}"


def _json(made: object) -> str:
    return _ENCODER.encode(made)

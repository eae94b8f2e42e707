"""What all kinds of imports do with rows: leave out what is none, read what is common, keep what is bad."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.importing.customers import Customers
from o2c.importing.fields import Fields
from o2c.importing.imported import BadRow
from o2c.importing.imported import Heading
from o2c.importing.imported import Imported
from o2c.importing.making import Maker
from o2c.importing.profile import LEAVE_OUT
from o2c.importing.profile import NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from o2c.importing.imported import Rounding
    from o2c.importing.profile import Profile
    from o2c.importing.sheets import Row
    from o2c.model.documents import Document
    from o2c.model.documents import Event

#: Stands in for a day that could not be read; its row is bad already.
_NO_DAY = date(1970, 1, 1)


class Gathering:
    """One reading of one file."""

    def __init__(self, file: str, profile: Profile, currency: str, known: Mapping[str, tuple[str, ...]]) -> None:
        """Read `file` (for messages) by a profile; `known` are the customers of the books with their other numbers."""
        self.profile = profile
        self.fields = Fields(profile, currency)
        self.customers = Customers(known)
        self.maker = Maker(file.rpartition("/")[2], profile)
        self.bad: list[BadRow] = []
        self.left_out = 0
        self._file = file
        self._rows = 0
        self._unread = 0

    def records(self, rows: Iterable[Row], kind: str) -> Iterator[tuple[str, str]]:
        """Turn to each row that is a record, giving the meanings of its document type and status."""
        profile, fields = self.profile, self.fields
        for row in rows:
            if not self._rows:
                self._check_columns(row, kind)
            self._rows += 1
            if any(not row.cells.get(column) for column in profile.rows_need):
                self.left_out += 1
                continue
            fields.turn_to(row)
            found = fields.meaning("type", profile.types), fields.meaning("status", profile.statuses)
            if LEAVE_OUT in found:
                self.left_out += 1
            else:
                yield found

    def heading(self, doc_type: str, currency: str) -> Heading:
        """Read what every document has: number, day, customer, due date and texts."""
        fields = self.fields
        number = fields.doc_number("number", self.profile.prefixes.get(doc_type, ""))
        day = fields.needed_day("date", _NO_DAY)
        customer, name = self.customers.read(fields, currency)
        return Heading(
            doc_id=number.doc_id,
            line=fields.line,
            date=day,
            customer=customer,
            payee=name,
            currency=currency,
            due=fields.due(day),
            terms=fields.text("terms", 40),
            reference=fields.text("reference", 140),
            text=fields.text("text"),
            number_there=number.there,
        )

    def row_is_bad(self) -> bool:
        """Keep the faults of the present row; tells whether there were any."""
        self.bad.extend(self.fields.faults)
        return bool(self.fields.faults)

    def refuse_unread(self, line: int, what: str) -> None:
        """Note a row that does not fit its header, so that nothing of it can be read."""
        self._unread += 1
        self.refuse(line, "number", what)

    def refuse(self, line: int, name: str, what: str) -> None:
        """Note that a row turned out to be bad beside the others."""
        self.bad.append(BadRow(line, self.profile.column(name), what))

    def numbers_used_twice(self, used: Iterable[tuple[str, int]]) -> set[str]:
        """Find the numbers that several documents would have, and note each of their lines."""
        lines: defaultdict[str, list[int]] = defaultdict(list)
        for doc_id, line in used:
            lines[doc_id].append(line)
        twice = {doc_id: found for doc_id, found in lines.items() if len(found) > 1}
        for doc_id, found in twice.items():
            for line in found:
                other = next((number for number in found if number != line), line)
                self.refuse(
                    line,
                    "number",
                    f"{doc_id} is also the number in line {other}; give each its own, or `prefixes` in the profile",
                )
        return set(twice)

    def result(
        self, documents: Iterable[Document], events: Iterable[Event], roundings: tuple[Rounding, ...] = ()
    ) -> Imported:
        """Put together what the file says."""
        made = tuple(sorted(documents, key=lambda doc: doc.date))
        used = {doc.customer for doc in made}
        return Imported(
            file=self._file,
            documents=made,
            events=tuple(sorted(events, key=lambda event: event.date)),
            customers=tuple(customer for customer in self.customers.all() if customer.code in used),
            lines={doc.doc_id: _line(doc) for doc in made},
            bad=tuple(sorted(set(self.bad))),
            roundings=roundings,
            rows=self._rows + self._unread,
            left_out=self.left_out,
            notes=self._notes(),
        )

    def _notes(self) -> tuple[str, ...]:
        renamed = len(self.customers.renamed)
        return (f"{renamed} customers have more than one name in the file; the first was taken",) if renamed else ()

    def _check_columns(self, row: Row, kind: str) -> None:
        """Refuse a file that has not the columns of the profile."""
        optional = set(self.profile.optional) - set(NEEDED[kind])
        missing = [
            column
            for name, columns in self.profile.columns.items()
            if name not in optional
            for column in columns
            if column not in row.cells
        ]
        missing += [column for column in self.profile.rows_need if column not in row.cells]
        if missing:
            there = ", ".join(row.cells)
            raise BadInput(
                f"{self._file}:{self.profile.header_line}: there is no column {', '.join(missing)}, which the profile "
                f"{self.profile.name} needs; the file has {there}; choose another profile, or write one",
            )


def _line(doc: Document) -> int:
    return int(str(doc.fact("imported-from")).rpartition(":")[2])

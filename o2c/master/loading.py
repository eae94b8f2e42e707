"""Reading all master data of the books, with every fault of every file at once."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from o2c.errors import BooksBroken
from o2c.master import company
from o2c.master import customers
from o2c.master import policies
from o2c.master import prices
from o2c.master import products
from o2c.master import taxes
from o2c.master import terms
from o2c.master import yaml_text
from o2c.master.faults import Faults
from o2c.master.master import Master
from o2c.master.places import FILES
from o2c.master.places import FOLDER
from o2c.master.places import all_files
from o2c.master.places import file_of
from o2c.master.section import Section

if TYPE_CHECKING:
    from collections.abc import Container
    from collections.abc import Iterator
    from collections.abc import Mapping
    from pathlib import Path

    from o2c.master.company import Company


def load(root: Path, replaced: Mapping[str, bytes] | None = None) -> Master:
    """Read master/*.yaml below the books' folder; raises BooksBroken with every fault found.

    `replaced` gives the bytes to read instead of a file, by name (`customers`): what the file would be after an edit.
    """
    with without_garbage_collection():
        reading = Reading(root, replaced or {})
        master = reading.master()
    if faults := reading.sentences():
        raise BooksBroken(faults)
    return master


def load_company(root: Path) -> Company:
    """Read master/company.yaml alone; raises BooksBroken with every fault of this file."""
    reading = Reading(root, {})
    found = company.read(reading.section("company"))
    if faults := reading.sentences():
        raise BooksBroken(faults)
    return found


def parsed(name: str, text: str, faults: Faults) -> Section | None:
    """Read the text of a file as one mapping; None, and faults, when it is none."""
    node = yaml_text.composed(text, faults)
    return None if node is None else Section(name, node, faults)


class Reading:
    """One reading of the files, and what was found wrong in each."""

    def __init__(self, root: Path, replaced: Mapping[str, bytes]) -> None:
        self._root = root
        self._replaced = replaced
        self._faults = {name: Faults(f"{FOLDER}/{name}.yaml") for name in FILES}
        self._others: list[str] = []
        self._unread: set[str] = set()

    def sentences(self) -> tuple[str, ...]:
        """Give every fault found so far, file by file."""
        return (*self._others, *(text for faults in self._faults.values() for text in faults.sentences()))

    def master(self) -> Master:
        """Read all files."""
        self._look_for_other_files()
        own = company.read(self.section("company"))
        all_terms = terms.read(self.section("terms"))
        all_products = products.read(self.section("products"))
        all_prices = prices.read(self.section("prices"), self._known("products", all_products))
        records = customers.read(self.section("customers"))
        by_code = {record.customer.code: record.customer for record in records}
        customers.check_references(
            records,
            customers.Known(by_code, self._known("terms", all_terms), self._known("prices", all_prices.currencies)),
        )
        return Master(
            company=own,
            customers=by_code,
            products=all_products,
            terms=all_terms,
            taxes=taxes.read(self.section("taxes")),
            prices=all_prices,
            policies=policies.read(self.section("policies"), own.currency),
            files=tuple(file_of(self._root, name) for name in FILES),
        )

    def _known(self, name: str, codes: Container[str]) -> Container[str]:
        """Give the codes of a file to refer to; of a file that could not be read, any code is taken as known."""
        return _Anything() if name in self._unread else codes

    def section(self, name: str) -> Section:
        """Read one file; after a fault that leaves nothing of it, as if it were empty."""
        faults = self._faults[name]
        text = self._text(name, faults)
        section = parsed(name, text, faults) if text is not None else None
        if section is None:
            self._unread.add(name)
        return section or _nothing(name)

    def _text(self, name: str, faults: Faults) -> str | None:
        try:
            data = self._replaced[name] if name in self._replaced else _bytes(file_of(self._root, name))
        except FileNotFoundError:
            faults.add(
                1, 1, "the file is missing; create it (an empty one will do), or copy it from `o2c init --empty`"
            )
        except OSError as error:
            faults.add(1, 1, f"the file cannot be read: {error.strerror}; check its permissions")
        else:
            return yaml_text.decoded(data, faults)
        return None

    def _look_for_other_files(self) -> None:
        """Refuse a file that would be passed over in silence, such as a misspelled customer.yaml."""
        names = [path.name for path in all_files(self._root)]
        known = {f"{name}.yaml" for name in FILES}
        advice = f"this file is not read; rename it to one of {', '.join(sorted(known))}, or move it away"
        self._others += [f"{FOLDER}/{name}:1:1: {advice}" for name in names if name not in known]


class _Anything:
    """Contains every code."""

    def __contains__(self, _code: object) -> bool:
        return True


def _bytes(path: Path) -> bytes:
    """Read a file, but of a huge one only so much that its size is refused."""
    with path.open("rb") as stream:
        return stream.read(yaml_text.MAX_BYTES + 1)


def _nothing(name: str) -> Section:
    """Stand in for a file that could not be read; what is missing in it is not reported again."""
    section = parsed(name, "", Faults(name))
    assert section is not None
    return section


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Keep the collector from walking millions of nodes that are all alive: a third of the time of a large file."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

"""Master data whose customers, products and prices are read only when somebody asks for them.

For files that a full `load` has found clean: their texts are split at the codes, and a record is read at its first
use. What cannot be split, or be read alone, is looked up in a full reading; so every answer equals that of a full load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from typing import TypeVar

from o2c.master import company
from o2c.master import customers
from o2c.master import policies
from o2c.master import prices
from o2c.master import products
from o2c.master import taxes
from o2c.master import terms
from o2c.master.faults import Faults
from o2c.master.loading import Reading
from o2c.master.loading import load
from o2c.master.loading import parsed
from o2c.master.loading import without_garbage_collection
from o2c.master.master import Master
from o2c.master.places import FILES
from o2c.master.places import FOLDER
from o2c.master.places import file_of
from o2c.master.prices import Prices
from o2c.master.splitting import keys
from o2c.master.splitting import line_of
from o2c.master.splitting import piece
from o2c.master.splitting import split

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterator
    from pathlib import Path

    from o2c.master.customers import Customer
    from o2c.master.prices import PriceRow
    from o2c.master.products import Product
    from o2c.master.section import Section
    from o2c.master.splitting import Piece

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")

#: This many records, and a tenth of all, are read one by one; beyond, reading all at once is quicker.
_FEW = 50


class Records(Mapping[K, V]):
    """A mapping that knows its codes, and reads a record at its first use."""

    def __init__(self, codes: Collection[K], one: Callable[[K], V], every: Callable[[], Mapping[K, V]]) -> None:
        """Hold all codes, how to read the record of one, and how to read all records."""
        self._codes = codes
        self._one = one
        self._every = every
        self._read: dict[K, V] = {}
        self._few = max(_FEW, len(codes) // 10)

    def __getitem__(self, code: K) -> V:
        if code not in self._read:
            if code not in self._codes:
                raise KeyError(code)
            if len(self._read) < self._few:
                self._read[code] = self._one(code)
            else:
                self._read = dict(self._every())
        return self._read[code]

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def __iter__(self) -> Iterator[K]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


def load_on_demand(root: Path) -> Master:
    """Read master data that a full `load` has found clean, in exactly these bytes; each record when it is asked for.

    Whoever calls it knows that the files are the same, and that their split `agrees` with that load. Raises BooksBroken
    with every fault, here or at the first use of a record, where a fault is met all the same.
    """
    try:
        files = {name: file_of(root, name).read_bytes() for name in FILES}
    except OSError:
        return load(root)
    with without_garbage_collection():
        return _Snapshot(root, files).master()


def agrees(on_demand: Master, full: Master) -> bool:
    """Prove that the texts were split at their records, by the codes that a full load of the same bytes found.

    A line that looks like `CODE:` may belong to a quoted text. But the texts were split at every real code, and nowhere
    twice at one code: with equal codes the places are equal too.
    """
    return (
        list(on_demand.customers) == list(full.customers)
        and list(on_demand.products) == list(full.products)
        and list(on_demand.prices.rows) == list(full.prices.rows)
    )


class _Unsplit(Exception):
    """A text is not written in the plain form that can be split."""


class _Snapshot:
    """The bytes of all files at one moment."""

    def __init__(self, root: Path, files: Mapping[str, bytes]) -> None:
        self._root = root
        self._files = files

    @cached_property
    def full(self) -> Master:
        """Everything, read and proved; raises BooksBroken with every fault."""
        return load(self._root, self._files)

    def master(self) -> Master:
        """Read the small files, and split the large ones."""
        reading = Reading(self._root, self._files)
        try:
            master = Master(
                company=company.read(reading.section("company")),
                customers=self._customers(),
                products=self._products(),
                terms=terms.read(reading.section("terms")),
                taxes=taxes.read(reading.section("taxes")),
                prices=self._prices(),
                policies=policies.read(reading.section("policies")),
                files=tuple(file_of(self._root, name) for name in FILES),
            )
        except _Unsplit:
            return self.full
        return self.full if reading.sentences() else master

    def _customers(self) -> Mapping[str, Customer]:
        text = self._text("customers")

        def one(code: str) -> Customer:
            record = piece(text, code)
            found = _part("customers", _cut(text, record), customers.read)
            if found is None:
                return self.full.customers[code]
            return replace(found[0].customer, source=f"{FOLDER}/customers.yaml:{line_of(text, record)}")

        return Records(_keys(text), one, lambda: self.full.customers)

    def _products(self) -> Mapping[str, Product]:
        text = self._text("products")

        def one(sku: str) -> Product:
            found = _part("products", _cut(text, piece(text, sku)), products.read)
            return self.full.products[sku] if found is None else found[sku]

        return Records(_keys(text), one, lambda: self.full.products)

    def _prices(self) -> Prices:
        """Split each list at its rows; a row is read with the other fields of its list, such as the currency."""
        text = self._text("prices")
        heads: dict[str, str] = {}
        rows: dict[tuple[str, str], Piece] = {}
        for name, whole in _split(text).items():
            parts = _split(text, whole)
            inside = parts.pop("prices", None)
            heads[name] = "\n".join([f"{name}:", *(_cut(text, part) for part in parts.values()), ""])
            if inside is not None:
                rows |= {(name, sku): piece for sku, piece in _split(text, inside).items()}
                heads[name] += text[inside.start : inside.value] + "\n"
        lists = _part("prices", "".join(heads.values()), lambda section: prices.read(section, ()))
        if lists is None:
            raise _Unsplit

        def one(place: tuple[str, str]) -> tuple[PriceRow, ...]:
            alone = heads[place[0]] + _cut(text, rows[place])
            found = _part("prices", alone, lambda section: prices.read(section, {place[1]}))
            return self.full.prices.rows[place] if found is None else found.rows[place]

        return Prices(lists.currencies, Records(rows, one, lambda: self.full.prices.rows))

    def _text(self, name: str) -> str:
        """Give the text of a file with a line feed before it, as `split` wants it."""
        try:
            return "\n" + self._files[name].decode("utf-8")
        except UnicodeDecodeError:
            raise _Unsplit from None


def _keys(text: str) -> dict[str, None]:
    found = keys(text)
    if found is None:
        raise _Unsplit
    return dict.fromkeys(found)


def _split(text: str, within: Piece | None = None) -> dict[str, Piece]:
    found = split(text) if within is None else split(text, within.value, within.end)
    if found is None:
        raise _Unsplit
    return found


def _cut(text: str, piece: Piece) -> str:
    return text[piece.start : piece.end]


def _part(name: str, text: str, read: Callable[[Section], T]) -> T | None:
    """Read a part of a file alone; None after a fault, whose place only a full reading can name."""
    faults = Faults(f"{FOLDER}/{name}.yaml")
    section = parsed(name, text, faults)
    found = None if section is None else read(section)
    return None if faults.found else found

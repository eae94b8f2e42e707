"""What a page is made of, as values: the template only lays them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import ClassVar
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Shown(NamedTuple):
    """A piece of text on a page: where it leads, and whether it is a figure (hidden by Fava's incognito mode)."""

    text: str
    href: str = ""
    is_figure: bool = False
    is_negative: bool = False
    is_zero: bool = False

    @property
    def length(self) -> str:
        """Tell whether a text is long (a column of such is given room) or huge (a hash: it may break anywhere)."""
        return " huge" if len(self.text) > 48 and " " not in self.text else " long" if len(self.text) > 20 else ""


class Head(NamedTuple):
    """The head of a column: how it is sorted (ascending, descending or none), where a click leads, what it holds."""

    label: str
    sorted: str
    href: str
    kind: str
    is_figure: bool


class Choice(NamedTuple):
    """A choice among the values of a column; `chosen` is empty for all."""

    field: str
    label: str
    values: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class View:
    """One page of a table, sorted, searched and with its totals; `kept` are the parameters a search keeps."""

    kind: ClassVar[str] = "table"
    key: str
    title: str
    basis: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Shown, ...], ...]
    totals: tuple[tuple[Shown, ...], ...]
    find: str
    choices: tuple[Choice, ...]
    kept: Mapping[str, str]
    action: str
    count: str
    previous: str
    following: str
    downloads: tuple[Shown, ...]
    is_searched: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """Names and values."""

    kind: ClassVar[str] = "fields"
    title: str
    pairs: tuple[tuple[str, tuple[Shown, ...]], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Charts for Fava's own component, and the same figures as rows for whoever does not see them."""

    kind: ClassVar[str] = "chart"
    title: str
    about: str
    charts: tuple[Mapping[str, object], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]


class Step(NamedTuple):
    """A step of a document's chain: a document or an event, with the lines of the ledger that say so."""

    day: str
    what: str
    number: Shown
    said: str
    amounts: tuple[str, ...]
    act: str
    place: Shown
    lines: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chain from order to cash, by day."""

    kind: ClassVar[str] = "timeline"
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it was issued."""

    kind: ClassVar[str] = "paper"
    title: str
    href: str
    media: str


@dataclass(frozen=True, slots=True)
class Links:
    """Ways from here, to pages or to files; the one that is chosen has no address."""

    kind: ClassVar[str] = "links"
    title: str
    ways: tuple[Shown, ...]
    are_files: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """A field to go to something by its number or code."""

    kind: ClassVar[str] = "search"
    label: str
    field: str
    value: str
    action: str
    kept: Mapping[str, str]


class Entry(NamedTuple):
    """A field of a form; with `words` a choice among them, or none of them."""

    field: str
    label: str
    value: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Fields that a page is made by; `kept` are the parameters that stay."""

    kind: ClassVar[str] = "form"
    label: str
    action: str
    kept: Mapping[str, str]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence; a trouble is one that a reader should not overlook."""

    kind: ClassVar[str] = "said"
    text: str
    is_trouble: bool = False
    code: str = ""


Part = View | Fields | Chart | Timeline | Paper | Links | Search | Form | Said


class Page(NamedTuple):
    """A page: its title, how Fava's filters were taken, and its parts."""

    title: str
    notes: tuple[Said, ...]
    parts: tuple[Part, ...]

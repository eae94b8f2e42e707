"""What stands on a document, before anybody decides where: all texts, formatted, in the order in which one reads.

Templates lay a sheet out and compute nothing.
"""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """A short fact and its name, such as "Due" and "1 April 2026"."""

    label: str
    value: str


class Column(NamedTuple):
    """A column of the table: its name for the style, its heading, and whether it holds numbers."""

    name: str
    label: str
    number: bool = False


class Cell(NamedTuple):
    """A cell: its text, and a smaller second text below it."""

    text: str
    below: str = ""


class Row(NamedTuple):
    """A row of the table; `carried` is what a page that ends behind it carries forward, said in words."""

    cells: tuple[Cell, ...]
    carried: str = ""


class Sum(NamedTuple):
    """A line below the table; the strong one is what counts."""

    label: str
    amount: str
    strong: bool = False


class Pay(NamedTuple):
    """How to pay: facts, the code to scan and the Swiss payment part as SVG, and a link; "" where there is none."""

    facts: tuple[Fact, ...]
    until: str = ""
    code: str = ""
    swiss: str = ""
    link: str = ""


class Look(NamedTuple):
    """How the company wants its documents: paper, colour, and the logo as a data URI ("" without one)."""

    paper: str = "A4"
    colour: str = "#1f4e79"
    logo: str = ""


class Sheet(NamedTuple):
    """A document to be laid out.

    `kind` names the template, `day` is ISO for the file's own dates. `headline` is what one must see first. `said` are
    paragraphs before the table, `remarks` those below the sums (exemptions, reasons). `words` are the few that the
    layout itself needs: page, carried, scan and so on.
    """

    kind: str
    language: str
    number: str
    day: str
    title: str
    seller: str
    sender_line: str
    receiver: tuple[str, ...]
    facts: tuple[Fact, ...]
    headline: tuple[Fact, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    words: dict[str, str]
    sums: tuple[Sum, ...] = ()
    said: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    ship_to: tuple[str, ...] = ()
    pay: Pay | None = None
    footer: tuple[tuple[str, ...], ...] = ()
    look: Look = Look()
    preview: bool = False

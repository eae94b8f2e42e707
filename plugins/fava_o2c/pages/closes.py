"""Close: which months are closed and sealed, what was signed off, and what the loaded books say about the seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava_o2c.pages.making import shown
from fava_o2c.parts import Said
from o2c.closing.checklist.sign_offs import SIGN_OFF
from o2c.closing.listing import listing
from o2c.model import periods
from o2c.reports.places import place
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fava_o2c.parts import Part
    from fava_o2c.viewing import Here
    from fava_o2c.viewing import Tables
    from o2c.reports.table import Row

PLUGIN = "period_close"
_VERIFY = (
    "This page shows what was declared and what the plugin period_close found when Fava loaded the books. A seal is "
    "proved over the text itself, which Fava does not keep: "
)
_UNSEEN = "The seals were not looked at when Fava loaded the books. Add to main.beancount: "
_SIGNED = (
    Column("period", "code"),
    Column("check", "code"),
    Column("date", "date"),
    Column("by", "text"),
    Column("why", "text"),
    Column("source", "code"),
)


def tables(here: Here) -> Tables:
    """Give the tables of the page."""
    return {
        "closes": lambda: listing(here.books),
        "signed": lambda: _signed(here),
    }


def parts(here: Here) -> list[Part]:
    """Give the parts of the page."""
    found = tables(here)
    month = f"{here.asked.day:%Y-%m}"
    checks = Said("The checklist of a month takes longer than a page may: ", code=f"o2c close check {month}")
    first = f"{month}-01"
    return [
        *_plugin(here),
        Said(_VERIFY, code="o2c close verify"),
        *shown(here, found, "closes"),
        checks,
        *shown(here, found, "signed"),
        Said("Numbers used, void and missing: ", code=f"o2c report numbering --from {first} --to {here.asked.day}"),
    ]


def _plugin(here: Here) -> Iterator[Part]:
    """Say whether the seals were looked at when the books were loaded, and what was found."""
    if PLUGIN not in here.books.options.get("o2c-ran", {}):
        name = f'plugin "beancount_o2c.{PLUGIN}"'
        yield Said(_UNSEEN, is_trouble=True, code=name)
        return
    found = here.books.troubles(PLUGIN)
    if not found:
        sealed = [close for close in periods.closes(here.books.customs(periods.CLOSE)) if close.seal]
        good = "When Fava loaded the books, every sealed month was as it was sealed."
        yield Said(good if sealed else "No month has been sealed yet.")
    for sentence in found[:20]:
        yield Said(sentence, is_trouble=True)


def _signed(here: Here) -> Table:
    rows: list[Row] = [
        {
            "period": str(event.values[0]) if event.values else "",
            "check": str(event.values[1]) if len(event.values) > 1 else "",
            "date": event.date,
            "by": event.act.by,
            "why": event.act.why,
            "source": place(here.books, event.source),
        }
        for event in here.books.customs(SIGN_OFF)
    ]
    basis = "a sign-off counts while the evidence it names has not changed; the checklist says so"
    return Table("sign-offs", "Checks that were signed off", None, basis, _SIGNED, tuple(rows))

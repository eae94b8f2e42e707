"""The chapters of a pack: a table each, with what it shows and the command that gives it again."""

from __future__ import annotations

from datetime import timedelta
from shlex import quote
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c import reports
from o2c.closing.at_end import AtEnd
from o2c.closing.checklist.money_in import bank_proof
from o2c.closing.pack.agreement import agreement
from o2c.closing.pack.books_then import books_then
from o2c.reports import places
from o2c.reports.table import Column
from o2c.reports.table import Table

if TYPE_CHECKING:
    from datetime import date as Date

    from o2c.books import Books
    from o2c.closing.pack.asked import Asked
    from o2c.closing.pack.letters import Letters
    from o2c.closing.pack.sample import Sample
    from o2c.closing.pack.sealed import Sealed

_PROOF = (Column("account", "text"), Column("proof", "text"), Column("source", "code"))


class Section(NamedTuple):
    """A chapter: `title` names it and its sheet (at most 31 characters), `again` is the command that shows it again.

    `in_book` tells whether it is printed, or stands in the workbook only.
    """

    title: str
    said: str
    again: str
    table: Table
    in_book: bool = True


def sections(books: Books, then: Books, asked: Asked, seal: Sealed, drawn: Sample, letters: Letters) -> list[Section]:
    """Make all chapters; `then` are the books through the last day of the month."""
    first, last = asked.period.first, asked.period.last
    span = f"--from {first} --to {last}"
    checked = f"o2c close check {asked.period.name} --only {{}}"
    later = books_then(books, asked.day)
    before = first - timedelta(days=1)

    def report(name: str, **options: object) -> Table:
        return reports.run(name, then, last, **options)

    whole = {"since": first, "until": last}
    subsequent = reports.run("subsequent-receipts", later, last, until=asked.day)
    return [
        Section("Agreement", _AGREEMENT, checked.format("sub-ledger"), agreement(then, asked.period)),
        Section("Roll-forward", _FORWARD, f"o2c report roll-forward {span}", report("roll-forward", **whole)),
        Section(
            "Roll-forward in books' currency",
            _VALUED,
            f"o2c report roll-forward {span} --valued",
            report("roll-forward", **whole, valued=True),
        ),
        Section("Aging", _AGING, f"o2c report aging --as-of {last}", report("aging")),
        Section("Open items", _OPEN, f"o2c report open-items --as-of {last}", _open_items(then, last)),
        Section(
            "Subsequent receipts",
            _SUBSEQUENT.format(day=asked.day),
            f"o2c report subsequent-receipts --as-of {last} --to {asked.day}",
            subsequent,
        ),
        Section("Approvals and overrides", _APPROVALS, f"o2c report approvals {span}", report("approvals", **whole)),
        Section("Closing acts", _ACTS, "o2c close list", seal.acts),
        Section("Numbering", _NUMBERS, f"o2c report numbering {span}", report("numbering", **whole)),
        Section("Bank proof", _BANK, checked.format("bank-proof"), _bank(books, asked)),
        Section("Sample", drawn.method, _sampled(asked), drawn.items),
        Section("Chains", _CHAINS, "o2c show NUMBER", drawn.chains),
        Section("Confirmation letters", _LETTERS, "", letters.table),
        Section("Movements", _MOVED, f"o2c report movements {span}", report("movements", **whole), in_book=False),
        Section(
            "Movements in books' currency",
            _MOVED,
            f"o2c report movements {span} --valued",
            report("movements", **whole, valued=True),
            in_book=False,
        ),
        Section(
            "Opening items",
            "The items behind the opening balances of the roll-forward.",
            f"o2c report open-items --as-of {before}",
            _open_items(then, before),
            in_book=False,
        ),
        Section("Audit trail", _TRAIL, f"o2c report audit-trail {span}", report("audit-trail", **whole), in_book=False),
    ]


_AGREEMENT = (
    "The control accounts, added up from the postings, against the open items, the aging and the roll-forward: four "
    "ways to one figure."
)
_FORWARD = (
    "From what each customer owed at the beginning to what he owed at the end. The workbook lists the entries behind "
    "every figure (sheet Movements) and behind the opening balances (sheet Opening items)."
)
_VALUED = "The same in the currency of the books, foreign items as carried, with the exchange differences realised."
_AGING = "What customers owed at the end of the month, by days past due. The items behind it are in the next chapter."
_OPEN = "Every item not settled at the end of the month, with the place where it was entered."
_SUBSEQUENT = "What came in after the month, through {day}, for what was open at its end. This chapter grows with time."
_APPROVALS = "Who decided about limits, releases, prices, credits, write-offs, refunds and voids; why; who approved it."
_ACTS = "What was declared about this month: closed, sealed, reopened, signed off."
_NUMBERS = "The numbers of each series: used, void with the reason, or missing."
_BANK = "The bank accounts at the end of the month, and the balance assertion that proves each."
_CHAINS = "The order, deliveries, invoice, credits and receipts of each item in the sample, through the month's end."
_LETTERS = "The customers to whom a letter was written: the highest balances, and those in the sample."
_MOVED = "Each entry behind the roll-forward, with its column there."
_TRAIL = "Every entry of the month: who, when, what, why, and what it changed from and to."


def _sampled(asked: Asked) -> str:
    return (
        f"o2c close pack {asked.period.name} --sample {asked.population} --seed {quote(asked.seed)} --size {asked.size}"
    )


def _open_items(then: Books, day: Date) -> Table:
    """Add to the report of open items where each stands."""
    table = reports.run("open-items", then, day)
    items = then.open_items(day)
    rows = tuple(
        {**row, "source": places.place(then, item.source)} for row, item in zip(table.rows, items, strict=True)
    )
    return table._replace(columns=(*table.columns, Column("source", "code")), rows=rows)


def _bank(books: Books, asked: Asked) -> Table:
    found = bank_proof(AtEnd(books, asked.period))
    rows = tuple(
        {"account": seen.what, "proof": seen.said, "source": places.place(books, seen.place)} for seen in found.seen
    )
    return Table("bank-proof", "Bank proof", asked.period.last, found.said, _PROOF, rows)

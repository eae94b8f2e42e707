"""The named checks, in the order in which they are worth reading."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.books.index.status import status
from o2c.checks import approvals
from o2c.checks import contents
from o2c.checks import duties
from o2c.checks import files
from o2c.checks import issued
from o2c.checks import options
from o2c.checks import outbox
from o2c.checks import plugins
from o2c.checks import policies
from o2c.checks import seals
from o2c.master import placeholders
from o2c.model import integrity
from o2c.model.findings import Finding
from o2c.model.findings import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from o2c.checks.evidence import Evidence
    from o2c.model.integrity import Sheet


class Check(NamedTuple):
    """A check: its name, what it proves, how it finds what is wrong, and how it says what it looked at.

    `always` tells that it runs even where the books do not load.
    """

    name: str
    about: str
    find: Callable[[Evidence], list[Finding]]
    covers: Callable[[Evidence], str]
    always: bool = False


def _quick(name: str) -> Callable[[Evidence], list[Finding]]:
    check: Callable[[Sheet], list[Finding]] = integrity.QUICK[name]
    return lambda evidence: check(evidence.sheet)


def _numbering(evidence: Evidence) -> list[Finding]:
    if evidence.master is None:
        place = Source(str(evidence.root / "master"), 1)
        return [Finding("numbering", place, "the patterns of the numbers are not known; see `o2c check master`")]
    return integrity.numbering(evidence.books.facts, evidence.master.company.numbering)


def _quantities(evidence: Evidence) -> list[Finding]:
    if evidence.master is None:
        return integrity.quantities(evidence.books.facts)
    return integrity.quantities(evidence.books.facts, evidence.master.policies.over_delivery_percent)


def _notes(evidence: Evidence) -> list[Finding]:
    return integrity.events(evidence.books.facts)


def _sub_ledger(evidence: Evidence) -> list[Finding]:
    return integrity.sub_ledger(evidence.books.facts.moved, evidence.books.entries)


def _leftovers(evidence: Evidence) -> list[Finding]:
    return [*files.leftovers(evidence), *seals.unnamed(evidence)]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _documents(evidence: Evidence) -> str:
    return _count(len(evidence.sheet.documents), "document")


def _transactions(evidence: Evidence) -> str:
    return _count(len(evidence.sheet.transactions), "transaction")


def _items(evidence: Evidence) -> str:
    return _count(len(evidence.sheet.moves_of), "item")


def _movements(evidence: Evidence) -> str:
    return _count(len(evidence.sheet.moves), "movement")


def _accounts(evidence: Evidence) -> str:
    return _count(len({move.account for move in evidence.sheet.moves}), "customer's account", "customers' accounts")


def _read_files(evidence: Evidence) -> str:
    return _count(len(evidence.read_files), "ledger file")


def _all_files(evidence: Evidence) -> str:
    return _count(len(evidence.files), "file")


def _entries(evidence: Evidence) -> str:
    return _count(len(evidence.books.entries), "entry", "entries") if evidence.loaded else ""


def _events(evidence: Evidence) -> str:
    return _count(sum(map(len, evidence.books.facts.events.values())), "note")


def _customers(evidence: Evidence) -> str:
    if evidence.master is None:
        return ""
    empty = placeholders.left(evidence.master.company)
    remark = f"; still to fill in before anything is issued: {', '.join(empty)} in master/company.yaml" if empty else ""
    return _count(len(evidence.master.customers), "customer") + remark


def _indexed(evidence: Evidence) -> str:
    found = status(evidence.root)
    if found.unfit or not found.exists:
        return "not used: the index cannot hold these books"
    return _count(found.entries, "entry", "entries")


def _named_plugins(evidence: Evidence) -> str:
    found = plugins.named(evidence)
    foreign = [name for name in found if not name.startswith("beancount_o2c.")]
    return _count(len(found), "plugin") + (f", not ours: {', '.join(foreign)}" if foreign else "")


def _cut(evidence: Evidence) -> str:
    unfinished = files.unfinished_lines(evidence)
    remark = "; no line end after the last line of " + ", ".join(path.name for path in unfinished) if unfinished else ""
    return _transactions(evidence) + remark


_ALL = (
    Check("loads", "Beancount and its plugins find no error", contents.loads, _entries, always=True),
    Check("bytes", "files are UTF-8 text, no merge unfinished", files.read_bytes, _read_files, always=True),
    Check("includes", "every ledger file is read, once, and lies in the books", files.includes, _read_files),
    Check("options", "no option lets amounts or checks disappear", options.options, lambda _: "the main file"),
    Check("plugins", "every plugin ran, over all entries, and changed none", plugins.plugins, _named_plugins),
    Check("pickle-cache", "no cache can run code or be stale", files.pickle_cache, _all_files, always=True),
    Check("leftovers", "no command, editor or merge left a file", _leftovers, _all_files, always=True),
    Check("truncation", "no transaction looks cut off", contents.truncation, _cut),
    Check("exact-zero", "every transaction sums to exactly zero", _quick("exact-zero"), _transactions),
    Check("document-numbers", "documents have types and own numbers", _quick("document-numbers"), _documents),
    Check("numbering", "numbers have no gaps, invoices do not go back in time", _numbering, _documents),
    Check("items", "every posting on a customer's account names its item", _quick("items"), _movements),
    Check("sub-ledger", "items sum to the balances of customers' accounts", _sub_ledger, _accounts),
    Check("over-allocation", "no item is used for more than it is", _quick("over-allocation"), _items),
    Check("dates", "no item moves before it begins", _quick("dates"), _items),
    Check("references", "references lead somewhere, reversals undo once", _quick("references"), _documents),
    Check("quantities", "nothing grows from order to delivery, invoice, credit", _quantities, _documents),
    Check("lines-and-totals", "lines, taxes and totals agree", _quick("lines-and-totals"), _documents),
    Check("events", "notes speak of documents that exist", _notes, _events),
    Check("issued", "what was issued lies there unchanged", issued.issued, issued.covers),
    Check("outbox", "what was sent is noted, no message is damaged", outbox.outbox, outbox.covers),
    Check("duplicates", "no receipt was entered twice", contents.duplicates, _documents),
    Check("approvals", "what needed a second person has one", approvals.approvals, approvals.covers),
    Check("duties", "who did two things that two should do", duties.duties, duties.covers),
    Check("seals", "sealed periods are as they were sealed", seals.seals, seals.covers),
    Check("index", "the index says what Beancount says", contents.index, _indexed),
    Check("policies", "rules do what their test cases say", policies.policies, policies.covers, always=True),
    Check("master", "master data load and know every customer", contents.master, _customers, always=True),
)

#: Every check by its name.
CHECKS = {check.name: check for check in _ALL}

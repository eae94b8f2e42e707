"""Adding and changing customers: only the lines that change, only when the whole is right, and never by halves.

Every change is proved before it is written: the new text must say exactly what was asked, and nothing else may have
changed; then all master data are read as they would be. Only then is the file replaced, under the books' lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import BadInput
from o2c.errors import BooksBroken
from o2c.errors import NotFinished
from o2c.master import customer_text
from o2c.master import customers
from o2c.master import writing
from o2c.master import yaml_text
from o2c.master.customer_text import NAME
from o2c.master.faults import Faults
from o2c.master.identifiers import wrong_tax_id
from o2c.master.line_diff import line_diff
from o2c.master.loading import load
from o2c.master.loading import parsed
from o2c.master.loading import without_garbage_collection
from o2c.master.lock import writer_lock
from o2c.master.places import file_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from o2c.master.customers import Customer
    from o2c.master.master import Master


class Change(NamedTuple):
    """What was, or with `dry_run` would be, written: the customers concerned and the text before and after.

    `existed` are the customers that were there already with exactly this content; nothing is written for them.
    """

    path: Path
    before: str
    after: str
    customers: tuple[Customer, ...]
    existed: tuple[Customer, ...] = ()

    def diff(self) -> str:
        """Show the changed lines as `diff -u` does."""
        return line_diff(self.before, self.after, f"master/{NAME}.yaml")


def add_customer(
    root: Path, new: str | Mapping[str, Any], *, name: str = "new customer", dry_run: bool = False
) -> Change:
    """Add one customer, given as YAML text (`C0100:` and its fields) or as a mapping with a `code`.

    `name` is what messages call the text. Raises BadInput with every fault, or when the code is taken.
    """
    if isinstance(new, Mapping):
        return append_customers(root, [new], name=name, dry_run=dry_run)
    return append_text(root, new, name=name, dry_run=dry_run, at_most=1)


def append_customers(
    root: Path,
    new: Iterable[Mapping[str, Any]],
    *,
    name: str = "new customers",
    rows: Sequence[int] = (),
    dry_run: bool = False,
) -> Change:
    """Add many customers in one write, each a mapping with a `code` and fields as in customers.yaml.

    `rows` says for messages in which row of the file `name` each one stands; without them they are counted.
    """
    texts = [customer_text.record(fields) for fields in new]
    places = rows or range(1, len(texts) + 1)
    records = [record for text, row in zip(texts, places, strict=True) for record in _records(text, Faults(name, row))]
    return _append(root, "\n".join(texts), records, name, dry_run=dry_run)


def append_text(root: Path, text: str, *, name: str, dry_run: bool = False, at_most: int = 0) -> Change:
    """Add the customers of a YAML text at the end of customers.yaml, as written there, comments included."""
    records = _records(text, Faults(name))
    if at_most and len(records) > at_most:
        raise BadInput(f"{name}: there are {len(records)} customers in it, one is expected; use `o2c customer import`")
    return _append(root, text, records, name, dry_run=dry_run)


def _append(root: Path, text: str, records: list[customers.Record], name: str, *, dry_run: bool) -> Change:
    if not records:
        raise BadInput(f"{name}: there is no customer in it; see docs/master-data.md for the form of a customer")

    def compose(master: Master, before: str) -> Change:
        existed = _existing(master, records)
        _check_codes(records)
        everyone = {**master.customers, **{record.customer.code: record.customer for record in records}}
        customers.check_references(records, customers.Known(everyone, master.terms, master.prices.currencies))
        _refuse(records)
        _check_digits([record.customer for record in records])
        fresh = tuple(record.customer for record in records if record.customer.code not in existed)
        after = customer_text.joined(before, customer_text.at_margin(text, set(existed))) if fresh else before
        return Change(file_of(root, NAME), before, after, fresh, tuple(existed.values()))

    return _changed(root, compose, dry_run=dry_run)


def edit_customer(root: Path, code: str, changes: str | Mapping[str, str], *, dry_run: bool = False) -> Change:
    """Change one customer: by fields (`{"terms": "net45", "address.city": "Bonn", "notes": ""}`), or by its new text.

    An empty value takes the field away; lists have commas between their values. The code never changes, because the
    accounts carry it. Raises NotFound, BadInput with every fault, NotFinished.
    """

    def compose(master: Master, before: str) -> Change:
        master.customer(code)
        start, end = customer_text.block(before, code)
        old = before[start:end]
        new = customer_text.with_changes(old, changes) if isinstance(changes, Mapping) else _checked_text(changes, code)
        new = customer_text.with_ends_of(before, new)
        after = before[:start] + new + before[end:]
        return Change(file_of(root, NAME), before, after, (master.customer(code),))

    return _changed(root, compose, dry_run=dry_run)


def text_of(root: Path, code: str) -> str:
    """Give a customer's own lines in customers.yaml, comments included, to be edited."""
    before = _read(root)
    with without_garbage_collection():
        start, end = customer_text.block(before, code)
    return before[start:end]


def _changed(root: Path, compose: Callable[[Master, str], Change], *, dry_run: bool) -> Change:
    """Compose a change on the current state, prove it, and write it, all inside the lock."""
    with nullcontext() if dry_run else writer_lock(root), without_garbage_collection():
        before = _read(root)
        old = load(root)
        change = compose(old, before)
        if change.after == change.before:
            return change
        master = _proved(root, old, change)
        if not dry_run:
            writing.replace(change.path, before.encode(), change.after.encode())
    return change._replace(customers=tuple(master.customers[customer.code] for customer in change.customers))


def _proved(root: Path, old: Master, change: Change) -> Master:
    """Read all master data as they would be; refuse when there is a fault or another customer would change too."""
    try:
        new = load(root, {NAME: change.after.encode()})
    except BooksBroken as error:
        raise BadInput(error.faults) from error
    touched = {customer.code for customer in change.customers}
    _check_digits([new.customers[code] for code in touched if code in new.customers])
    if new.customers.keys() != old.customers.keys() | touched or any(
        new.customers[code] != customer for code, customer in old.customers.items() if code not in touched
    ):
        raise NotFinished(f"{change.path}: the edit would change other customers too; edit the file by hand")
    return new


def _read(root: Path) -> str:
    """Read customers.yaml for editing; raises BooksBroken when it is no proper text."""
    path = file_of(root, NAME)
    faults = Faults(f"master/{NAME}.yaml")
    try:
        text = yaml_text.decoded(path.read_bytes(), faults)
    except OSError as error:
        raise BooksBroken(f"{path}: cannot be read ({error.strerror})") from error
    if text is None:
        raise BooksBroken(faults.sentences())
    return text


def _records(text: str, faults: Faults) -> list[customers.Record]:
    """Read new customers; raises BadInput when the text is no YAML, and notes all other faults in their sections."""
    proper = yaml_text.decoded(text.encode("utf-8", "surrogatepass"), faults)
    section = parsed(faults.file, proper, faults) if proper is not None else None
    if section is None:
        raise BadInput(faults.sentences())
    records = customers.read(section)
    if faults.found and not records:
        raise BadInput(faults.sentences())
    return records


def _refuse(records: list[customers.Record]) -> None:
    """Raise BadInput when faults were noted in the records, each once, in their order."""
    every = {id(record.section.faults): record.section.faults for record in records}
    if found := [sentence for faults in every.values() for sentence in faults.sentences()]:
        raise BadInput(found)


def _check_digits(new: list[Customer]) -> None:
    """Raise BadInput for tax numbers with wrong check digits."""
    wrong = [
        f"{customer.source}: {customer.code}: {sentence}"
        for customer in new
        for number in customer.tax_ids
        if (sentence := wrong_tax_id(number))
    ]
    if wrong:
        raise BadInput(wrong)


def _existing(master: Master, records: list[customers.Record]) -> dict[str, Customer]:
    """Give the new customers that are there already; notes a fault where the same code has other content."""
    known = [
        (record, master.customers[record.customer.code])
        for record in records
        if record.customer.code in master.customers
    ]
    for (customer, section), old in known:
        if customer != old:
            section.fault(
                "", f"this customer is there already, with other content ({old.source}); use `o2c customer edit`"
            )
    return {old.code: old for _, old in known}


def _check_codes(records: list[customers.Record]) -> None:
    """Note a fault for every code that stands twice among the new customers."""
    first: dict[str, int] = {}
    for customer, section in records:
        if first.setdefault(customer.code, section.place[0]) != section.place[0]:
            line = first[customer.code]
            section.fault("", f"the code stands in line {line} already; give each customer its own")


def _checked_text(text: str, code: str) -> str:
    """Pass the new text of a record that still has its code, at the margin, and nothing beside it."""
    records = _records(text, Faults(code))
    _refuse(records)
    if [record.customer.code for record in records] != [code]:
        raise BadInput(f"{code}: the text must hold this one customer; a code never changes, because accounts carry it")
    return customer_text.at_margin(text, set()).strip("\r\n").rstrip() + "\n"

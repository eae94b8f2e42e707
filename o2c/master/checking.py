"""Looking through the customers: probably the same one twice, records with gaps, tax numbers with wrong digits.

Nothing is decided here: each answer says why, and a person merges, completes or corrects.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.master.identifiers import wrong_tax_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator

    from o2c.master.customers import Customer
    from o2c.master.master import Master

#: From this likeness on (0 to 100) two names are proposed as one; less is enough at the same postcode.
ALIKE = 92
ALIKE_NEARBY = 84
#: A word in more names than this tells nothing about any of them.
_COMMON = 60
_WORD = re.compile(r"\w+")
_LEGAL_FORMS = frozenset(
    "gmbh mbh kg ohg ag eg ug se co cie sarl sas sa snc bv nv vof ltd limited llp plc llc inc corp company lp "
    "spa srl ab as oy aps handelsgesellschaft m b h the und and et".split(),
)


class Duplicate(NamedTuple):
    """Two customers that are probably one; the reasons are sentences, the score goes to 100."""

    code: str
    other: str
    score: int
    reasons: tuple[str, ...]


class Completeness(NamedTuple):
    """How much of a record is filled in, in percent of what this customer should have, and what is not."""

    code: str
    percent: int
    missing: tuple[str, ...]


class WrongTaxId(NamedTuple):
    """A tax number whose check digits are wrong; the place is `file:line`."""

    code: str
    place: str
    message: str


def duplicates(master: Master, among: Iterable[str] = ()) -> tuple[Duplicate, ...]:
    """Propose pairs of customers that are probably one; with `among`, only pairs with one of these codes.

    Customers that pay for each other or share a credit group belong together, and are not proposed.
    """
    chosen = set(among)
    reasons: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for first, second, score, reason in _alike(list(master.customers.values())):
        if not _related(first, second) and (not chosen or {first.code, second.code} & chosen):
            reasons[first.code, second.code].append((score, reason))
    found = (
        Duplicate(*pair, max(score for score, _ in why), tuple(reason for _, reason in why))
        for pair, why in reasons.items()
    )
    return tuple(sorted(found, key=lambda pair: (-pair.score, pair.code, pair.other)))


def completeness(customer: Customer) -> Completeness:
    """Score one record; what is asked for depends on the country and on whether it is a business."""
    asked = {name: bool(present(customer)) for name, present in _ASKED.items() if _is_asked(name, customer)}
    missing = tuple(name for name, there in asked.items() if not there)
    return Completeness(customer.code, (len(asked) - len(missing)) * 100 // len(asked), missing)


def wrong_tax_ids(master: Master) -> tuple[WrongTaxId, ...]:
    """Find every tax number whose check digits are wrong."""
    return tuple(
        WrongTaxId(customer.code, customer.source, sentence)
        for customer in master.customers.values()
        for number in customer.tax_ids
        if (sentence := wrong_tax_id(number))
    )


_ASKED: dict[str, Callable[[Customer], object]] = {
    "address.lines": lambda customer: customer.address.lines,
    "address.postcode": lambda customer: customer.address.postcode,
    "address.city": lambda customer: customer.address.city,
    "tax_ids": lambda customer: customer.tax_ids,
    "contact for billing": lambda customer: any(contact.role == "billing" for contact in customer.contacts),
    "e-mail for invoices": lambda customer: any(contact.email for contact in customer.contacts),
    "price_list": lambda customer: customer.price_list,
    "terms": lambda customer: customer.terms,
    "ibans": lambda customer: customer.ibans,
}
#: Countries whose businesses have no IBAN.
_NO_IBAN = frozenset({"US", "CA", "AU", "NZ", "JP", "CN", "IN", "SG", "HK", "ZA", "MX"})


def _is_asked(name: str, customer: Customer) -> bool:
    """Tell whether a field belongs to this customer: someone else's invoices need no contact here."""
    if name == "ibans":
        return not customer.payer and customer.status != "one-time" and customer.address.country not in _NO_IBAN
    if name in {"contact for billing", "e-mail for invoices"}:
        return not customer.bill_to
    return name != "tax_ids" or customer.status != "one-time"


def _related(first: Customer, second: Customer) -> bool:
    """Tell whether two customers are known to belong together."""
    if first.credit_group and first.credit_group == second.credit_group:
        return True
    partners = ({customer.code, customer.payer, customer.bill_to} - {""} for customer in (first, second))
    return bool(set.intersection(*partners))


def _alike(everyone: list[Customer]) -> Iterator[tuple[Customer, Customer, int, str]]:
    """Yield pairs with a score and a reason; a pair may come several times."""
    yield from _sharing(everyone, "tax number", 100, lambda customer: customer.tax_ids)
    yield from _sharing(everyone, "bank account", 98, lambda customer: customer.ibans)
    yield from _sharing(everyone, "mail address", 90, _mail_addresses)
    yield from _similar_names(everyone)


def _mail_addresses(customer: Customer) -> tuple[str, ...]:
    return tuple(sorted({contact.email.casefold() for contact in customer.contacts if contact.email}))


def _sharing(
    everyone: list[Customer], what: str, score: int, values: Callable[[Customer], tuple[str, ...]]
) -> Iterator[tuple[Customer, Customer, int, str]]:
    groups: dict[str, list[Customer]] = defaultdict(list)
    for customer in everyone:
        for value in values(customer):
            groups[value].append(customer)
    for value, group in groups.items():
        if len(group) <= _COMMON:
            yield from ((first, second, score, f"the same {what} {value}") for first, second in combinations(group, 2))


def _similar_names(everyone: list[Customer]) -> Iterator[tuple[Customer, Customer, int, str]]:
    """Compare names within a country that share a word that is rare; numbers in them must be equal."""
    from rapidfuzz.fuzz import token_sort_ratio

    names = {customer.code: _words(customer.name) for customer in everyone}
    blocks: dict[tuple[str, str], list[Customer]] = defaultdict(list)
    for customer in everyone:
        for word in set(names[customer.code]):
            if len(word) > 2:
                blocks[customer.address.country, word].append(customer)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        for first, second in combinations(block, 2) if len(block) <= _COMMON else ():
            pair = (first.code, second.code)
            if pair in seen or _numbers(names[first.code]) != _numbers(names[second.code]):
                continue
            seen.add(pair)
            score = int(token_sort_ratio(" ".join(names[first.code]), " ".join(names[second.code])))
            near = first.address.postcode == second.address.postcode != ""
            if score >= (ALIKE_NEARBY if near else ALIKE):
                place = f" at the same postcode {first.address.postcode}" if near else ""
                yield first, second, min(score, 95), f"the names {first.name} and {second.name} are alike{place}"


def _words(name: str) -> list[str]:
    return [word for word in _WORD.findall(name.casefold()) if word not in _LEGAL_FORMS]


def _numbers(words: list[str]) -> list[str]:
    return sorted(word for word in words if any(sign.isdigit() for sign in word))

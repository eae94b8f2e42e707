"""Taxes: codes with their dated rates, and the rules that choose a code for a sale."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import Refused
from o2c.master import gates
from o2c.model.money import ZERO
from o2c.model.money import shown
from o2c.model.text import account
from o2c.model.text import code
from o2c.model.text import day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from o2c.master.section import Section

#: Categories of EN 16931 (UNCL 5305): S standard, Z zero, E exempt, AE reverse charge, K intra-Union goods, G export,
#: O outside the scope, L and M Canary Islands, Ceuta and Melilla, B split payment.
CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B")
_WITH_REASON = {"E", "AE", "K", "G", "O"}
_WITHOUT_TAX = {"Z", *_WITH_REASON}
REGIONS = ("domestic", "eu-business", "eu-consumer", "export")
KINDS = ("goods", "service")
_FILE_FIELDS = frozenset({"codes", "rules"})
_CODE_FIELDS = frozenset({"category", "account", "rates", "text", "exemption_code"})
_RATE_FIELDS = frozenset({"percent", "from", "until"})
_RULE_FIELDS = frozenset({"tax_class", "region", "kind", "code"})


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate in percent for days `first` to `last`, both included."""

    percent: Decimal
    first: date = date.min
    last: date = date.max


@dataclass(frozen=True, slots=True)
class TaxCode:
    """One way to tax a line; `text` is the reason of an exemption, `exemption_code` its VATEX code."""

    code: str
    category: str
    account: str = ""
    rates: tuple[TaxRate, ...] = ()
    text: str = ""
    exemption_code: str = ""

    def rate(self, day: date) -> Decimal:
        """Give the percentage in force on the day of supply; raises Refused when there is none."""
        for rate in self.rates:
            if rate.first <= day <= rate.last:
                return rate.percent
        raise Refused(f"tax code {self.code} has no rate on {day}; add a row under rates in master/taxes.yaml")


class TaxRule(NamedTuple):
    """A row of the choice; `*` matches everything."""

    tax_class: str
    region: str
    kind: str
    code: str

    def matches(self, *sale: str) -> bool:
        """Tell whether the row is for this class, region and kind."""
        return all(mine in {"*", asked} for mine, asked in zip(self[:3], sale, strict=True))


@dataclass(frozen=True, slots=True)
class Taxes:
    """All tax codes, and the ordered rules."""

    codes: Mapping[str, TaxCode] = field(default_factory=dict)
    rules: tuple[TaxRule, ...] = ()

    def code_for(self, tax_class: str, region: str, kind: str) -> TaxCode:
        """Choose the tax code for a product's class, a customer's region and the kind: the first rule wins."""
        for rule in self.rules:
            if rule.matches(tax_class, region, kind):
                return self.codes[rule.code]
        raise Refused(
            f"no rule for tax class {tax_class}, region {region}, kind {kind}; add one in master/taxes.yaml",
        )


def read(file: Section) -> Taxes:
    """Read taxes.yaml: `codes` and `rules`."""
    file.only(_FILE_FIELDS)
    part = file.section("codes")
    codes = {name: _read_code(name, section) for name, section in part.records(code, _CODE_FIELDS)} if part else {}
    return Taxes(codes, tuple(_read_rule(row, codes) for row in file.sections("rules", _RULE_FIELDS)))


def _read_code(name: str, section: Section) -> TaxCode:
    result = TaxCode(
        code=name,
        category=section.needed("category", gates.choice(*CATEGORIES), "S", "S"),
        account=section.value("account", account, ""),
        rates=tuple(_read_rate(row) for row in section.sections("rates", _RATE_FIELDS)),
        text=section.value("text", gates.line, ""),
        exemption_code=section.value("exemption_code", code, ""),
    )
    _check(section, result)
    return result


def _read_rate(row: Section) -> TaxRate:
    result = TaxRate(
        percent=row.needed("percent", gates.percent, ZERO, "19"),
        first=row.value("from", day, date.min),
        last=row.value("until", day, date.max),
    )
    if result.last < result.first:
        row.fault("until", f"until {result.last} is before from {result.first}; exchange them")
    return result


def _read_rule(row: Section, codes: Mapping[str, TaxCode]) -> TaxRule:
    result = TaxRule(
        tax_class=row.value("tax_class", _star_or_code, "*"),
        region=row.value("region", gates.choice("*", *REGIONS), "*"),
        kind=row.value("kind", gates.choice("*", *KINDS), "*"),
        code=row.needed("code", code, "", "DE19"),
    )
    if result.code and result.code not in codes:
        row.fault("code", f"there is no tax code {shown(result.code)}; add it under codes, or correct the rule")
    return result


def _star_or_code(text: str, name: str) -> str:
    return text if text == "*" else code(text, name)


def _check(section: Section, tax: TaxCode) -> None:
    """Refuse codes that could not be invoiced: no rate, overlapping rates, tax where the category has none."""
    if not tax.rates:
        section.missing("rates", "[{percent: 0}]")
    ordered = sorted(tax.rates, key=lambda rate: rate.first)
    if any(later.first <= earlier.last for earlier, later in pairwise(ordered)):
        section.fault("rates", "two rates are in force on the same day; end the earlier one with `until`")
    taxed = any(rate.percent for rate in tax.rates)
    if taxed and tax.category in _WITHOUT_TAX:
        section.fault("rates", f"category {tax.category} has no tax; write percent 0, or another category")
    if taxed and not tax.account:
        section.missing("account", "Liabilities:Tax:VAT")
    if tax.category in _WITH_REASON and not (tax.text or tax.exemption_code):
        section.missing("text", "the reason of the exemption, as it must stand on the invoice")
    if tax.exemption_code and not tax.exemption_code.startswith("VATEX-"):
        section.fault("exemption_code", "exemption_code: write a code of the VATEX list, like VATEX-EU-IC")

"""The page on the ledger format is true: its examples load, and it names every word that the reader knows."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from beancount import loader

from o2c.model import integrity
from o2c.model import names
from o2c.model import reading
from o2c.model import writing
from o2c.model.documents import Document
from o2c.model.facts import Facts
from o2c.shipped import DEMO_LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from beancount.core.data import Directive

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ledger-format.md").read_text("utf-8")
BLOCKS = re.findall(r"^```beancount\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
PRELUDE = BLOCKS[0]
BY_HAND = "; by hand\n"


class Loaded:
    """All examples of the page, loaded as one book."""

    def __init__(self) -> None:
        self.entries, self.errors, self.options = load("\n".join(BLOCKS))
        self.facts = Facts(self.entries)
        ends = list(itertools.accumulate(block.count("\n") + 1 for block in BLOCKS))
        self.of_block: list[list[Directive]] = [[] for _ in BLOCKS]
        for entry in sorted(self.entries, key=lambda entry: int(entry.meta["lineno"])):
            self.of_block[next(n for n, end in enumerate(ends) if entry.meta["lineno"] <= end)].append(entry)


def load(text: str) -> tuple[list[Directive], list[str], dict[str, Any]]:
    entries, errors, options = loader.load_string(text)
    return entries, [f"{error.source['lineno']}: {error.message}" for error in errors], options


@pytest.fixture(scope="module")
def page() -> Loaded:
    return Loaded()


def test_all_examples_load_together_without_an_error(page: Loaded) -> None:
    assert page.errors == []


def test_the_plugin_looked_at_every_example(page: Loaded) -> None:
    transactions, _ = page.options["o2c-ran"]["document_integrity"]
    assert (
        transactions
        == len(re.findall(r'^20..-..-.. [*!] "', "\n".join(BLOCKS), re.MULTILINE))
        > len(names.DOCUMENT_TYPES)
    )


def test_the_checks_that_need_all_facts_find_nothing_in_the_examples(page: Loaded) -> None:
    company = (DEMO_LEDGER / "master" / "company.yaml").read_text("utf-8")
    patterns = dict(re.findall(r"^  ([a-z-]+): ([A-Z]{2,3}-\{year\}-\{number:04d\})$", company, re.MULTILINE))
    assert "invoice" in patterns
    findings = [
        *integrity.quantities(page.facts),
        *integrity.events(page.facts),
        *integrity.numbering(page.facts, patterns),
        *integrity.sub_ledger(page.facts.moved, page.entries),
    ]
    assert [str(finding) for finding in findings] == []


def test_each_example_stands_as_the_tool_would_write_it(page: Loaded) -> None:
    for block, entries in zip(BLOCKS[1:], page.of_block[1:], strict=True):
        if not block.startswith(BY_HAND):
            read = [reading.read(entry) for entry in entries]
            assert writing.write([entry for entry in read if entry is not None]).lstrip("\n") == block


def test_there_is_an_example_of_every_document_type(page: Loaded) -> None:
    assert {doc.doc_type for doc in page.facts.documents()} == set(names.DOCUMENT_TYPES)


def test_there_is_an_example_of_every_event_and_custom_line(page: Loaded) -> None:
    seen = {event.kind for event in reading.events(page.entries)}
    assert seen == {*names.EVENTS, *names.CUSTOMS}


def test_there_is_an_example_of_an_amended_order_and_of_entries_by_hand(page: Loaded) -> None:
    assert max(doc.version for doc in page.facts.versions["SO-2026-0001"]) == 2
    by_hand = [entries for block, entries in zip(BLOCKS, page.of_block, strict=True) if block.startswith(BY_HAND)]
    documents = [reading.read(entry) for entries in by_hand for entry in entries]
    assert any(isinstance(entry, Document) for entry in documents)
    assert None in documents


# ---- the tables of keys ---------------------------------------------------------------------------------------------


def table(before: str) -> list[list[str]]:
    """Give the rows of the first table behind a text of the page, each as its cells."""
    rows = itertools.takewhile(
        lambda line: line.startswith("|"),
        itertools.dropwhile(lambda line: not line.startswith("|"), PAGE[PAGE.index(before) :].splitlines()),
    )
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in list(rows)[2:]]


def keys(before: str) -> set[str]:
    return {key for row in table(before) for key in re.findall(r"`([^`]+)`", row[0])}


@pytest.mark.parametrize(
    ("before", "known"),
    [
        ("## A document", reading._HEADER),
        ("**Movements**", reading._MOVEMENT),
        ("**Lines**", reading._LINE),
        ("**Taxes**", reading._TAX),
        ("## Events: notes", reading._EVENT),
    ],
)
def test_every_key_that_the_reader_knows_is_explained_and_no_other(before: str, known: frozenset[str]) -> None:
    assert keys(before) == known


def test_every_further_key_that_the_program_uses_is_explained() -> None:
    assert keys("## Further metadata") >= set(further_keys()) > {"bill-to", "invoice-line", "undoes"}


def test_every_further_key_that_is_explained_is_used_by_the_program_or_in_an_example() -> None:
    unused = {
        key for key in keys("## Further metadata") - set(further_keys()) if f"\n  {key}: " not in "\n".join(BLOCKS)
    }
    assert unused == set()


def further_keys() -> Iterator[str]:
    """Find the keys that the program writes (`extra(bill_to=...)`) or looks up (`doc.fact("bill-to")`)."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "o2c").rglob("*.py")]
    constants = {
        node.targets[0].id: node.value.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for call in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == "extra":
            yield from (word.arg.replace("_", "-") for word in call.keywords if word.arg)
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "fact":
            match call.args[0]:
                case ast.Constant(value=str(key)):
                    yield key
                case ast.Name(id=name) if isinstance(constants.get(name), str):
                    yield constants[name]


# ---- tax categories -------------------------------------------------------------------------------------------------


def test_the_page_names_every_tax_category_of_the_norm() -> None:
    assert {row[0] for row in table("### Tax categories")} == set("S Z E AE K G O L M B".split())


@pytest.mark.parametrize("row", table("### Tax categories"), ids=lambda row: row[0])
def test_each_tax_category_can_stand_on_an_invoice(row: list[str]) -> None:
    category, _, code, rate, base, tax, reason = row
    invoice = f"""
2026-05-04 * "Alsterlicht" "Invoice T-1"
  doc-type: "invoice"
  doc-id: "T-1"
  customer: "C0001"
  currency: "EUR"
  Assets:AR:C0001
    item: "T-1"
  Income:Sales               -{base} EUR
    line: 1
    tax-code: "{code}"
  Liabilities:Tax:VAT-19     -{tax} EUR
    tax-code: "{code}"
    tax-category: "{category}"
    tax-base: {base} EUR
    tax-rate: {rate}
    tax-reason: "{reason}"
"""
    entries, errors, _ = load(PRELUDE + invoice)
    assert errors == []
    (doc,) = reading.documents(entries)
    assert [(one.code, one.category, one.reason) for one in doc.taxes] == [(code, category, reason)]


def test_a_wrong_example_would_be_noticed() -> None:
    _, errors, _ = load(PRELUDE + BLOCKS[5].replace("803.61", "803.60"))
    assert errors

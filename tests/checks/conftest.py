"""Books in a temporary folder, small enough to read in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c import checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from o2c.checks import Evidence

MAIN = """option "operating_currency" "EUR"
plugin "beancount_o2c.document_integrity"
include "journal/*.beancount"
2026-01-01 open Assets:Bank
2026-01-01 open Assets:AR:C1
2026-01-01 open Liabilities:Customer-Deposits:C1
2026-01-01 open Income:Sales
"""

JOURNAL = """
2026-01-10 * "Acme" "Invoice INV-2026-0001" #invoice
  doc-type: "invoice"
  doc-id: "INV-2026-0001"
  customer: "C1"
  Assets:AR:C1            100.00 EUR
    item: "INV-2026-0001"
  Income:Sales           -100.00 EUR

2026-01-20 * "Acme" "Receipt RC-2026-0001" #receipt
  doc-type: "receipt"
  doc-id: "RC-2026-0001"
  customer: "C1"
  reference: "SEPA 1"
  Assets:Bank             100.00 EUR
  Assets:AR:C1           -100.00 EUR
    item: "INV-2026-0001"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "journal").mkdir()
    (tmp_path / "main.beancount").write_text(MAIN)
    (tmp_path / "journal" / "2026-01.beancount").write_text(JOURNAL)
    return tmp_path


@pytest.fixture
def journal(root: Path) -> Path:
    return root / "journal" / "2026-01.beancount"


@pytest.fixture
def main(root: Path) -> Path:
    return root / "main.beancount"


@pytest.fixture
def said(root: Path) -> Callable[[str], list[str]]:
    """Run one check over the folder as it is now, and give its messages."""

    def messages(name: str) -> list[str]:
        (result,) = checks.run(checks.gather(root), [name])
        assert all(
            finding.check == name and finding.source.line > 0 and finding.source.file[0] != "<"
            for finding in result.findings
        )
        return [finding.message for finding in result.findings]

    return messages


@pytest.fixture
def evidence(root: Path) -> Evidence:
    return checks.gather(root)

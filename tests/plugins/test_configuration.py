"""The plugins take no configuration: one written behind their names is one error, and hides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from beancount import loader

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("document_integrity", "credit_limit", "period_close")
BOOKS = """\
option "operating_currency" "EUR"
2026-01-01 custom "o2c-limit" "C1" -5.00 EUR
2026-01-01 custom "o2c-close" "2025-12" 2025-12-31 "closed"
  seal: "sha256:0"
2026-01-02 note Assets:AR:C1 "Hello" #order-held
2026-01-01 open Assets:AR:C1
2026-01-03 * "A document without a number"
  doc-type: "invoice"
"""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("config", ["", "strict"])
def test_a_configuration_is_one_error_and_the_plugin_checks_all_the_same(
    tmp_path: Path, name: str, config: str
) -> None:
    main = tmp_path / "main.beancount"
    main.write_text(f'plugin "beancount_o2c.{name}"\n{BOOKS}')
    _, plain, _ = loader.load_file(str(main))
    main.write_text(f'plugin "beancount_o2c.{name}" "{config}"\n{BOOKS}')
    _, errors, options = loader.load_file(str(main))
    said = [error.message for error in errors]
    assert plain, "these books hold a fault that every plugin finds"
    assert said[:-1] == [error.message for error in plain]
    assert said[-1].startswith(f"{name} takes no configuration: write the line in the main file as `plugin ")
    assert name in options["o2c-ran"]

"""The command `close pack`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from o2c.cli.close_pack import pack
from o2c.cli.context import Context
from o2c.errors import Refused
from o2c.errors import WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.closing.conftest import ClosingShop


def run(shop: ClosingShop, *arguments: str) -> None:
    pack.main(list(arguments), obj=Context(shop.root, "ann", shop.today, None), standalone_mode=False)


def test_it_makes_a_folder_and_says_where_to_begin(
    shop: ClosingShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.seal("2026-03")
    target = tmp_path / "out"
    run(shop, "2026-03", "-o", str(target), "--seed", "Meier 4711", "--size", "2")
    said = capsys.readouterr().out
    assert said.endswith("4 files; begin with index.html\n")
    assert sorted(path.name for path in target.iterdir()) == ["index.html", "letters", "pack.pdf", "pack.xlsx"]
    run(shop, "2026-03", "-o", str(target), "--seed", "Meier 4711", "--size", "2")
    assert "nothing to do" in capsys.readouterr().out


def test_it_refuses_what_is_not_sealed_and_writes_nothing(shop: ClosingShop, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not sealed"):
        run(shop, "2026-03", "-o", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_period_that_is_none_is_wrong_usage(shop: ClosingShop) -> None:
    with pytest.raises(WrongUsage, match="2026-3"):
        run(shop, "2026-3")

"""The page on architecture names every module there is, and no other; the steps of its walk exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.renewing import agree

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
TEXT = PAGE.read_text("utf-8")
_MODULES = re.compile(
    r"(?<=<!-- modules: made by O2C_RENEW=1 pytest tests/docs -->\n).*?(?=<!-- end of modules -->)", re.DOTALL
)
_STEP = re.compile(r"^\| \d+ \| `([^`]+)`: `([^`]+)` \|", re.MULTILINE)


def packages() -> Iterator[Path]:
    """Find the folders with code, each before those below it."""
    for top in ("o2c", "plugins/beancount_o2c", "plugins/fava_o2c"):
        yield from sorted({path.parent for path in (ROOT / top).rglob("*.py")})


def headline(module: Path) -> str:
    """Give the first sentence of a module, as its author says what it is."""
    said = (ast.get_docstring(ast.parse(module.read_text("utf-8"))) or "").splitlines()
    assert said, f"{module} does not say what it is"
    return said[0]


def modules() -> Iterator[str]:
    for folder in packages():
        name = folder.relative_to(ROOT).as_posix()
        yield f"\n**`{name}/`** {headline(folder / '__init__.py')}\n\n"
        for path in sorted(folder.glob("*.py")):
            if path.name != "__init__.py":
                yield f"- `{path.stem}` {headline(path)}\n"
    yield "\n"


def test_every_module_is_named_with_what_it_is() -> None:
    assert _MODULES.search(TEXT)
    agree(PAGE, TEXT, _MODULES.sub(lambda _: "".join(modules()), TEXT))


@pytest.mark.parametrize(("file", "name"), _STEP.findall(TEXT))
def test_each_step_of_the_walk_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_the_walk_goes_from_the_command_line_to_the_disk() -> None:
    files = [file for file, _ in _STEP.findall(TEXT)]
    assert files[0].startswith("o2c/cli/")
    assert "o2c/posting/replace.py" in files


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:o2c|tests|plugins|ledger|templates|benchmarks)/[^`*]*)`", TEXT)))
)
def test_each_path_that_the_page_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_layers_are_those_that_are_checked() -> None:
    contract = (ROOT / "pyproject.toml").read_text("utf-8").split('name = "Imports go down"')[1].split("]]")[0]
    checked = re.findall(
        r"(?<!\()\b(?:fava_o2c|beancount_o2c|o2c\.[a-z]+)\b(?!\))", contract.split("layers = [")[1].split("]\n")[0]
    )
    drawn = TEXT.split("## The layers")[1].split("```")[1]
    assert re.findall(r"\b(?:fava_o2c|beancount_o2c|o2c\.[a-z]+)\b", drawn) == checked

"""What ships: the wheel, the new books made from it, the pins, and the places of the packages in the layers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import o2c
from o2c import shipped
from o2c.errors import Refused

TOP = Path(__file__).parents[1]
NOT_SHIPPED = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", "demo", "dist", "build", "*.egg-info")


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


def _pins() -> dict[str, str]:
    text = (TOP / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    pins = dict(line.split("==") for line in lines)
    assert len(pins) == len(lines)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins.items()}


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a user of the wheel would: nothing of this checkout or of the test run shines through."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "O2C_"))}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


# ---- the pins -----------------------------------------------------------------------------------------------------


def test_everything_the_project_asks_for_is_pinned() -> None:
    project = _pyproject()["project"]
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=!~ ;\[]", name)[0]).lower() for name in asked}
    assert names - _pins().keys() == set()


def test_pins_are_exact_and_name_no_address() -> None:
    for name, version in _pins().items():
        assert re.fullmatch(r"[a-z0-9-]+", name)
        assert re.fullmatch(r"[0-9]+(\.[0-9a-z]+)*", version)


# ---- the layers ---------------------------------------------------------------------------------------------------


def test_every_module_of_the_package_has_its_place_in_the_layers() -> None:
    contracts = _pyproject()["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    placed = set(re.findall(r"o2c\.(\w+)", " ".join(layers)))
    folder = Path(o2c.__file__).parent
    found = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    assert found - placed - {"__init__", "__main__"} == set()


# ---- new books from the shipped ones ------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Books as they look after use: with a lock, an index, issued documents and mail."""
    folder = tmp_path / "ledger"
    for name in (
        "main.beancount",
        "master/customers.yaml",
        "master/documents/kept.yaml",
        ".o2c/index.sqlite",
        ".main.beancount.picklecache",
        "documents/INV-2026-0001.pdf",
        "outbox/secret.eml",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(shipped, "DEMO_LEDGER", folder)
    return folder


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("ledger")
def test_new_books_hold_the_text_and_nothing_made_by_use(tmp_path: Path) -> None:
    shipped.copy_ledger(tmp_path / "new" / "books")
    assert _files(tmp_path / "new" / "books") == [
        "main.beancount",
        "master/customers.yaml",
        "master/documents/kept.yaml",
    ]
    assert (tmp_path / "new/books/master/customers.yaml").read_text(encoding="utf-8") == "master/customers.yaml"


def test_new_books_can_be_written_even_if_the_installed_ones_cannot(ledger: Path, tmp_path: Path) -> None:
    (ledger / "main.beancount").chmod(0o444)
    shipped.copy_ledger(tmp_path / "books")
    assert (tmp_path / "books/main.beancount").stat().st_mode & 0o200


@pytest.mark.usefixtures("ledger")
def test_books_are_never_copied_over_something(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Refused, match="taken: there is something here already"):
        shipped.copy_ledger(taken)
    assert _files(taken) == ["letter.txt"]


@pytest.mark.usefixtures("ledger")
def test_an_empty_folder_can_become_books(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    shipped.copy_ledger(tmp_path / "empty")
    assert "main.beancount" in _files(tmp_path / "empty")


# ---- the door -----------------------------------------------------------------------------------------------------


def test_the_run_script_explains_itself_and_refuses_what_it_does_not_know() -> None:
    helped = _run(TOP / "run", "--help", cwd=TOP)
    refused = _run(TOP / "run", "dance", cwd=TOP)
    assert (helped.returncode, refused.returncode) == (0, 2)
    assert "./run demo" in helped.stdout
    assert refused.stderr == helped.stdout


# ---- the wheel ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of this tree, in which a customer's document lies where git ignores it."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    shutil.copytree(TOP, tree, ignore=NOT_SHIPPED)
    for name in ("ledger/outbox/secret.pdf", "ledger/documents/secret.pdf", "ledger/.o2c/lock", "templates/own.html"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("planted", encoding="utf-8")
    built = _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, tree, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    [found] = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a new environment, which borrows the dependencies of this one; give its scripts.

    A path named in a `.pth` file has no `.pth` files of its own read: an editable installation of this checkout stays
    out of sight.
    """
    folder = tmp_path_factory.mktemp("installed") / "venv"
    made = _run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=wheel.parent)
    assert made.returncode == 0, made.stdout + made.stderr
    scripts = folder / "bin"
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "--no-deps", "--no-index"]
    placed = _run(*pip, wheel, cwd=wheel.parent)
    assert placed.returncode == 0, placed.stdout + placed.stderr
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts


@pytest.mark.deep
def test_the_wheel_holds_code_plugins_templates_and_books(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {"o2c/__init__.py", "beancount_o2c/__init__.py", "o2c/templates/own.html", "o2c/ledger/main.beancount"}
    assert expected - names == set()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"o2c", "beancount_o2c", "fava_o2c"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.deep
def test_the_wheel_holds_nothing_that_git_ignores(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    ignored = ("outbox/secret.", "documents/secret.", ".o2c/", "__pycache__")
    assert [name for name in names if any(part in name for part in ignored)] == []


@pytest.mark.deep
def test_the_installed_wheel_makes_books_that_bean_check_accepts(installed: Path, tmp_path: Path) -> None:
    where = _run(installed / "python", "-c", "from o2c import shipped; print(shipped.DEMO_LEDGER)", cwd=tmp_path)
    assert where.stdout.startswith(str(installed.parent)), where.stdout + where.stderr

    helped = _run(installed / "o2c", "--help", cwd=tmp_path)
    assert helped.returncode == 0, helped.stderr
    made = _run(installed / "o2c", "init", "books", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    checked = _run(installed / "python", "-m", "beancount.scripts.check", "books/main.beancount", cwd=tmp_path)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")

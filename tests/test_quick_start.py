"""Beancount without its API at the start: whoever asks for the API finds all of it."""

from __future__ import annotations

import json
import subprocess
import sys

import beancount
import pytest

from o2c.quick_start import beancount_without_api

QUICKLY = "from o2c.quick_start import beancount_without_api as quickly; quickly(); "
NAMES = "print(json.dumps(sorted(name for name in vars(beancount) if not name.startswith('__'))))"


def run(code: str) -> object:
    """Run code in a process of its own; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys; {code}"], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_only_what_is_asked_for_is_imported() -> None:
    code = "import beancount.core.amount; print(json.dumps([name for name in sys.modules if 'beancount.' in name]))"
    modules = run(QUICKLY + code)

    assert isinstance(modules, list)
    assert "beancount.core.amount" in modules
    assert not {"beancount.api", "beancount.loader", "beancount.core.data"} & set(modules)


@pytest.mark.parametrize("first_use", ["beancount.Amount", "beancount.loader", "beancount.load_file"])
def test_the_api_is_complete_after_its_first_use(first_use: str) -> None:
    plain = run("import beancount; import beancount.loader; " + NAMES)

    assert run(f"{QUICKLY}import beancount; {first_use}; {NAMES}") == plain


@pytest.mark.parametrize(
    "code",
    [
        "from beancount import *; print(json.dumps(str(D('1.5') + ZERO)))",
        "from beancount import Amount, D; print(json.dumps(str(Amount(D('1.5'), 'EUR').number)))",
        (
            "import beancount as b; from beancount.core import amount as a; assert b.Amount is a.Amount; "
            "print(json.dumps(str(a.D('1.5'))))"
        ),
        "from beancount import loader; print(json.dumps(str(loader.load_string('1.5')[1] and 1.5)))",
        "import beancount.loader; print(json.dumps(str(beancount.loader.load_string('1.5')[1] and 1.5)))",
    ],
)
def test_every_way_of_importing_works_as_always(code: str) -> None:
    assert run(QUICKLY + code) == run(code) == "1.5"


def test_what_is_not_there_is_missing_as_always() -> None:
    code = "import beancount as b; print(json.dumps([hasattr(b, 'nothing'), b.__version__, b.__file__]))"

    assert run(QUICKLY + code) == run(code)


def test_a_package_that_is_imported_already_is_left_alone() -> None:
    before = dict(vars(beancount))
    beancount_without_api()

    assert vars(beancount) == before
    assert beancount.Amount is before["Amount"]

"""Ctrl-C, a closed pipe, no terminal, no home: the books are whole, and nobody is told a wrong thing (F25)."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.faults import tracing
from tests.faults.small_shop import Answer
from tests.faults.small_shop import environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Shop

INVOICE = ("invoice", "create", "SO-2026-0002", "--key", "signal")
BOTH = ["INV-2026-0001", "INV-2026-0002"]


@pytest.mark.parametrize(("kind", "number"), [("flock", 1), ("write", 1), ("fchmod", 1), ("fsync", 1)])
def test_an_interrupt_before_the_commit_leaves_the_books_as_they_were(
    shop: Shop, tmp_path: Path, kind: str, number: int
) -> None:
    tracing.require_strace()
    old = shop.files()
    answer = tracing.disturbed(shop, INVOICE, tmp_path / "int.log", kind, number, "signal=INT")
    assert answer.code == 130, answer
    assert "nothing was written" in answer.err
    assert "Traceback" not in answer.err
    assert shop.files() == old, "not even a temporary file stays"
    shop.did(*INVOICE)
    assert shop.numbers("invoice") == BOTH


@pytest.mark.parametrize(("kind", "number"), [("rename", 1), ("fsync", 2)])
def test_an_interrupt_behind_the_commit_does_not_deny_what_was_written(
    shop: Shop, tmp_path: Path, kind: str, number: int
) -> None:
    tracing.require_strace()
    answer = tracing.disturbed(shop, INVOICE, tmp_path / "int.log", kind, number, "signal=INT")
    assert shop.numbers("invoice") == BOTH
    assert "nothing was written" not in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("name", ["TERM", "HUP", "QUIT"])
@pytest.mark.parametrize(("kind", "number"), [("write", 1), ("rename", 1), ("fsync", 2)])
def test_a_signal_that_ends_the_process_is_like_a_kill(
    shop: Shop, tmp_path: Path, name: str, kind: str, number: int
) -> None:
    tracing.require_strace()
    answer = tracing.disturbed(shop, INVOICE, tmp_path / "end.log", kind, number, f"signal={name}")
    assert answer.code == -getattr(signal, f"SIG{name}"), answer
    shop.loaded()
    shop.did(*INVOICE)
    assert shop.numbers("invoice") == BOTH
    assert not [file for file in shop.files() if ".o2c-new-" in file]


@pytest.mark.parametrize(
    "command",
    [
        ("report", "aging"),
        ("invoice", "list"),
        pytest.param(INVOICE),
        pytest.param(("--help",)),
    ],
)
def test_a_reader_that_stops_early_is_no_fault(shop: Shop, command: tuple[str, ...]) -> None:
    """As in `o2c ... | head -0`: the pipe is closed before anything is said."""
    running = subprocess.Popen(
        shop.command(*command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert running.wait(60) == 0
    assert said == ""
    assert shop.numbers("invoice") == (BOTH if command == INVOICE else BOTH[:1])


@pytest.mark.parametrize(
    "closed",
    [
        pytest.param(">&-"),
        "2>&-",
        "<&-",
        pytest.param(">&- 2>&- <&-"),
    ],
)
def test_closed_streams_do_not_harm_the_books(shop: Shop, closed: str) -> None:
    """A descriptor 1 that is free must not become the journal."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *shop.command(*INVOICE)],
        capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 4}, done
    assert shop.numbers("invoice") == BOTH
    assert "already done" in shop.did(*INVOICE)
    assert not shop.journal.read_text().rstrip().endswith("already done")


def test_no_home_and_no_terminal_change_nothing(shop: Shop) -> None:
    twin = shop.copy(shop.root.parent / "twin")
    shop.did(*INVOICE)
    bare = {key: value for key, value in environment().items() if key in {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}}
    done = subprocess.run(
        twin.command(*INVOICE), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, env=bare
    )
    assert Answer(done.returncode, "", done.stderr) == Answer(0, "", "")
    assert twin.files() == shop.files()


@pytest.mark.parametrize(
    "other",
    [
        {"TZ": "Pacific/Kiritimati"},
        {"TZ": "Pacific/Pago_Pago"},
        {"LANG": "tr_TR.UTF-8"},
        {"LC_ALL": "C"},
        {"PYTHONHASHSEED": "7"},
    ],
    ids=str,
)
def test_zone_locale_and_hash_seed_change_no_byte(shop: Shop, other: dict[str, str]) -> None:
    twin = shop.copy(shop.root.parent / "twin")
    shop.did(*INVOICE)
    done = subprocess.run(
        twin.command(*INVOICE), capture_output=True, text=True, check=False, env={**environment(), **other}
    )
    assert done.returncode == 0, done
    assert twin.files() == shop.files()

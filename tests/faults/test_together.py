"""Many processes at once: numbers without gap or double, nothing lost, a lock that neither hangs nor leaks (F06)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest

from o2c.errors import NotFinished
from o2c.master.lock import writer_lock
from o2c.posting import post as posting
from tests.faults.small_shop import delivered
from tests.faults.small_shop import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.small_shop import Shop

INVOICE = ("invoice", "create", "SO-2026-0002")
_HOLD = (
    "import sys, pathlib\n"
    "from o2c.master.lock import writer_lock\n"
    "with writer_lock(pathlib.Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


def _start(shop: Shop, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        shop.command(*command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )


@contextmanager
def _holder(shop: Shop) -> Iterator[subprocess.Popen[str]]:
    """Start a process that holds the lock until it is killed or its input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(shop.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.wait()
        for pipe in (holder.stdin, holder.stdout):
            if pipe is not None:
                pipe.close()


def test_ten_processes_invoice_ten_orders_without_gap_or_double(shop: Shop) -> None:
    delivered(shop, 9)
    orders = [f"SO-2026-{number:04d}" for number in range(2, 12)]
    running = [_start(shop, "invoice", "create", order) for order in orders]
    ends = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [code for _, code in ends] == [0] * 10, ends
    assert shop.numbers("invoice") == [f"INV-2026-{number:04d}" for number in range(1, 12)]
    invoiced = [entry.meta["refers"] for entry in shop.loaded() if entry.meta.get("doc-type") == "invoice"]
    assert sorted(invoiced) == ["SO-2026-0001", *orders]
    assert not [name for name in shop.files() if ".o2c-new-" in name]


def test_ten_processes_with_one_key_post_one_invoice(shop: Shop) -> None:
    running = [_start(shop, *INVOICE, "--key", "once") for _ in range(10)]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 10
    assert sum("already done" in text for text in said) == 9
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]


def test_ten_processes_paying_one_invoice_pay_it_once(shop: Shop) -> None:
    """Without a key: the first settles the item, the others find nothing open; no money is applied twice."""
    pay = ("receipt", "C1", "119.00 EUR", "--apply", "INV-2026-0001")
    running = [_start(shop, *pay) for _ in range(10)]
    said = [process.communicate(timeout=120) for process in running]
    assert sorted(process.returncode for process in running) == [0] + [1] * 9, said
    assert len(shop.numbers("receipt")) == 1


def test_different_commands_at_once_lose_nothing(shop: Shop) -> None:
    delivered(shop, 3)
    commands = [
        ("invoice", "create", "SO-2026-0002"),
        ("invoice", "create", "SO-2026-0003"),
        ("credit-note", "create", "INV-2026-0001", "--reason", "price", "--line", "1=10.00 EUR"),
        ("order", "hold", "SO-2026-0004"),
        ("receipt", "C1", "50.00 EUR"),
        ("receipt", "C1", "60.00 EUR"),
    ]
    running = [_start(shop, *command) for command in commands]
    said = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0] * len(commands), said
    assert shop.numbers("invoice") == [f"INV-2026-000{number}" for number in (1, 2, 3)]
    assert shop.numbers("receipt") == ["RC-2026-0001", "RC-2026-0002"]
    assert shop.numbers("credit-note") == ["CN-2026-0001"]
    assert '"Order held"' in shop.journal.read_text()


def test_a_killed_holder_frees_the_lock(shop: Shop) -> None:
    with _holder(shop) as holder:
        waiting = _start(shop, *INVOICE)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(1)
        holder.kill()
        assert waiting.communicate(timeout=60)[1] == ""
    assert waiting.returncode == 0
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]


def test_a_stopped_holder_makes_others_give_up_with_a_sentence(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[posting.__module__], "writer_lock", partial(writer_lock, timeout=0.3))
    old = shop.files()
    with _holder(shop) as holder:
        os.kill(holder.pid, signal.SIGSTOP)
        answer = shop.run(*INVOICE)
        assert answer.code == 4
        assert f"locked by process {holder.pid}" in answer.err
        assert "nothing was written" in answer.err
        assert shop.files() == old
        os.kill(holder.pid, signal.SIGCONT)
        assert holder.stdin is not None
        holder.stdin.close()
        holder.wait(10)
        shop.did(*INVOICE)


@pytest.mark.deep
def test_the_usual_patience_is_twenty_seconds(shop: Shop) -> None:
    with _holder(shop):
        began = time.monotonic()
        answer = shop.process(*INVOICE)
    assert answer.code == 4
    assert 19 < time.monotonic() - began < 40
    assert "locked by process" in answer.err


def test_reading_and_dry_runs_do_not_wait_for_the_lock(shop: Shop) -> None:
    with _holder(shop):
        assert "INV-2026-0001" in shop.did("invoice", "list")
        assert "INV-2026-0002" in shop.did(*INVOICE, "--dry-run")


def test_the_lock_is_not_taken_twice_even_by_one_process(shop: Shop) -> None:
    with writer_lock(shop.root), pytest.raises(NotFinished, match="locked by"), writer_lock(shop.root, timeout=0.1):
        pytest.fail("the lock was taken twice")

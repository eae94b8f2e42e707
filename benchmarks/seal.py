"""Seals large books, and what the plugin adds to bean-check: `python benchmarks/seal.py FOLDER [TIMES]`.

FOLDER holds books of benchmarks/make_books.py; they are copied, never changed. Processor seconds.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar

from measuring import run

from o2c import books
from o2c.closing import seal
from o2c.model.documents import Act
from o2c.model.periods import period
from o2c.model.sealing import proving
from o2c.model.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
MONTH, DAY = "2025-12", date(2026, 1, 5)
_PLUGIN = f'plugin "{seal.PLUGIN}"\n'


def main(folder: Path, times: int) -> None:
    """Copy, seal, prove, and run bean-check without the plugin, with unchanged, and with rewritten files."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "books"
        shutil.copytree(folder, root, ignore=shutil.ignore_patterns(".o2c", "*.picklecache"))
        text = (root / "main.beancount").read_text().replace(_PLUGIN, "")
        (root / "main.beancount").write_text(_PLUGIN + text)
        _seal(root)
        with_plugin = _bean_check(root, times)
        (root / "main.beancount").write_text(";" + _PLUGIN + text)
        without = _bean_check(root, times)
        (root / "main.beancount").write_text(_PLUGIN + text)
        for path in root.glob("journal/*.beancount"):
            path.write_text("; rewritten\n" + path.read_text())
        rewritten = _bean_check(root, times)
    print(f"bean-check without the plugin   {without:6.2f} s")
    print(f"  with it, files unchanged      {with_plugin:6.2f} s  {with_plugin / without - 1:+.1%}")
    print(f"  with it, all files rewritten  {rewritten:6.2f} s  {rewritten / without - 1:+.1%}")


def _seal(root: Path) -> None:
    gc.disable()
    loaded, seconds = _timed(lambda: books.load(root))
    print(f"loading {len(loaded.booked):,} entries         {seconds:6.2f} s")
    made, seconds = _timed(lambda: seal.sealed(loaded, Act("benchmark"), DAY, period(MONTH)))
    print(f"sealing them                    {seconds:6.2f} s  ({len(made.leaves) / 1e6:.1f} MB of leaves)")
    seal.place(root, made)
    (root / "journal" / "2026-01.beancount").write_text(write(made.entries))
    again = books.load(root)
    assert not again.errors, again.errors[:3]
    proof, seconds = _timed(lambda: proving.prove(again.booked, again.options, quick=True))
    print(f"proving by bytes                {seconds:6.2f} s  {len(proof.findings)} findings")
    proof, seconds = _timed(lambda: proving.prove(again.booked, again.options, quick=False))
    print(f"proving every entry             {seconds:6.2f} s  {len(proof.findings)} findings")
    gc.enable()


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def _bean_check(root: Path, times: int) -> float:
    command = [sys.executable, "-m", "beancount.scripts.check", "-C", str(root / "main.beancount")]
    return statistics.median(run(command).processor for _ in range(times))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)

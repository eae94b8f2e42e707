"""Draws many documents on all cores: each worker sets WeasyPrint and the fonts up once and then only draws."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import NotFinished
from o2c.errors import Refused
from o2c.rendering.pdf import pdf
from o2c.rendering.pdf import warm_up

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from o2c.rendering.drawing import Drawing

#: Fewer are drawn in this process: starting workers takes longer than drawing them.
FEW = 8
#: How many drawings wait ahead of each worker, so that memory stays flat however many there are.
_AHEAD = 4


class Drawn(NamedTuple):
    """A document on paper: its number and PDF bytes, or the sentences that say why it cannot be drawn."""

    number: str
    content: bytes
    refused: str = ""


def draw_all(root: Path, drawings: Iterable[Drawing], workers: int = 0) -> Iterator[Drawn]:
    """Draw documents one after the other, in the order given; one that cannot be drawn does not stop the others.

    `workers` 0 means one per core. Raises NotFinished where nothing can be drawn on this machine.
    """
    drawings = iter(drawings)
    first = list(islice(drawings, FEW))
    if len(first) < FEW:
        yield from (_draw(root, one) for one in first)
        return
    try:
        yield from _on_all_cores(root, chain(first, drawings), workers or os.cpu_count() or 1)
    except BrokenProcessPool as error:
        raise NotFinished(
            "a process that draws was stopped from outside (is the memory full?); what is stored is safe, run it again"
        ) from error


class _Worker(NamedTuple):
    """A process that draws, and what it was asked for.

    Each has a pool of its own: a pool of several waits for ever when one is killed while the next is being started
    (Python 3.11).
    """

    pool: ProcessPoolExecutor
    asked: deque[Future[Drawn]]

    def ask(self, root: Path, one: Drawing) -> Future[Drawn]:
        self.asked.append(self.pool.submit(_draw, root, one))
        return self.asked[-1]

    def left(self) -> int:
        while self.asked and self.asked[0].done():
            self.asked.popleft()
        return len(self.asked)


def _on_all_cores(root: Path, drawings: Iterator[Drawing], count: int) -> Iterator[Drawn]:
    with contextlib.ExitStack() as stack:
        workers = [_Worker(stack.enter_context(_pool()), deque()) for _ in range(count)]
        with _uninterrupted():
            for worker in workers:
                worker.pool.submit(os.getpid)  # the first thing asked for starts the process

        def asked(number: int) -> Iterator[Future[Drawn]]:
            return (min(workers, key=_Worker.left).ask(root, one) for one in islice(drawings, number))

        waiting = deque(asked(FEW + count * _AHEAD))
        try:
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(asked(1))
        finally:
            for worker in workers:  # who stops does not wait for what was only asked for
                worker.pool.shutdown(wait=False, cancel_futures=True)


def _pool() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that another thread holds
    return ProcessPoolExecutor(1, mp_context=context, initializer=_begin)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait, and start processes that never hear it: the command itself ends them in good order."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Set a worker up; it ends with the command it works for, also where that was killed."""
    Thread(target=_end_with_parent, daemon=True).start()
    warm_up()
    gc.freeze()  # modules, fonts and style sheets stay for ever: the collector need not walk them for every document


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker has a parent"
    parent.join()
    os._exit(1)


def _draw(root: Path, one: Drawing) -> Drawn:
    try:
        return Drawn(one.number, pdf(root, one.html, one.number, one.attached))
    except Refused as refusal:
        return Drawn(one.number, b"", str(refusal))

"""Starts the command line: `o2c`, or `python -m o2c`."""

from __future__ import annotations

import gc


def main() -> None:
    """Run a command, without the garbage collector from the first import on.

    The process is short and frees nothing; collecting would cost a fifth of the start, and a third of a large load.
    """
    gc.disable()
    from o2c.quick_start import beancount_without_api

    beancount_without_api()
    from o2c.cli import main as run

    run()


if __name__ == "__main__":
    main()

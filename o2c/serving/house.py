"""The house behind the door: Fava with the books loaded, served on the loopback address and on no other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from o2c.errors import NotFinished
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.serving.door import Door

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from cheroot.wsgi import Server
    from flask import Flask

#: The only address that is ever listened on; others reach the books through a tunnel of their own.
LOOPBACK = "127.0.0.1"
THREADS = 8
#: Where our pages find the day that they are to take for today.
TODAY = "O2C_TODAY"


class House(NamedTuple):
    """A server that listens, and the address of its first page."""

    server: Server
    address: str
    errors: int


def house(root: Path, port: int, tokens: Mapping[str, str], *, read_only: bool, today: date | None = None) -> House:
    """Load the books into Fava and listen on a port of this machine (0: any that is free); nothing is served yet.

    `read_only`: Fava itself refuses every request that is not GET, whatever the token. `today`: the
    day that the pages take for today (None: the day it is where the company is). Raises NotFound where there are
    no books, Refused where Fava cannot load them, NotFinished where the port is taken.
    """
    main = root / "main.beancount"
    if not main.is_file():
        raise NotFound(f"{main}: no such file; give the folder of the books with --books")
    server = _listening(port)
    try:
        app, slug, errors = _fava(main, read_only=read_only)
    except BaseException:
        server.stop()
        raise
    app.config[TODAY] = today
    at = server.bind_addr[1]
    server.wsgi_app = Door(app, at, tokens)
    return House(server, f"http://{LOOPBACK}:{at}/{slug}/extension/O2CReceivables/", errors)


def _listening(port: int) -> Server:
    from cheroot.wsgi import Server

    server = Server((LOOPBACK, port), None, numthreads=THREADS)
    try:
        server.prepare()
    except OSError as error:
        raise NotFinished(
            f"port {port} of this machine cannot be used ({error.strerror or error}); name another: --port N"
        ) from error
    return server


def _fava(main: Path, *, read_only: bool) -> tuple[Flask, str, int]:
    from fava.application import create_app

    app = create_app([main], load=True, read_only=read_only)
    ledgers = app.config["LEDGERS"]
    ledger = ledgers.ledgers[0]
    if ledger.extensions.get_extension("O2CReceivables") is None:
        raise Refused(f'{main}: the books do not name our pages; add: 2026-01-01 custom "fava-extension" "fava_o2c"')
    return app, ledgers.first_slug(), len(ledger.errors)

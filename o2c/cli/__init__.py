"""The command line: each command parses, calls one function, and prints.

Commands are imported only when they are called, so that `o2c --help` answers at once.
"""

from __future__ import annotations

import gc
import importlib
import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.errors import O2CError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Command -> module of o2c.cli, name in it, one line of help.
COMMANDS = {
    "allocate": ("allocate:allocate", "Use a credit to settle an open item."),
    "check": ("check:check", "Prove the books, check by check."),
    "close": ("close:close", "Close months: check, propose, seal, reopen, verify, pack, list."),
    "completion": ("completion:completion", "Print the shell completion script."),
    "credit": ("credit:credit", "Credit: show, check, limit, hold, release, review, score."),
    "credit-note": ("credit_note:credit_note", "Credit invoices, by line or in full."),
    "customer": ("customer:customer", "Customers: list, show, add, edit, import, check."),
    "deliver": ("deliver:deliver", "Record what was delivered of an order."),
    "delivery": ("deliver:delivery", "Deliveries: list, show."),
    "document": ("document:document", "Documents for customers: render e-invoices, verify."),
    "dun": ("dun:dun", "Reminders: propose, post, list, block, unblock, letters."),
    "explain": ("explain:explain", "Show what a figure of a report is made of."),
    "event-log": ("event_log:event_log", "Write the event log (OCEL 2.0) for process mining."),
    "import": ("importing:import_", "Move in: histories and open items of other systems."),
    "index": ("index:index", "The index: status, rebuild, verify."),
    "init": ("init:init", "Make new books: the demo company, or empty ones."),
    "invoice": ("invoice:invoice", "Invoices: create, run, show, list."),
    "order": ("order:order", "Orders: import, confirm, amend, cancel, show, list."),
    "outbox": ("outbox:outbox", "Messages on their way: list, retry, resolve."),
    "proposal": ("proposal:proposal", "Proposals: review, accept, reject, approve, post."),
    "receipt": ("receipt:receipt", "Record money that came in, and what it pays."),
    "refund": ("refund:refund", "Pay a credit back to the customer."),
    "report": ("report:report", "Reports: open-items, aging, dso."),
    "reverse": ("reverse:reverse", "Reverse a document by its opposite."),
    "send": ("send:send", "Send issued documents by mail, each exactly once."),
    "serve": ("serve:serve", "Show the books in the browser of this machine."),
    "show": ("chain:show", "Show any document with its chain from order to cash."),
    "unallocate": ("allocate:unallocate", "Take an allocation back."),
    "workbook": ("workbook:workbook", "Write several reports into one workbook."),
    "write-off": ("write_off:write_off", "Write off an item, or a part of it."),
}


class Commands(click.Group):
    """A group that knows the names of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and give one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"o2c.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with a line each, none imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(COMMANDS.items())])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--books",
    type=click.Path(path_type=Path),
    help="Folder of the books [$O2C_BOOKS, else the nearest folder upwards].",
)
@click.option("--user", help="Who acts [$O2C_USER, else the login name].")
@click.option(
    "--today", metavar="YYYY-MM-DD", help="The day for everything that needs one [today in the company's zone]."
)
@click.option("--now", metavar="TIME", help="The moment written into entries, like 2026-03-05T09:30:00Z [the clock].")
@click.version_option(package_name="beancount-o2c")
@click.pass_context
def cli(ctx: click.Context, books: Path | None, user: str | None, today: str | None, now: str | None) -> None:
    """Order to cash on plain-text books.

    Example, from an order to its money:

    \b
      o2c order import orders.yaml
      o2c order confirm SO-2026-0001
      o2c deliver SO-2026-0001
      o2c invoice create SO-2026-0001
      o2c receipt C0001 "1190.00 EUR" --apply INV-2026-0001
      o2c report aging
    """
    ctx.obj = Context(books, user, today, now)


def _run(arguments: list[str]) -> object:
    """Run a command once; a second time without the index, where the index is damaged (it is only derived)."""
    if "_O2C_COMPLETE" in os.environ:
        return cli.main(args=arguments, prog_name="o2c")
    try:
        return _run_once(arguments)
    except sqlite3.Error:
        from o2c.books.index.opening import abandoned

        with abandoned():
            return _run_once(arguments)


def _run_once(arguments: list[str]) -> object:
    try:
        with cli.make_context("o2c", list(arguments)) as context:
            return cli.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; every refusal is printed as sentences on stderr, and the exit code says its kind.

    The process is short: it never needs the garbage collector, which would cost a third of the time on large books.
    """
    if arguments is None:
        gc.disable()
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; nothing was written unless said above", err=True)
        code = 130
    except O2CError as error:
        click.echo(str(error), err=True)
        code = error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except sqlite3.Error as error:
        click.echo(f"the index cannot be used ({error}); delete .o2c/index.sqlite and try again", err=True)
        code = 4
    except OSError as error:
        what = f"{error.filename or 'the system'}: {error.strerror or error}"
        click.echo(f"{what}; nothing was written unless said above", err=True)
        code = 4
    sys.exit(code if isinstance(code, int) else 0)

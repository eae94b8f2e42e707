"""The command `serve`: the books in the browser of this machine."""

from __future__ import annotations

import contextlib
import gc
import secrets

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.errors import Refused

#: Who has this role among the `users` of the policies may edit; everybody else reads.
ROLE = "accounting"


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=5173, show_default=True, help="0: any free port.")
@click.option("--read-only", is_flag=True, help="Nobody may change anything through this server [so without --edit].")
@click.option("--edit", is_flag=True, help="Also print a link that may use Fava's editor.")
@pass_context
def serve(context: Context, port: int, read_only: bool, edit: bool) -> None:
    """Show the books in the browser: Fava, with the pages of receivables.

    Listens on this machine only (127.0.0.1). Prints a link with a token: whoever opens it in a browser may look at the
    books until the server stops. Nothing is written. With --edit a second link lets an accountant use Fava's editor:
    a person with the role `accounting` in the policies. Whoever edits the books can make Fava run programs.

    \b
    Example:
      o2c serve
      o2c --user meral serve --edit --port 5200
    """
    from o2c.serving import door
    from o2c.serving.house import house

    if read_only and edit:
        raise click.UsageError("--read-only and --edit contradict each other; give one of them")
    tokens = {secrets.token_urlsafe(32): door.VIEWER}
    if edit:
        _require_accountant(context)
        tokens[secrets.token_urlsafe(32)] = door.ACCOUNTANT
    click.echo("Loading the books ...", err=True)
    opened = house(context.root, port, tokens, read_only=not edit, today=context.given_today)
    if opened.errors:
        click.echo(f"the books have {opened.errors} error{'s' if opened.errors > 1 else ''}: run `o2c check`", err=True)
    for token, role in tokens.items():
        click.echo(f"{role}: {opened.address}?token={token}")
    click.echo("Stop with Ctrl-C.", err=True)
    gc.enable()  # off for commands that end at once; this one stays
    try:
        with contextlib.suppress(KeyboardInterrupt):
            opened.server.serve()
    finally:
        opened.server.stop()


def _require_accountant(context: Context) -> None:
    """Refuse to hand an editing link to somebody whom the policies do not name for it; without users, all may."""
    from o2c import master

    users = master.load(context.root).policies.users
    if users and ROLE not in users.get(context.user, ()):
        may = ", ".join(name for name, roles in users.items() if ROLE in roles) or "nobody"
        raise Refused(
            f"{context.user} may not edit the books: the role {ROLE} in master/policies.yaml has {may}; "
            "leave --edit out to look at them"
        )

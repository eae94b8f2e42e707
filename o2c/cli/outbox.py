"""The command `outbox`: what waits, what is in doubt, and what a person decides about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.send import carrier
from o2c.cli.send import line
from o2c.cli.send import require_done
from o2c.cli.send import row
from o2c.cli.send import say
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.model.text import identifier
from o2c.model.text import one_line

if TYPE_CHECKING:
    from o2c.sending.outbox import Outbox


@click.group()
def outbox() -> None:
    """Messages on their way: list, retry, resolve.

    A message is `queued` (waits for the mail server), `sent` (the server took it), `refused` (the server said no for
    good), or `uncertain` (the line broke before the server's last answer: it may have taken it). Only a person can
    decide about an uncertain one; nothing is ever sent twice on suspicion.

    \b
    Example: one invoice is uncertain, the customer says on the phone that it arrived:
      o2c outbox list
      o2c outbox resolve INV-2026-0001-1A2B3C4D --sent --reason "Ms Petersen has it"
    """


def _opened(context: Context) -> Outbox:
    from o2c.sending.outbox import Outbox

    return Outbox(context.root)


@outbox.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was sent.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with every step of each message.")
@pass_context
def list_(context: Context, everything: bool, as_json: bool) -> None:
    """Show what waits, was refused, or is in doubt.

    \b
    Example: everything that ever left, for a script:
      o2c outbox list --all --json
    """
    found = [message for message in _opened(context).messages() if everything or message.state != "sent"]
    if as_json:
        click.echo(json.dumps({"messages": [row(message) for message in found]}, indent=1, ensure_ascii=False))
        return
    for message in found:
        click.echo(f"{message.name}  {line(message)}")
    if not found:
        click.echo("the outbox is empty" if everything else "nothing waits in the outbox")


@outbox.command()
@click.argument("name", metavar="[MESSAGE]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Say what became of each message as JSON.")
@pass_context
def retry(context: Context, name: str | None, as_json: bool) -> None:
    """Send what is queued; with a name, also a message that was refused.

    \b
    Example: the mail server was down; later, an address was corrected:
      o2c outbox retry
      o2c outbox retry INV-2026-0001-1A2B3C4D
    """
    from o2c.sending import delivering
    from o2c.sending.running import retry_all

    found, act = _opened(context), context.act("outbox retry", None, None, None)
    server = carrier(context.books())
    if server is None:
        raise Refused("master/company.yaml names no mail server (section `mail`); send the files with a mail program")
    if name:
        wanted = usage(lambda: identifier(name, "MESSAGE"))
        with found.locked():
            message = found.message(wanted)
            if message.state != "queued":
                delivering.retry(found, message, context.now, act.by)
    done = retry_all(context.root, found, server, act, context.today, lambda: context.now, said=lambda _: None)
    say(done, served=True, as_json=as_json)
    require_done(done, [], served=True)


@outbox.command()
@click.argument("messages", metavar="MESSAGE...", nargs=-1, required=True)
@click.option("--sent", is_flag=True, help="It was sent: the ledger gets its note.")
@click.option("--not-sent", is_flag=True, help="It was not: it is queued again.")
@click.option("--reason", required=True, metavar="TEXT", help="How you know.")
@pass_context
def resolve(context: Context, messages: tuple[str, ...], sent: bool, not_sent: bool, reason: str) -> None:
    """Decide about messages in doubt, or messages that you sent with a mail program.

    \b
    Example: the customer never got it, so it may go out again:
      o2c outbox resolve INV-2026-0001-1A2B3C4D --not-sent --reason "not in their archive"
      o2c outbox retry
    """
    from o2c.sending import delivering
    from o2c.sending.noting import note_sent

    if sent == not_sent:
        raise WrongUsage("say --sent or --not-sent")
    wanted = [_message_name(name) for name in messages]
    why = usage(lambda: one_line(reason, "--reason", 300))
    found, act = _opened(context), context.act("outbox resolve", None, None, None)
    with found.locked():
        there = [found.message(name) for name in wanted]
        try:
            for message in there:
                known = delivering.recover(found, message, context.now, act.by)
                click.echo(line(delivering.resolve(found, known, context.now, act.by, sent=sent, reason=why)))
        finally:
            note_sent(context.root, found, act, context.today)


def _message_name(given: str) -> str:
    return usage(lambda: identifier(given, "MESSAGE"))

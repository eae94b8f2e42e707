"""The page docs/commands.md: the help of every command, as `--help` prints it.

Made by `python -m o2c.cli.reference > docs/commands.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

import click

from o2c.cli import cli
from o2c.cli.cash_lists import Verb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

_WIDTH = 80
_HEAD = """# Commands

Every command with all its options, as `o2c COMMAND --help` prints it. `./run docs` makes this page; do not edit it.

Exit codes: 0 done or already done, 1 refused by a rule of the business, 2 wrong usage, 3 the books do not load clean,
4 could not finish (disk, lock): the message says what was written and what was not.
"""


class Called(NamedTuple):
    """A command and the words that call it, such as `o2c order import`."""

    name: str
    command: click.Command
    help: str


def commands() -> Iterator[Called]:
    """Walk through all commands, each before the words that stand below it, sorted by name."""
    yield from _walk(cli, "o2c", None)


def _walk(command: click.Command, word: str, parent: click.Context | None) -> Iterator[Called]:
    context = click.Context(command, parent=parent, info_name=word, terminal_width=_WIDTH, **command.context_settings)
    yield Called(context.command_path, command, command.get_help(context))
    for name, below in sorted(_below(command, context).items()):
        # `o2c receipt list` stands beside the arguments of `o2c receipt`, not behind them.
        outer = (
            click.Context(click.Group(word), parent=parent, info_name=word) if isinstance(command, Verb) else context
        )
        yield from _walk(below, name, outer)


def _below(command: click.Command, context: click.Context) -> Mapping[str, click.Command]:
    if isinstance(command, Verb):
        return command.words
    if isinstance(command, click.Group):
        known = {name: command.get_command(context, name) for name in command.list_commands(context)}
        return {name: found for name, found in known.items() if found is not None}
    return {}


def page() -> str:
    """Write the whole page, with a table of contents."""
    called = list(commands())
    contents = "\n".join(f"- [{one.name}](#{one.name.replace(' ', '-')})" for one in called)
    return f"{_HEAD}\n{contents}\n" + "".join(f"\n## {one.name}\n\n```text\n{one.help}\n```\n" for one in called)


if __name__ == "__main__":
    click.echo(page(), nl=False)

"""The command `completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands, customers and document numbers in a shell.

    \b
    Example, for bash:
      o2c completion bash > ~/.local/share/bash-completion/completions/o2c
    """
    from o2c.cli import cli

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "o2c", "_O2C_COMPLETE").source())

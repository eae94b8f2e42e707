"""The page of commands is what the program says, every option is explained, and every example could be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from o2c.cli import COMMANDS
from o2c.cli import reference
from tests.docs.renewing import agree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from o2c.cli.reference import Called

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "commands.md"
CALLED = {one.name: one for one in reference.commands()}
every_command = pytest.mark.parametrize("called", CALLED.values(), ids=CALLED)


def examples(text: str) -> Iterator[str]:
    """Find the lines that show a command, indented; without what the shell does with it, and without remarks."""
    for line in re.findall(r"^ {2,}(o2c .*)$", text, re.MULTILINE):
        yield re.split(r"\s+[>#|]\s", line)[0].strip()


def parse(line: str) -> None:
    """Take a command line apart as Click would, without running it; options must exist."""
    words = shlex.split(line)
    while words[1] in {"--books", "--user", "--today", "--now"}:
        del words[1:3]
    depth = max((n for n in range(1, len(words) + 1) if " ".join(words[:n]) in CALLED), default=0)
    assert depth > 1, f"no such command: {line}"
    command = CALLED[" ".join(words[:depth])].command
    context = click.Context(command, info_name=words[depth - 1])
    _, rest, _ = command.make_parser(context).parse_args(list(words[depth:]))
    assert not isinstance(command, click.Group), f"{line}: names a group, not a command"
    assert rest == [] or command.allow_extra_args, f"{line}: too many words {rest}"


def test_the_page_is_what_the_program_says_today() -> None:
    agree(PAGE, PAGE.read_text("utf-8"), reference.page())


def test_the_walk_finds_groups_commands_and_the_words_beside_them() -> None:
    assert {f"o2c {name}" for name in COMMANDS} < set(CALLED)
    assert {"o2c", "o2c order import", "o2c receipt", "o2c receipt list"} <= set(CALLED)


@every_command
def test_every_option_is_explained(called: Called) -> None:
    options = [option for option in called.command.params if isinstance(option, click.Option)]
    assert [option.opts for option in options if not option.help] == []


@every_command
def test_every_command_says_what_it_does_and_shows_an_example_of_itself(called: Called) -> None:
    assert called.command.help
    assert any(f"{line} ".startswith(called.name + " ") for line in examples(called.help)), called.help


@pytest.mark.parametrize("line", sorted({line for one in CALLED.values() for line in examples(one.help)}))
def test_every_example_in_the_help_can_be_typed(line: str) -> None:
    parse(line)


@pytest.mark.parametrize("page", ["README.md", "docs/ledger-format.md"])
def test_every_command_that_a_page_shows_can_be_typed(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    lines = list(examples(text))
    for line in lines:
        parse(line.replace("mybooks && cd mybooks", "mybooks"))
    assert lines or page != "README.md"


def test_a_line_that_cannot_be_typed_would_be_noticed() -> None:
    with pytest.raises(click.NoSuchOption):
        parse("o2c order confirm --faster SO-2026-0001")
    with pytest.raises(AssertionError):
        parse("o2c teleport SO-2026-0001")

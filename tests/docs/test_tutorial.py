"""The tutorial does what it says: every command is run, from the top, and prints what the page shows.

`O2C_RENEW=1 pytest tests/docs` writes what is printed now into the page. Numbers of documents that changed, because the
demonstration books grew, are changed in the text and in later commands as well.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest

from o2c.cli import main
from tests.docs.renewing import RENEW
from tests.docs.renewing import agree

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
TEXT = PAGE.read_text("utf-8")
#: Where the reader of the page stands.
HOME = "/home/anna"
#: The clock of the page; days are said in each command.
CLOCK = ("--today", "2026-05-04", "--now", "2026-05-04T09:00:00Z")

_BLOCK = re.compile(r"^```(?:console|(?:yaml|beancount) (?P<file>\S+))\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_NUMBER = re.compile(r"\b[A-Z]{2,3}-20[0-9]{2}-[0-9]{4,}\b")
#: Messages are named after the bytes of the PDF, which the fonts of a machine change: the page has one for all.
_MESSAGE = re.compile(rf"({_NUMBER.pattern})-([0-9A-F]{{8}})\b")
_ANY_BYTES = "1A2B3C4D"
_GROUPS = set("close credit credit-note customer document invoice order outbox proposal report".split())
_POSTED = re.compile(rf"^({_NUMBER.pattern})  [a-z-]+  20", re.MULTILINE)


class Walk:
    """Walks through the page in an empty folder, and writes it again as it goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.codes: dict[str, list[int]] = {}
        self._numbers: dict[str, str] = {}
        self._messages: dict[str, str] = {}

    def page(self) -> str:
        blocks = [self._block(block) for block in _BLOCK.finditer(TEXT)]
        prose = [self._renumbered(text) for text in _BLOCK.sub("\0", TEXT).split("\0")]
        return "".join(itertools.chain(*itertools.zip_longest(prose, blocks, fillvalue="")))

    def _block(self, block: re.Match[str]) -> str:
        if block["file"]:
            (self.folder / block["file"]).write_text(block["body"], "utf-8")
            return block[0]
        return f"```console\n{''.join(self._command(*found) for found in _COMMAND.findall(block['body']))}```"

    def _command(self, line: str, shown: str) -> str:
        line = self._renumbered(line)
        code, printed = run(shlex.split(_MESSAGE.sub(lambda name: self._messages.get(name[1], name[0]), line)))
        self.codes.setdefault(line, []).append(code)
        self._messages |= {name[1]: name[0] for name in _MESSAGE.finditer(printed)}
        printed = _MESSAGE.sub(rf"\1-{_ANY_BYTES}", printed.replace(str(self.folder), HOME))
        printed = "".join(f"{row.rstrip()}\n" for row in printed.splitlines())
        if RENEW:
            self._numbers |= dict(zip(_POSTED.findall(shown), _POSTED.findall(printed), strict=False))
        return f"$ {line}\n{printed}"

    def _renumbered(self, text: str) -> str:
        return _NUMBER.sub(lambda number: self._numbers.get(number[0], number[0]), text)


def run(words: list[str]) -> tuple[int, str]:
    """Run one command line, and give its exit code with all it printed."""
    if words[0] == "export":
        os.environ.update(word.split("=", 1) for word in words[1:])
        return 0, ""
    assert words[0] == "o2c", f"the tutorial runs nothing but o2c: {words}"
    bytes_ = io.BytesIO()
    printed = io.TextIOWrapper(bytes_, encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), pytest.raises(SystemExit) as ended:
        main([*CLOCK, *words[1:]])
    assert isinstance(ended.value.code, int)
    return ended.value.code, bytes_.getvalue().decode()


def verb(line: str) -> str:
    """Give the command that a line runs, without `o2c`, who runs it, and on what: `credit limit`, `receipt`."""
    words = re.sub("^o2c (--user [a-z]+ )?", "", line).split()
    return " ".join(words[: 2 if words[0] in _GROUPS else 1])


class Walked(NamedTuple):
    page: str
    codes: dict[str, list[int]]
    folder: Path


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    folder = tmp_path_factory.mktemp("tutorial").resolve()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", "80")
        for name in ("O2C_BOOKS", "O2C_USER"):
            patch.setenv(name, "")
        walk = Walk(folder)
        yield Walked(walk.page(), walk.codes, folder)


def test_every_command_prints_what_the_page_shows(walked: Walked) -> None:
    agree(PAGE, TEXT, walked.page)


def test_commands_succeed_except_where_the_page_shows_a_refusal(walked: Walked) -> None:
    refused = [line for line, codes in walked.codes.items() if any(codes)]
    assert [verb(line) for line in refused] == [
        "deliver", "order import", "receipt", "reverse",
        "order import", "credit limit", "proposal approve", "close seal", "close check", "receipt",
    ]  # fmt: skip
    assert {code for codes in walked.codes.values() for code in codes} == {0, 1}


def test_the_walk_leaves_books_in_which_every_check_is_fine(walked: Walked) -> None:
    code, printed = run(["o2c", "--books", str(walked.folder / "demo-books"), "check"])
    assert code == 0, printed


def test_the_walk_goes_from_the_order_to_the_cash_and_back(walked: Walked) -> None:
    assert {verb(line) for line in walked.codes} >= {
        "order import", "order confirm", "deliver", "invoice create", "receipt", "credit-note create", "allocate",
        "refund", "write-off", "report aging", "report dso", "reverse", "check",
    }  # fmt: skip


def test_the_walk_needs_a_limit_a_second_person_the_mail_and_a_seal(walked: Walked) -> None:
    assert {verb(line) for line in walked.codes} >= {
        "credit limit", "credit show", "credit release", "proposal approve", "proposal post", "document render", "send",
        "outbox resolve", "document verify", "close propose", "close sign-off", "close seal", "close verify",
    }  # fmt: skip

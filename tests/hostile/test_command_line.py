"""H26: option-like values, far too many arguments, bytes that are no text: the usual refusal."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.faults.small_shop import environment

if TYPE_CHECKING:
    from tests.faults.small_shop import Shop


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("invoice",),
        ("invoice", "nonsense"),
        ("invoice", "create"),
        ("invoice", "create", "SO-2026-0002", "SO-2026-0003"),
        ("invoice", "create", "--x", "SO-2026-0002"),
        ("invoice", "create", "SO-2026-0002", "--date"),
        ("invoice", "create", "-SO-2026-0002"),
        ("order", "confirm"),
        ("order", "confirm", "--all", "SO-2026-0005"),
        ("deliver",),
        ("deliver", "SO-2026-0005", "--all"),
        ("deliver", "SO-2026-0005", "--line", "1=1", "--line", "1=2"),
        ("credit-note", "create", "INV-2026-0001", "--reason", "price"),
        ("credit-note", "create", "INV-2026-0001", "--reason", "price", "--full", "--line", "1=1"),
        ("receipt", "C1"),
        ("receipt", "C1", "1.00", "EUR", "more"),
        ("reverse", "INV-2026-0001"),
        ("write-off", "INV-2026-0001"),
    ],
)
def test_a_command_without_meaning_is_wrong_usage(shop: Shop, arguments: tuple[str, ...]) -> None:
    before = shop.files()
    answer = shop.run(*arguments)
    assert answer.code == 2, answer
    assert "Traceback" not in answer.err
    assert shop.files() == before


def test_a_value_that_looks_like_an_option_is_a_value(shop: Shop) -> None:
    shop.did("order", "hold", "SO-2026-0005", "--why", "--dry-run")
    assert 'why: "--dry-run"' in shop.journal.read_text()


def test_a_hundred_thousand_arguments_are_refused_or_done_in_reasonable_time(shop: Shop) -> None:
    said = shop.refused("order", "confirm", *["SO-2026-9999"] * 100_000, code=1)
    assert "SO-2026-9999" in said
    assert len(said) < 10_000


@pytest.mark.parametrize("option", ["--why", "--key", "--ref"])
def test_bytes_that_are_no_text_are_refused_by_the_name_of_the_option(shop: Shop, option: str) -> None:
    before = shop.files()
    command = [os.fsencode(part) for part in shop.command("receipt", "C1", "1.00 EUR", option)]
    done = subprocess.run([*command, b"caf\xe9"], capture_output=True, check=False, env=environment())
    assert done.returncode == 2, done
    assert option.encode() in done.stderr
    assert b"Traceback" not in done.stderr
    assert shop.files() == before


@pytest.mark.parametrize("argument", [b"SO-\xff", b"\xc3\x28"])
def test_bytes_that_are_no_number_are_refused(shop: Shop, argument: bytes) -> None:
    command = [os.fsencode(part) for part in shop.command("invoice", "create")]
    done = subprocess.run([*command, argument], capture_output=True, check=False, env=environment())
    assert done.returncode in {1, 2}, done
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("books", ["", "/nonexistent", "/dev/null", "/etc/passwd", "/"])
def test_books_that_are_none_are_refused(shop: Shop, books: str) -> None:
    answer = shop.run("--books", books, "invoice", "list")
    assert answer.code in {1, 2}, answer
    assert "Traceback" not in answer.err

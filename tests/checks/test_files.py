"""Bytes, includes and files lying about (dangers D04, D12)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from o2c import checks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Said = Callable[[str], list[str]]

REMARK = b"; caf\xc3\xa9\n"


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"\xef\xbb\xbf" + REMARK, "byte order mark", 1),
        (REMARK + b"; caf\xe9\n", "byte 0xe9 is not UTF-8", 2),
        ("; UTF-16\n".encode("utf-16"), "UTF-16", 1),
        (REMARK + b"; a\0b\n", "NUL", 2),
        (REMARK + b"; a\r; b\r", "CR alone", 2),
        (b"; a\n" * 3 + b"<<<<<<< HEAD\n; b\n=======\n; c\n>>>>>>> other\n", "merge", 4),
    ],
)
def test_bad_bytes_are_found_with_their_line(
    journal: Path, root: Path, content: bytes, message: str, line: int
) -> None:
    journal.write_bytes(content)
    (result,) = checks.run(checks.gather(root), ["bytes"])
    (finding,) = result.findings
    assert message in finding.message
    assert finding.source == (str(journal), line)


@pytest.mark.parametrize("content", [REMARK, REMARK.replace(b"\n", b"\r\n"), b"; no line end", b""])
def test_usual_bytes_are_right(journal: Path, said: Said, content: bytes) -> None:
    journal.write_bytes(content)
    assert said("bytes") == []


def test_master_files_are_looked_at_too(root: Path, said: Said) -> None:
    (root / "master").mkdir()
    (root / "master" / "customers.yaml").write_bytes(b"name: M\xfcller\n")
    assert "is not UTF-8" in said("bytes")[0]


def test_a_file_outside_the_books_is_found(
    root: Path, main: Path, said: Said, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("other") / "more.beancount"
    outside.write_text("; more\n")
    main.write_text(main.read_text() + f'include "{outside}"\n')
    (message,) = said("includes")
    assert "outside the books" in message


def test_a_link_out_of_the_books_is_found(root: Path, said: Said, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("other") / "more.beancount"
    outside.write_text("; more\n")
    (root / "journal" / "more.beancount").symlink_to(outside)
    assert "outside the books" in said("includes")[0]


def test_a_file_that_is_read_twice_by_a_link_is_found(journal: Path, said: Said) -> None:
    (journal.parent / "copy.beancount").symlink_to(journal)
    (message,) = said("includes")
    assert "read twice" in message


def test_a_ledger_file_that_nothing_includes_is_found(root: Path, said: Said) -> None:
    (root / "manual").mkdir()
    (root / "manual" / "january.beancount").write_text("; forgotten\n")
    (root / "proposals").mkdir()
    (root / "proposals" / "run.beancount").write_text("; not yet posted\n")
    (message,) = said("includes")
    assert "nothing includes this file" in message


def test_a_pickle_cache_is_found_though_hidden(root: Path, said: Said) -> None:
    (root / ".main.beancount.picklecache").write_bytes(b"")
    (message,) = said("pickle-cache")
    assert "delete it" in message


@pytest.mark.parametrize(
    "name",
    [".o2c-new-abc", ".o2c-report-abc", "main.beancount~", ".main.beancount.swp", "main.beancount.orig", "#main#"],
)
def test_leftovers_are_found(root: Path, said: Said, name: str) -> None:
    (root / "journal" / name).write_text("")
    assert len(said("leftovers")) == 1


def test_a_dangling_lock_link_of_emacs_is_a_leftover(root: Path, said: Said) -> None:
    os.symlink("anna@host.1234", root / ".#main.beancount")  # noqa: PTH211 - as Emacs makes it
    assert len(said("leftovers")) == 1

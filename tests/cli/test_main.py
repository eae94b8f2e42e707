"""The door of the program: help, version, wrong words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from o2c.cli import COMMANDS


def o2c(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from o2c.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--version",), ("invoice", "--help"), ("receipt", "-h")])
def test_help_and_version_are_printed_and_end_well(arguments: tuple[str, ...]) -> None:
    done = o2c(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_help_names_every_command() -> None:
    said = o2c("--help").stdout
    assert all(f"  {name} " in said for name in COMMANDS)


@pytest.mark.parametrize("arguments", [("frobnicate",), ("invoice", "frobnicate"), ("--frobnicate",), ("invoice",), ()])
def test_wrong_words_are_wrong_usage_without_a_traceback(arguments: tuple[str, ...]) -> None:
    done = o2c(*arguments)
    assert done.returncode == 2
    assert "Usage: o2c" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_completion_answers_the_shell() -> None:
    done = o2c("completion", "bash")
    assert done.returncode == 0
    assert "_O2C_COMPLETE" in done.stdout

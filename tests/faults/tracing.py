"""Stops or disturbs a command at a chosen system call, with strace.

A call is named by its kind and its number among the calls of that kind: `rename 1` is the first rename of the process.
"""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Answer
    from tests.faults.small_shop import Shop

#: Everything that can change a file or a folder, and the end of the process.
CHANGING = (
    "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync,syncfs,sync_file_range,rename,renameat,"
    "renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,truncate,ftruncate,fallocate,chmod,"
    "fchmod,fchmodat,chown,fchown,lchown,fchownat,utimensat,setxattr,fsetxattr,copy_file_range,sendfile,splice,flock,"
    "exit_group"
)
_STRACE = ["strace", "-f", "-y", "-s", "200"]
#: Stop at the traced calls only: a command then takes a quarter of the time. Signals are not injected in this mode
#: (strace 6.1 lets the command go through undisturbed, and says nothing).
_QUICK = "--seccomp-bpf"
_CALL = re.compile(r"^\d+ +(\w+)\((.*)")
_OPENS_ONLY_TO_READ = re.compile(r"\bO_RDONLY\b(?!.*\bO_(CREAT|TRUNC)\b)")


class Call(NamedTuple):
    """A system call: its kind, its number among its kind, and its arguments as strace writes them."""

    kind: str
    number: int
    arguments: str

    @property
    def changes(self) -> bool:
        """Tell whether it may change something on disk (or is the last one)."""
        return not (self.kind.startswith("open") and _OPENS_ONLY_TO_READ.search(self.arguments))

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


@functools.cache
def why_not() -> str:
    """Say why processes cannot be traced here; empty where they can."""
    if shutil.which("strace") is None:
        return "strace is not installed (Debian: apt install strace)"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"tracing is forbidden here: {tried.stderr.strip().splitlines()[-1:]}"


@functools.cache
def _quick() -> list[str]:
    """Give the option where this strace has it (5.3 and later) and the kernel takes it."""
    tried = subprocess.run(["strace", "-f", _QUICK, "-o", "/dev/null", "true"], capture_output=True, check=False)
    return [_QUICK] if tried.returncode == 0 else []


def require_strace() -> None:
    """Skip the test where processes cannot be traced."""
    if why_not():
        pytest.skip(why_not())


def calls(shop: Shop, command: tuple[str, ...], log: Path) -> tuple[Answer, list[Call]]:
    """Run a command and list its system calls that can change a file."""
    answer = shop.process(*command, before=[*_STRACE, *_quick(), "-o", str(log), "-e", f"trace={CHANGING}"])
    return answer, read_log(log)


def disturbed(shop: Shop, command: tuple[str, ...], log: Path, kind: str, number: int | str, fault: str) -> Answer:
    """Run a command with a fault at a call: `signal=KILL`, `error=EIO`, `delay_enter=2000000`; `2+`: from there on."""
    inject = f"inject={kind}:{fault}:when={number}"
    quick = _quick() if fault.startswith("error=") else []
    before = [*_STRACE, *quick, "-o", str(log), "-e", f"trace={kind}", "-e", inject]
    return shop.process(*command, before=before)


def read_log(log: Path) -> list[Call]:
    """Read what strace wrote, each call with its number among its kind."""
    seen: Counter[str] = Counter()
    found = []
    for line in log.read_text("utf-8", "replace").splitlines():
        match = _CALL.match(line)
        if match:
            kind, arguments = match.groups()
            seen[kind] += 1
            found.append(Call(kind, seen[kind], arguments))
    return found

"""The disk refuses: exit code 4, a message that says truly what was written, and the same command again ends well.

F03-F05 (errors of single calls, a full disk), F17 (nothing may be written), F18 (links).
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.faults import tracing
from tests.faults.small_shop import JOURNAL
from tests.faults.small_shop import environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_shop import Answer
    from tests.faults.small_shop import Shop

INVOICE = ("invoice", "create", "SO-2026-0002", "--key", "disk")
NOBODY = 65534

#: Kind of call, its number, the error: each before the books have changed.
BEFORE = [
    ("write", 1, "ENOSPC"),
    ("write", 1, "EIO"),
    ("write", 1, "EDQUOT"),
    ("fchmod", 1, "EPERM"),
    ("fsync", 1, "EIO"),
    ("fsync", 1, "ENOSPC"),
    ("rename", 1, "EIO"),
    ("rename", 1, "ENOSPC"),
    ("rename", 1, "EROFS"),
    ("flock", 1, "ENOLCK"),
    ("ftruncate", 1, "EIO"),
    ("pwrite64", 1, "ENOSPC"),
]


def _strace(shop: Shop, tmp_path: Path, kind: str, number: int, fault: str) -> Answer:
    tracing.require_strace()
    return tracing.disturbed(shop, INVOICE, tmp_path / "fault.log", kind, number, fault)


def _leftovers(shop: Shop) -> list[str]:
    return [name for name in shop.files() if ".o2c-new-" in name]


def _require_done_once_by_repeating(shop: Shop) -> None:
    again = shop.run(*INVOICE)
    assert again.code == 0, again
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]
    assert _leftovers(shop) == []


@pytest.mark.parametrize(("kind", "number", "error"), BEFORE, ids=str)
def test_an_error_before_the_commit_leaves_the_books_as_they_were(
    shop: Shop, tmp_path: Path, kind: str, number: int, error: str
) -> None:
    old = shop.files()
    answer = _strace(shop, tmp_path, kind, number, f"error={error}")
    assert answer.code == 4, answer
    assert "nothing was written" in answer.err
    assert os.strerror(getattr(__import__("errno"), error)) in answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""
    assert shop.files() == old, "not even a temporary file stays"
    _require_done_once_by_repeating(shop)


def test_a_failed_fsync_is_not_tried_again(shop: Shop, tmp_path: Path) -> None:
    """A second fsync may succeed although the data are lost (the lesson of PostgreSQL)."""
    _strace(shop, tmp_path, "fsync", 1, "error=EIO")
    assert [call.number for call in tracing.read_log(tmp_path / "fault.log")] == [1]


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_failed_fsync_of_the_folder_says_that_the_entries_are_written(shop: Shop, tmp_path: Path, error: str) -> None:
    answer = _strace(shop, tmp_path, "fsync", 2, f"error={error}")
    assert answer.code == 4, answer
    assert "the entries are written" in answer.err
    assert "nothing was written" not in answer.err
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]
    assert "already done" in shop.did(*INVOICE)
    _require_done_once_by_repeating(shop)


@pytest.mark.parametrize("room", [0, 1, 100, 700])
def test_a_disk_that_takes_only_a_part_leaves_the_books_as_they_were(shop: Shop, room: int) -> None:
    """The limit on the size of files makes real partial writes (F05)."""
    old = shop.files()
    size = len(old[JOURNAL]) if room > 1 else 0
    answer = _limited(shop, size + room)
    assert answer.returncode == 4, answer
    assert "nothing was written" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert shop.files() == old
    _require_done_once_by_repeating(shop)


def _limited(shop: Shop, size: int) -> subprocess.CompletedProcess[str]:
    # The lock file needs some bytes too; with none of them the command must stop just as orderly.
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # noqa: E731 - runs in the child
    return subprocess.run(
        shop.command(*INVOICE),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
        env=environment(),
    )


def test_an_answer_that_cannot_be_printed_does_not_deny_what_was_written(shop: Shop) -> None:
    """The output goes to a full disk: the invoice is in the books, and nobody may be told that it is not."""
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            shop.command(*INVOICE), stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment()
        )
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]
    assert done.returncode == 4
    assert "nothing was written" not in done.stderr
    assert "INV-2026-0002" in done.stderr


@pytest.mark.parametrize(("kind", "number"), [("pwrite64", "2+"), ("pwrite64", "5+"), pytest.param("fdatasync", "1+")])
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_an_index_that_cannot_be_written_is_no_harm(
    shop: Shop, tmp_path: Path, kind: str, number: str, error: str
) -> None:
    """The index is derived: without it the command is slower, and no answer may change."""
    tracing.require_strace()
    answer = tracing.disturbed(shop, INVOICE, tmp_path / "index.log", kind, number, f"error={error}")
    assert answer.code == 0, answer
    assert "INV-2026-0002" in answer.out
    said = shop.did("report", "open-items", "--format", "csv")
    shutil.rmtree(shop.root / ".o2c")
    assert shop.did("report", "open-items", "--format", "csv") == said
    _require_done_once_by_repeating(shop)


@pytest.mark.parametrize("damage", ["emptied", "garbage", "cut", "flipped", "a folder", "leads nowhere"])
def test_a_damaged_index_is_no_harm(shop: Shop, damage: str) -> None:
    said = shop.did("report", "open-items", "--format", "csv")
    index = shop.root / ".o2c" / "index.sqlite"
    whole = index.read_bytes() if index.is_file() else b""
    shutil.rmtree(shop.root / ".o2c")
    index.parent.mkdir()
    if damage == "a folder":
        index.mkdir()
    elif damage == "leads nowhere":
        index.symlink_to(shop.root / "nowhere")
    else:
        middle = len(whole) // 2
        flipped = whole[:middle] + bytes(255 - byte for byte in whole[middle:])
        index.write_bytes({"emptied": b"", "garbage": b"x" * 5000, "cut": whole[:middle], "flipped": flipped}[damage])
    assert shop.did("report", "open-items", "--format", "csv") == said
    shop.did(*INVOICE)
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]


# ---- what may not be written (F17) -----------------------------------------------------------------------------------


def _as_nobody(shop: Shop, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command without the rights of root, which may write everywhere."""
    if os.geteuid() != 0:
        return subprocess.run(shop.command(*command), capture_output=True, text=True, check=False, env=environment())
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to be somebody else")
    nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return subprocess.run(
        [*nobody, *shop.command(*command)], capture_output=True, text=True, check=False, env=environment()
    )


def _open_to_all(shop: Shop) -> None:
    """Let nobody in, all the way down; the folder above is made for one user only."""
    for folder in (shop.root, *shop.root.parents):
        if folder.stat().st_uid == os.geteuid() and folder.name:
            folder.chmod(folder.stat().st_mode | 0o055)
    for path in shop.root.rglob("*"):
        path.chmod(path.stat().st_mode | (0o077 if path.is_dir() else 0o066))


@pytest.fixture
def foreign(shop: Shop) -> Shop:
    """Books that somebody without special rights may read and write, until a test forbids it."""
    _open_to_all(shop)
    shop.root.chmod(0o777)
    if _as_nobody(shop, "invoice", "list").returncode:
        pytest.skip("another user cannot reach the folder of the tests, or not this Python")
    return shop


@pytest.mark.parametrize("folder", ["", "journal", ".o2c"])
def test_a_folder_that_may_not_be_written_is_a_clear_refusal(foreign: Shop, folder: str) -> None:
    place = foreign.root / folder
    (place / "lock").chmod(0o444) if folder == ".o2c" else None
    if folder == "":
        shutil.rmtree(place / ".o2c")
    place.chmod(0o555)
    old = foreign.files()
    try:
        answer = _as_nobody(foreign, *INVOICE)
    finally:
        place.chmod(0o777)
    assert answer.returncode == 4, answer
    assert "nothing was written" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert foreign.files() == old


def test_a_journal_that_may_not_be_written_is_left_alone(foreign: Shop) -> None:
    """A file made read-only is a wish; replacing it by its folder's rights would pass over it."""
    foreign.journal.chmod(0o444)
    old = foreign.files()
    answer = _as_nobody(foreign, *INVOICE)
    assert answer.returncode == 4, answer
    assert "2026-03.beancount" in answer.stderr
    assert foreign.files() == old


def test_books_that_may_not_be_written_can_be_read(foreign: Shop) -> None:
    """An auditor's copy, without and with an index."""
    said = foreign.did("report", "open-items", "--format", "csv")
    for with_index in (True, False):
        if not with_index:
            shutil.rmtree(foreign.root / ".o2c")
        for path in (*foreign.root.rglob("*"), foreign.root):
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = _as_nobody(foreign, "report", "open-items", "--format", "csv")
        assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, said.splitlines(), "")
        foreign.root.chmod(0o755)


@pytest.mark.parametrize("path", [JOURNAL, "accounts.beancount", "main.beancount", "master/customers.yaml"])
def test_a_file_that_may_not_be_read_is_a_clear_refusal(foreign: Shop, path: str) -> None:
    (foreign.root / path).chmod(0o000)
    old = foreign.files() if os.geteuid() == 0 else None
    answer = _as_nobody(foreign, *INVOICE)
    assert answer.returncode in {3, 4}, answer
    assert (foreign.root / path).name in answer.stderr
    assert "Traceback" not in answer.stderr
    (foreign.root / path).chmod(0o644)
    assert old is None or foreign.files() == old


# ---- modes and links (F17, F18) --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_the_mode_of_the_journal_is_kept(shop: Shop, mode: int) -> None:
    shop.journal.chmod(mode)
    shop.did(*INVOICE)
    assert shop.journal.stat().st_mode & 0o7777 == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_the_owner_of_the_journal_is_kept_when_root_posts(shop: Shop) -> None:
    os.chown(shop.journal, NOBODY, NOBODY)
    shop.did(*INVOICE)
    assert (shop.journal.stat().st_uid, shop.journal.stat().st_gid) == (NOBODY, NOBODY)


def test_a_linked_journal_is_written_at_its_target_and_stays_a_link(shop: Shop) -> None:
    target = shop.root.parent / "elsewhere.beancount"
    shop.journal.rename(target)
    shop.journal.symlink_to(target)
    shop.did(*INVOICE)
    assert shop.journal.is_symlink()
    assert 'doc-id: "INV-2026-0002"' in target.read_text()
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]


def test_a_linked_folder_of_the_books_works_like_the_folder(shop: Shop) -> None:
    link = shop.root.parent / "link to büro\n1"
    link.symlink_to(shop.root)
    type(shop)(link).did(*INVOICE)
    assert shop.numbers("invoice") == ["INV-2026-0001", "INV-2026-0002"]


def test_a_journal_with_two_names_is_refused(shop: Shop) -> None:
    (shop.root.parent / "second.beancount").hardlink_to(shop.journal)
    old = shop.files()
    answer = shop.run(*INVOICE)
    assert answer.code == 4
    assert "hard link" in answer.err
    assert "nothing was written" in answer.err
    assert shop.files() == old


@pytest.mark.parametrize("target", ["2026-03.beancount", "nowhere/at/all"])
def test_a_link_that_leads_nowhere_is_a_clear_refusal(shop: Shop, target: str) -> None:
    """A loop and a dangling link, where the file of a new month should be."""
    (shop.root / "journal" / "2026-04.beancount").symlink_to(target.replace("2026-03", "2026-04"))
    old = {name: content for name, content in shop.files().items() if "2026-04" not in name}
    answer = shop.run(*INVOICE, "--date", "2026-04-01")
    assert answer.code in {3, 4}, answer
    assert "2026-04.beancount" in answer.err
    assert shop.files() == old


def test_a_lock_that_is_a_link_is_not_followed(shop: Shop, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (shop.root / ".o2c" / "lock").unlink()
    (shop.root / ".o2c" / "lock").symlink_to(victim)
    answer = shop.run(*INVOICE)
    assert answer.code == 4
    assert victim.read_text() == "precious"
    assert shop.numbers("invoice") == ["INV-2026-0001"]

"""Leaf files and closes that were damaged, removed, forged or left behind (F35, F38, F40)."""

from __future__ import annotations

import hashlib
import json
import os
import re
from datetime import date

import pytest
from beancount import loader

from o2c import books
from o2c import checks
from o2c.closing import seal
from o2c.closing.verify import verify
from o2c.errors import BooksBroken
from o2c.errors import NotFound
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.model.documents import Act
from o2c.model.periods import Close
from o2c.model.periods import period
from o2c.model.sealing import proving
from o2c.model.sealing import seals
from tests.model.sealing.sealed_books import JANUARY as TEXT
from tests.model.sealing.sealed_books import Sealed

JANUARY, MARCH, LEAVES = "journal/2026-01.beancount", "journal/2026-03.beancount", "closes/2026-01.leaves"
ACT = Act("meral", why="closed")


def _proof(sealed: Sealed) -> proving.Proof:
    loaded = books.load(sealed.root)
    return proving.prove(loaded.booked, loaded.options, quick=False)


def _is_found(sealed: Sealed, close: Close) -> bool:
    opened = seals.opened(sealed.root, close)
    return opened.head is None and "is not the one that was written then" in opened.findings[0].message


def test_a_leaf_file_that_was_cut_anywhere_is_found(sealed: Sealed) -> None:
    close, path = _closes(sealed)[0], sealed.root / LEAVES
    for length in range(path.stat().st_size - 1, -1, -1):
        os.truncate(path, length)
        assert _is_found(sealed, close)
    assert sealed.verdicts() == (False, False, False)


def test_a_leaf_file_with_any_byte_changed_is_found(sealed: Sealed) -> None:
    close, path = _closes(sealed)[0], sealed.root / LEAVES
    with path.open("r+b", buffering=0) as file:
        for at, byte in enumerate(path.read_bytes()):
            os.pwrite(file.fileno(), bytes([byte ^ 1]), at)
            assert _is_found(sealed, close)
            os.pwrite(file.fileno(), bytes([byte]), at)
    assert sealed.verdicts() == (True, True, True)


def test_without_its_leaf_file_a_change_is_still_found_but_not_named(sealed: Sealed) -> None:
    (sealed.root / LEAVES).unlink()
    (missing,) = sealed.verify()
    assert "its leaf file closes/2026-01.leaves cannot be read (No such file or directory); restore it" in missing
    sealed.change(JANUARY, "count: 3", "count: 4")
    found = sealed.verify()
    assert len(found) == 2
    assert "entries of 2026-01 are not as they were sealed; which ones, only its leaf file could tell" in found[1]
    assert sealed.verdicts() == (False, False, False)


@pytest.mark.parametrize("end", range(4))
def test_a_ledger_file_that_was_cut_is_found_where_the_parser_sees_nothing(sealed: Sealed, end: int) -> None:
    path = sealed.root / JANUARY
    whole = path.read_bytes()
    unseen = 0
    for length in range(end, len(whole) - 1, 8):
        path.write_bytes(whole[:length])
        try:
            loaded = books.load(sealed.root)
        except BooksBroken:
            continue
        assert proving.prove(loaded.booked, loaded.options, quick=True).findings, length
        unseen += all("sealed" in error.message for error in loaded.errors)
    assert unseen > 0, "the parser finds every cut by itself, so this test proves nothing"


def test_removing_a_close_behind_which_another_is_sealed_breaks_the_chain(sealed: Sealed) -> None:
    text = (sealed.root / MARCH).read_text()
    first, second = (match.start() for match in re.finditer('2026-03-05 custom "o2c-close"', text))
    (sealed.root / MARCH).write_text(text[:first] + text[second:])
    assert any("follows sha256:" in message and "not in force" in message for message in sealed.verify())
    assert sealed.verdicts() == (False, False, False)


def test_removing_the_last_close_leaves_a_leaf_file_that_the_checks_name(sealed: Sealed) -> None:
    text = (sealed.root / MARCH).read_text()
    second = text.rindex('2026-03-05 custom "o2c-close"')
    kept = re.search(r'seal: "(sha256:\w+)"', text[second:])
    assert kept is not None
    (sealed.root / MARCH).write_text(text[:second])
    (found,) = checks.run(checks.gather(sealed.root), ["leftovers"])
    assert "if a close entry was removed, restore it from git" in found.findings[0].message
    assert "2026-02.leaves" in found.findings[0].source.file
    (missing,) = verify(books.load(sealed.root), None, [kept[1]]).findings
    assert f"the seal {kept[1]} is not in these books" in missing.message
    assert sealed.outside(kept[1]) == [f"no month has the seal {kept[1]}"]


@pytest.mark.parametrize("key", ["seal", "root", "leaves", "count", "file"])
def test_a_close_whose_lines_were_changed_is_found(sealed: Sealed, key: str) -> None:
    text = (sealed.root / MARCH).read_text()
    old = re.search(rf"  {key}: (.*)\n", text)
    assert old is not None
    new = old[1].replace("1", "2").replace("f", "0") if key != "file" else '"../elsewhere"'
    (sealed.root / MARCH).write_text(text.replace(old[0], f"  {key}: {new}\n", 1))
    assert sealed.verdicts() == (False, False, False)


def _forge(sealed: Sealed) -> list[str]:
    """Change January and compute every seal and leaf file anew, as the owner of the books could."""
    kept = [close.seal for close in _closes(sealed)]
    text = (sealed.root / MARCH).read_text()
    (sealed.root / MARCH).write_text(text[: text.index('2026-03-05 custom "o2c-close"')])
    for name in ("2026-01", "2026-02"):
        (sealed.root / f"closes/{name}.leaves").unlink()
    sealed.change(JANUARY, "due: 2026-02-11", "due: 2027-02-11")
    sealed.seal("2026-01")
    sealed.seal("2026-02")
    return kept


def _closes(sealed: Sealed) -> list[Close]:
    return [one.close for one in _proof(sealed).seals]


def test_a_chain_that_was_computed_anew_is_found_only_by_a_copy_from_outside(sealed: Sealed) -> None:
    kept = _forge(sealed)
    assert sealed.verdicts() == (True, True, True)
    loaded = books.load(sealed.root)
    assert [len(verify(loaded, None, [seal_]).findings) for seal_ in kept] == [1, 1]
    assert sealed.outside(*kept) == [f"no month has the seal {seal_}" for seal_ in kept]
    now = [close.seal for close in _closes(sealed)]
    assert verify(loaded, None, now).findings == ()
    assert sealed.outside(*now) == []


def test_a_seal_whose_figures_were_forged_is_found(sealed: Sealed) -> None:
    path = sealed.root / "closes/2026-02.leaves"
    rows = path.read_text().splitlines()
    head = json.loads(rows[0])
    head["content"]["documents"][0][3] = "-999"
    forged = json.dumps(head["content"], separators=(",", ":"), sort_keys=True)
    rows[0] = json.dumps(head, separators=(",", ":"), sort_keys=True)
    path.write_text("\n".join(rows) + "\n")
    old = _closes(sealed)[1]
    text = (sealed.root / MARCH).read_text()
    text = text.replace(old.seal, f"sha256:{hashlib.sha256(forged.encode()).hexdigest()}")
    text = text.replace(str(old.event_fact("leaves")), f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}")
    (sealed.root / MARCH).write_text(text)
    (message,) = sealed.verify()
    assert "the seal of 2026-02 says `documents` which its entries do not" in message
    assert sealed.outside() != []


def test_a_leaf_file_of_a_later_version_is_not_understood_but_named(sealed: Sealed) -> None:
    path = sealed.root / LEAVES
    old = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    path.write_bytes(path.read_bytes().replace(b'"o2c-1"', b'"o2c-9"'))
    sealed.change(MARCH, old, f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}")
    (message,) = sealed.verify()
    assert "its version is o2c-9, this program knows o2c-1" in message


def test_what_is_no_seal_cannot_be_expected(sealed: Sealed) -> None:
    loaded = books.load(sealed.root)
    with pytest.raises(WrongUsage, match="is not a seal; copy it whole"):
        verify(loaded, None, ["sha256:12ab"])
    with pytest.raises(NotFound, match="2026-03 is not sealed; sealed are: 2026-01, 2026-02"):
        verify(loaded, period("2026-03"))


def test_a_period_can_be_verified_alone_with_those_before_it(sealed: Sealed) -> None:
    sealed.change("journal/2026-02.beancount", "119.00", "120.00")
    loaded = books.load(sealed.root)
    assert verify(loaded, period("2026-01")).findings == ()
    assert len(verify(loaded, period("2026-02")).findings) == 1


def test_an_interrupted_seal_is_finished_by_the_same_command(sealed: Sealed) -> None:
    loaded, day = books.load(sealed.root), date(2026, 4, 2)
    made = seal.sealed(loaded, ACT, day, period("2026-03"))
    seal.place(sealed.root, made)  # and here the machine stops
    (found,) = checks.run(checks.gather(sealed.root), ["leftovers"])
    assert "if `o2c close seal` was interrupted, run it again" in found.findings[0].message
    again = seal.sealed(books.load(sealed.root), ACT, day, period("2026-03"))
    seal.place(sealed.root, again)
    assert again == made


def test_a_leaf_file_of_other_content_is_never_written_over(sealed: Sealed) -> None:
    made = seal.sealed(books.load(sealed.root), ACT, date(2026, 4, 2), period("2026-03"))
    (sealed.root / "closes/2026-03.leaves").write_text("something else")
    with pytest.raises(Refused, match="this leaf file is there, but no entry names it"):
        seal.place(sealed.root, made)


def test_the_leaf_file_names_no_path_of_the_machine(sealed: Sealed) -> None:
    assert str(sealed.root.parent) not in (sealed.root / LEAVES).read_text()
    assert TEXT.count("\n2026-") > 5


def test_fava_and_the_cache_of_beancount_watch_the_leaf_files(sealed: Sealed) -> None:
    _, _, options = loader._load([(str(sealed.main), True)], None, None, None)
    assert str(sealed.root / LEAVES) in options["include"]
    assert sealed.root / LEAVES not in checks.gather(sealed.root).read_files

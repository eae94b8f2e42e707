"""YAML is read as text with its place, and everything that could surprise is refused (H04, H05)."""

from __future__ import annotations

import time

import pytest

from o2c.master import yaml_text
from o2c.master.faults import Faults


def read(data: bytes) -> tuple[object, tuple[str, ...]]:
    faults = Faults("x.yaml")
    text = yaml_text.decoded(data, faults)
    node = yaml_text.composed(text, faults) if text is not None else None
    if node is not None:
        yaml_text.children(node, faults)
    return (None if node is None or faults.found else yaml_text.plain(node)), faults.sentences()


@pytest.mark.parametrize(
    "written",
    [
        "NO",
        "on",
        "0123",
        "00501",
        "1e5",
        "12:30:45",
        "1.10",
        "~",
        "Null",
        "2024-02-30",
        "0x1F",
        "1_000",
        ".inf",
        "=",
        "+49",
    ],
)
def test_every_value_stays_the_text_that_was_written(written: str) -> None:
    assert read(f"a: {written}\n".encode()) == ({"a": written}, ())


@pytest.mark.parametrize(
    ("data", "place", "word"),
    [
        (b"a: 1\nb: 2\na: 3\n", "3:1", "second time, first in line 1"),
        (b"a: 1\n<<: {b: 1}\n", "2:1", "merging"),
        (b"a: &x [1]\nb: *x\n", "1:4", "anchors"),
        (b"a: &x [*x]\n", "1:4", "anchors"),
        (b'{"a":&x [1],"b":*x}', "1:6", "anchors"),
        (b"&a a: 1\n", "1:1", "anchors"),
        (b"a: !!python/object/apply:os.system [ls]\n", "1:4", "tag"),
        (b"a: !own 1\n", "1:4", "tag"),
        (b"!!set {a}\n", "1:1", "mapping"),
        (b"a: 1\n---\nb: 2\n", "2:1", "several documents"),
        (b"a:\n\tb: 1\n", "2:1", "tab"),
        (b"\xef\xbb\xbfa: 1\n", "1:1", "byte order mark"),
        (b"a: 1\nb: M\xfcller\n", "2:5", "not UTF-8"),
        (b"a: x\x00y\n", "1:5", "U+0000"),
        (b"a: x\x1by\n", "1:5", "U+001B"),
        ("a: x\u2028y\n".encode(), "1:5", "U+2028"),
        (b"a: 1\rb: 2\n", "1:5", "carriage return"),
        (b"a: [1, 2\n", "2:1", "not YAML"),
        (b"a: b: c\n", "1:5", "not YAML"),
        (b"- a\n- b\n", "1:1", "mapping"),
        (b"just text\n", "1:1", "mapping"),
        (b"? [a, b]\n: c\n", "1:3", "plain word"),
    ],
)
def test_what_could_surprise_is_refused_with_its_place(data: bytes, place: str, word: str) -> None:
    faults = read(data)[1]

    assert faults[0].startswith(f"x.yaml:{place}: ")
    assert word in faults[0]


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"- " * 100_000,
        b"{a: " * 100_000,
        b"a: " + b"[" * 3000 + b"]" * 3000,
        b"a: &a [x,x]\n" + b"".join(b"b%d: &b%d [*a,*a,*a]\n" % (n, n) for n in range(2000)),
        b"a: x\n" * 300_000 + b"\xff",
        b"#" * 50_000_000,
    ],
    ids=["flow", "block", "braces", "closed", "bomb", "late-byte", "large"],
)
def test_hostile_files_are_refused_within_two_seconds(data: bytes) -> None:
    started = time.process_time()
    value, faults = read(data)

    assert time.process_time() - started < 2
    assert faults
    assert value is None


def test_twenty_levels_are_read_and_the_next_is_refused() -> None:
    assert read(b"a: " + b"[" * 18 + b"x" + b"]" * 18)[1] == ()
    assert "deeper than 20" in read(b"a: " + b"[" * 19 + b"x" + b"]" * 19)[1][0]


def test_all_faults_of_a_mapping_are_named_at_once() -> None:
    faults = read(b"a: 1\na: 2\nb: !x 1\n<<: 3\n")[1]

    assert [fault.split(": ")[0] for fault in faults] == ["x.yaml:2:1", "x.yaml:3:4", "x.yaml:4:1"]


def test_signs_inside_a_text_are_no_references() -> None:
    assert read("a: Müller & Söhne *neu*, AT&T\n".encode()) == ({"a": "Müller & Söhne *neu*, AT&T"}, ())


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert read(b"# nothing yet\n") == ({}, ())


def test_the_slow_loader_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = [read(b"a: NO\nb: [01234, 'x']\n"), read(b"a: !x 1\n"), read(b"[" * 200)]
    monkeypatch.setattr(yaml_text, "_Loader", yaml_text._PythonLoader)

    assert [read(b"a: NO\nb: [01234, 'x']\n"), read(b"a: !x 1\n"), read(b"[" * 200)] == fast

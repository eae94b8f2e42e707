"""Edits of a large ledger text: blocks are inserted, deleted, doubled, moved, or the form of all lines changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.books.index import hand_edits

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[st.DrawFn, str], str]

COMMENTS = ("; a comment", '; 5" pipe', "  ; indented", "* a heading", "; 2026-01-05 open Assets:Thief", "")


def _blocks(text: str) -> list[str]:
    return text.split("\n\n")


def _some(draw: st.DrawFn, blocks: list[str]) -> tuple[int, int]:
    first = draw(st.integers(0, len(blocks)))
    return first, draw(st.integers(first, min(len(blocks), first + 6)))


def delete_blocks(draw: st.DrawFn, text: str) -> str:
    blocks = _blocks(text)
    first, end = _some(draw, blocks)
    return "\n\n".join(blocks[:first] + blocks[end:])


def double_blocks(draw: st.DrawFn, text: str) -> str:
    blocks = _blocks(text)
    first, end = _some(draw, blocks)
    at = draw(st.integers(0, len(blocks)))
    return "\n\n".join(blocks[:at] + blocks[first:end] * draw(st.integers(1, 2)) + blocks[at:])


def move_blocks(draw: st.DrawFn, text: str) -> str:
    blocks = _blocks(text)
    first, end = _some(draw, blocks)
    rest = blocks[:first] + blocks[end:]
    at = draw(st.integers(0, len(rest)))
    return "\n\n".join(rest[:at] + blocks[first:end] + rest[at:])


def insert_entries(draw: st.DrawFn, text: str) -> str:
    blocks = _blocks(text)
    at = draw(st.integers(0, len(blocks)))
    return "\n\n".join([*blocks[:at], draw(hand_edits.written).strip("\n"), *blocks[at:]])


def append_entries(draw: st.DrawFn, text: str) -> str:
    return text + draw(st.sampled_from(["\n", "\n", "\n\n", "", "\r\n", "  "])) + draw(hand_edits.written)


def append_collection(draw: st.DrawFn, text: str) -> str:
    return text + "\n" + draw(hand_edits.collections())


def prepend_entries(draw: st.DrawFn, text: str) -> str:
    return draw(hand_edits.written) + draw(st.sampled_from(["\n", "\n\n", "", "; a comment\n"])) + text


def first_byte(draw: st.DrawFn, text: str) -> str:
    return draw(st.sampled_from(["", "x", "\n", ";", " ", "2", "\ufeff"])) + text[draw(st.integers(0, 1)) :]


def last_byte(draw: st.DrawFn, text: str) -> str:
    return text[: len(text) - draw(st.integers(0, 2))] + draw(st.sampled_from(["", "\n", ";", " ", '"', "x"]))


def carriage_returns(_: st.DrawFn, text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def line_feeds(_: st.DrawFn, text: str) -> str:
    return text.replace("\r\n", "\n")


def no_empty_lines(_: st.DrawFn, text: str) -> str:
    return text.replace("\n\n", "\n")


def comments_between(draw: st.DrawFn, text: str) -> str:
    comment = draw(st.sampled_from(COMMENTS))
    return text.replace("\n\n", f"\n\n{comment}\n\n", draw(st.sampled_from([1, 3, -1])))


def narration(draw: st.DrawFn, text: str) -> str:
    return text.replace('" #', f' {draw(st.integers(0, 99))}" #', draw(st.integers(1, 3)))


def roughly(draw: st.DrawFn, text: str) -> str:
    return draw(st.sampled_from(hand_edits.EDITS))(draw, text)


ALL: tuple[Edit, ...] = (
    delete_blocks, delete_blocks, double_blocks, double_blocks, move_blocks, move_blocks, insert_entries,
    insert_entries, append_entries, append_collection, prepend_entries, first_byte, last_byte, carriage_returns,
    line_feeds, no_empty_lines, comments_between, narration, roughly, roughly,
)  # fmt: skip

"""Keys without places, and single places, are those of a whole split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c.master.splitting import keys
from o2c.master.splitting import piece
from o2c.master.splitting import split

LINES = st.sampled_from(
    ["A1:", "A2: {x: y}", "B.3:  # note", "  name: x", " C1: x", "- a", "  - b", "", "# note", '"A1": x', "A1 : x", "}"]
)
TEXTS = st.tuples(st.lists(LINES, max_size=8), st.sampled_from(["\n", "\r\n"])).map(
    lambda made: "\n" + made[1].join(made[0])
)


@given(TEXTS)
def test_keys_and_pieces_are_those_of_a_split(text: str) -> None:
    found = split(text)

    assert keys(text) == (None if found is None else list(found))
    for key in found or ():
        assert piece(text, key) == found[key]


def test_a_key_that_is_not_there_has_no_piece() -> None:
    assert keys("\nA1: x\nA10: y\n") == ["A1", "A10"]
    for missing in ("A", "A11", "A1:", ".1"):
        with pytest.raises(KeyError):
            piece("\nA1: x\nA10: y\n", missing)

"""How documents look: section `documents` of company.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from o2c.errors import BadInput
from o2c.master import gates
from o2c.model.money import shown

if TYPE_CHECKING:
    from o2c.master.section import Section

FIELDS = frozenset({"paper", "colour", "logo"})
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DocumentsLook:
    """The paper (`A4` or `letter`), the one colour beside black (`#1f4e79`), and a picture file inside the books."""

    paper: str = "A4"
    colour: str = "#1f4e79"
    logo: str = ""


def read(section: Section | None) -> DocumentsLook:
    """Read the section; an absent one is A4 in blue, without a logo."""
    if section is None:
        return DocumentsLook()
    return DocumentsLook(
        paper=section.value("paper", gates.choice("A4", "letter"), "A4"),
        colour=section.value("colour", _colour, "#1f4e79"),
        logo=section.value("logo", gates.line, ""),
    )


def _colour(text: str, name: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise BadInput(f"{name}: {shown(text)} is not a colour; write it like #1f4e79")
    return text

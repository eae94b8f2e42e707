"""The printed pack: one PDF with a cover, contents, the seal, and a chapter for each table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from o2c.closing.pack.printed import printed
from o2c.errors import Refused
from o2c.rendering.environment import environment
from o2c.rendering.pdf import pdf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from o2c.closing.pack.asked import Asked
    from o2c.closing.pack.sealed import Sealed
    from o2c.closing.pack.sections import Section
    from o2c.master.company import Company

BOOK = "pack.pdf"


def book(root: Path, company: Company, asked: Asked, seal: Sealed, sections: Sequence[Section]) -> bytes:
    """Draw the pack of the books in a folder; the same books and day give the same bytes.

    Raises Refused for a company's own template that cannot be filled in, and for letters that no font has.
    """
    shown = {
        "company": company,
        "address": company.address.text().split("\n"),
        "asked": asked,
        "seal": seal,
        "sections": [printed(section) for section in sections if section.in_book],
        "others": [section for section in sections if not section.in_book],
    }
    return pdf(root, filled(root, "pack/pack.html", shown), f"close-pack-{asked.period.name}")


def filled(root: Path, name: str, shown: Mapping[str, object]) -> str:
    """Fill a template in; raises Refused where it is wrong, naming file and line."""
    from jinja2 import TemplateError

    try:
        return environment(root).get_template(name).render(shown)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        place = f"templates/{name}{f':{line}' if line else ''}"
        raise Refused(f"{place}: the template cannot be filled in ({error})") from error

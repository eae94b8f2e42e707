"""A sheet as HTML: fills in the template, which only says where things stand."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from o2c.errors import Refused
from o2c.rendering.environment import environment

if TYPE_CHECKING:
    from pathlib import Path

    from o2c.rendering.sheet import Sheet


def html(root: Path, sheet: Sheet) -> str:
    """Write a sheet as HTML; raises Refused where the company's own template is wrong, naming file and line."""
    from jinja2 import TemplateError

    name = f"document/{sheet.kind}.html"
    pay = sheet.pay
    shown = {
        "sheet": sheet,
        "page_of": _page_of(sheet.words["page"]),
        "code": _picture(pay.code) if pay else "",
        "swiss": _picture(pay.swiss) if pay else "",
    }
    try:
        return environment(root).get_template(name).render(shown)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise Refused(
            f"templates/{name}{f':{line}' if line else ''}: the template cannot be filled in ({error})"
        ) from error


def _picture(svg: str) -> str:
    """Give a drawing as an address that needs no fetching; drawn inside the page its styles would not apply."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}" if svg else ""


def _page_of(pattern: str) -> str:
    """Turn `Page {page} of {pages}` into what CSS counts; the words are quoted, so that they stay words."""
    from markupsafe import Markup

    parts = pattern.replace("{pages}", "\0counter(pages)\0").replace("{page}", "\0counter(page)\0").split("\0")
    return Markup(" ".join(part if part.startswith("counter(") else _quoted(part) for part in parts if part))  # noqa: S704 - every part is quoted


def _quoted(text: str) -> str:
    """Write a text as a CSS string in which no sign means anything (CSS Syntax 3, escapes)."""
    safe = "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):06x} " for sign in text)
    return f'"{safe}"'

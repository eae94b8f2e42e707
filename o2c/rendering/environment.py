"""Where templates are found and how strictly they are filled in.

Data is only data (rule R9): every value is escaped, a template is never made from data, and a name that is not there
stops the document instead of printing nothing. A company overrides a template by a file of the same name under
`templates/` in its books.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from o2c.shipped import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment


@lru_cache(maxsize=8)
def environment(root: Path) -> Environment:
    """Give the environment for one company's templates: its own folder first, then the shipped one.

    Templates are compiled once; a file that changes afterwards is read again.

    HTML is escaped in every file but those that end in `.txt`; those are plain text, where nothing could be run.
    """
    from jinja2 import FileSystemLoader
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([root / "templates", TEMPLATES]),
        undefined=StrictUndefined,
        autoescape=lambda name: not (name or "").endswith(".txt"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

"""The switch that rewrites pages from what is true now, instead of comparing: `O2C_RENEW=1 pytest tests/docs`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RENEW = os.environ.get("O2C_RENEW") == "1"


def agree(page: Path, said: str, true: str) -> None:
    """Fail where a page says something else than what is true; when renewing, write the truth into it."""
    if RENEW and said != true:
        page.write_text(true, "utf-8")
        return
    assert said == true, f"{page.name} is out of date; `O2C_RENEW=1 pytest tests/docs` rewrites it"

"""Shell completion of customers and document numbers: a light look at the text, never a full load of the books."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from o2c.errors import O2CError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    import click

    from o2c.cli.context import Context

_DOCUMENT = re.compile(r'^  doc-type: "([a-z-]+)"\n  doc-id: "([^"\n]+)"', re.MULTILINE)
_CUSTOMER = re.compile(r"^([A-Z0-9][A-Z0-9-]*):", re.MULTILINE)
_MOST = 200


def document_names(*doc_types: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Complete numbers of documents of these types (none: all), the newest files first."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        found: list[str] = []
        for text in _texts(ctx, "journal/*.beancount"):
            for kind, number in _DOCUMENT.findall(text):
                if (not doc_types or kind in doc_types) and number.startswith(incomplete):
                    found.append(number)
            if len(found) >= _MOST:
                break
        return sorted(set(found))[:_MOST]

    return complete


def customer_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete customer codes."""
    return [
        code
        for text in _texts(ctx, "master/customers.yaml")
        for code in _CUSTOMER.findall(text)
        if code.startswith(incomplete)
    ]


def proposal_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Complete numbers of proposals."""
    files = _files(ctx, "proposals/*.beancount")
    return [path.stem for path in files if path.stem.startswith(incomplete)][:_MOST]


def _texts(ctx: click.Context, pattern: str) -> Iterator[str]:
    for path in _files(ctx, pattern):
        yield path.read_text("utf-8", "replace")


def _files(ctx: click.Context, pattern: str) -> list[Path]:
    try:
        context: Context | None = ctx.find_root().obj or _context(ctx)
        root = context.root if context else None
    except O2CError:
        root = None
    return sorted(root.glob(pattern), reverse=True) if root else []


def _context(ctx: click.Context) -> Context:
    from o2c.cli.context import Context

    params = ctx.find_root().params
    return Context(params.get("books"), None, None, None)

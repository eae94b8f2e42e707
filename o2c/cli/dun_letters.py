"""The command `dun letters`: one PDF for each customer that a posted proposal reminded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.names import proposal_names
from o2c.cli.posting import near
from o2c.cli.show import save
from o2c.errors import Refused
from o2c.model.text import day
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from o2c.books import Books
    from o2c.dunning.reminding import Letter
    from o2c.rendering.drawing import Drawing

#: The firmest words that a template has.
_FIRMEST = 3


@click.command()
@click.argument("number", metavar="PROPOSAL", shell_complete=proposal_names)
@click.option(
    "--folder",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the PDF files go.",
)
@click.option("--as-of", metavar="DATE", help="The day of the letters, whose open amounts they ask for [today].")
@pass_context
def letters(context: Context, number: str, folder: Path, as_of: str | None) -> None:
    """Draw a letter for each customer that a posted proposal reminded, as PDF.

    It lists the items that were reminded, with what is open of them on the day, less what is disputed or promised, and
    takes the customer's unused credits off. What was paid since is left out; who has nothing left to pay gets no
    letter, and is named. The words are those of the
    highest level among the items; from the third level on those of the final reminder.

    \b
    Example:
      o2c dun letters PR-2026-0001 --folder letters
    """
    from o2c.dunning.before_posting import require_dunning
    from o2c.dunning.reminding import letters as posted_letters
    from o2c.proposals import load

    name = usage(lambda: identifier(number, "PROPOSAL"))
    on = usage(lambda: day(as_of, "--as-of")) if as_of else context.today
    books = context.books()
    found = posted_letters(books, require_dunning(load(context.root, name)), on)
    if not found:
        raise Refused(f"nothing of {name} is posted by {on}; post it first: `o2c dun post {name}`")
    folder.mkdir(parents=True, exist_ok=True)
    for letter in found:
        if not letter.items:
            click.echo(f"{letter.customer}: nothing is left to ask for on {on}; no letter", err=True)
    _draw(context.root, books, [letter for letter in found if letter.items], on, folder)


def _draw(root: Path, books: Books, found: Sequence[Letter], on: date, folder: Path) -> None:
    """Draw letters and name their files; raises Refused with those that could not be drawn, after all others."""
    from o2c.rendering.press import draw_all

    refused = []
    for drawn in draw_all(root, (_drawing(root, books, letter, on) for letter in found)):
        if drawn.refused:
            refused.append(f"{drawn.number}: {drawn.refused}")
            continue
        file = folder / f"{drawn.number}.pdf"
        save(drawn.content, file)
        click.echo(near(str(file)))
    if refused:
        raise Refused("\n".join(refused))


def _drawing(root: Path, books: Books, letter: Letter, on: date) -> Drawing:
    from o2c.rendering.account_sheet import Account
    from o2c.rendering.account_sheet import reminder_sheet
    from o2c.rendering.drawing import Drawing
    from o2c.rendering.page import html
    from o2c.rendering.words import words

    code = letter.customer
    said = words(root, books.master.customer(code).language or "en")
    number = f"{code}-REMINDER-{letter.level}-{on:%Y%m%d}"
    about = Account(root, books.master, code, on, said, number)
    return Drawing(number, html(root, reminder_sheet(about, letter.items, min(letter.level, _FIRMEST))))

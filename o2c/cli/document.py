"""The commands `document ...`: render as customers receive them, verify, statements and reminders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from o2c.cli.context import Context
from o2c.cli.context import pass_context
from o2c.cli.context import usage
from o2c.cli.document_account import reminder
from o2c.cli.document_account import statement
from o2c.cli.names import document_names
from o2c.cli.posting import near
from o2c.cli.show import save
from o2c.errors import Refused
from o2c.errors import WrongUsage
from o2c.model.text import day
from o2c.model.text import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from datetime import date

    from o2c.books import Books
    from o2c.model.findings import Finding
    from o2c.posting import Posted
    from o2c.rendering.drawing import Drawing
    from o2c.rendering.einvoice.proving import Proving
    from o2c.rendering.stored import Issued

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OUTPUT = click.Path(path_type=Path, dir_okay=False)
#: How many documents are stored and noted in the ledger in one step: what a stopped run may have to draw again.
_BATCH = 200


@click.group()
def document() -> None:
    """Documents as customers receive them.

    \b
    Example: issue an invoice as PDF with the e-invoice inside, prove all that was ever issued:
      o2c document render INV-2026-0001
      o2c document verify
    """


document.add_command(statement)
document.add_command(reminder)


@document.command()
@click.argument("numbers", metavar="[DOCUMENT]...", nargs=-1, shell_complete=document_names())
@click.option("--until", metavar="DATE", help="Every invoice and credit note up to this day that was not issued yet.")
@click.option("--pdf", "form", flag_value="pdf", help="As PDF/A-3, invoices with the e-invoice inside [default].")
@click.option("--html", "form", flag_value="html", help="As the page that the PDF is drawn from; nothing is issued.")
@click.option("--cii", "form", flag_value="cii", help="As e-invoice in CII (Factur-X, ZUGFeRD, profile EN 16931).")
@click.option("--ubl", "form", flag_value="ubl", help="As e-invoice in UBL 2.1 (Peppol BIS where the buyer has it).")
@click.option("--preview", is_flag=True, help="Draw a PDF that is marked as preview; nothing is issued.")
@click.option("-o", "--output", type=_OUTPUT, help="Write a copy here [e-invoices, pages: standard output].")
@click.option("--unchecked", is_flag=True, help="Do not verify the e-invoice before giving it out.")
@click.option("--date", "given_day", metavar="YYYY-MM-DD", help="Day of the note in the ledger [today].")
@pass_context
def render(
    context: Context,
    numbers: tuple[str, ...],
    until: str | None,
    form: str | None,
    preview: bool,
    output: Path | None,
    unchecked: bool,
    given_day: str | None,
) -> None:
    """Issue documents: orders, deliveries, invoices, credit notes, receipts.

    The PDF is stored under documents/, and a note in the ledger keeps its hash. Invoices and credit notes are Factur-X:
    PDF/A-3 with the e-invoice (EN 16931, CII) inside, verified before they are issued. From then on the stored bytes
    are the document: asked for again they are given out as they are, whatever has changed in the master data.

    With --until a whole month is issued; a run that was stopped goes on where it was.

    \b
    Example: one invoice, the month, and how a draft of the layout looks:
      o2c document render INV-2026-0001
      o2c document render --until 2026-10-31
      o2c document render INV-2026-0001 --preview -o look.pdf
      o2c document render INV-2026-0001 --ubl -o INV-2026-0001.xml
    """
    found = [_number(number) for number in numbers]
    if bool(found) == bool(until):
        raise WrongUsage("name documents, or give --until DATE for all invoices and credit notes not issued yet")
    if (output or preview or form in {"cii", "ubl", "html"}) and (len(found) != 1):
        raise WrongUsage("name one document for --output, --preview, --html, --cii or --ubl")
    if form in {"cii", "ubl"}:
        _e_invoice(context, found[0], form, output, unchecked=unchecked)
    elif form == "html" or preview:
        _look(context, found[0], output, preview=preview, as_html=form == "html")
    else:
        books = context.books()
        wanted = found or not_issued(books, usage(lambda: day(str(until), "--until")))
        _issue(context, books, wanted, context.day(given_day), unchecked=unchecked)
        if output is not None:
            from o2c.rendering.stored import issued
            from o2c.rendering.stored import stored_bytes

            stored = issued(context.books().about(found[0]).facts, found[0])
            assert stored is not None, "it was issued a moment ago"
            save(stored_bytes(context.root, stored), output)


def _number(given: str) -> str:
    return usage(lambda: identifier(given, "DOCUMENT"))


def not_issued(books: Books, until: date) -> list[str]:
    """List invoices and credit notes of days up to this one that the ledger does not call issued.

    Those taken over have no lines, and are left out.
    """
    from o2c.rendering.einvoice.making import KINDS

    known = books.events("issued")
    documents = books.documents(*KINDS, as_of=until)
    return [doc.doc_id for doc in documents if doc.doc_id not in known and doc.lines and doc.taxes]


def _issue(context: Context, books: Books, numbers: list[str], on: date, *, unchecked: bool) -> None:
    """Draw, store and note what was not issued yet, batch by batch; what is refused is told at the end."""
    from o2c.rendering.issuing import issue

    if not unchecked:
        _say_what_was_not_checked()
    act, left_out, lost, done = context.act("document render", None, None, None), list[str](), list[str](), 0
    batch: dict[str, bytes] = {}
    for number, content in _made(context, books, numbers, left_out, lost, unchecked=unchecked):
        batch[number] = content
        if len(batch) == _BATCH:
            _say(issue(context.root, batch, act, on))
            done, batch = done + len(batch), {}
            _progress(done, len(numbers))
    if batch:
        _say(issue(context.root, batch, act, on))
    elif not numbers:
        click.echo("nothing to issue")
    if left_out:
        left_out.append(f"{len(left_out)} of {len(numbers)} documents were not issued")
    if said := [*lost, *left_out]:
        raise Refused("\n".join(said))


def _made(
    context: Context, books: Books, numbers: list[str], left_out: list[str], lost: list[str], *, unchecked: bool
) -> Iterator[tuple[str, bytes]]:
    """Draw and prove at the same time; gives what is drawn and right, and tells what is not in `left_out`.

    What was issued before, and whose file is gone or changed since, is told in `lost`.
    """
    from o2c.rendering.einvoice.proving import Proving
    from o2c.rendering.press import draw_all

    with Proving(skip=unchecked) as proving:
        for one in draw_all(context.root, _drawings(context, books, numbers, left_out, lost, proving)):
            try:
                proving.require(one.number)
            except Refused as refusal:
                left_out.append(_about(one.number, refusal))
                continue
            if one.refused:
                left_out.append(_about(one.number, one.refused))
            else:
                yield one.number, one.content


def _drawings(
    context: Context, books: Books, numbers: list[str], left_out: list[str], lost: list[str], proving: Proving
) -> Iterator[Drawing]:
    from o2c.rendering.drawing import drawing
    from o2c.rendering.stored import issued

    for number in numbers:
        about = books.about(number)
        if stored := issued(about.facts, number):
            _say_issued(context, stored, lost)
            continue
        try:
            one = drawing(context.root, about, number)
        except Refused as refusal:
            left_out.append(_about(number, refusal))
            continue
        proving.begin(number, one.attached.xml if one.attached else None)
        for remark in one.remarks:
            click.echo(f"{number}: {remark}", err=True)
        yield one


def _say_issued(context: Context, stored: Issued, lost: list[str]) -> None:
    from o2c.rendering.stored import stored_bytes

    try:
        stored_bytes(context.root, stored)
    except Refused as refusal:
        lost.append(str(refusal))
    else:
        click.echo(f"already issued: {stored.number}  {stored.file}  {stored.sha256}")


def _about(number: str, refusal: object) -> str:
    return str(refusal) if number in str(refusal) else f"{number}: {refusal}"


def _say(posted: Posted) -> None:
    for placed in posted.placed:
        if getattr(placed.entry, "kind", "") == "issued":
            event, facts = placed.entry, dict(placed.entry.extra)  # type: ignore[union-attr] # an event, by its kind
            click.echo(f"{event.subject}  issued  {facts['file']}  {near(placed.file)}:{placed.line}")  # type: ignore[union-attr] # as above


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"{done} of {total} documents", err=True)


def _look(context: Context, number: str, output: Path | None, *, preview: bool, as_html: bool) -> None:
    from o2c.rendering.drawing import drawing
    from o2c.rendering.pdf import pdf

    if output is None and not as_html:
        raise WrongUsage("name the file of the preview with -o FILE")
    one = drawing(context.root, context.books().about(number), number, preview=preview)
    content = one.html.encode() if as_html else pdf(context.root, one.html, number)
    _give_out(content, output)


def _e_invoice(context: Context, number: str, syntax: str, output: Path | None, *, unchecked: bool) -> None:
    if output is not None and output.suffix.lower() != ".xml":
        raise WrongUsage(f"{output}: an e-invoice is XML; name the file {output.with_suffix('.xml').name}")
    from o2c.rendering.einvoice import cii
    from o2c.rendering.einvoice import making
    from o2c.rendering.einvoice import ubl

    about = context.books().about(number)
    if why := making.without(about.facts.document(number), about.master.company.currency):
        raise Refused(f"{number}: {why}; send the PDF, `o2c document render {number}` issues it")
    if syntax == "cii" and (frozen := _frozen(context, about, number)):
        _give_out(frozen, output)
        return
    invoice = making.of_posted(about, number)
    content = (cii if syntax == "cii" else ubl).write(invoice)
    if not unchecked:
        _require_right(content, number)
    _give_out(content, output)
    for remark in invoice.remarks:
        click.echo(f"{number}: {remark}", err=True)


def _frozen(context: Context, about: Books, number: str) -> bytes | None:
    """Give the e-invoice as it was issued, inside the PDF; None where nothing was issued yet."""
    from o2c.rendering.proofs import e_invoice_inside
    from o2c.rendering.stored import issued
    from o2c.rendering.stored import stored_bytes

    stored = issued(about.facts, number)
    return e_invoice_inside(stored_bytes(context.root, stored), stored.file) if stored else None


def _give_out(content: bytes, output: Path | None) -> None:
    if output is not None:
        save(content, output)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


@document.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=_FILE)
@pass_context
@click.pass_context
def verify(ctx: click.Context, context: Context, files: tuple[Path, ...]) -> None:
    """Prove everything that was issued: the file is there, unchanged, and its e-invoice says what the ledger says.

    With files: verify these e-invoices (XML in CII or UBL, or PDF with one inside), whoever wrote them: schema,
    official rules, arithmetic to the cent. Exit code 1 if anything is wrong. The official rules need the extra
    `einvoice`.

    \b
    Example: all that was issued; an invoice that came in:
      o2c document verify
      o2c document verify invoice.xml
    """
    from o2c.rendering.einvoice.verifying import verify_all
    from o2c.rendering.proofs import e_invoice_inside
    from o2c.rendering.proofs import prove_issued

    _say_what_was_not_checked()
    if not files:
        count, wrong = prove_issued(context.root, context.books())
        said = f"{_counted(count, 'issued document')}, {_counted(len(wrong), 'finding')}"
        click.echo("\n".join([*_lines(wrong), said]))
        if wrong:
            ctx.exit(1)
        return
    contents = [(str(file), file.read_bytes()) for file in files]
    results = verify_all([(name, e_invoice_inside(content, name) or content) for name, content in contents])
    for file, findings in zip(files, results, strict=True):
        click.echo("\n".join(_lines(findings)) or f"{file}: ok")
    if any(results):
        ctx.exit(1)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _require_right(content: bytes, number: str) -> None:
    from o2c.rendering.einvoice.verifying import verify as wrong

    _say_what_was_not_checked()
    if findings := wrong(content, f"{number}.xml"):
        lines = "\n".join(_lines(findings))
        raise Refused(f"{lines}\nno e-invoice of {number} was given out; correct this, or look with --unchecked")


def _say_what_was_not_checked() -> None:
    from o2c.rendering.einvoice import official

    if sentence := official.missing():
        click.echo(sentence, err=True)


def _lines(findings: Iterable[Finding]) -> list[str]:
    return [" ".join(str(finding).split()) for finding in findings]

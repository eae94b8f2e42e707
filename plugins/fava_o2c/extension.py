"""The pages as Fava knows them: each a class with its title in Fava's sidebar, all of them laid out by one template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fava.ext import FavaExtensionBase
from fava.ext import extension_endpoint
from flask import Response
from flask import current_app
from flask import request

from fava_o2c import links
from fava_o2c.asked import asked
from fava_o2c.opened import Shelf
from fava_o2c.pages import all_reports
from fava_o2c.pages import cash
from fava_o2c.pages import closes
from fava_o2c.pages import credit
from fava_o2c.pages import customers
from fava_o2c.pages import documents
from fava_o2c.pages import making
from fava_o2c.pages import measures
from fava_o2c.pages import orders
from fava_o2c.pages import receivables
from fava_o2c.pages import trail
from fava_o2c.parts import Page
from fava_o2c.parts import Said
from fava_o2c.viewing import Here
from o2c.errors import NotFound
from o2c.errors import O2CError
from o2c.errors import WrongUsage
from o2c.serving.house import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from fava.core import FavaLedger

_MEDIA = {"csv": "text/csv; charset=utf-8",
          "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


class OurPage(FavaExtensionBase):
    """A page of ours. It reads: no endpoint takes anything but GET, and none writes."""

    #: Where the page is made.
    module: ModuleType
    #: Parameters that say whose page it is.
    own: tuple[str, ...] = ()

    def page(self) -> Page:
        """Make the page that the address asks for; what cannot be shown is said on it."""
        try:
            here = self._here()
            return Page(self._title(here), self._notes(here), tuple(self.module.parts(here)))
        except O2CError as refusal:
            return Page(self.report_title or "", (), (Said(str(refusal), is_trouble=True),))

    @extension_endpoint("download", ["GET"])  # type: ignore[arg-type, untyped-decorator]  # as Fava has it
    def download(self) -> Response:
        """Give a whole table as CSV or as a workbook: sorted, searched and filtered as on the page."""
        return _answered(self._download)

    def _here(self) -> Here:
        books = self._shelf().books(self.ledger)
        args = {name: value for name, value in request.args.items() if value}
        return Here(books, asked(self.ledger, books, args, current_app.config.get(TODAY)), self.name, self.own)

    def _shelf(self) -> Shelf:
        """Find the shelf that all our pages of a ledger share."""
        first = self.ledger.extensions.get_extension(links.RECEIVABLES)
        assert isinstance(first, O2CReceivables), "Fava makes all pages of a module"
        return first.shelf

    def _title(self, here: Here) -> str:
        return str(self.module.title(here)) if hasattr(self.module, "title") else self.report_title or ""

    def _notes(self, here: Here) -> tuple[Said, ...]:
        notes = [Said(sentence) for sentence in here.asked.said]
        if count := len(self.ledger.errors):
            text = f"The books have {'1 error' if count == 1 else f'{count} errors'}; figures may be wrong. See "
            notes.append(Said(text, is_trouble=True, code=links.errors(here.asked)))
        return tuple(notes)

    def _download(self) -> Response:
        from o2c.reports.output import render

        if current_app.config.get("INCOGNITO"):
            raise WrongUsage("Fava runs incognito: figures are hidden, so tables cannot be taken along")
        here, fmt, key = self._here(), request.args.get("format", "csv"), request.args.get("table", "")
        if fmt not in _MEDIA:
            raise WrongUsage(f"there is no format '{fmt}'; there are: {', '.join(_MEDIA)}")
        table = making.taken(here, self.module.tables(here), key)
        return _attached(render(table, fmt), _MEDIA[fmt], f"{table.report}-{here.asked.day}.{fmt}")


def _answered(make: Callable[[], Response]) -> Response:
    """Answer with a sentence where something is refused."""
    try:
        return make()
    except NotFound as refusal:
        return Response(f"{refusal}\n", 404, mimetype="text/plain")
    except O2CError as refusal:
        return Response(f"{refusal}\n", 400, mimetype="text/plain")


def _attached(content: str | bytes, media: str, name: str, how: str = "attachment") -> Response:
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-.") else "_" for letter in name)
    response = Response(content, content_type=media)
    response.headers["Content-Disposition"] = f'{how}; filename="{safe}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


class O2CReceivables(OurPage):
    """Who owes what, since when."""

    report_title = "Receivables"
    has_js_module = True
    module = receivables

    def __init__(self, ledger: FavaLedger, config: str | None = None) -> None:
        """Keep the books of the ledger here, for all pages."""
        super().__init__(ledger, config)
        self.shelf = Shelf()

    def after_load_file(self) -> None:
        """Prepare the books as part of Fava's load, so that no reader waits for it."""
        self.shelf.books(self.ledger)


class O2CCustomers(OurPage):
    """All customers, or everything about one."""

    report_title = "Customers"
    module = customers
    own = ("code",)


class O2CDocuments(OurPage):
    """Documents, or one with its chain."""

    report_title = "Documents"
    module = documents
    own = ("number", "kind", "only")

    @extension_endpoint("paper", ["GET"])  # type: ignore[arg-type, untyped-decorator]  # as Fava has it
    def paper(self) -> Response:
        """Give a document as it was issued; PDFs to look at, everything else to keep."""
        return _answered(self._paper)

    def _paper(self) -> Response:
        content, media, name = documents.paper(self._here())
        is_pdf = media == "application/pdf"
        return _attached(
            content, media if is_pdf else "application/octet-stream", name, "inline" if is_pdf else "attachment"
        )


class O2COrders(OurPage):
    """Orders with something left to do."""

    report_title = "Orders"
    module = orders
    own = ("only",)


class O2CCash(OurPage):
    """What waits to be applied."""

    report_title = "Cash application"
    module = cash


class O2CCredit(OurPage):
    """Limits and what is used of them."""

    report_title = "Credit"
    module = credit


class O2CClose(OurPage):
    """Closed and sealed months."""

    report_title = "Close"
    module = closes


class O2CTrail(OurPage):
    """Who did what."""

    report_title = "Audit trail"
    module = trail


class O2CMeasures(OurPage):
    """DSO and friends."""

    report_title = "Measures"
    module = measures


class O2CReports(OurPage):
    """Every report, with its options."""

    report_title = "Reports"
    module = all_reports

    def _here(self) -> Here:
        here = super()._here()
        return here._replace(own=all_reports.own(here.asked.args))

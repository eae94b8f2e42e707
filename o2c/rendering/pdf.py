"""HTML as PDF/A-3b: nothing is fetched, the same input gives the same bytes, a letter nobody can draw is an error."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from o2c.errors import NotFinished
from o2c.errors import Refused
from o2c.rendering.factur_x import factur_x_metadata
from o2c.shipped import TEMPLATES

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

#: Where relative addresses in templates lead; a name that nobody can register, and that is never asked for.
_LOCAL = "https://templates.invalid/"
#: How a template names a style sheet. It is parsed once per process; reading it costs a tenth of a page.
_STYLE = re.compile(r'<link rel="stylesheet" href="([\w/-]+\.css)">', re.ASCII)


class Attached(NamedTuple):
    """The e-invoice inside the PDF: CII XML of the profile EN 16931, and the day of the document."""

    xml: bytes
    issued: date


def pdf(root: Path, html: str, identifier: str, attached: Attached | None = None) -> bytes:
    """Draw HTML as PDF/A-3b; with `attached` it is a Factur-X invoice.

    `identifier` names the document inside the file. Style sheets and pictures come from the company's and the shipped
    templates, and from nowhere else. Raises Refused for a letter that no font has and for anything that would have to
    be fetched; NotFinished where Pango is not installed.
    """
    weasyprint = _weasyprint()
    try:
        styles = [_style(root, name, _template(root, name)) for name in _STYLE.findall(html)]
        page = weasyprint.HTML(string=_STYLE.sub("", html), base_url=_LOCAL, url_fetcher=_fetcher(root))
        drawn = page.render(stylesheets=styles, font_config=_fonts())
        if attached is not None:
            _attach(drawn, attached)
        written = drawn.write_pdf(
            pdf_variant="pdf/a-3b",
            pdf_identifier=identifier.encode(),
            finisher=lambda document, file: _finish(document, file, identifier),
        )
    except _fatal() as error:
        raise Refused(f"{identifier}: {error}") from error
    assert isinstance(written, bytes)
    return written


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:
        raise NotFinished(
            "PDF documents need Pango; install it (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0)"
        ) from error
    except ImportError as error:
        raise NotFinished(
            "PDF documents need WeasyPrint; install it with `pip install beancount-o2c[documents]`"
        ) from error
    return weasyprint


_kept: list[Any] = []


def _fonts() -> Any:
    """Set up the fonts once per process; it costs as much as a page."""
    if not _kept:
        from weasyprint.text.fonts import FontConfiguration

        _kept.append(FontConfiguration())
    return _kept[0]


def _fatal() -> type[Exception]:
    from weasyprint.urls import FatalURLFetchingError

    refused: type[Exception] = FatalURLFetchingError
    return refused


def _fetcher(root: Path) -> Any:
    """Serve files of the two template folders and data: addresses; everything else stops the document (danger D32)."""
    from weasyprint.urls import FatalURLFetchingError
    from weasyprint.urls import URLFetcher
    from weasyprint.urls import URLFetcherResponse

    class Templates(URLFetcher):  # type: ignore[misc] # WeasyPrint gives no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            if not url.startswith(_LOCAL):
                raise FatalURLFetchingError(f"{url[:100]} would have to be fetched; nothing outside is read")
            return URLFetcherResponse(url, _template(root, url.removeprefix(_LOCAL)), {"Content-Type": "text/css"})

    return Templates(allowed_protocols={"data"}, fail_on_errors=True, allow_redirects=False)


@lru_cache(maxsize=8)
def _style(root: Path, name: str, content: bytes) -> Any:
    """Parse a style sheet; one whose bytes have changed is another one."""
    return _weasyprint().CSS(
        string=content.decode(), base_url=_LOCAL + name, url_fetcher=_fetcher(root), font_config=_fonts()
    )


def _template(root: Path, name: str) -> bytes:
    from weasyprint.urls import FatalURLFetchingError

    for folder in (root / "templates", TEMPLATES):
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path.read_bytes()
    raise FatalURLFetchingError(f"templates/{name[:100]} is not there")


def _attach(drawn: Any, attached: Attached) -> None:
    """Put the XML into the file, and say in its metadata what it is (Factur-X 1.0, PDF/A extension schema).

    WeasyPrint would write that as a second description that readers do not see; it is merged into the first.
    """
    from datetime import UTC
    from datetime import datetime
    from datetime import time

    from weasyprint import Attachment

    day = datetime.combine(attached.issued, time(), UTC)
    drawn.metadata.attachments = [
        Attachment(
            string=attached.xml,
            name="factur-x.xml",
            description="Factur-X invoice",
            relationship="Data",
            created=day,
            modified=day,
        )
    ]
    plain = drawn.metadata.generate_rdf_metadata
    drawn.metadata.generate_rdf_metadata = lambda *kind: _merged(plain(*kind))


def _merged(metadata: bytes) -> bytes:
    from lxml import etree

    root = etree.fromstring(metadata)
    for description in factur_x_metadata():
        root.append(description)
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root))


def _finish(document: Any, file: Any, identifier: str) -> None:
    """Refuse missing letters, write the metadata plainly, name an attachment once (WeasyPrint lists it twice)."""
    missing = sorted({chr(point) for font in document.fonts.values() for point in font.missing})
    if missing:
        said = ", ".join(f"{sign!a} (U+{ord(sign):04X})" for sign in missing[:10])
        raise Refused(
            f"{identifier}: no font on this machine can draw {said}; install one that can, or change the text"
        )
    for part in file.objects:
        if getattr(part, "extra", {}).get("Type") == "/Metadata":
            part.compress = False  # readable for those who look for it in the plain bytes, as PDF/A-1 asks for
    listed = file.catalog.get("AF")
    if listed:
        listed[:] = list(dict.fromkeys(listed))


def warm_up() -> None:
    """Load WeasyPrint and the fonts, so that the first page is drawn as fast as the next."""
    _weasyprint()
    _fonts()

"""The pages in a real browser, served by `o2c serve` with its content security policy."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fava.hostile_books import spoil
from tests.serving.test_door import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from tests.serving.test_door import Served

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
#: Where `./run` puts the accessibility checker, taken from npm.
AXE = Path(__file__).parents[2] / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs chromium (Debian: apt install chromium)")
TIME = "time=2026-01+-+2026-03"
VIEWS = {
    "receivables": f"O2CReceivables/?{TIME}",
    "customers": f"O2CCustomers/?{TIME}",
    "customer": f"O2CCustomers/?code=C0001&{TIME}",
    "documents": f"O2CDocuments/?{TIME}",
    "document": f"O2CDocuments/?number=INV-2026-0118&{TIME}",
    "orders": f"O2COrders/?{TIME}",
    "held": f"O2COrders/?only=held&{TIME}",
    "cash": f"O2CCash/?{TIME}",
    "credit": f"O2CCredit/?{TIME}",
    "close": f"O2CClose/?{TIME}",
    "trail": f"O2CTrail/?{TIME}",
    "measures": f"O2CMeasures/?{TIME}",
    "reports": f"O2CReports/?{TIME}",
    "report": f"O2CReports/?report=roll-forward&with-group=RIVE-CLAIRE&{TIME}",
    "broken": "O2CDocuments/?number=NO-SUCH",
}
WIDE = {
    name: f"O2CReports/?report={name}&{TIME}"
    for name in ("approvals", "audit-trail", "event-log", "exposure", "statement", "variants", "waiting-times")
}
#: 190 mm in the pixels of style sheets, 96 to the inch.
A4_WITHIN_MARGINS = 718
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1400, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1400, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}


class Reader:
    """A browser tab that notes everything that goes wrong in it."""

    def __init__(self, page: playwright.Page, served: Served) -> None:
        self.page = page
        self.served = served
        self.wrong: list[str] = []
        page.on("console", lambda said: self._note(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("dialog", lambda dialog: (self._note(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", self._asked)
        page.on("response", lambda got: self._note(f"{got.status} {got.url}") if got.status >= 400 else None)
        page.goto(f"http://127.0.0.1:{served.port}/?token={served.tokens['viewer']}")

    def _note(self, said: str) -> None:
        self.wrong.append(said)

    def _asked(self, request: playwright.Request) -> None:
        if not request.url.startswith((f"http://127.0.0.1:{self.served.port}/", "data:", "blob:")):
            self._note(f"asked {request.url}")

    def open(self, view: str) -> None:
        self.page.goto(f"http://127.0.0.1:{self.served.port}/nordlicht-handel-gmbh/extension/{view}")
        self.page.wait_for_selector(".o2c h2")
        self.page.wait_for_selector("aside a")


@pytest.fixture(scope="module")
def chromium() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def _served(root: Path, *, hostile: bool) -> Iterator[Served]:
    from o2c.starting import start_demo

    start_demo(root)
    if hostile:
        spoil(root)
    found = serve(root)
    yield found
    found.process.terminate()
    found.process.wait(20)


@pytest.fixture(scope="module")
def demo_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from _served(tmp_path_factory.mktemp("house") / "books", hostile=False)


@pytest.fixture(scope="module")
def hostile_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from _served(tmp_path_factory.mktemp("hostile-house") / "books", hostile=True)


@pytest.fixture(scope="module")
def reader(chromium: playwright.Browser, demo_house: Served) -> Callable[[str], Reader]:
    known: dict[str, Reader] = {}

    def reading(look: str) -> Reader:
        if look not in known:
            known[look] = Reader(chromium.new_context(**LOOKS[look]).new_page(), demo_house)
        known[look].wrong.clear()
        return known[look]

    return reading


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("view", VIEWS)
def test_a_page_opens_without_error_and_asks_no_other_host(
    reader: Callable[[str], Reader], view: str, look: str
) -> None:
    tab = reader(look)
    tab.open(VIEWS[view])
    if view in {"receivables", "customer", "measures"}:
        tab.page.wait_for_selector(".o2c svelte-component svg")
    assert not tab.wrong
    assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.skipif(not AXE.exists(), reason="needs axe-core: npm install --prefix .venv/axe axe-core")
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_of_ours_is_a_serious_hindrance(reader: Callable[[str], Reader], view: str, look: str) -> None:
    tab = reader(look)
    tab.open(VIEWS[view])
    tab.page.evaluate(AXE.read_text("utf-8"))
    found = tab.page.evaluate("axe.run(document.querySelector('.o2c'), {resultTypes: ['violations']})")
    serious = [
        (one["id"], one["nodes"][0]["html"][:200])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert not serious


@pytest.mark.parametrize("view", [*VIEWS, "hostile"])
def test_payloads_do_nothing_in_a_browser(chromium: playwright.Browser, hostile_house: Served, view: str) -> None:
    tab = Reader(chromium.new_page(), hostile_house)
    tab.open(VIEWS.get(view, f"O2CDocuments/?number=HOSTILE-1&{TIME}"))
    tab.page.wait_for_timeout(200)
    assert tab.page.evaluate("window.hit") is None
    assert not tab.wrong
    tab.page.close()


def test_the_keyboard_is_enough_to_sort_search_and_turn(reader: Callable[[str], Reader]) -> None:
    tab = reader("light")
    tab.open(VIEWS["receivables"])
    head = tab.page.locator("#items thead th a", has_text="open")
    head.focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#items th[aria-sort=descending]")
    search = tab.page.locator("#items input[type=search]")
    search.focus()
    tab.page.keyboard.type("weserblick")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#items .turn span:has-text('searched among')")
    assert "items-sort=-open" in tab.page.url
    assert "time=2026-01" in tab.page.url
    assert tab.page.locator("#items tbody tr").count() < 25
    assert not tab.wrong


def test_a_click_on_a_customer_and_its_item_leads_to_the_lines_of_the_ledger(reader: Callable[[str], Reader]) -> None:
    tab = reader("light")
    tab.open(VIEWS["receivables"])
    tab.page.click("#aging >> text=C0022")
    tab.page.wait_for_selector("h2:has-text('Lagan Lighting')")
    tab.page.click("#items >> text=INV-2026-0118")
    tab.page.wait_for_selector(".timeline li.here pre:has-text('doc-id: \"INV-2026-0118\"')")
    tab.page.click("text=journal lines")
    tab.page.wait_for_selector("text=Invoice INV-2026-0118")
    assert not tab.wrong


def test_a_choice_shows_at_once(reader: Callable[[str], Reader]) -> None:
    tab = reader("light")
    tab.open(VIEWS["receivables"])
    tab.page.select_option("#aging select", "GBP")
    tab.page.wait_for_selector("#aging .turn span:has-text('1-3 of 3')")
    assert not tab.wrong


def test_a_table_is_taken_along_as_a_file(reader: Callable[[str], Reader]) -> None:
    tab = reader("light")
    tab.open(VIEWS["receivables"])
    with tab.page.expect_download() as taken:
        tab.page.click("#aging >> text=CSV")
    assert taken.value.suggested_filename == "aging-2026-03-31.csv"
    assert "C0001" in Path(taken.value.path()).read_text("utf-8")


def test_on_paper_the_forms_are_gone_and_the_figures_stay(reader: Callable[[str], Reader]) -> None:
    tab = reader("light")
    tab.open(VIEWS["receivables"])
    tab.page.emulate_media(media="print")
    assert not tab.page.locator(".o2c .tools").first.is_visible()
    assert tab.page.locator("#aging tfoot tr").first.is_visible()
    tab.page.emulate_media(media="screen")


@pytest.mark.parametrize("view", ["customer", "orders", "credit", "close", "trail", "measures", *WIDE])
def test_every_table_fits_on_printed_a4(reader: Callable[[str], Reader], view: str) -> None:
    """Whatever is wider makes the browser print the whole page smaller, up to the very edge."""
    tab = reader("light")
    tab.open({**VIEWS, **WIDE}[view])
    tab.page.emulate_media(media="print")
    tab.page.set_viewport_size({"width": A4_WITHIN_MARGINS, "height": 1000})
    found = tab.page.evaluate(
        "[...document.querySelectorAll('.o2c .sheet table')]"
        ".filter(one => one.offsetWidth > one.parentElement.clientWidth)"
        ".map(one => [one.closest('section').id, one.offsetWidth, one.parentElement.clientWidth])"
    )
    tab.page.emulate_media(media="screen")
    tab.page.set_viewport_size(LOOKS["light"]["viewport"])
    assert not found


def test_the_pages_of_fava_itself_work_behind_the_door(reader: Callable[[str], Reader]) -> None:
    tab = reader("light")
    for view in (
        "income_statement",
        "balance_sheet",
        "journal",
        "query",
        "editor",
        "options",
        "help",
        "account/Assets:AR:C0001",
    ):
        tab.page.goto(f"http://127.0.0.1:{tab.served.port}/nordlicht-handel-gmbh/{view}/?{TIME}")
        tab.page.wait_for_selector("aside a")
        tab.page.wait_for_timeout(300)
    assert not tab.wrong

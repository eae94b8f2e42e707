"""The door before Fava: host, origin, token, role (H40), and the loopback address alone (H44)."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

import pytest

from o2c.starting import start_demo
from tests.fava.fava_pages import tree_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = "/nordlicht-handel-gmbh/extension/O2CReceivables/"
SOURCE = "/nordlicht-handel-gmbh/api/source"
#: The tool itself, as a process.
RUN = [sys.executable, "-m", "o2c"]


class Served(NamedTuple):
    """A running `o2c serve` and its tokens by role."""

    root: Path
    port: int
    tokens: dict[str, str]
    process: subprocess.Popen[str]

    def ask(
        self, path: str, method: str = "GET", role: str = "", headers: dict[str, str] | None = None, body: str = ""
    ) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
        if role:
            sent["Cookie"] = f"o2c-{self.port}={self.tokens.get(role, role)}"
        line.request(method, path, body or None, sent)
        answer = line.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")


def serve(root: Path, *options: str, today: str = "") -> Served:
    at = ["--today", today] if today else []
    command = [*RUN, "--books", str(root), "--user", "meral", *at, "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tokens: dict[str, str] = {}
    port, said = 0, ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if found := re.match(r"(\w+): http://127\.0\.0\.1:(\d+)/\S*\?token=(\S+)", line):
            tokens[found[1]], port = found[3], int(found[2])
        if "Ctrl-C" in line:
            return Served(root, port, tokens, process)
    raise AssertionError(said)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("served") / "books"
    start_demo(root)
    found = serve(root)
    yield found
    found.process.terminate()
    found.process.wait(20)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("edited") / "books"
    start_demo(root)
    found = serve(root, "--edit", today="2026-02-10")
    yield found
    found.process.terminate()
    found.process.wait(20)


def test_the_link_lets_a_browser_in_and_takes_the_token_out_of_the_address(served: Served) -> None:
    status, headers, _ = served.ask(f"{PAGE}?token={served.tokens['viewer']}&time=2026-03")
    assert (status, headers["Location"]) == (303, f"{PAGE}?time=2026-03")
    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Strict" in headers["Set-Cookie"]
    status, headers, text = served.ask(PAGE, role="viewer")
    assert status == 200
    assert "O2CReceivables" in text
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/", PAGE, SOURCE + "?filename=main.beancount", "/static/app.js", "/jump?time=year"])
@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 5000])
def test_nothing_is_shown_without_a_token(served: Served, path: str, token: str) -> None:
    headers = {"Cookie": f"o2c-{served.port}={token}".encode().decode("latin-1")} if token else {}
    status, _, text = served.ask(path, headers=headers)
    assert status in {400, 403, 413, 431}
    assert "plugin" not in text


@pytest.mark.parametrize(
    "host", ["attacker.example", "attacker.example:80", "127.0.0.1", "127.0.0.1.attacker.example", "0.0.0.0", ""]
)
def test_another_host_is_refused(served: Served, host: str) -> None:
    status, _, text = served.ask(PAGE, role="viewer", headers={"Host": host})
    assert status in {400, 403}
    assert "Alsterlicht" not in text


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("origin", ["http://attacker.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])
def test_another_origin_is_refused(edited: Served, origin: str, method: str) -> None:
    before = tree_hash(edited.root)
    status, _, _ = edited.ask(SOURCE, method, "accountant", {"Origin": origin})
    assert status == 403
    assert tree_hash(edited.root) == before


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused(edited: Served, site: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Content-Type": "text/plain"}
    assert edited.ask(PAGE, "POST", "accountant", headers, "x=1")[0] == 403
    headers["Sec-Fetch-Mode"] = "no-cors"
    assert edited.ask(PAGE, "GET", "accountant", headers)[0] == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [SOURCE, PAGE, PAGE + "download", "/nordlicht-handel-gmbh/api/add_entries"])
def test_a_viewer_changes_nothing(served: Served, edited: Served, path: str, method: str) -> None:
    for one in (served, edited):
        before = tree_hash(one.root)
        body = '{"file_path": "%s", "source": "", "sha256sum": ""}' % (one.root / "main.beancount")
        status, _, _ = one.ask(path, method, "viewer", {"Content-Type": "application/json"}, body)
        assert status == 403
        assert tree_hash(one.root) == before


def test_without_edit_there_is_no_link_of_an_accountant(served: Served, edited: Served) -> None:
    assert set(served.tokens) == {"viewer"}
    assert set(edited.tokens) == {"viewer", "accountant"}


def test_an_accountant_may_use_the_editor(edited: Served) -> None:
    import json

    path = str(edited.root / "manual" / "prices.beancount")
    status, _, text = edited.ask(f"{SOURCE}?filename={path}", role="accountant")
    assert status == 200
    found = json.loads(text)["data"]
    body = json.dumps({"file_path": path, "source": found["source"] + "\n; seen\n", "sha256sum": found["sha256sum"]})
    headers = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{edited.port}"}
    status, _, _ = edited.ask(SOURCE, "PUT", "accountant", headers, body)
    assert status == 200
    assert "; seen" in (edited.root / "manual" / "prices.beancount").read_text("utf-8")


def test_it_listens_on_this_machine_alone(served: Served) -> None:
    """The kernel says so: the only listening socket of the port is on 127.0.0.1."""
    wanted = f"{served.port:04X}"
    lines = [line.split() for name in ("tcp", "tcp6") for line in _sockets(name)]
    found = [line[1].split(":")[0] for line in lines if line[1].endswith(f":{wanted}") and line[3] == "0A"]
    assert found == ["0100007F"]


def _sockets(name: str) -> list[str]:
    path = Path("/proc/net") / name
    if not path.exists():
        pytest.skip("needs /proc/net")
    return path.read_text("ascii").splitlines()[1:]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0"], "No such option"),
        (["--read-only", "--edit"], "contradict"),
        (["--edit"], "may not edit the books"),
        (["--port", "99999"], "99999"),
    ],
)
def test_what_would_open_the_house_is_refused(tmp_path: Path, options: list[str], said: str) -> None:
    start_demo(tmp_path / "books")
    command = [*RUN, "--books", str(tmp_path / "books"), "--user", "anna", "serve", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in {1, 2}
    assert said in done.stderr
    assert "token" not in done.stdout


def test_a_port_that_is_taken_is_named(served: Served, tmp_path: Path) -> None:
    start_demo(tmp_path / "books")
    command = [*RUN, "--books", str(tmp_path / "books"), "serve", "--port", str(served.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 4
    assert f"port {served.port}" in done.stderr


def test_pages_take_the_day_that_was_given_for_today(edited: Served) -> None:
    status, _, text = edited.ask(PAGE, role="viewer")
    assert status == 200
    assert "At the end of 2026-02-10 (today)." in text

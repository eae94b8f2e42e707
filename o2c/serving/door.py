"""The door before Fava: who may come in, from where, and what a browser may do with what it gets.

Fava alone asks nobody: any page in the same browser can reach it, and whoever may write can make it run code (dangers
D50 to D55). So every request must name this machine as its host, come from our own pages if a browser says where it
comes from, and carry a token that was printed at start. A viewer may only read, whatever Fava thinks.
"""

from __future__ import annotations

import hmac
from http.cookies import CookieError
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from typing import NamedTuple
from urllib.parse import parse_qsl
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIApplication
    from wsgiref.types import WSGIEnvironment

VIEWER = "viewer"
ACCOUNTANT = "accountant"
#: What only asks.
READING = frozenset({"GET", "HEAD"})
#: Scripts of our own only. Fava draws with styles in the page, and its editor runs WebAssembly.
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_REPLACED = frozenset(name.lower() for name, _ in HEADERS)


class Refusal(NamedTuple):
    """An answer of the door itself."""

    status: str
    said: str


_NO_TOKEN = Refusal("403 Forbidden", "Open the link that `o2c serve` printed when it started; it lets this browser in.")
_FOREIGN = Refusal("403 Forbidden", "This request comes from another site or names another host; it was not answered.")
_READS = Refusal("403 Forbidden", "Your link lets you read. Nothing was changed.")


class Door:
    """A WSGI application that lets some requests through to another one."""

    def __init__(self, app: WSGIApplication, port: int, tokens: Mapping[str, str]) -> None:
        """Guard an application on a port of this machine; `tokens` gives the role of each token."""
        self._app = app
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._cookie = f"o2c-{port}"
        self._tokens = tokens

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not self._is_ours(environ):
            return _refuse(_FOREIGN, start_response)
        if given := dict(parse_qsl(environ.get("QUERY_STRING", ""))).get("token"):
            return self._let_in(environ, given, start_response)
        role = self._role(self._shown(environ))
        if not role:
            return _refuse(_NO_TOKEN, start_response)
        if role != ACCOUNTANT and environ["REQUEST_METHOD"] not in READING:
            return _refuse(_READS, start_response)
        return self._app(environ, _with_headers(start_response))

    def _is_ours(self, environ: WSGIEnvironment) -> bool:
        """Tell whether a request names this machine, and comes from it as far as the browser says.

        A link from elsewhere may open a page, as it may for every site; without our cookie, which browsers do not send
        along then, it shows nothing.
        """
        host, origin = environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN")
        if host not in self._hosts or (origin is not None and origin != f"http://{host}"):
            return False
        site = environ.get("HTTP_SEC_FETCH_SITE", "same-origin")
        return site in {"same-origin", "none"} or (
            environ["REQUEST_METHOD"] in READING and environ.get("HTTP_SEC_FETCH_MODE") == "navigate"
        )

    def _role(self, token: str) -> str:
        """Give the role of a token; empty for what is none. Takes as long for a wrong one as for a right one."""
        found = ""
        for known, role in self._tokens.items():
            if hmac.compare_digest(known.encode(), token.encode()):
                found = role
        return found

    def _shown(self, environ: WSGIEnvironment) -> str:
        try:
            cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        except CookieError:
            return ""
        return cookies[self._cookie].value if self._cookie in cookies else ""

    def _let_in(self, environ: WSGIEnvironment, token: str, start_response: StartResponse) -> Iterable[bytes]:
        """Take the token out of the address into a cookie that no script and no other site can use."""
        if not self._role(token) or environ["REQUEST_METHOD"] not in READING:
            return _refuse(_NO_TOKEN, start_response)
        rest = urlencode([(name, value) for name, value in parse_qsl(environ["QUERY_STRING"]) if name != "token"])
        path = "/" + environ.get("PATH_INFO", "/").lstrip("/\\")
        place = path.encode("latin-1", "replace").decode("ascii", "replace").replace("�", "") + (
            f"?{rest}" if rest else ""
        )
        cookie = f"{self._cookie}={token}; Path=/; HttpOnly; SameSite=Strict"
        start_response("303 See Other", [("Location", place), ("Set-Cookie", cookie), *HEADERS])
        return [b""]


def _refuse(refusal: Refusal, start_response: StartResponse) -> Iterable[bytes]:
    start_response(refusal.status, [("Content-Type", "text/plain; charset=utf-8"), *HEADERS])
    return [f"{refusal.said}\n".encode()]


def _with_headers(start_response: StartResponse) -> StartResponse:
    def started(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
        kept = [(name, value) for name, value in headers if name.lower() not in _REPLACED]
        return start_response(status, [*kept, *HEADERS], *rest)  # type: ignore[arg-type]  # exc_info, as it came

    return started  # type: ignore[return-value]  # write() is given back as it came

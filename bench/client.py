"""A browser's part of a request: one kept connection, cookies, the token against forgery."""

from __future__ import annotations

import html
import json
import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import quote, urlencode

from bench.serve import METER

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATIENCE = 600  # seconds


@dataclass
class Answer:
    """What came back, and how many milliseconds it took to the last byte."""

    status: int
    headers: dict[str, str]
    body: bytes
    took: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def token(self) -> str:
        """The token against forgery of the page."""
        found = TOKEN.search(self.text)
        assert found, f"no token in {self.text[:300]}"
        return found[1]

    def address(self, label: str) -> str:
        """The first address of the page that has the text in it."""
        found = [a for a in re.findall(r'href="([^"]+)"', self.text) if label in a]
        assert found, f"no address with {label} in {self.status} {self.text[-2000:]}"
        return html.unescape(found[0])


@dataclass(eq=False)
class Client:
    """One person's connection to one server."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Ask for an address; Cyrillic in it is quoted."""
        return self._ask("GET", quote(path, safe="/?&=%+-_.~:"), None)

    def post(self, path: str, values: dict[str, str] | list[tuple[str, str]]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(values).encode())

    def discard(self, path: str) -> Answer:
        """Ask for an address and let the body go piece by piece, as a saved file would."""
        return self._ask("GET", quote(path, safe="/?&=%+-_.~:"), None, keep=False)

    def meter(self, *, forget: bool = False) -> dict[str, float]:
        """Statements of the last request, processor time and memory of the server."""
        return json.loads(self._ask("GET", METER + ("?forget" if forget else ""), None).body)

    def sign_in(self, login: str, password: str) -> Client:
        """Sign in by the form of the login page."""
        values = {"username": login, "password": password}
        answer = self.post(
            "/login/", {**values, "csrf_token": self.get("/login/").token, "next": "/"}
        )
        assert answer.status in {302, 303}, f"{login}: {answer.status}"
        return self

    def _ask(self, method: str, path: str, body: bytes | None, *, keep: bool = True) -> Answer:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie} if cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        size, text = 0, b""
        if keep:
            text = response.read()
        else:
            while piece := response.read(1 << 16):
                size += len(piece)
        took = 1000 * (time.perf_counter() - began)
        for value in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, {**found, "size": str(size or len(text))}, text, took)

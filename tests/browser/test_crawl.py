"""Everything that links lead to, as everybody, in both themes: whole, quiet, readable, our own.

Pages are found by their links, so that a page somebody adds is looked at without a line here.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import LISTEN
from tests.browser.person import Person
from tests.browser.test_pages import violations_in_both_themes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
    from werkzeug.routing import MapAdapter

    from tests.conftest import Portal

pytestmark = pytest.mark.browser
LOGINS = {
    "operator": "light",
    "clerk": "dark",
    "department": "dark",
    "municipal": "light",
    "head": "dark",
    "class_teacher": "light",
    "subject_teacher": "dark",
    "commission": "light",
    "applicant": "dark",
    "employee": "light",
}
# These see every list and every card and many addresses of each other kind, the others some.
DEEP = {"operator", "clerk"}
SOME, MANY = 3, 10
MOST = {"list": 10_000, "show": 10_000}
# Pages of a kind are built alike: axe reads so many of each, as the operator, as a clerk, as any
# of the others.
READINGS = {"operator": 2, "clerk": 1, "": 1}
LEAST = {"operator": 40, "clerk": 25}
LINKS = "found => found.filter(a => !a.download).map(a => a.href)"
READ: Counter[tuple[str, str]] = Counter()  # pages of each kind looked at by axe, of all people


@dataclass
class Crawl:
    """One person following links."""

    login: str
    page: Page
    home: str
    rules: MapAdapter
    wrong: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    seen: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    visited: int = 0

    def listen(self, context: BrowserContext) -> None:
        """Hear what the browser complains of, asks for and does not get."""
        context.add_init_script(LISTEN)
        context.on("console", self._heard)
        context.on("weberror", lambda failure: self._say("error", str(failure.error)))
        context.on("request", lambda request: self._asked(request.url))
        context.on(
            "requestfailed",
            lambda request: (
                self._say("error", f"no answer: {request.url} {request.failure}")
                if request.failure != "net::ERR_ABORTED"
                else None
            ),
        )
        context.on(
            "response",
            lambda answer: (
                self._say("error", f"{answer.status}: {answer.url}")
                if answer.status >= 400
                else None
            ),
        )

    def _heard(self, said: ConsoleMessage) -> None:
        # What is no page, the description of the API, names no icon: the browser looks for one at
        # the usual place, at a moment of its own. That every page names its icon is asked in run.
        if not said.location.get("url", "").endswith("/favicon.ico"):
            self._say(said.type, said.text)

    def _say(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.wrong.append(f"{self.login} at {self.page.url.removeprefix(self.home)}: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:", "about:")):
            self.foreign.append(url)

    def run(self) -> None:
        """Breadth first from the first page."""
        waiting = deque(["/"])
        while waiting:
            path = waiting.popleft()
            if (kind := self._new(path)) and self._open(path):
                self.visited += 1
                if not self.page.locator("head link[rel=icon]").count():
                    self._say("error", "names no icon")
                self._read(kind)
                waiting.extend(self._links())

    def _new(self, path: str) -> str:
        """The kind of page if it is to be looked at, else nothing."""
        parts = urlsplit(path)
        try:
            endpoint, _values = self.rules.match(parts.path, "GET")
        except Exception as error:  # noqa: BLE001 - a link to nowhere is what is looked for
            self.wrong.append(f"{self.login}: a link to {path}: {error}")
            return ""
        variant = frozenset(name for name, _ in parse_qsl(parts.query) if name != "parent")
        view, _, kind = endpoint.rpartition(".")
        kind = kind if view else endpoint
        several = kind if not variant else f"{kind}?"
        if (endpoint, variant) in self.seen or kind in {"static", "export"}:
            return ""
        most = SOME if variant or self.login not in DEEP else MOST.get(kind, MANY)
        if self.kinds[several] >= most:
            return ""
        self.seen.add((endpoint, variant))
        self.kinds[several] += 1
        return kind

    def _open(self, path: str) -> bool:
        try:
            answer = self.page.goto(path)
        except Error as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return False
            raise
        return answer is not None and "text/html" in (answer.headers.get("content-type") or "")

    def _read(self, kind: str) -> None:
        """A blind person's look at some pages of each kind, in both themes."""
        party = self.login if self.login in READINGS else ""
        if READ[kind, party] >= READINGS[party]:
            return
        READ[kind, party] += 1
        where = f"{self.login} at {self.page.url.removeprefix(self.home)}"
        self.wrong += [f"{where}: {what}" for what in violations_in_both_themes(self.page)]

    def _links(self) -> Iterator[str]:
        for href in self.page.eval_on_selector_all("a[href]", LINKS):
            url = re.sub(r"#.*", "", href)
            if url.startswith(self.home):
                yield url.removeprefix(self.home) or "/"


@pytest.mark.parametrize("login", LOGINS)
def test_whatever_a_person_may_open_is_quiet_and_readable(
    login: str, browser: Browser, live_server: str, portal: Portal
) -> None:
    theme = LOGINS[login]
    context = browser.new_context(
        base_url=live_server,
        color_scheme=theme,  # type: ignore[arg-type] # one of the two
        viewport={"width": 1366, "height": 768},
    )
    context.set_default_timeout(60_000)
    person = Person(context.new_page())
    person.sign_in(login)
    rules = portal.app.url_map.bind(urlsplit(live_server).netloc)
    crawl = Crawl(login, person.page, live_server, rules)
    crawl.listen(context)
    crawl.run()
    context.close()
    assert crawl.wrong == []
    assert crawl.foreign == [], "called another host"
    assert crawl.visited >= LEAST.get(login, 1)

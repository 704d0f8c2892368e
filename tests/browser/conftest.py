"""A watched tab, persons who act in tabs of their own, and the database behind them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

    from tests.conftest import Portal

LISTEN = """
addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
    console.error(`policy: ${violatedDirective} ${blockedURI}`));
"""
SECONDS = 30  # a machine may be slow; what stands at once is not waited for
# The browser notes a refusal, which is an answer like any other; a missing script is none.
REFUSED = "Failed to load resource: the server responded with a status of 4"
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"  # only where a test takes the network away itself

expect.set_options(timeout=SECONDS * 1000)


@contextmanager
def watched(context: BrowserContext) -> Iterator[None]:
    """Nothing may be said on the console, thrown, or refused by the content policy."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        if message.text.startswith(REFUSED) and "/static/" not in address:
            return
        if OFFLINE in message.text:
            return
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.text} ({address})")

    context.set_default_timeout(SECONDS * 1000)
    context.add_init_script(LISTEN)
    context.on("console", note)
    context.on("weberror", lambda failure: complaints.append(str(failure.error)))
    yield
    assert not complaints, complaints


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """The usual tab, watched for complaints of the browser."""
    with watched(page.context):
        yield page


@pytest.fixture
def person(page: Page) -> Person:
    return Person(page)


@pytest.fixture
def someone(browser: Browser, live_server: str) -> Iterator[Callable[[str], Person]]:
    """Further people, each at a browser of the own."""
    with ExitStack() as stack:

        def arrive(login: str) -> Person:
            context = browser.new_context(base_url=live_server, locale="ru-RU")
            stack.callback(context.close)
            stack.enter_context(watched(context))
            found = Person(context.new_page())
            found.sign_in(login)
            return found

        yield arrive


@pytest.fixture
def database(portal: Portal) -> Iterator[psycopg.Connection]:
    """The portal's database, past all its rules."""
    with portal.cluster.connect(portal.database) as connection:
        yield connection


@pytest.fixture
def schools(database: psycopg.Connection) -> dict[str, int]:
    """Numbers of the demo organisations by their source ids."""
    rows = database.execute("select source_id, id from organisation where source = 'demo'")
    return dict(rows.fetchall())

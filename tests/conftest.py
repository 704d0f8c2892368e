"""What every test may ask for: the portal on a real database, clients, a browser."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

# The settings are read at import: they must not touch the data of a portal run from this checkout.
_DATA = tempfile.mkdtemp(prefix="portal-test-data-")
os.environ.update(
    PORTAL_DATA=_DATA,
    PORTAL_DEMO="small",
    PORTAL_DEMO_PASSWORD="password-of-the-tests",
    PORTAL_INSECURE_COOKIE="1",
    SECRET_KEY="key-of-the-tests-which-guards-nothing",
)
for _name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
    os.environ.pop(_name, None)

from tests.database import PREFIX, Cluster, running_cluster  # noqa: E402 - after the environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page

TEMPLATE = f"{PREFIX}template_{os.getpid()}"
RENEWALS = itertools.count(1)
DATABASE = f"{PREFIX}portal_{os.getpid()}"
CHROMIUM_NAMES = (
    "chromium-headless-shell",  # the same engine without windows: tabs open in half the time
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_unconfigure() -> None:
    shutil.rmtree(_DATA, ignore_errors=True)


@dataclass(frozen=True)
class Portal:
    """The portal on a database of its own."""

    app: Flask
    cluster: Cluster
    database: str = DATABASE

    def client_as(self, login: str) -> FlaskClient:
        """A client that has signed in through the login page as a person would."""
        client = self.app.test_client()
        page = client.get("/login/", follow_redirects=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert found, "the login page has no token against forgery"
        answer = client.post(
            page.request.path,
            data={
                "username": login,
                "password": os.environ["PORTAL_DEMO_PASSWORD"],
                "csrf_token": found[1],
            },
        )
        assert answer.status_code in {302, 303}, f"{login} cannot sign in: {answer.status_code}"
        return client


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


def _settings(cluster: Cluster, database: str) -> type:
    from config import Config, as_role, text  # noqa: PLC0415 - after the environment is set

    admin = cluster.url(database)
    return type(
        "TestConfig",
        (Config,),
        {
            "TESTING": True,
            "DB_ROLE_PREFIX": PREFIX,
            "ADMIN_DATABASE_URI": text(admin),
            "OWNER_DATABASE_URI": text(as_role(admin, f"{PREFIX}owner")),
            "SQLALCHEMY_DATABASE_URI": text(cluster.url(database, user=f"{PREFIX}login")),
        },
    )


def _prepare(settings: type, app: Flask) -> None:
    """Everything that `make run` does to a new database."""
    from app.cli.database import prepare_database  # noqa: PLC0415 - only tests with a database
    from tools.prepare import command, upgrade  # noqa: PLC0415 - only tests with a database

    prepare_database(
        settings.ADMIN_DATABASE_URI, settings.SQLALCHEMY_DATABASE_URI, settings.DB_ROLE_PREFIX
    )
    upgrade(app)
    for name in ("sync-roles", "load-classifiers", "demo"):
        command(app, name)


def _forget_connections(app: Flask) -> None:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def _wait_for_answers(app: Flask, seconds: float = 5) -> None:
    """A page that was left while it was being made still holds its connection: let it end."""
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    end = time.monotonic() + seconds
    with app.app_context():
        while any(engine.pool.checkedout() for engine in db.engines.values()):
            if time.monotonic() > end:
                return
            time.sleep(0.02)


@pytest.fixture(scope="session")
def application(cluster: Cluster) -> Iterator[Flask]:
    """The one application of the run; the database below it is renewed for each test file."""
    from app import create_app  # noqa: PLC0415 - only tests with a database

    cluster.create(DATABASE)
    settings = _settings(cluster, DATABASE)
    app = create_app(settings)
    _prepare(settings, app)
    _forget_connections(app)
    cluster.create(TEMPLATE, DATABASE)
    yield app
    _forget_connections(app)
    cluster.drop(DATABASE)
    cluster.drop(TEMPLATE)


def _renew(app: Flask, cluster: Cluster) -> Portal:
    _forget_connections(app)
    cluster.create(DATABASE, TEMPLATE)
    with cluster.connect(DATABASE) as base:
        # What the application remembers goes by this number: another database has another.
        base.execute("update stamp set value = value + %s", (1_000 * next(RENEWALS),))
    return Portal(app, cluster)


@pytest.fixture(scope="module")
def portal(application: Flask, cluster: Cluster) -> Portal:
    """The portal with demo data, renewed for this test file."""
    return _renew(application, cluster)


@pytest.fixture
def fresh_portal(application: Flask, cluster: Cluster) -> Portal:
    """The portal with demo data, renewed for this very test."""
    return _renew(application, cluster)


@pytest.fixture
def client_as(portal: Portal) -> Callable[[str], FlaskClient]:
    return portal.client_as


def _whole_files(app: Flask) -> WSGIApplication:
    """This server forgets an open file whose reader has left: built files go out whole."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        given = app(environ, start)
        if not environ["PATH_INFO"].startswith("/static/"):
            return given
        with closing(given):
            return list(given)

    return answer


@pytest.fixture(scope="module")
def live_server(portal: Portal) -> Iterator[str]:
    """Address of the portal on a port of this machine."""
    server = make_server("127.0.0.1", 0, _whole_files(portal.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    _wait_for_answers(portal.app)


def chromium() -> str | None:
    """The browser of PORTAL_CHROMIUM, or the first one that is installed."""
    given = os.environ.get("PORTAL_CHROMIUM")
    return given or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium is installed: install chromium or set PORTAL_CHROMIUM")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import

    options = [*CHROMIUM_OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=options)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, live_server: str) -> Iterator[Page]:
    """A tab with cookies of its own; it fails the test when it calls another host."""
    context = browser.new_context(
        base_url=live_server, locale="ru-RU", viewport={"width": 1366, "height": 768}
    )
    foreign: list[str] = []
    context.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server, "data:", "blob:", "about:"))
            else foreign.append(request.url)
        ),
    )
    yield context.new_page()
    context.close()
    assert not foreign, f"the page called another host: {foreign}"

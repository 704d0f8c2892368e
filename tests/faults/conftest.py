"""Both sides, each over a copy of the prepared database of its own."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest

from tests.faults.sides import Side, plain_side, portal_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.conftest import Portal
    from tests.database import Cluster

PLAIN = f"portal_test_plain_{os.getpid()}"


@pytest.fixture(scope="module")
def mended_side(portal: Portal) -> Side:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with portal.app.app_context():
        engine = db.engine
    return portal_side(portal, engine, os.environ["PORTAL_DEMO_PASSWORD"])


@pytest.fixture(scope="session")
def plain_application(application: Flask, cluster: Cluster) -> Iterator[Flask]:
    """Plain Flask-AppBuilder; it starts once, on a copy of the portal's database."""
    from config import text  # noqa: PLC0415 - after the environment is set
    from tests.conftest import TEMPLATE  # noqa: PLC0415 - likewise
    from tests.database import PREFIX  # noqa: PLC0415 - likewise
    from tests.plain_fab import engine_of, plain_app  # noqa: PLC0415 - likewise

    cluster.create(PLAIN, TEMPLATE)
    logging.getLogger("flask_appbuilder").setLevel(logging.CRITICAL)
    app = plain_app(text(cluster.url(PLAIN, role=f"{PREFIX}owner")))
    yield app
    engine_of(app).dispose()
    cluster.drop(PLAIN)


@pytest.fixture(scope="module")
def unmended_side(plain_application: Flask, cluster: Cluster) -> Side:
    from tests.plain_fab import engine_of  # noqa: PLC0415 - after the environment is set

    return plain_side(plain_application, engine_of(plain_application), cluster, PLAIN)


@pytest.fixture
def side(request: pytest.FixtureRequest) -> Side:
    """The side that the parameter names."""
    name = {"portal": "mended_side", "plain": "unmended_side"}[request.param]
    found: Side = request.getfixturevalue(name)
    return found

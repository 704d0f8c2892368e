"""The portal and plain Flask-AppBuilder, asked for the same things.

A fault is proven mended by one check that is run on both: it holds here and fails there.
"""

from __future__ import annotations

import functools
import html
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.html_form import form_with
from tests.plain_fab import ADMIN, ALLOWED_BANK
from tests.plain_fab import PASSWORD as PLAIN_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine
    from werkzeug.test import TestResponse

    from tests.conftest import Portal
    from tests.database import Cluster

DONE = {302, 303}


@dataclass
class Side:
    """One of both applications over its own copy of the same data."""

    mended: bool
    app: Flask
    engine: Engine
    cluster: Cluster
    database: str
    password: str
    paths: dict[str, str]
    login: str
    _known: dict[str, int] = field(default_factory=dict)

    def path(self, name: str, *values: object) -> str:
        """The address of a page on this side."""
        return self.paths[name].format(*values)

    def client(self, login: str = "") -> FlaskClient:
        """Somebody signed in through the form; the administrator or operator by default."""
        client = self.app.test_client()
        answer = self.sign_in(client, login or self.login, self.password)
        if answer.status_code not in DONE:
            message = f"{login or self.login} cannot sign in: {answer.status_code}"
            raise RuntimeError(message)
        return client

    def sign_in(self, client: FlaskClient, login: str, password: str, **how: Any) -> TestResponse:
        """Send the form of the login page."""
        values = form_with(client.get("/login/", **how).text, "password")
        return client.post(
            how.pop("path", "/login/"),
            data={**values, "username": login, "password": password},
            **how,
        )

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a statement sent by the superuser, past both applications."""
        with self.cluster.connect(self.database) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def organisation(self, source_id: str) -> int:
        """The id of a demo organisation."""
        if source_id not in self._known:
            rows = self.sql("select id from organisation where source_id = %s", source_id)
            self._known[source_id] = rows[0][0]
        return self._known[source_id]

    def page(self, client: FlaskClient, path: str) -> str:
        """The text of a page that has to be there for the check to mean anything."""
        answer = client.get(path)
        if answer.status_code != 200:
            message = f"no page at {path}: {answer.status_code}"
            raise RuntimeError(message)
        return answer.text

    def form(self, client: FlaskClient, path: str, name: str = "email") -> dict[str, str]:
        """What a browser would send with the form at the address."""
        return form_with(self.page(client, path), name)

    def token(self, text: str) -> dict[str, str]:
        """The token against forgery of a page, as a form sends it."""
        return {"csrf_token": form_with(text, "csrf_token")["csrf_token"]}

    def accounts_seen(self, client: FlaskClient, accounts: list[int]) -> str:
        """Everything that every channel tells about these bank accounts."""
        if self.mended:
            base = "/registry/organisation-bank-account"
            schools = [self.organisation(school) for school in ("school-1", "school-2")]
            paths = [f"{base}/", f"{base}/options", f"{base}/export/csv"]
            paths += [f"{base}/{account}{more}" for account in accounts for more in ("", "/edit")]
            paths += [f"{base}/?organisation_id__eq={school}" for school in schools]
            paths += [self.path("show", school) for school in schools]
            return "".join(client.get(path).text for path in paths)
        view = "/plainaccountview"
        update = "update organisation_bank_account set bank_name = %s where id = %s"
        self.sql(update, ALLOWED_BANK, accounts[0])
        chosen = {"action": "numbers", "rowid": [str(account) for account in accounts]}
        return client.post(f"{view}/action_post", data=chosen).text

    def save(self, client: FlaskClient, ident: int, **changes: str) -> TestResponse:
        """Open the form of an organisation, change something, send it."""
        path = self.path("edit", ident)
        return client.post(path, data={**self.form(client, path), **changes})

    def next_page(self, text: str) -> str:
        """The address of the page after this one."""
        mark = "after=" if self.mended else "page_PlainOrganisationView=1"
        return next(html.unescape(a) for a in re.findall(r'href="([^"]+)"', text) if mark in a)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Statements sent meanwhile."""
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.append(statement)

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(self.engine, "before_cursor_execute", note)


def portal_side(portal: Portal, engine: Engine, password: str) -> Side:
    """The portal."""
    paths = {
        "list": "/registry/organisation/",
        "search": "/registry/organisation/?q={}",
        "ordered": "/registry/organisation/?sort={}",
        "sized": "/registry/organisation/?size={}",
        "show": "/registry/organisation/{}",
        "add": "/registry/organisation/add",
        "edit": "/registry/organisation/{}/edit",
        "licences": "/registry/organisation-licence/",
        "licences found": "/registry/organisation-licence/?q={}",
        "licence add": "/registry/organisation-licence/add?parent={}",
        "municipality edit": "/reference/municipality/{}/edit",
        "logout": "/logout",
    }
    return Side(
        mended=True,
        app=portal.app,
        engine=engine,
        cluster=portal.cluster,
        database=portal.database,
        password=password,
        paths=paths,
        login="operator",
    )


def plain_side(app: Flask, engine: Engine, cluster: Cluster, database: str) -> Side:
    """Plain Flask-AppBuilder."""
    view = "/plainorganisationview"
    paths = {
        "list": f"{view}/list/",
        "search": f"{view}/list/?_flt_2_full_name={{}}",
        "ordered": f"{view}/list/?_oc_PlainOrganisationView={{}}&_od_PlainOrganisationView=asc",
        "sized": f"{view}/list/?psize_PlainOrganisationView={{}}",
        "show": f"{view}/show/{{}}",
        "add": f"{view}/add",
        "edit": f"{view}/edit/{{}}",
        "licences": "/plainlicenceview/list/",
        "licences found": "/plainlicenceview/list/?_flt_2_licence_number={}",
        "licence add": "/plainlicenceview/add?_flt_0_organisation={}",
        "municipality edit": "/plainmunicipalityview/edit/{}",
        "logout": "/logout/",
    }
    return Side(
        mended=False,
        app=app,
        engine=engine,
        cluster=cluster,
        database=database,
        password=PLAIN_PASSWORD,
        paths=paths,
        login=ADMIN,
    )


def mended(check: Callable[[Side], None]) -> Callable[..., None]:
    """Run a check on both sides: it must hold on the portal and fail on plain Flask-AppBuilder."""
    stock = pytest.param("plain", marks=pytest.mark.filterwarnings("ignore"))

    @pytest.mark.parametrize("side", ["portal", stock], indirect=True)
    @functools.wraps(check)
    def test(side: Side) -> None:
        if side.mended:
            check(side)
        else:
            with pytest.raises(AssertionError):
                check(side)

    return test


def words_of(page: str) -> str:
    """The text of a page as it is read, without tags, scripts and addresses."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())

"""Every page is wholly in the chosen language: only data are not translated."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import String, create_engine, text

from app.cli.messages import CYRILLIC
from app.kernel.catalogue import children_of, field_map, record_named, records
from app.kernel.sealing import cipher
from app.models.reference import ClassifierItem
from app.views.base import addresses
from tests.html_form import form_with
from tests.interface_text import SAMPLES, interface_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from app.kernel.record import Record
    from tests.conftest import Portal

OURS = tuple(record for record in records() if record.__module__.startswith("app."))
EVERYBODY = ("operator", "municipal", "clerk", "class_teacher", "applicant")  # each kind of menu
ENGLISH = re.compile(
    r"\b(save|cancel|list|search|find|edit|add|delete|remove|show|hide|back|next|previous|home"
    r"|error|not|filters?|records?|actions?|page|user|password|sign|log|login|logout|required"
    r"|from|to|of|yes|no|the|is|are|field|export|history)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def known_data(portal: Portal) -> list[str]:
    """Every Russian value people or registers have put in, longest first."""
    engine = create_engine(portal.app.config["ADMIN_DATABASE_URI"])
    columns = [
        (record.__tablename__, column.name)
        for record in OURS
        for column in record.__table__.columns
        if isinstance(column.type, String) and column.computed is None
    ]
    columns += [("ab_user", "last_name"), ("ab_user", "first_name")]
    with engine.connect() as connection:
        found = {
            value
            for table, column in columns
            if (table, column) != ("classifier_item", "name_ru")
            for (value,) in connection.execute(text(f'select distinct "{column}" from {table}'))  # noqa: S608 - names of our own tables
        }
        found |= {
            cipher().unseal(kind, value)
            for record in OURS
            for column, kind in record.sealed.items()
            for (value,) in connection.execute(text(f"select {column} from {record.__tablename__}"))  # noqa: S608 - names of our own tables
            if value
        }
    engine.dispose()
    found |= set(russian_names(portal, "where name_en is null"))
    return sorted((v for v in found if v and CYRILLIC.search(v)), key=len, reverse=True)


def russian_names(portal: Portal, where: str = "") -> list[str]:
    """Names of classifier values, longest first."""
    engine = create_engine(portal.app.config["ADMIN_DATABASE_URI"])
    with engine.connect() as connection:
        names = connection.scalars(text(f"select name_ru from classifier_item {where}")).all()  # noqa: S608 - conditions of this file
    engine.dispose()
    return sorted(names, key=len, reverse=True)


def foreign(page: str, data: list[str]) -> list[str]:
    """Russian words on an English page that are not data."""
    left, whole = [], set(data)
    for shown in interface_text(page):
        if shown in whole:
            continue
        rest = SAMPLES.sub("", shown)
        for value in data:
            if not CYRILLIC.search(rest):
                break
            rest = rest.replace(value, "")
        if CYRILLIC.search(rest):
            left.append(shown)
    return left


def speaking(client: FlaskClient, language: str) -> FlaskClient:
    token = form_with(client.get("/").text or client.get("/login/").text, "csrf_token")
    values = {"csrf_token": token["csrf_token"], "language": language, "next": "/"}
    assert client.post("/language", data=values).status_code == 303
    return client


def first_row(client: FlaskClient, record: type[Record]) -> str | None:
    found = re.search(
        rf'href="({addresses.base(record)}/[0-9]+)"', client.get(addresses.home(record)).text
    )
    return found[1] if found else None


def pages_of(client: FlaskClient, record: type[Record]) -> Iterator[str]:
    """List, searches that find nothing or are wrong, card, history, forms, forms with errors."""
    home = addresses.home(record)
    yield client.get(home).text
    yield client.get(home, query_string={"q": "zzzz"}).text
    for field in field_map(record).values():
        if field.filtered and "from" in field.kind.operators:
            yield client.get(home, query_string={f"{field.name}__from": "zz"}).text
    yield from _refused(client, f"{home}add")
    if card := first_row(client, record):
        for path in (card, f"{card}/history"):
            yield client.get(path).text
        yield from _refused(client, f"{card}/edit")
        for child in children_of(record.__tablename__):
            parent = card.rpartition("/")[2]
            yield from _refused(client, f"{addresses.base(child)}/add?parent={parent}")


def _refused(client: FlaskClient, path: str) -> Iterator[str]:
    """A form, and the same form sent with wrong values."""
    page = client.get(path).text
    yield page
    if 'name="version"' in page:
        values = form_with(page, "version")
        wrong = {name: "zz" for name in values if name not in {"csrf_token", "version", "then"}}
        answer = client.post(path, data={**values, **wrong})
        assert answer.status_code == 422
        yield answer.text


@pytest.mark.parametrize("login", ["operator", "clerk"])
def test_english_pages_have_russian_only_in_data(
    login: str, portal: Portal, known_data: list[str]
) -> None:
    client = speaking(portal.client_as(login), "en")
    assert ">Hello, " in client.get("/").text
    every = {ClassifierItem: known_data + russian_names(portal)}  # there they are what is edited
    for record, page in all_pages(client):
        assert '<html lang="en">' in page
        assert not foreign(page, every.get(record, known_data))


@pytest.mark.parametrize("login", ["operator", "clerk"])
def test_russian_pages_have_no_english_word(
    login: str, client_as: Callable[[str], FlaskClient]
) -> None:
    client = client_as(login)
    for _record, page in all_pages(client):
        assert '<html lang="ru">' in page
        assert [shown for shown in interface_text(page) if ENGLISH.search(shown)] == []


@pytest.mark.parametrize("login", EVERYBODY)
def test_whatever_links_lead_to_is_in_english(
    login: str, portal: Portal, known_data: list[str]
) -> None:
    client = speaking(portal.client_as(login), "en")
    classifiers = sorted(known_data + russian_names(portal), key=len, reverse=True)
    visited = 0
    for path, page in followed(portal, client):
        data = classifiers if path.startswith(addresses.base(ClassifierItem)) else known_data
        assert not foreign(page, data), path
        visited += 1
    assert visited >= (40 if login == "operator" else 1)


def followed(portal: Portal, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Pages found by their links, one of each address and set of parameters."""
    rules = portal.app.url_map.bind("localhost")
    waiting, seen = deque(["/"]), set()
    while waiting:
        path = waiting.popleft()
        parts = urlsplit(path)
        kind = (rules.match(parts.path, "GET")[0], frozenset(dict(parse_qsl(parts.query))))
        if kind in seen:
            continue
        seen.add(kind)
        answer = client.get(path)
        if answer.mimetype != "text/html":
            answer.close()
            continue
        assert answer.status_code == 200, path
        yield path, answer.text
        found = re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text)
        waiting.extend(unescape(link) for link in found)


def all_pages(client: FlaskClient) -> Iterator[tuple[type[Record] | None, str]]:
    for page in fixed_pages(client):
        yield None, page
    for record in OURS:
        if client.get(addresses.home(record)).status_code == 200:
            for page in pages_of(client, record):
                yield record, page


def fixed_pages(client: FlaskClient) -> Iterator[str]:
    yield client.get("/").text
    yield client.get("/no-such-page").text
    organisations = addresses.home(record_named("organisation"))
    yield client.get(organisations, query_string={"no_such__eq": "1"}).text
    yield client.get(f"{organisations}999999999").text
    yield client.post(f"{organisations}add", data={}).text


@pytest.mark.parametrize(("language", "word"), [("en", "Sign in"), ("ru", "Войти")])
def test_sign_in_page_speaks_the_language(
    portal: Portal, language: str, word: str, known_data: list[str]
) -> None:
    client = portal.app.test_client()
    token = form_with(client.get("/login/").text, "username")["csrf_token"]
    chosen = {"csrf_token": token, "language": language, "next": "/login/"}
    page = client.post("/language", data=chosen, follow_redirects=True).text
    wrong = {"csrf_token": token, "username": "nobody", "password": "wrong"}
    refused = client.post("/login/", data=wrong).text
    for shown in (page, refused, client.post("/login/", data={}).text):
        assert f'<html lang="{language}">' in shown
        if language == "en":
            assert not foreign(shown, known_data)
        else:
            assert [text for text in interface_text(shown) if ENGLISH.search(text)] == []
    assert word in page


def test_exported_headers_and_answers_are_in_the_language(
    client_as: Callable[[str], FlaskClient],
) -> None:
    client = speaking(client_as("operator"), "en")
    for record in OURS:
        answer = client.get(f"{addresses.base(record)}/export/csv")
        if answer.status_code == 200:
            assert not CYRILLIC.search(answer.text.splitlines()[0])
    for line in client.get("/registry/organisation-address/export/csv").text.splitlines()[1:]:
        assert re.search(r"\byes\b", line), line
        assert not re.search(r"\bда\b", line), line

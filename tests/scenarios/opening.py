"""Forms as a browser has them: opened, their drafts kept as the script does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.html_form import form_with

if TYPE_CHECKING:
    import psycopg
    from flask.testing import FlaskClient

LIST = "/registry/organisation/"
DOCUMENTS = "/registry/organisation-document/"
LICENCES = "/registry/organisation-licence/"


def school(base: psycopg.Connection, key: str) -> int:
    found = base.execute("select id from organisation where source_id = %s", (key,)).fetchone()
    assert found
    return int(found[0])


def opened(client: FlaskClient, path: str) -> dict[str, str]:
    """The form as a browser has it, with the address its drafts go to."""
    page = client.get(path).text
    found = re.search(r'data-keep="([^"]+)"', page)
    assert found, page
    return {**form_with(page, "form_key"), "keep": found[1].replace("&amp;", "&")}


def filled(client: FlaskClient, path: str, **typed: str) -> dict[str, str]:
    """What a browser sends when these inputs were typed over."""
    form = opened(client, path)
    del form["keep"]
    return {**form, **typed}


def keep(client: FlaskClient, form: dict[str, str], **typed: str) -> Any:
    """Keep a draft as the script does: what the form carries and what was typed."""
    carried = {name: form[name] for name in ("csrf_token", "form_key", "version")}
    return client.post(form["keep"], data={**carried, **typed})


def kept(base: psycopg.Connection) -> int:
    """Number of drafts of everybody."""
    found = base.execute("select count(*) from form_draft").fetchone()
    assert found
    return int(found[0])


def drafts_of(client: FlaskClient, path: str) -> list[str]:
    """Addresses by which a form offers to continue, newest first."""
    found = re.findall(r'href="([^"]+[?;&]draft=\d+)"', client.get(path).text)
    return [href.replace("&amp;", "&") for href in found]

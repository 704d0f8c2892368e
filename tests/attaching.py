"""Files attached to licences over real HTTP, as a browser sends them."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.html_form import form_with

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

LICENCES = "/registry/organisation-licence/"
NAME = "Выписка № 5.pdf"


def licence(portal: Portal, school: str = "school-1") -> int:
    with portal.cluster.connect(portal.database) as base:
        found = base.execute(
            "select min(l.id) from organisation_licence l join organisation o"
            " on o.id = l.organisation_id where o.source_id = %s and l.deleted_at is null",
            (school,),
        ).fetchone()
    assert found
    return int(found[0])


def one(portal: Portal, query: str, *values: object) -> Any:
    with portal.cluster.connect(portal.database) as base:
        found = base.execute(query.encode(), values).fetchone()
    return found[0] if found else None


def files_of(portal: Portal) -> Path:
    return Path(portal.app.config["PORTAL_DATA"]) / "files"


def form_of(client: FlaskClient, path: str) -> dict[str, str]:
    return form_with(client.get(path).text, "version")


def send(
    client: FlaskClient, path: str, content: bytes | None, name: str = NAME, **typed: str
) -> TestResponse:
    """Open the form, type, choose a file, save."""
    return post(client, path, {**form_of(client, path), **typed}, content, name)


def post(
    client: FlaskClient,
    path: str,
    typed: dict[str, str],
    content: bytes | None,
    name: str = NAME,
    *,
    field: str = "file_id",
) -> TestResponse:
    """Send a form with a file, as a browser does."""
    data: dict[str, Any] = dict(typed)
    if content is not None:
        data[f"{field}.upload"] = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart(data)
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def download(client: FlaskClient, ident: int, status: int = 200, **headers: str) -> TestResponse:
    """The file of a licence, read to its end."""
    answer = client.get(f"{LICENCES}{ident}/file/file_id", headers=headers)
    assert answer.status_code == status
    assert answer.data is not None
    answer.close()
    return answer


def sign_in_again(client: FlaskClient, page: str) -> TestResponse:
    form = form_with(page, "username")
    name = {"username": "operator", "password": os.environ["PORTAL_DEMO_PASSWORD"]}
    return client.post("/login/", data={**form, **name})

"""Faults 1, 14 and 21 of Flask-AppBuilder in its interface for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.sides import Side, mended

if TYPE_CHECKING:
    from flask.testing import FlaskClient

API = "/api/v1/organisation/"


def _headers(side: Side, client: FlaskClient) -> dict[str, str]:
    """The token against forgery, which the portal asks for and the stock interface does not."""
    if not side.mended:
        return {}
    return {"X-CSRFToken": side.form(client, "/", "csrf_token")["csrf_token"]}


@mended
def test_a_foreign_key_is_shown_and_filtered_by(side: Side) -> None:
    """1: an interface that names the column of a foreign key does not even start."""
    if not side.mended:
        with pytest.raises(KeyError):
            _register_stock(side)
        raise AssertionError("the stock interface has no such column")
    client = side.client()
    row = client.get(API, query_string={"limit": "1", "fields": "municipality_id"}).get_json()
    ident = row["items"][0]["municipality_id"]
    found = client.get(API, query_string={"municipality_id__in": str(ident)}).get_json()["items"]
    assert found
    assert all(one["municipality_id"] == ident for one in found)


def _register_stock(side: Side) -> None:
    from flask_appbuilder import ModelRestApi  # noqa: PLC0415 - the stock side only
    from flask_appbuilder.models.sqla.interface import SQLAInterface  # noqa: PLC0415 - likewise

    from tests.plain_fab import models  # noqa: PLC0415 - likewise

    organisation = models(str(side.engine.url)).organisation
    attributes: dict[str, Any] = {
        "datamodel": SQLAInterface(organisation),
        "list_columns": ["id", "municipality_id"],
        "show_columns": ["id"],
        "add_columns": ["full_name"],
        "edit_columns": ["full_name"],
    }
    with side.app.app_context():
        api = type("PlainForeignKeyApi", (ModelRestApi,), attributes)()
        api.create_blueprint(side.app.appbuilder)  # type: ignore[attr-defined] # set by the stock side


@mended
def test_naming_a_row_that_does_not_exist_makes_none(side: Side) -> None:
    """14: the interface for programs tries to make the related row that was not found."""
    client = side.client()
    relation = "municipality_id" if side.mended else "municipality"
    values = {"full_name": "Призрак", relation: 999_999_999}
    answer = client.post(API, json=values, headers=_headers(side, client))
    assert answer.status_code == 422
    assert not side.sql("select 1 from municipality where id = 999999999")


@mended
def test_a_list_as_body_is_refused(side: Side) -> None:
    """21: a body that is no object is a failure of the server."""
    client = side.client()
    path = f"{API}{side.organisation('school-4')}"
    headers = {**_headers(side, client), "If-Match": '"1"'}
    for send in (client.patch,) if side.mended else (client.put,):
        for body in ([], [[]], 5, "x"):
            assert send(path, json=body, headers=headers).status_code == 400

"""A chosen file survives whatever keeps its form from being saved, and is nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import documents as docs
from tests.attaching import (
    LICENCES,
    download,
    form_of,
    licence,
    one,
    post,
    send,
    sign_in_again,
)
from tests.html_form import form_with

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal


@pytest.fixture
def operator(portal: Portal) -> FlaskClient:
    return portal.client_as("operator")


def test_a_file_survives_a_form_that_cannot_be_saved_yet(
    portal: Portal, operator: FlaskClient
) -> None:
    """It was sent once: correcting another field sends the form without it."""
    ident = licence(portal, "school-3")
    path = f"{LICENCES}{ident}/edit"
    content = docs.PDF + b"survives"
    refused = send(operator, path, content, "Живучая.pdf", granted_on="32.13.2020")
    assert refused.status_code == 422
    assert "Живучая.pdf" in refused.text
    download(operator, ident, 404)  # not saved yet
    again = {**form_with(refused.text, "version"), "granted_on": "01.02.2020"}
    assert operator.post(path, data=again).status_code == 303
    assert download(operator, ident).data == content


def test_a_file_survives_a_conflict(portal: Portal, operator: FlaskClient) -> None:
    ident = licence(portal)
    path = f"{LICENCES}{ident}/edit"
    mine = form_of(operator, path)
    assert send(operator, path, docs.picture(), "Чужая.png").status_code == 303
    content = docs.PDF + b"conflict"
    answer = post(operator, path, mine, content, "Моя.pdf")
    assert answer.status_code == 409
    assert "Моя.pdf" in answer.text
    assert "Чужая.png" in answer.text
    assert operator.post(path, data=form_with(answer.text, "version")).status_code == 303
    assert download(operator, ident).data == content


def test_a_file_survives_the_end_of_the_session(portal: Portal, operator: FlaskClient) -> None:
    ident = licence(portal)
    path = f"{LICENCES}{ident}/edit"
    content = docs.PDF + b"resumed"
    typed = {**form_of(operator, path), "granted_by": "До входа"}
    with portal.cluster.connect(portal.database) as base:
        base.execute("delete from user_session")
    answer = post(operator, path, typed, content, "Поздняя.pdf")
    assert answer.status_code == 401
    back = sign_in_again(operator, answer.text)
    assert "Набранное не потеряно" in back.text
    assert operator.post(path, data=form_with(back.text, "file_id")).status_code == 303
    found = download(operator, ident)
    assert found.data == content
    assert "До входа" in operator.get(f"{LICENCES}{ident}").text


def test_a_file_that_does_not_fit_is_not_forgotten_in_silence_when_the_session_ended(
    portal: Portal, operator: FlaskClient
) -> None:
    path = f"{LICENCES}{licence(portal)}/edit"
    typed = form_of(operator, path)
    with portal.cluster.connect(portal.database) as base:
        base.execute("delete from user_session")
    answer = post(operator, path, typed, docs.EXE, "Вирус.pdf")
    back = sign_in_again(operator, answer.text)
    saved = operator.post(path, data=form_with(back.text, "file_id"))
    assert saved.status_code == 422
    assert "Такого файла нет. Прикрепите файл заново." in saved.text


def test_nobody_who_never_signed_in_stores_anything(portal: Portal) -> None:
    stranger = portal.app.test_client()
    token = form_with(stranger.get("/login/").text, "username")["csrf_token"]
    before = one(portal, "select count(*) from file")
    path = f"{LICENCES}{licence(portal)}/edit"
    answer = post(stranger, path, {"csrf_token": token}, docs.PDF)
    assert answer.status_code == 401
    assert one(portal, "select count(*) from file") == before


def test_a_file_that_is_not_ones_own_cannot_be_attached(
    portal: Portal, operator: FlaskClient
) -> None:
    """Absent, staged by somebody else, of another row: one sentence for all."""
    send(operator, f"{LICENCES}{licence(portal, 'school-2')}/edit", docs.PDF)
    taken = one(portal, "select max(id) from file where attached_at is not null")
    staged = one(
        portal,
        "insert into file (uid, sha256, size, media_type, name, staged_by) values"
        " (gen_random_uuid(), repeat('a', 64), 1, 'application/pdf', 'Чужой.pdf',"
        " (select id from ab_user where username = 'clerk')) returning id",
    )
    path = f"{LICENCES}{licence(portal)}/edit"
    for ident in (taken, staged, 999_999, 10**18, "0", "выписка.pdf"):
        answer = send(operator, path, None, file_id=str(ident))
        assert answer.status_code == 422, ident
        assert "Такого файла нет. Прикрепите файл заново." in answer.text
        assert "Чужой.pdf" not in answer.text

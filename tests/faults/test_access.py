"""Faults 4, 15, 16, 25 of Flask-AppBuilder: sessions, scope, forgery, redirects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.sides import DONE, Side, mended

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def _open(side: Side, client: FlaskClient) -> bool:
    """Whether the client is still let in."""
    return client.get(side.path("list")).status_code == 200


def _log_out(side: Side, client: FlaskClient) -> None:
    token = side.form(client, "/", "csrf_token") if side.mended else {}
    method = client.post if side.mended else client.get
    if method(side.path("logout"), data=token).status_code not in DONE:
        raise RuntimeError("cannot sign out")


@mended
def test_a_copied_cookie_is_worth_nothing_after_signing_out(side: Side) -> None:
    """16: the session lives in the cookie and nowhere else."""
    client, thief = side.client(), side.app.test_client()
    cookie = client.get_cookie(side.app.config["SESSION_COOKIE_NAME"])
    if cookie is None:
        raise RuntimeError("no cookie of a session")
    thief.set_cookie(cookie.key, cookie.value)
    if not _open(side, thief):
        raise RuntimeError("the copy does not work at all")
    _log_out(side, client)
    assert not _open(side, thief)


@mended
def test_a_picture_on_another_page_signs_nobody_out(side: Side) -> None:
    """16: signing out is a GET."""
    client = side.client()
    client.get(side.path("logout"))
    assert _open(side, client)


@mended
def test_guessing_a_password_is_slowed_down(side: Side) -> None:
    """16: passwords may be tried for ever."""
    login = "clerk2" if side.mended else side.login
    client = side.app.test_client()
    for _ in range(6):
        side.sign_in(client, login, "wrong-password")
    assert side.sign_in(client, login, side.password).status_code not in DONE


@mended
def test_signing_in_leads_to_no_other_host(side: Side) -> None:
    """25: the host is believed to be what the request says it is."""
    client = side.app.test_client()
    elsewhere = "http://evil.example"
    values = {"username": side.login, "password": side.password}
    page = client.get("/login/", base_url=elsewhere)
    form = side.token(page.text)
    answer = client.post(
        f"/login/?next={elsewhere}/trap", data={**form, **values, "next": f"{elsewhere}/trap"},
        base_url=elsewhere,
    )  # fmt: skip
    if answer.status_code not in DONE:
        raise RuntimeError(f"cannot sign in: {answer.status_code}")
    assert not answer.headers["Location"].startswith(elsewhere)


@mended
def test_a_form_of_another_site_changes_nothing(side: Side) -> None:
    """15: whoever is signed in can be made to send anything to the interface for programs."""
    client = side.client()
    ident = side.organisation("school-9")
    stored = "select head_name from organisation where id = %s"
    before = side.sql(stored, ident)
    client.post(side.path("show", ident) + "/edit", data={"head_name": "Подделка"})
    seen = {"If-Match": client.get(f"/api/v1/organisation/{ident}").headers.get("ETag", "")}
    for send in (client.put, client.patch):
        send(f"/api/v1/organisation/{ident}", json={"head_name": "Подделка"}, headers=seen)
    assert side.sql(stored, ident) == before


@mended
def test_signing_in_has_no_side_door(side: Side) -> None:
    """15: a second way to sign in is always there."""
    values = {"username": side.login, "password": side.password, "provider": "db"}
    answer = side.app.test_client().post("/api/v1/security/login", json=values)
    assert answer.status_code == 404


@mended
def test_a_row_out_of_scope_shows_in_no_channel(side: Side) -> None:
    """4: filters of a view do not hold for what is done with several rows at once."""
    own, foreign = (
        side.sql(
            "select b.id, b.account_number from organisation_bank_account b join organisation o"
            " on o.id = b.organisation_id where o.source_id = %s",
            school,
        )[0]
        for school in ("school-1", "school-2")
    )
    client = side.client("clerk") if side.mended else side.client()
    seen = side.accounts_seen(client, [own[0], foreign[0]])
    if own[1] not in seen:
        raise RuntimeError("not even the own account is seen")
    assert foreign[1] not in seen

"""What every answer carries, and what a forged, foreign or broken request gets."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from app.kernel.catalogue import field_map, record_named
from app.kernel.fields import Policy
from tests.security.door import LIST, RIGHT, sign_in, token
from tests.security.raw import school

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from psycopg import Connection

    from tests.conftest import Portal

ROOT = Path(__file__).resolve().parents[2]
POLICY = {  # security.md 5, and the manifest of the same origin
    "default-src": "'none'", "script-src": "'self' 'nonce-…'", "style-src": "'self'",
    "style-src-attr": "'none'", "img-src": "'self' data:", "connect-src": "'self'",
    "font-src": "'self'", "manifest-src": "'self'", "frame-ancestors": "'none'",
    "base-uri": "'none'", "form-action": "'self'",
}  # fmt: skip
ANSWERS = ("/", LIST, "/login/", "/healthz", "/no/such/page", "/registry/organisation/999999999",
           "/registry/organisation/export/csv", "/registry/organisation/options",
           "/registry/organisation/?no=1", "/static/none.js")  # fmt: skip
OUTSIDE = (
    "//evil.example", "https://evil.example", "http:evil.example", "/\\evil.example", "\\\\evil",
    "///evil.example", "/\t/evil.example", "/\n/evil.example", "\x00//evil.example",
    " //evil.example",
    "javascript:alert(1)", "data:text/html,x", "//[", "https://[::1", "/%5cevil.example\\", "evil",
    "/\u202e//evil.example", "//evil.example/%2f..", "/login/", "/logout",
)  # fmt: skip
TORTURE = {
    "zero byte": "ab\x00cd", "bell": "\x07", "escape": "\x1b[31m", "right to left": "\u202eимя",
    "invisible": "\u200b\u200d\ufeff", "combining": "я" + "\u0301" * 400, "emoji": "👨‍👩‍👧‍👦🏳️‍🌈",
    "last character": "\U0010ffff", "no character": "\ufffe\uffff", "private": "\ue000",
    "quotes": "'\"`;--", "template": "{{ 7*7 }}{% raw %}${7*7}<%= 7*7 %>", "format": "%s%n%(x)s{0}",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>", "formula": "=1+1",
    "wildcards": "%_\\", "lines": "a\r\nSet-Cookie: x=1\r\n\r\nb", "long": "я" * 8_000,
    "number": "9" * 400, "not a number": "NaN", "negative": "-0", "arabic digits": "٣٤٥",
    "full width": "１２３", "date": "31.02.0000", "far date": "99999-12-31",
    "space": " \u3000\u2028",
}  # fmt: skip


def rules(portal: Portal, method: str) -> list[str]:
    """Addresses that declare the method, with numbers for rows."""
    found = [str(r) for r in portal.app.url_map.iter_rules() if method in (r.methods or ())]
    return [re.sub(r"<[^>]+>", "1", rule) for rule in found]


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("login", ["clerk", ""])
def test_every_answer_carries_the_headers(portal: Portal, login: str, path: str) -> None:
    client = portal.client_as(login) if login else portal.app.test_client()
    first = client.get(path)
    first.close()
    second = client.get(path)
    second.close()
    policy = first.headers["Content-Security-Policy"]
    given = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert {k: re.sub(r"nonce-[^']+", "nonce-…", v) for k, v in given.items()} == POLICY
    assert policy != second.headers["Content-Security-Policy"], "the nonce is new each time"
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
    ):
        assert first.headers[name] == value
    if not path.startswith("/static"):
        assert first.headers["Cache-Control"] == "no-store"


def test_no_page_has_scripts_or_styles_in_line(portal: Portal) -> None:
    """What the policy would stop is not there; scripts carry the nonce of their answer."""
    client = portal.client_as("clerk")
    own = school(portal, "school-1")
    where = f"{LIST}{own}"
    for path in ("/", LIST, where, f"{where}/edit", f"{where}/history", "/login/", "/none"):
        answer = client.get(path)
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", answer.text), path
        for script in re.findall(r"<script[^>]*>", answer.text):
            assert "src=" in script or "nonce=" in script or "application/json" in script, path


def test_cookie_is_closed_to_scripts_and_other_sites(portal: Portal, base: Connection) -> None:
    answer = sign_in(portal, "clerk", RIGHT)
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Path=/" in cookies[0]
    assert "Domain" not in cookies[0]
    environment = {k: v for k, v in os.environ.items() if k != "PORTAL_INSECURE_COOKIE"}
    ask = (
        "from config import Config as c;"
        "print(c.SESSION_COOKIE_NAME, c.SESSION_COOKIE_SECURE, c.SESSION_COOKIE_PATH)"
    )
    told = subprocess.run(
        [sys.executable, "-c", ask],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment,
    )
    assert told.stdout.split() == ["__Host-session", "True", "/"]


@pytest.mark.parametrize("login", ["operator", "clerk", ""])
@pytest.mark.parametrize("kind", ["missing", "wrong", "foreign"])
def test_no_post_without_the_token_of_the_session(portal: Portal, login: str, kind: str) -> None:
    client = portal.client_as(login) if login else portal.app.test_client()
    own = token(client)
    other = token(portal.client_as("clerk2"))
    data = {
        "missing": {},
        "wrong": {"csrf_token": own[:-2] + "xx"},
        "foreign": {"csrf_token": other},
    }
    posts = rules(portal, "POST")
    assert len(posts) > 30
    for path in posts:
        answer = client.post(path, data={"version": "1", "username": "clerk", **data[kind]})
        assert answer.status_code == 400, path
    assert client.get("/").status_code == (200 if login else 302), "still signed in"


def test_token_is_taken_from_the_form_or_a_header_only(portal: Portal) -> None:
    client = portal.client_as("clerk")
    own = token(client)
    assert client.post(f"/keepalive?csrf_token={own}").status_code == 400
    assert client.post("/keepalive", json={"csrf_token": own}).status_code == 400
    assert client.post("/keepalive", headers={"X-CSRFToken": own}).status_code == 200


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_redirect_leaves_the_portal(portal: Portal, base: Connection, target: str) -> None:
    client = portal.app.test_client()
    page = client.get(f"/login/?next={quote(target, safe='')}")
    assert page.status_code == 200
    assert 'name="next" value="/"' in page.text
    assert sign_in(portal, "clerk", RIGHT, client, next=target).location == "/"
    data = {"csrf_token": token(client), "language": "ru", "next": target}
    assert client.post("/language", data=data).location == "/"


def test_redirect_comes_back_inside_the_portal(portal: Portal, base: Connection) -> None:
    client = portal.app.test_client()
    asked = f"{LIST}?q=школа&sort=-inn"
    led = client.get(asked)
    assert led.status_code == 302
    assert led.location.startswith("/login/?next=%2Fregistry")
    back = sign_in(portal, "clerk", RIGHT, client, next=asked)
    assert back.location == f"{LIST}?q={quote('школа')}&sort=-inn"
    assert client.get(back.location).status_code == 200


def test_address_of_another_host_is_not_made_from_its_name(portal: Portal) -> None:
    """A host name in the request does not get into redirects of the portal's own making."""
    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}):
        client = portal.app.test_client()
        assert (
            client.get(LIST, headers=headers).location
            == "/login/?next=%2Fregistry%2Forganisation%2F"
        )
        assert "evil" not in client.get("/login/", headers=headers).text


def own_form(portal: Portal, client: FlaskClient) -> tuple[str, dict[str, str]]:
    """The address of the own organisation's form, and what every form carries."""
    where = f"{LIST}{school(portal, 'school-1')}/edit"
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(where).text)
    assert found
    return where, {"csrf_token": token(client), "version": found[1]}


@pytest.mark.parametrize("kind", TORTURE)
def test_no_text_breaks_a_form(portal: Portal, kind: str) -> None:
    """Each direct field of the clerk, each field of the operator: kept, mended or refused."""
    record = record_named("organisation")
    for login in ("clerk", "operator"):
        client = portal.client_as(login)
        where, carried = own_form(portal, client)
        names = [
            f.name for f in field_map(record).values()
            if f.typed and (login == "operator" or (f.policy or Policy.DIRECT) is Policy.DIRECT)
        ]  # fmt: skip
        every = client.post(where, data={**carried, **dict.fromkeys(names, TORTURE[kind])})
        assert every.status_code in {422, 303}
        for name in names if login == "clerk" else names[::6]:
            answer = client.post(where, data={**carried, name: TORTURE[kind]})
            assert answer.status_code in {422, 409, 303}, name
            assert "alert(1)</script>" not in answer.text, name
        for page in (where, where.removesuffix("/edit"), LIST):
            shown = client.get(page)
            assert shown.status_code == 200, page
            assert "alert(1)</script>" not in shown.text, page


@pytest.mark.parametrize("kind", TORTURE)
def test_no_text_breaks_searches_and_the_door(portal: Portal, base: Connection, kind: str) -> None:
    text = TORTURE[kind][:4000]
    client = portal.client_as("clerk")
    for path in (LIST, f"{LIST}options", f"{LIST}export/csv"):
        answer = client.get(path, query_string={"q": text})
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text or path.endswith("csv"), path
        answer.close()
    for name in (
        "full_name__contains",
        "inn__starts",
        "email__eq",
        "opened_on__from",
        "parent_id__in",
    ):
        assert client.get(LIST, query_string={name: text}).status_code in {200, 400}, name
    for name in ("sort", "size", "after", "before", text[:300]):
        assert client.get(LIST, query_string={name: text}).status_code in {200, 400}, name
    forgery = token(client)
    for path, name in (("/capacity", "capacity"), ("/language", "language"), ("/language", "next")):
        sent = client.post(path, data={"csrf_token": forgery, name: text})
        assert sent.status_code in {303, 422}, path
    assert sign_in(portal, text, text, next=text).status_code == 401


@pytest.mark.parametrize(
    "raw", [b"\xed\xa0\x80", b"\xff\xfe", b"%ED%A0%80", b"%00", b"%", b"%zz", b"+", b"\xc0\x80"]
)
def test_no_bytes_break_a_request(portal: Portal, raw: bytes) -> None:
    client = portal.client_as("clerk")
    where, carried = own_form(portal, client)
    head = "&".join(f"{k}={quote(v)}" for k, v in carried.items()).encode()
    form = "application/x-www-form-urlencoded"
    for body in (head + b"&fax=" + raw, head + b"&" + raw + b"=1", raw + b"&" + head):
        answer = client.post(where, data=body, content_type=form)
        assert answer.status_code in {303, 422, 400}
    for path in (f"{LIST}?q=".encode() + raw, f"{LIST}export/".encode() + raw):
        answer = client.get(path.decode("latin-1"))
        assert answer.status_code < 500
        answer.close()
    denied = portal.client_as("employee").get(f"{LIST}export/{raw.decode('latin-1')}")
    assert denied.status_code in {403, 404}


def test_too_much_is_refused_and_said(portal: Portal) -> None:
    client = portal.client_as("clerk")
    where, carried = own_form(portal, client)
    big = {**carried, "fax": "9" * 10_000_000}
    assert client.post(where, data=big).status_code == 413
    head = b'--x\r\nContent-Disposition: form-data; name="fax"; filename="x"\r\n\r\n'
    files = head + b"x" * 26_000_000 + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    token_given = {"X-CSRFToken": carried["csrf_token"]}
    sent = client.post(where, data=files, content_type=kind, headers=token_given)
    assert sent.status_code == 413
    part = b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n'
    many = client.post(
        where, data=part * 6000 + b"--x--\r\n", content_type=kind, headers=token_given
    )
    assert many.status_code == 413


def test_odd_bodies_are_refused(portal: Portal) -> None:
    client = portal.client_as("clerk")
    where, carried = own_form(portal, client)
    header = {"X-CSRFToken": carried["csrf_token"]}
    for kind, body in (
        ("application/json", json.dumps(carried)), ("application/json", "{"), ("text/xml", "<a/>"),
        ("multipart/form-data", "x"), ("multipart/form-data; boundary=a", "--a\r\n\r\n"),
        ("multipart/form-data; boundary=" + "a" * 500, "x"), ("", ""), ("x" * 500, "x"),
        ("application/x-www-form-urlencoded; charset=utf-16", "fax=1"),
    ):  # fmt: skip
        answer = client.post(where, data=body, content_type=kind, headers=header)
        assert 400 <= answer.status_code < 500, kind
    same = [("csrf_token", carried["csrf_token"]), ("version", carried["version"]), ("fax", "1")]
    body = "&".join(f"{k}={v}" for k, v in [*same, ("fax", "2"), ("version", "999")])
    answer = client.post(where, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {303, 422}

"""Webhooks: signed events to a real server, in order, again after failures, never inwards."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from app.kernel.errors import Invalid, Unavailable
from app.kernel.posting import Rules, is_public, post, target_of
from tests.rest.programs import person, school

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.conftest import Portal

HOME = "/webhooks/"
PHONE = "update organisation set phone = %s where id = %s"
OPEN = Rules(plain=True, private=True)


class Receiver(ThreadingHTTPServer):
    """Another system: keeps what it was sent, answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.sent: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/portal?x=1"

    def items(self) -> list[dict[str, Any]]:
        return [one for _headers, body in self.sent for one in json.loads(body)["items"]]


class Taking(BaseHTTPRequestHandler):
    """How it answers."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.sent.append((dict(self.headers), body))
        answers = self.server.answers
        status, headers, text = answers.pop(0) if answers else (204, {}, b"")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def allowed(portal: Portal) -> Iterator[None]:
    """As the settings say where the own network may be sent to."""
    settings = portal.app.config
    settings.update(WEBHOOK_HTTP=True, WEBHOOK_PRIVATE=True)
    yield
    settings.update(WEBHOOK_HTTP=False, WEBHOOK_PRIVATE=False)
    with portal.cluster.connect(portal.database) as base:
        base.execute("delete from webhook")


def run(portal: Portal) -> int:
    """One turn of the schedule."""
    from app.jobs import running, webhooks  # noqa: PLC0415 - after the settings of the tests

    running.serve(portal.app)
    return int(webhooks.webhooks(timestamp=0))


def hurry(portal: Portal) -> None:
    """The pause before the next try is over."""
    with portal.cluster.connect(portal.database) as base:
        base.execute("update webhook set next_at = now() - interval '1 second'")


def phone(portal: Portal, *numbers: str) -> None:
    with portal.cluster.connect(portal.database) as base:
        for number in numbers:
            base.execute(PHONE, (f"+7481211{number}", school(portal)))


def order(portal: Portal, url: str, **more: Any) -> tuple[FlaskClient, dict[str, str], str]:
    """A subscription made on the page; gives its secret."""
    client, headers = person(portal, "operator")
    answer = client.post(HOME, data={"url": url, **more}, headers=headers)
    assert answer.status_code == 201, answer.text
    found = re.search(r"<code>([A-Za-z0-9_-]{43})</code>", answer.text)
    assert found
    return client, headers, found[1]


def state(portal: Portal) -> tuple[Any, ...]:
    with portal.cluster.connect(portal.database) as base:
        row = base.execute(
            "select state, failures, status, answer, delivered from webhook"
        ).fetchone()
    assert row
    return tuple(row)


def phones(items: list[dict[str, Any]]) -> list[str]:
    return [one["fields"]["phone"][-4:] for one in items]


@pytest.mark.usefixtures("allowed")
def test_changes_arrive_signed_and_in_order(portal: Portal, receiver: Receiver) -> None:
    phone(portal, "0000")
    client, _headers, secret = order(portal, receiver.url)
    phone(portal, "0001", "0002")
    assert run(portal) == 2
    ((headers, body),) = receiver.sent
    signed = f"{headers['X-Portal-Timestamp']}.".encode() + body
    mark = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Portal-Signature"] == f"sha256={mark}"
    assert phones(receiver.items()) == ["0001", "0002"], "nothing of before it was ordered"
    first = receiver.items()[0]
    assert (first["kind"], first["row_id"]) == ("organisation.changed", school(portal))
    since = json.loads(body)["since"]
    assert client.get("/api/v1/changes/", query_string={"since": since}).get_json()["items"] == []
    assert run(portal) == 0
    assert len(receiver.sent) == 1, "what was taken is not sent again"
    page = client.get(HOME).text
    assert secret not in page
    assert "Принято" in page


@pytest.mark.usefixtures("allowed")
def test_what_was_refused_is_sent_again_before_anything_else(
    portal: Portal, receiver: Receiver
) -> None:
    client, headers, _secret = order(portal, receiver.url)
    receiver.answers = [(500, {}, "Занято\n<b>".encode() + b"x" * 900)]
    phone(portal, "0011")
    assert run(portal) == 0
    status = state(portal)
    assert status[:3] == ("active", 1, 500)
    assert status[3].startswith("Занято <b>xx")
    assert len(status[3]) == 500
    assert run(portal) == 0
    assert len(receiver.sent) == 1, "not before the pause is over"
    page = client.get(HOME).text
    assert "Повторяется после ошибки" in page
    assert "Занято &lt;b&gt;" in page
    phone(portal, "0012")
    number = re.search(r"/webhooks/([0-9]+)/go-on", page)
    assert number
    assert client.post(f"{HOME}{number[1]}/go-on", headers=headers).status_code == 303
    assert run(portal) == 2
    events = receiver.items()
    assert phones(events) == ["0011", "0011", "0012"]
    assert events[0]["id"] == events[1]["id"], "by its number the other side knows it"
    assert state(portal)[:3] == ("active", 0, 204)


@pytest.mark.usefixtures("allowed")
def test_a_worker_killed_while_it_sends_sends_again(portal: Portal, receiver: Receiver) -> None:
    """The other side has it, the portal does not know: everything of that moment comes twice."""
    order(portal, receiver.url)
    phone(portal, "0021", "0022")
    with portal.cluster.connect(portal.database) as base:
        before = base.execute("select transaction, event_id from webhook").fetchone()
        assert before
        assert run(portal) == 2
        base.execute("update webhook set transaction = %s, event_id = %s, delivered = 0", before)
    phone(portal, "0023")
    assert run(portal) == 3
    assert phones(receiver.items()) == ["0021", "0022", "0021", "0022", "0023"]


@pytest.mark.usefixtures("allowed")
def test_after_many_failures_it_rests_until_the_operator_says_so(
    portal: Portal, receiver: Receiver
) -> None:
    client, headers, _secret = order(portal, receiver.url)
    receiver.answers = [(302, {"Location": receiver.url}, b"")]
    phone(portal, "0031")
    with portal.cluster.connect(portal.database) as base:
        base.execute("update webhook set failures = 19")
        assert run(portal) == 0
        assert len(receiver.sent) == 1, "a redirect is not followed"
        hurry(portal)
        assert run(portal) == 0
        ident = base.execute("select id from webhook").fetchone()
    assert ident
    assert len(receiver.sent) == 1, "it rests"
    page = client.get(HOME).text
    assert "Не доставляется: приостановлена" in page
    assert "302" in page
    client.post(f"{HOME}{ident[0]}/from-now", headers=headers)
    phone(portal, "0032")
    assert run(portal) == 1
    assert phones(receiver.items()) == ["0031", "0032"]
    client.post(f"{HOME}{ident[0]}/stop", headers=headers)
    phone(portal, "0033")
    assert run(portal) == 0
    assert client.post(f"{HOME}{ident[0]}/drop", headers=headers).status_code == 303
    assert client.post(f"{HOME}{ident[0]}/drop", headers=headers).status_code == 404
    assert "Подписок пока нет" in client.get(HOME).text


@pytest.mark.usefixtures("allowed")
def test_only_the_records_that_were_ordered_are_sent(portal: Portal, receiver: Receiver) -> None:
    client, headers, _secret = order(portal, receiver.url, record="organisation_address")
    again = client.post(HOME, data={"url": receiver.url}, headers=headers)
    assert again.status_code == 422
    assert "подписка уже есть" in again.text
    strange = client.post(HOME, data={"url": "https://a.ru", "record": "ab_user"}, headers=headers)
    assert strange.status_code == 404
    phone(portal, "0041")
    assert run(portal) == 0
    assert receiver.sent == []


@pytest.mark.usefixtures("allowed")
def test_an_order_is_no_longer_kept_says_so_and_rests(portal: Portal, receiver: Receiver) -> None:
    order(portal, receiver.url)
    phone(portal, "0051", "0052")
    with portal.cluster.connect(portal.database) as base:
        base.execute("delete from activity where after ->> 'phone' = '+74812110051'")
    assert run(portal) == 0
    assert receiver.sent == []
    assert state(portal)[0] == "failed"
    assert "уже не хранит" in state(portal)[3]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.ru/",
        "http://example.ru/",
        "https://",
        "https://user:pass@example.ru/",
        "https://example.ru/#part",
        "https://example.ru:99999/",
        "https://exa mple.ru/",
        "https://example.ru/путь",
        "https://example.ru/\r\nX: y",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://0.0.0.0/",
        "https://example.ru/" + "a" * 500,
    ],
)
def test_an_address_inside_or_no_address_is_refused(portal: Portal, url: str) -> None:
    client, headers = person(portal, "operator")
    answer = client.post(HOME, data={"url": url}, headers=headers)
    assert answer.status_code == 422
    with portal.cluster.connect(portal.database) as base:
        assert base.execute("select count(*) from webhook").fetchone() == (0,)


def test_a_name_that_leads_inside_is_found_out_when_it_is_sent_to(receiver: Receiver) -> None:
    url = receiver.url.replace("127.0.0.1", "localhost")
    target_of(url, Rules(plain=True))
    with pytest.raises(Invalid, match="внутреннюю сеть"):
        post(url, b"{}", {}, Rules(plain=True))
    assert receiver.sent == []
    assert post(url, b"{}", {}, OPEN).status == 204
    with pytest.raises(Unavailable, match="не найдено"):
        post("https://no-such-name.invalid/", b"{}", {}, Rules())
    with pytest.raises(Unavailable, match="Нет ответа"):
        post("http://127.0.0.1:1/", b"{}", {}, OPEN)


def test_addresses_of_the_internet_are_told_from_others() -> None:
    assert all(map(is_public, ("8.8.8.8", "2001:4860:4860::8888")))
    inside = ("100.64.0.1", "192.168.1.1", "fe80::1%eth0", "fd00::1", "224.0.0.1", "2002:7f00:1::1")
    assert not any(map(is_public, inside))

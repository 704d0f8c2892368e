"""Messages over SMTP: addresses, headers, a password only where nobody listens."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from app.kernel.mail import Message, Refusal, Server, compose, connected, deliverable, send, sender
from tests.mail_server import CERTIFICATE, MailServer, mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEN = dt.datetime(2026, 11, 26, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def letter(recipient: str = "anna@example.com", subject: str = "Запрос № 5 принят") -> Message:
    return Message("0190-ab", recipient, subject, "Здравствуйте!\n.\nконец\n", "ru", WHEN)


def posted(server: MailServer, message: Message, origin: str = "portal@example.com") -> None:
    with connected(Server.of(server.url)) as client:
        send(client, compose(message, sender(origin)), lambda: None)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("anna@example.com", "anna@example.com"),
        (" a.b+c@EXAMPLE.com ", "a.b+c@example.com"),
        ("anna@школа.рф", "anna@xn--80atdl2c.xn--p1ai"),
        ("anna@localhost", ""),
        ("анна@example.com", ""),
        ("anna@example.com\r\nBcc: all@example.com", ""),
        ("anna@example.com, boris@example.com", ""),
        ("<anna@example.com>", ""),
        ("anna boris@example.com", ""),
        ("anna@example..com", ""),
        ("anna@-a.com", ""),
        ("anna", ""),
        ("", ""),
        ("a" * 65 + "@example.com", ""),
        ("a@" + "b." * 200 + "com", ""),
        ("a@127.0.0.1", ""),
    ],
)
def test_an_address_nobody_can_write_to_is_none(given: str, taken: str) -> None:
    assert deliverable(given) == taken


def test_a_letter_arrives_as_it_was_written(server: MailServer) -> None:
    posted(server, letter(), "АИС «Образование» <portal@example.com>")
    (found,) = server.read()
    assert found["Subject"] == "Запрос № 5 принят"
    assert found["To"] == "anna@example.com"
    assert found["From"].addresses[0].display_name == "АИС «Образование»"
    assert found["Message-ID"] == "<0190-ab@example.com>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Date"].datetime == WHEN
    assert found.get_content().replace("\r\n", "\n") == letter().body
    assert server.letters[0].isascii(), "any server takes it"


@pytest.mark.parametrize(
    "subject", ["Ответ\r\nBcc: all@example.com", "a\n\nтело", "a\u2028Bcc: x@example.com", "a\x00b"]
)
def test_a_subject_adds_no_header_and_no_text(server: MailServer, subject: str) -> None:
    posted(server, letter(subject=subject))
    (found,) = server.read()
    assert "Bcc" not in found
    assert found["Subject"] == " ".join(subject.replace("\x00", " ").split())
    assert len(server.recipients) == 1


def test_nothing_is_written_to_a_recipient_with_a_line_break() -> None:
    with pytest.raises(ValueError, match="not an address"):
        compose(letter("anna@example.com\r\nRCPT TO:<all@example.com>"), sender("p@example.com"))
    with pytest.raises(ValueError, match="not an address"):
        sender("portal@example.com\r\nBcc: all@example.com>")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "user", "password"),
    [
        ("smtp://mail.example.com", "mail.example.com", 25, False, "", ""),
        ("smtps://mail.example.com", "mail.example.com", 465, True, "", ""),
        ("smtp://a%40b.ru:p%3Aw%2F@[::1]:587", "::1", 587, False, "a@b.ru", "p:w/"),
    ],
)
def test_the_address_of_a_server_is_read(
    url: str,
    host: str,
    port: int,
    tls: bool,  # noqa: FBT001 - likewise
    user: str,
    password: str,
) -> None:
    assert Server.of(url) == Server(host, port, tls, user, password)


@pytest.mark.parametrize("url", ["mail.example.com", "http://a.ru", "smtp://", "smtp://a:x@b:c"])
def test_a_wrong_address_of_a_server_is_not_repeated_with_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(smtp://… or|not an address)"):
        Server.of(url)


@pytest.mark.allow_hosts(["127.0.0.1", "0.0.0.0"])  # noqa: S104 - asked, not bound
def test_a_password_goes_to_no_other_machine_in_the_clear(server: MailServer) -> None:
    server.extensions = ("AUTH PLAIN",)
    near = Server("127.0.0.1", server.port, tls=False, user="portal", password="secret")
    with connected(near):
        assert "\0portal\0secret" in server.commands
    # The same server by a name that says nothing of its being near.
    far = Server("0.0.0.0", server.port, tls=False, user="portal", password="secret")  # noqa: S104 - likewise
    server.commands.clear()
    with pytest.raises(Refusal, match="STARTTLS"), connected(far):
        pass
    assert not any("AUTH" in command for command in server.commands)


def test_a_server_that_offers_tls_is_spoken_to_through_it(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.extensions = ("STARTTLS", "AUTH PLAIN")
    asked = Server("localhost", server.port, tls=False, user="portal", password="secret")
    with pytest.raises(Refusal, match="certificate"), connected(asked):
        pass
    assert not any("AUTH" in command for command in server.commands), "nobody knows who it is"
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with connected(asked) as client:
        send(client, compose(letter(), sender("portal@example.com")), lambda: None)
    assert "\0portal\0secret" in server.commands
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    ("verb", "answer", "final"),
    [
        ("MAIL", "451 later", False),
        ("RCPT", "550 no such person", True),
        ("RCPT", "450 the box is full", False),
        ("DATA", "554 no", True),
        ("the end", "552 too large", True),
        ("the end", "452 later", False),
    ],
)
def test_what_the_server_says_no_to_is_known_to_be_final_or_not(
    server: MailServer,
    verb: str,
    answer: str,
    final: bool,  # noqa: FBT001 - a column of the table
) -> None:
    server.answers[verb] = answer
    with pytest.raises(Refusal) as refused:
        posted(server, letter())
    assert refused.value.final is final
    assert answer.partition(" ")[2] in str(refused.value)


def test_a_server_that_is_not_there_is_refused_in_words() -> None:
    with mail_server() as gone:
        url = gone.url
    with pytest.raises(Refusal, match="ConnectionRefused"), connected(Server.of(url)):
        pass

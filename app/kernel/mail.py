"""Electronic mail: where it goes out, which addresses can be written to, one message over SMTP."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

PATIENCE = 20  # seconds for each answer of the server
PORTS = {"smtp": 25, "smtps": 465}
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")
LONGEST_LOCAL, LONGEST_DOMAIN = 64, 253
PERMANENT = 500  # answers from here on mean no for good


class Refusal(Exception):
    """The server said no, or nothing; ``final``: asking again is of no use."""

    def __init__(self, words: str, *, final: bool = False) -> None:
        """Take what is told to the operator."""
        super().__init__(words)
        self.final = final


class Unsure(Exception):
    """The connection ended between the last word of the message and the answer to it."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes mail: ``smtp://user:password@host:port``, or ``smtps://`` for TLS."""

    host: str
    port: int
    tls: bool
    user: str
    password: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Read the address of the server. Raises ``ValueError`` without repeating it."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            message = "not an address of a mail server"
            raise ValueError(message) from error
        if parts.scheme not in PORTS or not parts.hostname:
            message = "smtp://… or smtps://… with the name of a server"
            raise ValueError(message)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        usual = PORTS[parts.scheme]
        return cls(parts.hostname, port or usual, parts.scheme == "smtps", user, password)

    @property
    def near(self) -> bool:
        """Whether it is this very machine, to which a password may go without TLS."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent; ``ident`` makes the Message-ID, so that it stays the same."""

    ident: str
    recipient: str
    subject: str
    body: str
    language: str
    written_at: dt.datetime


def deliverable(address: str) -> str:
    """The address as it goes over the wire; empty where nobody can be written to at it.

    Names of domains in Cyrillic are put into their ASCII form; a name without a dot, such as
    ``localhost``, is none that mail from elsewhere reaches.
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    fits = len(local) <= LONGEST_LOCAL and len(domain) <= LONGEST_DOMAIN
    good = fits and LOCAL.fullmatch(local) and DOMAIN.fullmatch(domain)
    return f"{local}@{domain}" if good else ""


def sender(given: str) -> Address:
    """Who writes: an address, or a name and an address in angle brackets. Raises ``ValueError``."""
    name, address = parseaddr(given)
    origin = deliverable(address)
    if not origin or not given.isprintable():
        raise ValueError("not an address to write from")
    return Address(one_line(name), addr_spec=origin)


def compose(message: Message, origin: Address) -> EmailMessage:
    """The message with its headers. Raises ``ValueError`` for an address nobody can write to."""
    target = deliverable(message.recipient)
    if not target:
        raise ValueError("not an address to write to")
    made = EmailMessage(WIRE)
    made["From"] = origin
    made["To"] = Address(addr_spec=target)
    made["Subject"] = one_line(message.subject)
    made["Date"] = format_datetime(message.written_at)
    made["Message-ID"] = f"<{message.ident}@{origin.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(message.body, cte="base64")  # any server takes it
    made["Content-Language"] = message.language
    return made


def one_line(words: str) -> str:
    """Words for a header: no line breaks and no other signs that cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A connection to the server, signed in where it is told a name.

    Raises:
        Refusal: it does not answer, its certificate is not right, or the name or password is not;
            or the password would go to another machine without TLS.
    """
    trusted = ssl.create_default_context()
    try:
        if server.tls:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=PATIENCE, context=trusted
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    except (OSError, smtplib.SMTPException) as error:
        raise Refusal(_words(error)) from error
    try:
        try:
            _greet(client, server, trusted)
        except (OSError, smtplib.SMTPException) as error:
            raise Refusal(_words(error)) from error
        yield client
    finally:
        client.close()


def _greet(client: smtplib.SMTP, server: Server, trusted: ssl.SSLContext) -> None:
    client.ehlo_or_helo_if_needed()
    if not server.tls and client.has_extn("starttls"):
        client.starttls(context=trusted)
        client.ehlo()
    elif server.user and not server.tls and not server.near:
        message = "the server offers no STARTTLS: the password is not sent in the clear"
        raise Refusal(message)
    if server.user:
        client.login(server.user, server.password)


def send(client: smtplib.SMTP, message: EmailMessage, handing: Callable[[], None]) -> None:
    """Hand the message over; ``handing`` is called when from now on it may have been taken.

    Raises:
        Refusal: the server did not take it.
        Unsure: it is not known whether it did.
    """
    try:
        _answered(client.mail(str(_address(message, "From"))))
        _answered(client.rcpt(str(_address(message, "To"))))
    except (OSError, smtplib.SMTPException) as error:
        raise Refusal(_words(error)) from error
    handing()
    try:
        _answered(client.data(message.as_bytes()))
    except smtplib.SMTPDataError as error:
        raise Refusal(_words(error), final=error.smtp_code >= PERMANENT) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unsure(_words(error)) from error


def ready(client: smtplib.SMTP) -> bool:
    """Whether the connection takes one more message, whatever became of the last one."""
    try:
        return client.rset()[0] == 250  # noqa: PLR2004 - the answer that means yes
    except (OSError, smtplib.SMTPException):
        return False


def _address(message: EmailMessage, header: str) -> str:
    return parseaddr(str(message[header]))[1]


def _answered(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if not 200 <= code < 300:  # noqa: PLR2004 - the answers that mean yes
        said = words.decode("utf-8", "replace")
        raise Refusal(one_line(f"{code} {said}"), final=code >= PERMANENT)


def _words(error: Exception) -> str:
    """What happened, for the operator; what a server says of a sign-in does not repeat it."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return one_line(f"{error.smtp_code} {text}")
    return one_line(f"{type(error).__name__}: {error}")

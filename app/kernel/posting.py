"""Sending JSON to an address that a person typed, without being led into the own network.

The name is looked up once, every address it has is checked, and the connection goes to the very
address that was checked: a name that answers otherwise the next time changes nothing. Redirects
are answers like any other. No proxy of the environment is used.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.kernel.errors import Invalid, Message, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_URL = 500  # letters
KEPT = 500  # letters of the answer
READ = 2_000  # bytes of the answer
PATIENCE = 10  # seconds of silence
WHOLE = 20  # seconds for everything
NAT64 = ipaddress.ip_network("64:ff9b::/96")
STRANGE = Message("Это не адрес. Введите его целиком, например https://example.ru/portal.")
ONLY_HTTPS = Message("Адрес должен начинаться с https://.")
INSIDE = Message("Этот адрес ведёт во внутреннюю сеть. Туда портал ничего не отправляет.")
UNKNOWN = Message("Имя «%(host)s» не найдено.")
AWAY = Message("Нет ответа: %(why)s.")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is allowed beyond the usual: http without encryption, addresses of the own network."""

    plain: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart."""

    secure: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and the first letters of what came back."""

    status: int
    text: str

    @property
    def taken(self) -> bool:
        """Whether the other side says that it has what was sent."""
        return 200 <= self.status < 300  # noqa: PLR2004 - success


def target_of(url: str, rules: Rules) -> Target:
    """Take the address apart. Raises ``Invalid`` for one that is never sent to."""
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url or "\\" in url:
        raise Invalid(STRANGE)
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        path.encode("ascii")
    except ValueError as error:
        raise Invalid(STRANGE) from error
    if parts.scheme not in {"http", "https"} or not host or parts.fragment or "@" in parts.netloc:
        raise Invalid(STRANGE)
    if parts.scheme == "http" and not rules.plain:
        raise Invalid(ONLY_HTTPS)
    secure = parts.scheme == "https"
    usual = 443 if secure else 80
    with suppress(ValueError):
        if not (rules.private or is_public(host)):
            raise Invalid(INSIDE)
    return Target(secure, host, usual if port is None else port, path)


def is_public(text: str) -> bool:
    """Whether an address of the internet is meant. Raises ``ValueError`` for a name."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo:
            return False
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not (address.is_multicast or address.is_reserved)


def post(url: str, body: bytes, headers: Mapping[str, str], rules: Rules) -> Answer:
    """Send the body and give the answer, whatever its status.

    Raises:
        Invalid: the address is not one to send to.
        Unavailable: nobody answers there.
    """
    target = target_of(url, rules)
    connection = _Checked(target, _found(target, rules))
    ending = Timer(WHOLE, connection.end)
    ending.daemon = True
    ending.start()
    try:
        connection.request("POST", target.path, body, dict(headers))
        found = connection.getresponse()
        text = found.read(READ).decode("utf-8", "replace")
    except (OSError, HTTPException) as error:
        raise Unavailable(AWAY.text, why=_words(error)) from error
    finally:
        ending.cancel()
        connection.close()
    printable = "".join(c if c.isprintable() else " " for c in text)
    return Answer(found.status, " ".join(printable.split())[:KEPT])


def _found(target: Target, rules: Rules) -> str:
    """The address of the name, if all that the name has may be sent to."""
    try:
        every = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(UNKNOWN.text, host=target.host) from error
    addresses = [str(one[4][0]) for one in every]
    if not rules.private and not all(map(is_public, addresses)):
        raise Invalid(INSIDE)
    return addresses[0]


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:200]


class _Checked(HTTPConnection):
    """A connection to the address that was checked, by the name that was typed."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=PATIENCE)
        self.target, self.address = target, address
        self.default_port = 443 if target.secure else 80

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), PATIENCE)
        if self.target.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)

    def end(self) -> None:
        """Wake whoever waits for an answer that drips too slowly."""
        held = self.sock
        if held is not None:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)

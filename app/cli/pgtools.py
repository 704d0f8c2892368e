"""The programs of PostgreSQL: found, chosen by version, run without a password in sight."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "PORTAL_PG_BIN"  # names a folder of the programs, before all others


def major(server_version: int) -> int:
    """15 for 150004."""
    return server_version // 10_000


def programs(oldest: int) -> tuple[Path, int]:
    """Folder of ``pg_dump`` and ``pg_restore`` of the lowest version that will do, and the version.

    The lowest, because a newer program writes what an older server does not understand.

    Args:
        oldest: major version they must have at least.

    Raises:
        click.ClickException: there are none; says what to install.
    """
    found = {folder: version for folder in _folders() if (version := _version(folder))}
    fit = [folder for folder, version in found.items() if version >= oldest]
    if fit:
        best = min(fit, key=lambda folder: found[folder])
        return best, found[best]
    have = ", ".join(f"{folder} — {version}" for folder, version in found.items()) or "нет"
    raise click.ClickException(
        f"Нужны pg_dump и pg_restore версии {oldest} или новее; найдены: {have}. Установите"
        f" postgresql-client-{oldest} или задайте каталог с ними в переменной {FOLDER}."
    )


def run(program: Path, address: str, *arguments: str, feed: IO[bytes] | None = None) -> str:
    """Run a program on a database and give what it printed.

    Args:
        program: path of the program.
        address: as libpq reads it; its password goes through the environment, where other users
            of the machine do not see it. Empty for a program that asks no database.
        arguments: its further arguments.
        feed: what it reads as its standard input.

    Raises:
        click.ClickException: the program failed, with the end of what it said.
    """
    environment = {**os.environ, "LC_ALL": "C", "PGAPPNAME": "portal-backup"}
    command = [str(program), *arguments]
    if address:
        parts = conninfo_to_dict(address)
        if password := parts.pop("password", None):
            environment["PGPASSWORD"] = str(password)
        command += ["--no-password", f"--dbname={make_conninfo('', **parts)}"]
    # What it says goes to a file: a pipe that nobody reads while it is fed would stop both.
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(  # noqa: S603 - programs of PostgreSQL, arguments of our own
            command,
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            env=environment,
        ) as process,
    ):
        if feed and process.stdin:
            _feed(feed, process.stdin)
        process.wait()
        told.seek(0)
        said = told.read().decode(errors="replace")
    if process.returncode:
        tail = "\n".join(said.strip().splitlines()[-8:])
        raise click.ClickException(f"{program.name}: код {process.returncode}.\n{tail}")
    return said


def _feed(content: IO[bytes], program: IO[bytes]) -> None:
    """Give it all; one that ends early says itself why."""
    with suppress(BrokenPipeError):
        shutil.copyfileobj(content, program, 1 << 20)
    with suppress(BrokenPipeError):
        program.close()


def _folders() -> Iterator[Path]:
    if given := os.environ.get(FOLDER):
        yield Path(given)
    if found := shutil.which("pg_dump"):
        yield Path(found).parent
    if config := shutil.which("pg_config"):
        done = subprocess.run(  # noqa: S603 - found on the path
            [config, "--bindir"], check=False, capture_output=True, text=True
        )
        if done.returncode == 0:
            yield Path(done.stdout.strip())
    from tools.embedded import DatabaseFailure, packaged_binaries  # noqa: PLC0415 - seldom needed

    try:
        yield packaged_binaries()
    except DatabaseFailure:
        return


def _version(folder: Path) -> int | None:
    """Major version of the programs in the folder, if both are there and run."""
    if not (folder / "pg_restore").exists():
        return None
    try:
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL
            [str(folder / "pg_dump"), "--version"], check=False, capture_output=True, text=True
        )
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(found[1]) if found else None

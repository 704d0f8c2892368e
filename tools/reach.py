"""Whose account the embedded server runs under, and folders which that account can enter.

PostgreSQL refuses to run as root. Started by root, the server gets an account of its own; where
that account cannot enter the checkout (say, below /root), the permissions of those folders are
left alone and the server's programs and data live under /var/lib instead.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

SERVICE_ACCOUNT = "portal-db"
STORE = Path("/var/lib/portal-db")


class Unreachable(Exception):
    """The server's account or folders cannot be had; the text says why and what to do."""


class Identity(TypedDict, total=False):
    """The arguments of `subprocess` that change the account; none where it stays the same."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The account the server runs under."""

    uid: int
    gid: int

    @classmethod
    def for_cluster(cls, place: Path) -> Account:
        """Ourselves; for root the owner of existing data, otherwise the service account."""
        if os.geteuid():
            return cls(os.geteuid(), os.getegid())
        if (place / "PG_VERSION").exists() and place.stat().st_uid:
            return cls(place.stat().st_uid, place.stat().st_gid)
        entry = _service_account()
        return cls(entry.pw_uid, entry.pw_gid)

    def identity(self) -> Identity:
        """Arguments for `subprocess`."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Give the folder to this account, closed to everybody else."""
        if self.uid != os.geteuid():
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def can(self, *command: str) -> bool:
        """True if the command succeeds under this account."""
        try:
            done = subprocess.run(
                command, check=False, capture_output=True, cwd="/", **self.identity()
            )
        except OSError:
            return False
        return done.returncode == 0


def _service_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVICE_ACCOUNT)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", str(STORE), "--shell", "/usr/sbin/nologin", SERVICE_ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(SERVICE_ACCOUNT)
    except (OSError, subprocess.CalledProcessError, KeyError) as failure:
        raise Unreachable(
            f"PostgreSQL не работает от имени root, а учётную запись {SERVICE_ACCOUNT} создать не"
            " удалось. Создайте её командой useradd --system или запустите портал от имени"
            " обычного пользователя."
        ) from failure


def binaries_for(packaged: Path, account: Account) -> Path:
    """Folder of the server's programs: the package's, or a copy the account can enter."""
    if account.can(str(packaged / "postgres"), "--version"):
        return packaged
    package = packaged.parents[1]
    mark = f"{package}-{(packaged / 'postgres').stat().st_mtime_ns}"
    copy = STORE / "programs" / hashlib.sha256(mark.encode()).hexdigest()[:12]
    programs = copy / package.name / packaged.parent.name / "bin"
    if not copy.exists():
        _copy_programs(package, packaged.parent, copy)
    if not account.can(str(programs / "postgres"), "--version"):
        raise Unreachable(f"Программы PostgreSQL не запускаются из {packaged} и {programs}.")
    return programs


def _copy_programs(package: Path, installation: Path, copy: Path) -> None:
    """Copy what the server needs, keeping relative places: programs find libraries by them."""
    draft = copy.with_name(copy.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o755)
    shutil.copytree(installation, draft / package.name / installation.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    for path in (STORE, copy.parent):
        path.chmod(0o755)
    draft.rename(copy)


def cluster_for(place: Path, account: Account) -> Path:
    """The data folder, owned by the account; `place` itself or a link to one it can enter.

    Raises:
        Unreachable: an ordinary user has no right on the folder.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists() and not place.is_symlink():
        place.mkdir(mode=0o700)
    if place.is_symlink():
        place.resolve().mkdir(parents=True, exist_ok=True)
    _take(place.resolve(), account)
    if account.can("test", "-w", str(place.resolve())):
        return place.resolve()
    if os.geteuid():
        raise Unreachable(f"Нет доступа к каталогу данных {place}: он принадлежит другому.")
    return _move_to_store(place, account)


def _take(folder: Path, account: Account) -> None:
    """Own a new, empty folder; one with data keeps its owner."""
    try:
        if not any(folder.iterdir()):
            account.own(folder)
    except PermissionError as failure:
        raise Unreachable(f"Нет доступа к каталогу данных {folder}.") from failure


def _move_to_store(place: Path, account: Account) -> Path:
    """Move the data below /var/lib and leave a link; a name is never used twice."""
    folder = STORE / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for path in (STORE, folder):
        path.chmod(0o755)
    target = Path(tempfile.mkdtemp(dir=folder)) / place.name
    target.parent.chmod(0o755)
    shutil.move(place, target)
    account.own(target)
    place.symlink_to(target)
    if not account.can("test", "-w", str(target)):
        raise Unreachable(f"Учётная запись {SERVICE_ACCOUNT} не может писать в {target}.")
    return target

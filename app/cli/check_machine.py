"""Checks of the machine: folders, disk, backups, the built interface, the worker."""

from __future__ import annotations

import shutil
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.cli.archive import BLOBS, archives
from app.cli.check_keys import key_checks
from app.cli.finding import bad, good, warn
from app.kernel.queue import worker_alive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.cli.finding import Finding

OPEN = stat.S_IRWXO & ~stat.S_IXOTH  # others may list or write; passing through is no harm
LITTLE, TOO_LITTLE = 10, 3  # percent of the disk that are free
LATE, TOO_LATE = 26, 24 * 7  # hours since the newest backup


def machine_checks(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings about what lies beside the database."""
    data, backups = Path(settings["PORTAL_DATA"]), Path(settings["BACKUP_FOLDER"])
    yield _permissions(data)
    yield from _disk({data, backups})
    yield _backups(backups)
    yield _interface()
    yield _worker()
    yield from key_checks(settings, data)


def _permissions(data: Path) -> Finding:
    open_paths = [
        path
        for path in (data, data / BLOBS, data / "secret-key", data / "sealing-keys")
        if path.exists() and path.stat().st_mode & OPEN
    ]
    if open_paths:
        return bad(
            "каталог данных",
            f"открыт другим пользователям: {', '.join(map(str, open_paths))}",
            f"chmod -R o= {data}",
        )
    return good("каталог данных", f"{data} закрыт от других пользователей")


def _disk(folders: set[Path]) -> Iterator[Finding]:
    seen: set[int] = set()
    for folder in sorted(folders):
        if not folder.exists() or (device := folder.stat().st_dev) in seen:
            continue
        seen.add(device)
        usage = shutil.disk_usage(folder)
        free = 100 * usage.free // usage.total
        words = f"{folder}: свободно {usage.free / 1e9:.0f} ГБ ({free} %)"
        if free < LITTLE:
            tell = bad if free < TOO_LITTLE else warn
            yield tell("место на диске", words, "освободите место или увеличьте диск")
        else:
            yield good("место на диске", words)


def _backups(folder: Path) -> Finding:
    made = archives(folder)
    if not made:
        return bad(
            "резервная копия",
            f"в {folder} нет ни одного архива",
            "включите portal-backup.timer или выполните flask portal backup",
        )
    hours = (time.time() - made[-1].stat().st_mtime) / 3600
    if hours > LATE:
        tell = bad if hours > TOO_LATE else warn
        return tell(
            "резервная копия",
            f"последней {hours:.0f} ч: {made[-1].name}",
            "узнайте, почему не сделана новая: journalctl -u portal-backup",
        )
    return good("резервная копия", f"{made[-1].name}, {hours:.0f} ч назад")


def _interface() -> Finding:
    if not Path(str(current_app.static_folder), "manifest.json").exists():
        return bad("интерфейс", "не собран", "tools/setup.sh run")
    return good("интерфейс", "собран")


def _worker() -> Finding:
    try:
        with current_app.extensions["accounts"].system() as connection:
            alive = worker_alive(connection)
    except SQLAlchemyError:
        return warn("фоновые задания", "не проверены", "сначала нужна база данных с таблицами")
    if not alive:
        return bad(
            "фоновые задания",
            "обработчик не подаёт признаков жизни",
            "systemctl status portal-worker",
        )
    return good("фоновые задания", "обработчик работает")

"""Archives and data folders for the tests of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.cli.backup import backup
from app.cli.database import prepare_database
from tests.cli.archives import put_blob, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Portal


@pytest.fixture
def data(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setitem(portal.app.config, "PORTAL_DATA", str(folder))
    return folder


@pytest.fixture(scope="module")
def made(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the portal with one file in its store."""
    folder = tmp_path_factory.mktemp("made")
    kept = portal.app.config["PORTAL_DATA"]
    portal.app.config["PORTAL_DATA"] = str(folder)
    put_blob(folder, b"a licence, scanned")
    done = run(portal, backup, folder / "backups")
    portal.app.config["PORTAL_DATA"] = kept
    assert done.exit_code == 0, done.output
    return next((folder / "backups").iterdir())


@pytest.fixture
def settings(portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Settings of a portal for others, in good order."""
    folder = tmp_path / "data"
    (folder / "backups").mkdir(parents=True)
    folder.chmod(0o700)
    (folder / "backups" / "portal-20260101T000000Z.tar").write_text("as if")
    config = portal.app.config
    prepare_database(  # rights on the database itself are not copied from a template
        config["ADMIN_DATABASE_URI"], config["SQLALCHEMY_DATABASE_URI"], config["DB_ROLE_PREFIX"]
    )
    for name, value in {
        "SECRET_KEY": "kX2v9Qe7Lr0aWz4TtY6uIi8oPp1sDdFf3gGhHjJ5",
        "TESTING": False,
        "SESSION_COOKIE_SECURE": True,
        "SECOND_STEP": True,
        "HOSTS": ["portal.example.ru"],
        "LISTEN": "127.0.0.1",
        "TRUSTED_PROXIES": 1,
        "DEMO_ON_EMBEDDED": False,
        "SMTP_URL": "smtps://portal:secret@mail.example.ru",
        "MAIL_FROM": "Портал <portal@example.ru>",
        "PORTAL_DATA": str(folder),
        "BACKUP_FOLDER": str(folder / "backups"),
    }.items():
        monkeypatch.setitem(config, name, value)
    return config


@pytest.fixture
def base(portal: Portal) -> Iterator[Any]:
    with portal.cluster.connect(portal.database) as connection:
        yield connection

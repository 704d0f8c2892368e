"""Backups: one archive of one moment, for its owner only, never an empty one."""

from __future__ import annotations

import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from app.cli import pgtools
from app.cli.backup import backup
from app.cli.restore import restore_drill
from tests.cli.archives import manifest_of, put_blob, run
from tests.conftest import DATABASE
from tests.database import PREFIX

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Portal


def test_an_archive_is_for_its_owner_only_and_says_what_it_holds(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert [path.name for path in made.parent.iterdir()] == [made.name], "nothing is left beside"
    manifest = manifest_of(made)
    assert manifest["contents"]["tables"]["organisation"]["rows"] > 10
    assert manifest["contents"]["head"]
    assert manifest["contents"]["heads"]["activity"][0] > 0
    assert len(manifest["blobs"]) == 1
    assert b"a licence, scanned" not in made.read_bytes()


def test_an_archive_holds_the_rows_that_row_security_hides(made: Path, portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        there = base.execute("select count(*) from organisation_bank_account").fetchone()
    rows = manifest_of(made)["contents"]["tables"]["organisation_bank_account"]["rows"]
    assert there == (rows,)
    assert rows > 0


def test_an_archive_is_of_one_moment(
    fresh_portal: Portal, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes between the counting and the dump: the archive agrees with itself."""
    real = pgtools.run

    def meanwhile(program: Path, address: str, *words: str, **more: Any) -> str:
        if program.name == "pg_dump":
            with fresh_portal.cluster.connect(fresh_portal.database) as base:
                base.execute("update organisation set phone = '+70000000000'")
                base.execute("delete from organisation_licence_annex")
                base.execute("delete from organisation_licence")
        return real(program, address, *words, **more)

    monkeypatch.setattr(pgtools, "run", meanwhile)
    assert run(fresh_portal, backup, data / "b").exit_code == 0
    monkeypatch.undo()
    done = run(fresh_portal, restore_drill, next((data / "b").iterdir()))
    assert done.exit_code == 0, done.output


def test_only_the_newest_archives_are_kept(portal: Portal, data: Path) -> None:
    folder = data / "b"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"portal-2026010{day}T000000Z.tar").write_text("old")
    (folder / "portal-notes.tar").write_text("of somebody else")
    done = run(portal, backup, folder, "--keep", 3)
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in folder.iterdir())
    assert names[:2] == ["portal-20260104T000000Z.tar", "portal-20260105T000000Z.tar"]
    assert "portal-notes.tar" in names
    assert len(names) == 4


def test_a_role_that_row_security_touches_is_refused_instead_of_an_empty_archive(
    portal: Portal, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the backup role is there but does not pass row security."""
    name = f"{PREFIX}modest"
    with portal.cluster.connect(portal.database) as base:
        base.execute(f"create role {name} login noinherit in role {PREFIX}owner".encode())
        monkeypatch.setitem(
            portal.app.config,
            "BACKUP_DATABASE_URI",
            portal.cluster.url(portal.database, name).render_as_string(hide_password=False),
        )
        try:
            refused = run(portal, backup, data / "b")
            base.execute(f"grant {PREFIX}backup to {name}".encode())
            base.execute(f"alter role {PREFIX}backup nobypassrls".encode())
            again = run(portal, backup, data / "b")
            base.execute(f"alter role {PREFIX}backup bypassrls".encode())
            allowed = run(portal, backup, data / "b")
        finally:
            base.execute(f"alter role {PREFIX}backup bypassrls".encode())
            base.execute(f"drop role {name}".encode())
    for answer in (refused, again):
        assert answer.exit_code == 1
        assert "BYPASSRLS" in answer.output
    assert allowed.exit_code == 0, allowed.output
    rows = manifest_of(next((data / "b").iterdir()))["contents"]["tables"]["organisation"]["rows"]
    assert rows > 10


def test_a_database_without_tables_and_one_that_is_away_are_refused_in_words(
    portal: Portal, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = f"{DATABASE}_empty"
    portal.cluster.create(empty)
    for address, sentence in (
        (portal.cluster.url(empty), "База данных пуста"),
        (portal.cluster.url("portal_is_not_here"), "База данных недоступна"),
    ):
        told = address.render_as_string(hide_password=False)
        monkeypatch.setitem(portal.app.config, "ADMIN_DATABASE_URI", told)
        done = run(portal, backup, data / "b")
        assert done.exit_code == 1
        assert sentence in done.output
    portal.cluster.drop(empty)
    assert not list((data / "b").iterdir())


def test_damaged_content_of_a_file_is_said_when_the_archive_is_made(
    portal: Portal, data: Path
) -> None:
    name = put_blob(data, b"as it was")
    (data / "files" / name[:2] / name).write_bytes(b"as it is now")
    done = run(portal, backup, data / "b")
    assert done.exit_code == 1
    assert name in done.output


def test_the_password_is_not_on_the_command_line(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody on the machine may read the command lines of all."""
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@" "($PGPASSWORD)"\n')
    program.chmod(0o755)
    said = pgtools.run(program, "host=h user=u password=only-here dbname=d")
    assert "user=u" in said
    assert said.count("only-here") == 1
    assert "(only-here)" in said


def test_programs_older_than_the_server_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in (14, 16, 17):
        folder = tmp_path / str(version)
        folder.mkdir()
        for name in ("pg_dump", "pg_restore"):
            (folder / name).write_text(f'#!/bin/sh\necho "pg_dump (PostgreSQL) {version}.4"\n')
            (folder / name).chmod(0o755)
    monkeypatch.setattr(
        pgtools, "_folders", lambda: iter([tmp_path / "17", tmp_path / "14", tmp_path / "16"])
    )
    assert pgtools.programs(15) == (tmp_path / "16", 16)
    with pytest.raises(Exception, match="postgresql-client-18"):
        pgtools.programs(18)


def test_the_found_programs_are_real() -> None:
    folder, version = pgtools.programs(15)
    said = subprocess.run(
        [folder / "pg_restore", "--version"], check=True, capture_output=True, text=True
    )
    assert f"(PostgreSQL) {version}" in said.stdout

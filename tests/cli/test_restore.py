"""Archives come back whole, or say what is wrong with them; the drill touches nothing."""

from __future__ import annotations

import hashlib
import json
import stat
from typing import TYPE_CHECKING

import psycopg
import pytest

from app.cli import pgtools
from app.cli.backup import backup
from app.cli.restore import restore, restore_drill
from app.kernel import sealing
from app.kernel.blobs import Blobs
from app.kernel.sealing import cipher_of
from app.security.database import libpq_address
from config import new_key
from tests.cli.archives import changed, manifest_of, run
from tests.conftest import _forget_connections
from tests.database import PREFIX

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Portal

LIST = "/registry/organisation/"


def test_a_sound_archive_passes_the_drill_and_the_running_portal_is_not_touched(
    portal: Portal, made: Path
) -> None:
    with portal.cluster.connect(portal.database) as base:
        before = base.execute("select count(*), max(xmin::text::bigint) from activity").fetchone()
        done = run(portal, restore_drill, made)
        after = base.execute("select count(*), max(xmin::text::bigint) from activity").fetchone()
    assert done.exit_code == 0, done.output
    assert "Архив годится" in done.output
    assert "organisation_bank_account" in done.output
    assert "РАЗЛИЧИЕ" not in done.output
    assert before == after


def test_the_drill_finds_what_differs_from_the_manifest(
    portal: Portal, made: Path, tmp_path: Path
) -> None:
    def change(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        told = json.loads(content)
        inside = told["contents"]
        inside["tables"]["organisation"]["rows"] += 1
        inside["tables"]["municipality"]["content"] = "0" * 64
        inside["heads"]["activity"][1] = "0" * 64
        inside["sequences"]["organisation_id_seq"] += 1000
        return json.dumps(told).encode()

    done = run(portal, restore_drill, changed(made, tmp_path / "c.tar", change))
    assert done.exit_code == 1
    lines = [line for line in done.output.splitlines() if "РАЗЛИЧИЕ" in line]
    wanted = ("municipality", "organisation  ", "конец журнала activity", "счётчики")
    assert len(lines) == len(wanted)
    for line, start in zip(lines, wanted, strict=True):
        assert line.startswith(start)
    assert "различий 4" in done.output


def test_the_drill_finds_a_dump_of_which_a_row_was_changed(
    fresh_portal: Portal, made: Path, tmp_path: Path
) -> None:
    """Whoever changes the dump can repair its check sum; the rows still are not those promised."""
    with fresh_portal.cluster.connect(fresh_portal.database) as base:
        base.execute("alter table organisation disable trigger user")
        base.execute(
            "update organisation set inn = '7707083893' where id = (select min(id) from"
            " organisation)"
        )
        base.execute("alter table organisation enable trigger user")
    with fresh_portal.cluster.connect(fresh_portal.database) as base:
        folder, _ = pgtools.programs(pgtools.major(base.info.server_version))
    address = libpq_address(fresh_portal.app.config["ADMIN_DATABASE_URI"])
    forged = tmp_path / "forged.dump"
    pgtools.run(folder / "pg_dump", address, "--format=custom", f"--file={forged}")
    content = forged.read_bytes()

    def change(name: str, old: bytes) -> bytes:
        if name == "database.dump":
            return content
        if name != "manifest.json":
            return old
        told = json.loads(old)
        told["dump"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        return json.dumps(told).encode()

    done = run(fresh_portal, restore_drill, changed(made, tmp_path / "f.tar", change))
    assert done.exit_code == 1
    assert "другое содержимое" in done.output
    careless = changed(made, tmp_path / "d.tar", lambda n, o: content if "dump" in n else o)
    done = run(fresh_portal, restore_drill, careless)
    assert done.exit_code == 1
    assert "контрольная сумма" in done.output


def test_the_drill_finds_a_missing_and_a_damaged_file(
    portal: Portal, made: Path, tmp_path: Path
) -> None:
    gone = changed(made, tmp_path / "g.tar", lambda n, o: None if n.startswith("files/") else o)
    other = changed(made, tmp_path / "o.tar", lambda n, o: b"x" if n.startswith("files/") else o)
    name = next(iter(manifest_of(made)["blobs"]))
    for path in (gone, other):
        done = run(portal, restore_drill, path)
        assert done.exit_code == 1
        assert f"файл {name}" in done.output


def test_other_keys_are_told_before_anything_is_written(
    portal: Portal, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = cipher_of(f"k1={new_key()} index={new_key()}")
    monkeypatch.setattr(sealing, "_ciphers", [others])
    for command in (restore_drill, restore):
        done = run(portal, command, made)
        assert done.exit_code == 1
        assert "не открываются этими ключами" in done.output


def test_what_is_no_archive_is_refused_in_words(portal: Portal, made: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.tar"
    torn.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    text = tmp_path / "text.tar"
    text.write_text("nothing of the kind")
    newer = changed(
        made,
        tmp_path / "newer.tar",
        lambda n, o: o.replace(b'"head": "0', b'"head": "9') if n == "manifest.json" else o,
    )
    for path, sentence in ((torn, "не до конца"), (text, "не архив"), (newer, "другой версией")):
        for command in (restore_drill, restore):
            done = run(portal, command, path)
            assert done.exit_code == 1
            assert sentence in done.output


def test_a_database_that_is_not_empty_is_not_restored_into(portal: Portal, made: Path) -> None:
    done = run(portal, restore, made)
    assert done.exit_code == 1
    assert "не пуста" in done.output


def test_roles_of_another_prefix_are_refused_with_what_to_set(
    portal: Portal, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(portal.app.config, "DB_ROLE_PREFIX", "another_")
    done = run(portal, restore, made)
    assert done.exit_code == 1
    assert f"PORTAL_ROLE_PREFIX={PREFIX}" in done.output


def line_of_the_feed(portal: Portal) -> object:
    with portal.cluster.connect(portal.database) as base:
        return base.execute("select line from feed").fetchone()


def test_an_archive_of_another_login_is_restored(
    portal: Portal, made: Path, tmp_path: Path, data: Path
) -> None:
    """Where it was made somebody else signed in for the portal, whom nobody here knows."""
    other = f"{PREFIX}elsewhere"
    with portal.cluster.connect(portal.database) as base:
        base.execute(f"create role {other} login".encode())
        base.execute(f"grant execute on function portal_access to {other}".encode())
    try:
        assert run(portal, backup, tmp_path / "theirs").exit_code == 0
    finally:
        with portal.cluster.connect(portal.database) as base:
            base.execute(f"drop owned by {other}".encode())
            base.execute(f"drop role {other}".encode())
    archive = next((tmp_path / "theirs").iterdir())
    assert run(portal, restore_drill, archive).exit_code == 0
    _forget_connections(portal.app)
    portal.cluster.create(portal.database)
    done = run(portal, restore, archive)
    assert done.exit_code == 0, done.output
    with portal.cluster.connect(portal.database) as base:
        query = "select has_function_privilege(%s, 'portal_access'::regproc, 'execute')"
        may = {
            name: base.execute(query, (f"{PREFIX}{name}",)).fetchone()
            for name in ("login", "auth", "system", "org", "region")
        }
    assert may == dict.fromkeys(("login", "auth", "system"), (True,)) | dict.fromkeys(
        ("org", "region"), (False,)
    )
    assert portal.client_as("clerk").get(LIST).status_code == 200, "signing in is written down"


def test_a_restored_portal_works_and_keeps_its_borders(
    fresh_portal: Portal, made: Path, data: Path
) -> None:
    before = fresh_portal.client_as("clerk")
    assert before.get(LIST).status_code == 200
    place = line_of_the_feed(fresh_portal)
    _forget_connections(fresh_portal.app)
    fresh_portal.cluster.create(fresh_portal.database)
    done = run(fresh_portal, restore, made)
    assert done.exit_code == 0, done.output
    assert before.get(LIST).status_code == 302, "sessions of before are over"
    assert line_of_the_feed(fresh_portal) != place, "programs have to read anew"
    client = fresh_portal.client_as("clerk")
    assert "школа" in client.get(LIST).text
    login = fresh_portal.cluster.url(fresh_portal.database, f"{PREFIX}login")
    with psycopg.connect(libpq_address(login.render_as_string(hide_password=False))) as bare:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            bare.execute("select * from organisation")
        bare.rollback()
        bare.execute(f"set role {PREFIX}org".encode())
        query = "select count(*) from organisation_bank_account"
        assert bare.execute(query).fetchone() == (0,)
    name = next(iter(manifest_of(made)["blobs"]))
    store = Blobs(data / "files")
    stored = store.path(name)
    assert b"licence" not in stored.read_bytes()
    with store.open(name) as content:
        assert content.read() == b"a licence, scanned"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in list(stored.parents)[:2]} == {0o700}

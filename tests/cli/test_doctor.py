"""The doctor: finds each fault that is planted, and an open door keeps the portal from starting."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.cli.check_settings import serves_others, settings_checks
from app.cli.doctor import doctor, refuse_unsafe
from tests.cli.examining import examined
from tools.embedded import free_port

if TYPE_CHECKING:
    from tests.conftest import Portal

ROOT = Path(__file__).resolve().parents[2]


def test_an_installation_in_good_order_has_nothing_to_mend(
    portal: Portal, settings: Any, base: Any
) -> None:
    base.execute("update ab_user set active = false where email like '%@example.com'")
    base.execute("insert into procrastinate_workers default values")
    done = portal.app.test_cli_runner().invoke(doctor, ["--strict"])
    base.execute("update ab_user set active = true")
    base.execute("delete from procrastinate_workers")
    assert done.exit_code == 0, done.output
    assert "ошибок 0, замечаний 0" in done.output
    assert all(line.startswith(("в порядке", "Проверок")) for line in done.output.splitlines())


@pytest.mark.parametrize(
    ("name", "value", "check", "fatal"),
    [
        ("SECRET_KEY", "short", "ключ подписи", True),
        ("SECRET_KEY", "a" * 64, "ключ подписи", True),
        ("DEBUG", True, "отладка", True),
        ("SESSION_COOKIE_SECURE", False, "куки входа", True),
        ("SECOND_STEP", False, "второй шаг входа", True),
        ("LISTEN", "0.0.0.0", "обратный прокси", False),  # noqa: S104 - that is the fault
        ("SMTP_URL", "mail.example.ru:25", "почта", False),
        ("MAIL_FROM", "portal", "почта", False),
    ],
)
def test_a_setting_that_opens_the_door_is_found(
    settings: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, check: str, fatal: Any
) -> None:
    assert {finding.state for finding in settings_checks(settings)} == {"ok"}
    monkeypatch.setitem(settings, name, value)
    found = {finding.check: finding for finding in settings_checks(settings)}
    assert found[check].state == "failed"
    assert found[check].fatal is fatal
    assert found[check].advice


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("HOSTS", [], "имя портала"),
        ("TRUSTED_PROXIES", 0, "обратный прокси"),
        ("SMTP_URL", "", "почта"),
    ],
)
def test_a_doubtful_setting_is_a_remark_and_an_error_only_when_asked_strictly(
    portal: Portal,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: Any,
    check: str,
) -> None:
    monkeypatch.setitem(settings, name, value)
    assert examined(portal)[check]["state"] == "warning"


def test_the_check_leaves_no_trace(portal: Portal, settings: Any, base: Any) -> None:
    query = "select count(*), (select count(*) from pg_namespace) from pg_class"
    before = base.execute(query).fetchone()
    examined(portal)
    assert base.execute(query).fetchone() == before


def test_demo_accounts_are_found_where_others_are_served(portal: Portal, settings: Any) -> None:
    assert examined(portal)["демонстрационные учётные записи"]["state"] == "failed"


def test_a_worker_that_is_away_is_found(portal: Portal, settings: Any) -> None:
    assert examined(portal)["фоновые задания"]["state"] == "failed"


def test_folders_open_to_others_are_found(portal: Portal, settings: Any) -> None:
    data = Path(settings["PORTAL_DATA"])
    data.chmod(0o755)
    assert examined(portal)["каталог данных"]["state"] == "failed"
    data.chmod(0o711)
    assert examined(portal)["каталог данных"]["state"] == "ok", "the server's account passes"
    (data / "secret-key").write_text("key")
    (data / "secret-key").chmod(0o644)
    assert examined(portal)["каталог данных"]["state"] == "failed"


def test_an_old_backup_and_none_at_all_are_found(portal: Portal, settings: Any) -> None:
    path = next(Path(settings["BACKUP_FOLDER"]).iterdir())
    for hours, state in ((1, "ok"), (30, "warning"), (24 * 8, "failed")):
        os.utime(path, (time.time() - hours * 3600,) * 2)
        assert examined(portal)["резервная копия"]["state"] == state
    path.unlink()
    assert examined(portal)["резервная копия"]["state"] == "failed"


def test_an_interface_that_was_not_built_is_found(
    portal: Portal, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal.app, "static_folder", str(tmp_path))
    assert examined(portal)["интерфейс"]["state"] == "failed"


def test_a_database_that_is_away_is_one_finding(
    portal: Portal, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = portal.cluster.url("not_here").render_as_string(hide_password=False)
    for name in ("SQLALCHEMY_DATABASE_URI", "ADMIN_DATABASE_URI", "OWNER_DATABASE_URI"):
        monkeypatch.setitem(settings, name, away)
    found = examined(portal)
    assert found["база данных"]["state"] == "failed"
    assert found["таблицы и права"]["state"] == "warning"
    refuse_unsafe(portal.app)  # it may come back: no reason not to start


@pytest.mark.parametrize(
    ("changes", "others"),
    [
        ({"LISTEN": "127.0.0.1", "TRUSTED_PROXIES": 0, "HOSTS": []}, False),
        ({"LISTEN": "0.0.0.0", "TRUSTED_PROXIES": 0, "HOSTS": []}, True),  # noqa: S104 - compared
        ({"LISTEN": "127.0.0.1", "TRUSTED_PROXIES": 1, "HOSTS": []}, True),
        ({"LISTEN": "127.0.0.1", "TRUSTED_PROXIES": 0, "HOSTS": ["p.ru"]}, True),
        ({"LISTEN": "0.0.0.0", "DEMO_ON_EMBEDDED": True}, False),  # noqa: S104 - compared
    ],
)
def test_who_is_served_follows_from_address_proxies_and_names(
    settings: Any, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], others: Any
) -> None:
    for name, value in changes.items():
        monkeypatch.setitem(settings, name, value)
    assert serves_others(settings) is others


def test_a_portal_for_others_with_an_open_door_does_not_start(
    portal: Portal, settings: Any, base: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_unsafe(portal.app)
    base.execute("alter table organisation no force row level security")
    with pytest.raises(SystemExit, match="границы строк"):
        refuse_unsafe(portal.app)
    base.execute("alter table organisation force row level security")
    monkeypatch.setitem(settings, name := "SESSION_COOKIE_SECURE", not settings[name])
    with pytest.raises(SystemExit, match="PORTAL_INSECURE_COOKIE"):
        refuse_unsafe(portal.app)


def test_the_web_server_itself_refuses_and_says_why(tmp_path: Path) -> None:
    """The real program, behind a proxy as it were, with a short key."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("gunicorn")), "-c", "gunicorn.conf.py"],
        cwd=ROOT,
        env={
            **os.environ,
            "PORTAL_DATA": str(tmp_path),
            "PORTAL_DEMO": "none",
            "PORTAL_PORT": str(free_port()),
            "PORTAL_TRUSTED_PROXIES": "1",
            "SECRET_KEY": "short",
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode != 0
    assert "так его нельзя открывать людям" in done.stderr
    assert "SECRET_KEY" in done.stderr
    assert "PORTAL_INSECURE_COOKIE" in done.stderr

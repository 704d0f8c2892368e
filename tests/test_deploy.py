"""The files for a server of one's own: programs that read them accept them."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("portal-*.*") if path.suffix != ".env")
SERVICES = [name for name in UNITS if name.endswith(".service")]


def unit(name: str) -> configparser.ConfigParser:
    """Keys that are written several times keep the last value: enough to look at."""
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign] # the library's own way
    found.read(DEPLOY / name)
    return found


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_read_by_systemd(name: str, tmp_path: Path) -> None:
    """Its programs are looked for in this checkout instead of the place on the server."""
    assert unit(name)["Unit"]["Description"]
    for other in UNITS:
        text = (DEPLOY / other).read_text().replace("/srv/portal/current", str(ROOT))
        (tmp_path / other).write_text(text)
    program = shutil.which("systemd-analyze")
    if program:
        done = subprocess.run(
            [program, "verify", "--man=no", "--recursive-errors=no", str(tmp_path / name)],
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_as_an_ordinary_user_who_may_write_only_its_own_data(name: str) -> None:
    service = unit(name)["Service"]
    assert service["User"] == "portal"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["UMask"] == "0077"
    assert set(service["ReadWritePaths"].split()) <= {"/var/lib/portal", "/var/backups/portal"}


def test_only_the_backup_knows_the_owner_of_the_tables() -> None:
    knowing = [name for name in SERVICES if "portal-admin.env" in (DEPLOY / name).read_text()]
    assert knowing == ["portal-backup.service"]
    assert "DATABASE_OWNER_URL" not in (DEPLOY / "portal.env").read_text()


@pytest.mark.parametrize("name", ["portal.env", "portal-admin.env"])
def test_every_variable_is_known_to_the_portal_and_holds_no_secret(name: str) -> None:
    text = (DEPLOY / name).read_text()
    known = "".join((ROOT / path).read_text() for path in ("config.py", "gunicorn.conf.py"))
    for variable, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE):
        assert variable == "FLASK_APP" or re.search(f"[\"']{variable}[\"']", known)
        assert "@" not in value or ":PASSWORD@" in value


def test_nginx_reads_its_configuration(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    assert text.count("{") == text.count("}")
    logged = re.findall(r"log_format[^;]+;", text)
    assert len(logged) == 1
    assert not re.search(r"\$(request\b|request_uri|args|query|http_referer)", logged[0])
    assert "X-Forwarded-For $remote_addr" in text, "what the browser claims is not handed on"
    program, openssl = shutil.which("nginx"), shutil.which("openssl")
    if not (program and openssl):
        return
    request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=portal.example.ru -keyout"
    keys = [str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run([openssl, *request.split(), *keys], check=True, capture_output=True)
    text = text.replace("/etc/ssl/portal", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    text = re.sub(r"listen (\[::\]:)?(80|443)", r"listen \g<1>2\g<2>80", text)
    (tmp_path / "portal.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/log; events {{}}\n"
        f"http {{ access_log off; include {tmp_path}/portal.conf; }}"
    )
    command = [program, "-t", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

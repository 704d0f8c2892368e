"""One further item is one line plus the generated migration: done here to a copy of the portal."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.database import PREFIX

if TYPE_CHECKING:
    from tests.conftest import Portal

ROOT = Path(__file__).resolve().parents[2]
LINE = """
    hotline: Mapped[str | None] = item(
        "3.02", PHONE, "Горячая линия", section="contact", policy=Policy.DIRECT, listed=True,
        filtered=True,
    )
"""
ASK = """
import io, re, sys
from app import create_app
from app.kernel.catalogue import field_map, record_named
from app.kernel.completeness import demanded
from python_calamine import CalamineWorkbook

app = create_app()
client = app.test_client()
page = client.get("/login/")
token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]
client.post("/login/", data={"csrf_token": token, "username": "clerk", "password": sys.argv[1]})
home = client.get("/").text
own = re.search(r'href="(/registry/organisation/[0-9]+)"', home)[1]
listed = client.get("/registry/organisation/").text
form = client.get(own + "/edit").text
version = re.search(r'name="version"[^>]*value="([0-9]+)"', form)[1]
saved = client.post(own + "/edit", data={
    "csrf_token": token, "version": version, "hotline": "8 (4812) 20-00-00"})
card = client.get(own).text
excel = client.get("/registry/organisation/export/xlsx").data
book = CalamineWorkbook.from_filelike(io.BytesIO(excel))
header = book.get_sheet_by_index(0).to_python()[0]
field = field_map(record_named("organisation"))["hotline"]
print("column", "hotline" in record_named("organisation").__table__.c)
print("list", "Горячая линия" in listed)
print("filter", 'name="hotline__eq"' in listed)
print("input", 'name="hotline"' in form)
print("permission", saved.status_code == 303)
print("card", "20-00-00" in card)
print("excel", "Горячая линия" in header)
print("completeness", field in demanded([field]))
print("label", field.label == "Горячая линия" and field.item.code == "3.02")
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("app", "migrations", "translations"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "config.py", tmp_path)
    return tmp_path


def run(copy: Path, portal: Portal, *words: str) -> str:
    """What a Python command says that runs in the copy on the database of the portal."""
    settings = portal.app.config
    environment = {
        **os.environ,
        "DATABASE_URL": settings["SQLALCHEMY_DATABASE_URI"],
        "DATABASE_OWNER_URL": settings["ADMIN_DATABASE_URI"],
        "PORTAL_ROLE_PREFIX": PREFIX,
        "FLASK_APP": "app",
        "PYTHONPATH": str(copy),
    }
    done = subprocess.run(
        [sys.executable, *words],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_one_line_brings_column_form_list_filter_excel_permission_completeness_and_label(
    fresh_portal: Portal, copy: Path
) -> None:
    models = copy / "app/models/registry.py"
    text = models.read_text()
    anchor = "    email: Mapped[str | None] = item("
    assert text.count(anchor) == 1
    models.write_text(text.replace(anchor, LINE.lstrip("\n") + anchor))

    run_here = partial(run, copy, fresh_portal)
    run_here("-m", "flask", "db", "revision", "--autogenerate", "--rev-id", "9999_registry_hotline")
    migration = (copy / "migrations/versions/9999_registry_hotline.py").read_text()
    upgrade = migration.split("def upgrade")[1].split("def downgrade")[0]
    steps = re.findall(r"op\.(\w+)\(", upgrade)
    assert steps == ["add_column", "allow_direct"], upgrade
    run_here("-m", "flask", "db", "upgrade")
    run_here("-m", "flask", "portal", "sync-roles")
    said = run_here("-c", ASK, os.environ["PORTAL_DEMO_PASSWORD"])
    answers = dict(line.split() for line in said.splitlines())
    assert answers == dict.fromkeys(
        (
            "column",
            "list",
            "filter",
            "input",
            "permission",
            "card",
            "excel",
            "completeness",
            "label",
        ),
        "True",
    )

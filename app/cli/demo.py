"""`flask portal demo`: a small made-up region to try the portal on, and one login per role."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine, select, text

from app.extensions import db
from app.models.registry import Organisation
from app.security.passwords import hash_password
from app.security.roles import ROLES, RoleCode
from app.security.scopes import bind_scope, system_scope
from app.services.demo import SOURCE, build_region

if TYPE_CHECKING:
    from sqlalchemy import Connection

PEOPLE = {
    "operator": ("Орлова", "Вера Павловна"),
    "department": ("Денисов", "Игорь Львович"),
    "municipal": ("Мельникова", "Ольга Ивановна"),
    "head": ("Громова", "Елена Сергеевна"),
    "clerk": ("Иванова", "Анна Петровна"),
    "clerk2": ("Козлова", "Нина Фёдоровна"),
    "class_teacher": ("Лебедева", "Мария Олеговна"),
    "subject_teacher": ("Соколов", "Пётр Андреевич"),
    "commission": ("Комарова", "Дарья Ильинична"),
    "applicant": ("Зайцев", "Михаил Юрьевич"),
    "employee": ("Семёнова", "Ирина Викторовна"),
}


@click.command("demo")
@with_appcontext
def demo() -> list[str]:
    """Завести демонстрационные организации и учётные записи; повторять можно."""
    session = db.session()
    bind_scope(session, system_scope("demo"))
    build_region(session)
    session.commit()
    organisations = session.execute(
        select(Organisation.source_id, Organisation.id, Organisation.municipality_id).where(
            Organisation.source == SOURCE
        )
    ).all()
    session.rollback()
    places = {row.source_id: (row.id, row.municipality_id) for row in organisations}
    password = _password()
    engine = create_engine(current_app.config["OWNER_DATABASE_URI"])
    with engine.begin() as connection:
        new = [login for login in PEOPLE if _account(connection, login, password, places)]
    engine.dispose()
    return _lines(password, new)


def _password() -> str:
    """The given password, or one made once and kept beside the data."""
    given = os.environ.get("PORTAL_DEMO_PASSWORD")
    if given:
        return given
    path = Path(current_app.config["PORTAL_DATA"]) / "demo-password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text().strip()


def _account(
    connection: Connection, login: str, password: str, places: dict[str, tuple[int, int | None]]
) -> bool:
    """Make the account and its capacity unless they are there; whether it was new."""
    if connection.scalar(text("select id from ab_user where username = :login"), {"login": login}):
        return False
    last, first = PEOPLE[login]
    user_id = connection.scalar(
        text(
            "insert into ab_user (first_name, last_name, username, email, active, password)"
            " values (:first, :last, :login, :email, true, :password) returning id"
        ),
        {
            "first": first,
            "last": last,
            "login": login,
            "email": f"{login}@example.com",
            "password": hash_password(password),
        },
    )
    # The head has a second capacity, so that the switch of capacities can be tried.
    roles = [RoleCode(login.rstrip("2")), *([RoleCode.EMPLOYEE] if login == "head" else [])]
    connection.execute(
        text(
            "insert into role_assignment (user_id, role, organisation_id, municipality_id, basis)"
            " values (:user_id, :role, :organisation, :municipality, 'Демонстрация')"
        ),
        [{"user_id": user_id, "role": role.value, **_scope(login, role, places)} for role in roles],
    )
    return True


def _scope(
    login: str, role: RoleCode, places: dict[str, tuple[int, int | None]]
) -> dict[str, int | None]:
    """What the capacity of a demo login is bound to."""
    if role is RoleCode.MUNICIPAL:
        authority, municipality = places["authority-1"]
        return {"organisation": authority, "municipality": municipality}
    if ROLES[role].scope in {"region", "person", "case"}:
        return {"organisation": None, "municipality": None}
    school = "school-2" if login.endswith("2") else "school-1"
    return {"organisation": places[school][0], "municipality": None}


def _lines(password: str, new: list[str]) -> list[str]:
    lines = ["Демонстрационные учётные записи (пароль у всех один):"]
    for login in PEOPLE:
        title = ROLES[RoleCode(login.rstrip("2"))].title
        lines.append(f"  {login:<16} {title}" + (" (другая школа)" if login == "clerk2" else ""))
    lines.append("Второй шаг входа (код из телефона) в демонстрации никому не обязателен.")
    lines.append(
        f"Пароль: {password}"
        if new or not os.environ.get("PORTAL_DEMO_PASSWORD")
        else f"Пароль: {password} (или прежний, если он менялся)"
    )
    return lines

"""`flask portal seed`: a made-up region of any size, to try and measure the portal at."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import click
import psycopg
from flask import current_app
from flask.cli import with_appcontext

from app.cli.check_settings import serves_others
from app.kernel.calendar import school_year_of
from app.kernel.clock import today
from app.security.database import DatabaseRole, libpq_address, role_name
from app.services.seeding.loading import load, tidy
from app.services.seeding.plan import schools
from app.services.seeding.pupils import FIRST_UID, LAST_UID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MOST = 3_000_000
# How many learners there are, and the last numbers given to schools and learners, which come back
# no more: some of those may have been deleted for good or merged since.
_THERE = """
select (select count(*) from student s join organisation o on o.id = s.organisation_id
        where o.source = 'seed'),
    (select coalesce(max(substr(source_id, 8)::int), 0) from organisation
     where source = 'seed' and source_id ~ '^school-[0-9]{1,9}$'),
    coalesce((select (('x' || right(uid::text, 12))::bit(48)::bigint) / 2 from student
              where uid between %s and %s order by uid desc limit 1), 0)
"""
_REAL = """
select count(*) from organisation
where coalesce(source, '') not in ('demo', 'seed', 'bench') and deleted_at is null
"""


@click.command("seed")
@click.option(
    "--pupils", type=click.IntRange(1, MOST), required=True, help="Сколько должно быть обучающихся."
)
@click.option("--seed", "number", type=int, default=1, help="Другое число — другие люди (1).")
@click.option(
    "--beside-real-data", is_flag=True, help="Загрузить, хотя в базе есть настоящие организации."
)
@with_appcontext
def seed(*, pupils: int, number: int, beside_real_data: bool) -> None:
    """Завести выдуманный регион: школы, классы, обучающихся, родителей.

    Одно и то же число обучающихся и то же --seed дают одних и тех же людей. Недостающие
    добавляются: после 1 000 можно попросить 10 000. Пока строки загружаются, портал ждёт.
    """
    settings = current_app.config
    if _in_earnest(settings):
        raise click.ClickException(
            "Это рабочий портал: выдуманных людей здесь не заводят. Нужен стенд — запустите"
            " make run, или для своего сервера базы данных укажите PORTAL_DEMO=small."
        )
    owner = role_name(DatabaseRole.OWNER, settings["DB_ROLE_PREFIX"])
    address = libpq_address(settings["ADMIN_DATABASE_URI"], owner)
    there, *last = _there(address, beside_real_data=beside_real_data)
    missing = pupils - there
    if missing <= 0:
        click.echo(f"Обучающихся уже {there}: добавлять нечего.")
        return
    began = time.monotonic()
    year = school_year_of(today()).start.year
    made = schools(missing, (last[0], last[1]), number, year)

    def say(line: str) -> None:
        click.echo(f"{time.monotonic() - began:5.0f} с  {line}")

    click.echo(f"Добавляются: обучающихся {missing}, школ {len(made)}")
    try:
        load(address, settings["SEALING_KEYS"], made, say)
    except psycopg.Error as refusal:
        raise click.ClickException(
            f"Загрузить не удалось, база осталась как была: {_said(refusal)}"
        ) from refusal
    say("Статистика таблиц…")
    tidy(address)
    click.echo(f"Готово за {time.monotonic() - began:.0f} с: обучающихся {pupils}.")


def _in_earnest(settings: Mapping[str, Any]) -> bool:
    """Whether people work here, or the database is another's and nobody called it a trial."""
    own = "DATABASE_URL" not in os.environ
    trial = settings["PORTAL_DEMO"] not in {"", "none"}
    return serves_others(settings) or not (own or trial)


def _said(refusal: psycopg.Error) -> str:
    """What the server says, without the row that it names: one beside ours may be a person's."""
    return refusal.diag.message_primary or str(refusal).partition("\n")[0]


def _there(address: str, *, beside_real_data: bool) -> tuple[int, int, int]:
    """Learners made before, last number of a school, of a learner. Refuses beside real data."""
    with psycopg.connect(address) as connection:
        real = connection.execute(_REAL).fetchone()
        found = connection.execute(_THERE, (FIRST_UID, LAST_UID)).fetchone()
    if real and real[0] and not beside_real_data:
        raise click.ClickException(
            f"В базе есть организации, которых не заводила демонстрация: {real[0]}. Выдуманные"
            " люди смешались бы с настоящими. Начните с чистой базы, а если это стенд и так и"
            " нужно, повторите с --beside-real-data."
        )
    assert found  # noqa: S101 - one row without a table
    return found[0], found[1], found[2]

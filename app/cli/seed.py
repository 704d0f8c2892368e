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
from app.services.seeding.loading import load
from app.services.seeding.plan import schools

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MOST = 3_000_000
_THERE = """
select count(*), (select count(*) from student s join organisation o on o.id = s.organisation_id
                  where o.source = 'seed')
from organisation where source = 'seed'
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
    there = _there(address, beside_real_data=beside_real_data)
    missing = pupils - there[1]
    if missing <= 0:
        click.echo(f"Обучающихся уже {there[1]}: добавлять нечего.")
        return
    began = time.monotonic()
    year = school_year_of(today()).start.year
    made = schools(missing, there, number, year)

    def say(line: str) -> None:
        click.echo(f"{time.monotonic() - began:5.0f} с  {line}")

    click.echo(f"Добавляются: обучающихся {missing}, школ {len(made)}")
    load(address, settings["SEALING_KEYS"], made, say)
    click.echo(f"Готово за {time.monotonic() - began:.0f} с: обучающихся {pupils}.")


def _in_earnest(settings: Mapping[str, Any]) -> bool:
    """Whether people work here, or the database is another's and nobody called it a trial."""
    own = "DATABASE_URL" not in os.environ
    trial = settings["PORTAL_DEMO"] not in {"", "none"}
    return serves_others(settings) or not (own or trial)


def _there(address: str, *, beside_real_data: bool) -> tuple[int, int]:
    """Schools and learners made before. Raises ``ClickException`` beside real organisations."""
    with psycopg.connect(address) as connection:
        real = connection.execute(_REAL).fetchone()
        found = connection.execute(_THERE).fetchone()
    if real and real[0] and not beside_real_data:
        raise click.ClickException(
            f"В базе есть организации, которых не заводила демонстрация: {real[0]}. Выдуманные"
            " люди смешались бы с настоящими. Начните с чистой базы, а если это стенд и так и"
            " нужно, повторите с --beside-real-data."
        )
    return tuple(found) if found else (0, 0)

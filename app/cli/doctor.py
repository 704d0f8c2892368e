"""`flask portal doctor`: is this installation fit for real data? And the refusal to start it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.check_database import database_checks
from app.cli.check_machine import machine_checks
from app.cli.check_rights import rights_checks
from app.cli.check_settings import serves_others, settings_checks
from app.cli.finding import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from app.cli.finding import Finding


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Для программ: одна запись на проверку.")
@click.option("--strict", is_flag=True, help="Код 1 и тогда, когда есть только замечания.")
@with_appcontext
def doctor(*, as_json: bool, strict: bool) -> None:
    """Проверить, годится ли установка для настоящих данных; код 1, если нет."""
    findings = list(examine())
    count = Counter(finding.state for finding in findings)
    if as_json:
        told = [finding.as_json() for finding in findings]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(finding.line())
        click.echo(
            f"Проверок {len(findings)}: ошибок {count[State.FAILED]},"
            f" замечаний {count[State.WARNING]}."
        )
    if count[State.FAILED] or (strict and count[State.WARNING]):
        raise click.exceptions.Exit(1)


def examine() -> Iterator[Finding]:
    """All findings about the present installation."""
    settings = current_app.config
    yield from settings_checks(settings)
    yield from database_checks(settings)
    yield from rights_checks(settings)
    yield from machine_checks(settings)


def refuse_unsafe(app: Flask) -> None:
    """Do not serve others with an open door; a database that is away for now does not count.

    Raises:
        SystemExit: with what is wrong and what to do.
    """
    if not serves_others(app.config):
        return
    with app.app_context():
        found = [*settings_checks(app.config), *database_checks(app.config)]
    if fatal := [finding.line() for finding in found if finding.fatal]:
        raise SystemExit("Портал не запущен: так его нельзя открывать людям.\n" + "\n".join(fatal))

"""`flask portal load-classifiers`: classifiers, places, school years, subjects, terms of seeds."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.extensions import db
from app.kernel import choices
from app.kernel.clock import today
from app.security.scopes import bind_scope, system_scope
from app.services.reference import load_classifiers as load
from app.services.reference import load_places_and_years, load_school
from app.services.terms import load_terms

SEEDS = choices.CLASSIFIERS.parent


@click.command("load-classifiers")
@with_appcontext
def load_classifiers() -> None:
    """Загрузить классификаторы, муниципалитеты, учебные годы, предметы, сроки; повторять можно."""
    session = db.session()
    bind_scope(session, system_scope("cli"))
    written = load(session)
    written += load_places_and_years(
        session, SEEDS / "municipalities.yaml", SEEDS / "school_years.yaml", today()
    )
    written += load_school(session, SEEDS / "subjects.yaml", SEEDS / "weekly_loads.yaml")
    written += load_terms(session, today())
    session.commit()
    click.echo(f"Классификаторы готовы, изменено строк: {written}.")

"""Load classifiers, places, school years, subjects and loads: only what differs is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.kernel.calendar import school_year_of
from app.kernel.choices import load_rows, load_seed
from app.models.reference import ClassifierItem, ClassifierSeed, Municipality, SchoolYear
from app.models.reference_school import Subject, WeeklyLoad

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.kernel.choices import Classifier
    from app.kernel.record import Record


def load_classifiers(session: Session, classifiers: Iterable[Classifier] | None = None) -> int:
    """Bring the classifiers up to a seed; values that it no longer has are left to the operator.

    Gives the number of values added or changed. A classifier whose text did not change is skipped.
    """
    seeds = {seed.classifier: seed for seed in session.scalars(select(ClassifierSeed))}
    written = 0
    for classifier in load_seed() if classifiers is None else classifiers:
        seed = seeds.get(classifier.code)
        if seed is not None and seed.sha256 == classifier.sha256:
            continue
        written += _classifier(session, classifier)
        if seed is None:
            seed = ClassifierSeed(classifier=classifier.code)
            session.add(seed)
        seed.sha256 = classifier.sha256
    session.flush()
    return written


def _classifier(session: Session, classifier: Classifier) -> int:
    found = session.scalars(
        select(ClassifierItem).where(ClassifierItem.classifier == classifier.code)
    )
    present = {item.code: item for item in found}
    written = 0
    for choice in classifier.choices:
        values = {
            "name_ru": choice.name_ru,
            "name_en": choice.name_en,
            "name_short": choice.short,
            "sort": choice.sort,
            "parent_code": choice.parent,
            "extra": dict(choice.extra) or None,
        }
        row = present.get(choice.code)
        if row is None:
            row = ClassifierItem(classifier=classifier.code, code=choice.code)
            session.add(row)
        written += _differ(row, values)
    return written


def load_places_and_years(
    session: Session, municipalities: Path, years: Path, today: dt.date
) -> int:
    """Bring municipalities and school years up to their seeds; gives the number of rows written."""
    written = 0
    present = {row.oktmo: row for row in session.scalars(select(Municipality))}
    for line in load_rows(municipalities):
        place = present.get(line["oktmo"]) or Municipality(oktmo=line["oktmo"])
        session.add(place)
        written += _differ(place, {"name": line["name"], "kind": line["kind"]})
    current = school_year_of(today).code
    known = {row.code: row for row in session.scalars(select(SchoolYear))}
    for line in load_rows(years):
        year = known.get(line["code"]) or SchoolYear(code=line["code"])
        session.add(year)
        values = {"start_date": line["start"], "end_date": line["end"]}
        written += _differ(year, {**values, "is_current": line["code"] == current})
    session.flush()
    return written


def load_school(session: Session, subjects: Path, loads: Path) -> int:
    """Bring subjects and weekly loads up to their seeds; gives the number of rows written.

    A load that the operator has changed stays: the seed only adds what is missing.
    """
    written = 0
    present = {row.code: row for row in session.scalars(select(Subject))}
    for line in load_rows(subjects):
        subject = present.get(line["code"]) or Subject(code=line["code"])
        values = {"name": line["name"], "area": line["area"], "is_graded": line["graded"]}
        session.add(subject)
        written += _differ(subject, values)
    known = {(row.grade, row.week_days) for row in session.scalars(select(WeeklyLoad))}
    for line in load_rows(loads):
        if (line["grade"], line["week_days"]) not in known:
            session.add(WeeklyLoad(**line))
            written += 1
    session.flush()
    return written


def _differ(row: Record, values: dict[str, Any]) -> int:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)

"""Lists of the made-up schools: documents, programmes, curricula, calendars, places, admission."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.kernel.calendar import school_year_of
from app.kernel.clock import now, today
from app.models.reference import SchoolYear
from app.models.reference_school import Subject
from app.models.registry_admission import AssignedTerritory, OrganisationAdmissionInfo
from app.models.registry_agreements import OrganisationAgreement, OrganisationGoverningBody
from app.models.registry_calendars import AcademicCalendar, CalendarPeriod
from app.models.registry_curricula import Curriculum, CurriculumLine
from app.models.registry_documents import OrganisationDocument
from app.models.registry_founders import OrganisationFounder
from app.models.registry_grading import GradingSystem, MarkWeight
from app.models.registry_places import OrganisationVacancy
from app.models.registry_programs import EducationProgram
from app.models.registry_regime import OrganisationExpulsionRule, OrganisationStudyRegime

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.registry import Organisation

DOCUMENTS = (
    ("01", "Устав", None),
    ("02", "Коллективный договор", "3"),
    ("05", "Правила приёма на обучение", "41"),
    ("07", "Положение о текущем контроле и промежуточной аттестации", "42"),
    ("08", "Порядок перевода, отчисления и восстановления обучающихся", "43"),
    ("10", "Положение о педагогическом совете", "12"),
    ("16", "Приказ об утверждении учебных планов", "118"),
)
LEVELS = (
    ("02", "начального общего", 48, 4),
    ("03", "основного общего", 60, 5),
    ("04", "среднего общего", 24, 2),
)
# Lessons a week of grade 5: 27 of the compulsory part and 2 of the school's own choice.
GRADE_5 = (
    ("RUS", 5), ("LIT", 3), ("ENG", 3), ("MAT", 5), ("HIST", 3), ("GEO", 1), ("BIO", 1),
    ("ODNKNR", 1), ("IZO", 1), ("MUS", 1), ("TRUD", 2), ("PE", 2),
)  # fmt: skip
BELLS = '[["08:30", "09:10"], ["09:20", "10:00"], ["10:20", "11:00"], ["11:20", "12:00"]]'
WEIGHTS = (("ANSWER", "1"), ("HOMEWK", "1"), ("TEST", "1.5"), ("CONTROL", "2"))


def add_lists(session: Session, row: Organisation, number: int, town: str) -> None:
    """Fill the lists of a school; some schools leave some of them empty on purpose."""
    documents = _documents(session, row, number)
    _people(session, row, number, documents)
    year = session.scalars(
        select(SchoolYear).where(SchoolYear.code == school_year_of(today()).code)
    ).one()
    programs = _programs(session, row, year)
    _calendar(session, row, year)
    if number % 6 != 5:  # noqa: PLR2004 - gaps on purpose, as in ``demo``
        _curriculum(session, row, year, programs["03"], documents["16"])
        _grading(session, row, documents["07"])
    _places(session, row, year, programs, documents["05"])
    _regime(session, row, documents["08"])
    session.add(
        AssignedTerritory(
            organisation_id=row.id, locality=town, street="ул. Школьная",
            house_rule="1-41нч;2-18", valid_from=dt.date(2023, 3, 10),
        )
    )  # fmt: skip


def _documents(session: Session, row: Organisation, number: int) -> dict[str, OrganisationDocument]:
    adopted = dt.date(2022, 8, 26) + dt.timedelta(days=number)
    found = {
        kind: OrganisationDocument(
            organisation_id=row.id, doc_kind=kind, title=title, number=act,
            adopted_on=adopted, valid_from=adopted, is_published=True,
            published_url=f"{row.site_url}/sveden/document" if row.site_url else None,
        )
        for kind, title, act in DOCUMENTS
    }  # fmt: skip
    session.add_all(found.values())
    session.flush()
    return found


def _people(
    session: Session,
    row: Organisation,
    number: int,
    documents: dict[str, OrganisationDocument],
) -> None:
    place = row.full_name.rpartition("(")[2].rstrip(")")
    council = {"organisation_id": row.id, "valid_from": dt.date(2021, 9, 1)}
    session.add_all(
        (
            OrganisationFounder(
                organisation_id=row.id, founder_kind="2", authority_id=row.authority_id,
                founder_name=f"Администрация муниципального образования, {place}",
                valid_from=dt.date(2011, 1, 1),
            ),
            OrganisationGoverningBody(
                **council, body_kind="03", name="Педагогический совет",
                head_name=row.head_name, head_position=row.head_position,
                regulation_document_id=documents["10"].id,
            ),
            OrganisationGoverningBody(
                **council, body_kind="08", name="Совет родителей",
                head_name="Романова Ольга Дмитриевна", head_position="Председатель",
            ),
            OrganisationAgreement(
                organisation_id=row.id, number=f"{number}-С", signed_on=dt.date(2025, 9, 1),
                agreement_kind="03", partner_name="Центр дополнительного образования детей",
                subject="Совместная реализация дополнительных программ", auto_prolonged=True,
            ),
        )
    )  # fmt: skip


def _programs(session: Session, row: Organisation, year: SchoolYear) -> dict[str, EducationProgram]:
    found = {
        level: EducationProgram(
            organisation_id=row.id, level_code=level,
            name=f"Основная образовательная программа {words} образования",
            is_adapted=False, study_forms="1", duration_months=months, language_code="rus",
            uses_distance=False, is_network=False, is_accredited=True,
            approved_on=year.start_date - dt.timedelta(days=3), valid_from_year_id=year.id,
        )
        for level, words, months, _years in LEVELS
    }  # fmt: skip
    session.add_all(found.values())
    session.flush()
    return found


def _calendar(session: Session, row: Organisation, year: SchoolYear) -> None:
    """The recommended calendar of 2025/26 (domain.md 2.3), moved to the present year."""
    first = year.start_date.year
    calendar = AcademicCalendar(
        organisation_id=row.id, school_year_id=year.id, name="Календарный учебный график 1–11",
        period_system="Q", applies_grades="1-11", weeks_count=34,
        start_date=year.start_date, end_date=dt.date(first + 1, 5, 26),
        approved_on=year.start_date - dt.timedelta(days=3),
    )  # fmt: skip
    session.add(calendar)
    session.flush()
    periods = (
        ("Q", 1, (first, 9, 1), (first, 10, 24)),
        ("V", 1, (first, 10, 25), (first, 11, 2)),
        ("Q", 2, (first, 11, 3), (first, 12, 30)),
        ("V", 2, (first, 12, 31), (first + 1, 1, 11)),
        ("Q", 3, (first + 1, 1, 12), (first + 1, 3, 27)),
        ("V", 3, (first + 1, 3, 28), (first + 1, 4, 5)),
        ("Q", 4, (first + 1, 4, 6), (first + 1, 5, 26)),
        ("V", 4, (first + 1, 5, 27), (first + 1, 8, 31)),
    )
    session.add_all(
        CalendarPeriod(
            organisation_id=row.id, academic_calendar_id=calendar.id, period_kind=kind,
            ordinal=ordinal, start_date=dt.date(*begins), end_date=dt.date(*ends),
        )
        for kind, ordinal, begins, ends in periods
    )  # fmt: skip


def _curriculum(
    session: Session,
    row: Organisation,
    year: SchoolYear,
    program: EducationProgram,
    order: OrganisationDocument,
) -> None:
    plan = Curriculum(
        organisation_id=row.id, program_id=program.id, school_year_id=year.id, week_days=5,
        name="Учебный план основного общего образования, 5 класс", state="A",
        approved_on=year.start_date - dt.timedelta(days=3), approval_document_id=order.id,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    subjects = {one.code: one.id for one in session.scalars(select(Subject))}
    lines = [(code, "O", hours) for code, hours in GRADE_5]
    session.add_all(
        CurriculumLine(
            organisation_id=row.id, curriculum_id=plan.id, subject_id=subjects[code], grade=5,
            part_code=part, hours_week=Decimal(hours), hours_year=34 * hours,
            attestation_form="Годовая отметка",
        )
        for code, part, hours in (*lines, ("INF", "F", 1), ("TALK", "V", 1))
    )  # fmt: skip


def _grading(session: Session, row: Organisation, document: OrganisationDocument) -> None:
    common = {"organisation_id": row.id, "document_id": document.id, "min_marks_period": 3,
              "rounding_threshold": Decimal("0.60"), "valid_from": dt.date(2023, 9, 1)}  # fmt: skip
    system = GradingSystem(
        **common, name="Пятибалльная", scale_code="05", applies_grades="2-11", average_kind="W"
    )
    first = GradingSystem(
        **common, name="Безотметочная", scale_code="00", applies_grades="1", average_kind="A"
    )
    session.add_all((system, first))
    session.flush()
    session.add_all(
        MarkWeight(
            organisation_id=row.id, grading_system_id=system.id, work_kind=kind,
            weight=Decimal(weight),
        )
        for kind, weight in WEIGHTS
    )  # fmt: skip


def _places(
    session: Session,
    row: Organisation,
    year: SchoolYear,
    programs: dict[str, EducationProgram],
    rules: OrganisationDocument,
) -> None:
    for grade, level in ((1, "02"), (5, "03"), (10, "04")):
        session.add(
            OrganisationVacancy(
                organisation_id=row.id, school_year_id=year.id, program_id=programs[level].id,
                grade=grade, funding_code="3", capacity=50, occupied=39 + row.id % 12,
                reserved=0, as_of=now(),
            )
        )  # fmt: skip
    session.add(
        OrganisationAdmissionInfo(
            organisation_id=row.id, school_year_id=year.id, grade=1, planned_classes=2,
            planned_places=50, rules_document_id=rules.id, contact_text=row.phone,
            published_on=dt.date(year.start_date.year, 3, 20),
        )
    )  # fmt: skip


def _regime(session: Session, row: Organisation, order: OrganisationDocument) -> None:
    session.add_all(
        OrganisationStudyRegime(
            organisation_id=row.id, level_code=level, duration_years=Decimal(years), week_days=5,
            shifts=1, lesson_minutes=40, day_start=dt.time(8, 30), day_end=dt.time(15, 30),
            break_minutes="10;20;20", bell_schedule=BELLS, valid_from=dt.date(2023, 9, 1),
        )
        for level, _words, _months, years in LEVELS
    )  # fmt: skip
    session.add(
        OrganisationExpulsionRule(
            organisation_id=row.id, document_id=order.id, valid_from=dt.date(2022, 9, 1),
            summary="Отчисление — в связи с получением образования, по заявлению родителей "
            "(законных представителей), как мера взыскания с 15 лет.",
        )
    )  # fmt: skip

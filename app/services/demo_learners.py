"""Made-up learners of the made-up schools: plausible names, valid numbers, gaps on purpose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.kernel.calendar import school_year_of
from app.kernel.clock import today
from app.models.enrolment import FOREIGN, RUSSIAN, Student
from app.models.enrolment_achievements import (
    StudentAchievement,
    StudentAdditionalEducation,
    StudentExtracurricular,
    StudentHobby,
)
from app.models.enrolment_addresses import StudentAddress
from app.models.enrolment_diplomas import StudentEducationDocument, StudentEducationDocumentMark
from app.models.enrolment_documents import StudentIdentityDocument
from app.models.enrolment_family import Guardian, StudentFamilyStatus, StudentGuardian
from app.models.enrolment_guardians import GuardianIdentityDocument
from app.models.enrolment_names import StudentNameHistory
from app.models.enrolment_support import StudentDisability, StudentFoodBenefit, StudentOvz
from app.services.demo_classes import add_classes, draw_up, exchange, moved, teach

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.registry import Organisation

A_CLASS, A_FEW = 24, 4  # learners of the schools that the demo logins work in, and of the others
BOYS = ("Александр", "Максим", "Артём", "Иван", "Дмитрий", "Кирилл", "Михаил", "Егор", "Матвей")
GIRLS = ("София", "Анна", "Мария", "Алиса", "Виктория", "Полина", "Дарья", "Варвара", "Ксения")
FATHERS = ("Александр", "Сергей", "Андрей", "Алексей", "Николай", "Виктор", "Роман", "Павел")
SURNAMES = (
    "Азаренков", "Борисов", "Васильев", "Гращенков", "Данилов", "Ефременков", "Журавлёв",
    "Зайцев", "Иванов", "Ковалёв", "Лапиков", "Макаренков", "Новиков", "Орлов", "Петров",
    "Романенков", "Семёнов", "Титов", "Фёдоров", "Цыганков", "Шевелёв", "Щербаков", "Яковлев",
)  # fmt: skip
PATRONYMICS = {"Алексей": "Алексеевич", "Андрей": "Андреевич", "Николай": "Николаевич",
               "Сергей": "Сергеевич"}  # fmt: skip
SOURCE = "M"


def made_snils(number: int) -> str:
    """A number with its control digits, as domain.md 6.1 works them out."""
    digits = f"{200_000_000 + number:09d}"
    total = sum(int(d) * weight for d, weight in zip(digits, range(9, 0, -1), strict=True))
    return f"{digits}{total % 101 % 100:02d}"


def add_learners(session: Session, school: Organisation, number: int, town: str) -> None:
    """The learners of a school with what is known of them; the gaps are as they are in life."""
    many = A_CLASS if number <= 2 else A_FEW  # noqa: PLR2004 - both clerks' schools
    rooms, students = add_classes(session, school), []
    for place in range(many):
        student = _student(school, number * 100 + place)
        session.add(student)
        session.flush()
        _home(session, student, place, town)
        _papers(session, student, place)
        if place % 4 == 0:
            _support(session, student)
            _beyond(session, student, school)
        session.flush()
        students.append(student)
    if number == 2:  # noqa: PLR2004 - the school of the second clerk
        moved(session, students.pop(0), rooms)
        exchange(session, students[-1])
    teach(session, students, rooms)
    if many == A_CLASS:
        draw_up(session, rooms)


def _name(number: int) -> tuple[str, str, str, bool]:
    """Surname, name, patronymic, and whether it is a girl."""
    girl = number % 2 == 1
    surname = SURNAMES[number * 7 % len(SURNAMES)] + ("а" if girl else "")
    first = (GIRLS if girl else BOYS)[number * 5 % len(BOYS)]
    father = FATHERS[number * 3 % len(FATHERS)]
    patronymic = PATRONYMICS.get(father, f"{father}ович")
    return surname, first, patronymic.removesuffix("ич") + "на" if girl else patronymic, girl


def _student(school: Organisation, number: int) -> Student:
    surname, first, patronymic, girl = _name(number)
    year = school_year_of(today()).start.year - 11
    bare = number % 9 == 8  # noqa: PLR2004 - a card that somebody began
    row = Student(
        organisation_id=school.id,
        last_name=surname,
        first_name=first,
        middle_name=None if bare else patronymic,
        birth_date=dt.date(year, 1 + number % 12, 1 + number * 11 % 28),
        sex="2" if girl else "1",
        citizenship_kind=None if bare else FOREIGN if number % 13 == 5 else RUSSIAN,  # noqa: PLR2004 - one in 13
        citizenship_country="112" if not bare and number % 13 == 5 else None,  # noqa: PLR2004 - the same
        native_language_code="rus",
        instruction_language_code="rus",
        phone=None if bare or number % 3 == 0 else f"+79{number:09d}",
        no_phone=True if number % 3 == 0 else None,
        no_email=True if number % 2 == 0 else None,
        snils=None if bare else made_snils(number),
    )
    row.prepare()
    return row


def _home(session: Session, student: Student, place: int, town: str) -> None:
    own = {"organisation_id": student.organisation_id, "student_id": student.id}
    for kind in ("R", "A")[: 1 + place % 2]:
        address = StudentAddress(
            **own, address_kind=kind, postal_index="214000", region_code="67", locality=town,
            street="ул. Мира", house=str(1 + place), flat=str(1 + place * 3),
            valid_from=dt.date(2020, 9, 1),
        )  # fmt: skip
        address.prepare()
        session.add(address)
    session.add(
        StudentFamilyStatus(
            **own, completeness_code="01" if place % 3 else "02", large_family=place % 5 == 0,
            low_income=False, children_count=1 + place % 3, valid_from=dt.date(2024, 9, 1),
        )
    )  # fmt: skip
    surname, first, patronymic, _girl = _name(student.id * 2 + 1)
    mother = Guardian(
        organisation_id=student.organisation_id, last_name=surname, first_name=first,
        middle_name=patronymic, workplace="ООО «Смоленский лён»", job_position="инженер",
        phone=f"+7910{student.id:07d}",
    )  # fmt: skip
    session.add(mother)
    session.flush()
    session.add(
        StudentGuardian(
            **own, guardian_id=mother.id, relation_code="01", is_legal_representative=True,
            lives_together=True, contact_priority=1,
        )
    )  # fmt: skip
    session.add(
        GuardianIdentityDocument(
            organisation_id=student.organisation_id, guardian_id=mother.id, doc_type_code="21",
            series="6615", number=f"{100_000 + student.id:06d}", is_current=True,
            issued_by="УМВД России по Смоленской области", issuer_code="670-012",
            issue_date=dt.date(2015, 4, 2),
        )
    )  # fmt: skip


def _papers(session: Session, student: Student, place: int) -> None:
    own = {"organisation_id": student.organisation_id, "student_id": student.id}
    session.add(
        StudentIdentityDocument(
            **own, doc_type_code="03", series="II-МП", number=f"{500_000 + student.id:06d}",
            issued_by="Отдел ЗАГС", issue_date=student.birth_date + dt.timedelta(days=20),
            birth_record_number=str(place + 1), is_current=True,
        )
    )  # fmt: skip
    if place == 0:
        session.add(
            StudentNameHistory(
                **own, last_name="Соколов", first_name=student.first_name,
                changed_on=dt.date(2023, 5, 17), basis="Свидетельство о перемене имени",
            )
        )  # fmt: skip
        letter = StudentEducationDocument(
            **own, doc_kind="07", level_code="02", registration_number=str(place + 14),
            issue_date=dt.date(2025, 6, 2), issuer_id=student.organisation_id,
            with_honours=False, frdo_status="0", is_duplicate=False,
        )  # fmt: skip
        session.add(letter)
        session.flush()
        session.add(
            StudentEducationDocumentMark(
                **own, education_document_id=letter.id, subject_name="Русский язык", mark="5",
                sort_order=1,
            )
        )  # fmt: skip


def _support(session: Session, student: Student) -> None:
    own = {"organisation_id": student.organisation_id, "student_id": student.id}
    since = dt.date(2025, 9, 1)
    session.add(
        StudentFoodBenefit(
            **own, category_code="MNOG", meal_kind="B", form="M", valid_from=since,
            basis_doc_name="Удостоверение многодетной семьи",
        )
    )  # fmt: skip
    session.add(
        StudentDisability(
            **own, disability_code="01", certificate_number=f"МСЭ-2024 {student.id:07d}",
            certificate_date=dt.date(2024, 3, 5), established_from=dt.date(2024, 3, 5),
            indefinite=True,
        )
    )  # fmt: skip
    session.add(
        StudentOvz(
            **own, has_ovz=True, pmpk_number=str(student.id), pmpk_date=dt.date(2024, 4, 11),
            needs_adapted_program=True, adapted_program_variant="7.1",
            parent_consent_date=dt.date(2024, 4, 20),
        )
    )  # fmt: skip


def _beyond(session: Session, student: Student, school: Organisation) -> None:
    own = {"organisation_id": student.organisation_id, "student_id": student.id}
    since = dt.date(2025, 9, 1)
    session.add(
        StudentAchievement(
            **own, achievement_kind="03", event_name="Конкурс чтецов «Живая классика»",
            level_code="2", result_code="P", place=2, event_date=dt.date(2026, 3, 14),
            source=SOURCE,
        )
    )  # fmt: skip
    session.add(
        StudentExtracurricular(
            **own, course_name="Разговоры о важном", direction_code="01", provider_id=school.id,
            hours_per_week=1, from_date=since,
        )
    )  # fmt: skip
    session.add(StudentHobby(**own, hobby_kind="01", description="Приключения", from_date=since))
    session.add(
        StudentAdditionalEducation(
            **own, program_name="Робототехника", direction_code="T", level_code="1",
            organisation_text="Кванториум", funding_code="C", from_date=since, hours_total=72,
        )
    )  # fmt: skip

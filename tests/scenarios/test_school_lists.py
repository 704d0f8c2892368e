"""A school keeps its lists itself; rules between values hold in pages and in the database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.scenarios.keeping import Keeper, added, flashed, said

if TYPE_CHECKING:
    from tests.conftest import Portal

YEAR = "select id from school_year where is_current"


@pytest.fixture
def clerk(portal: Portal) -> Keeper:
    return Keeper(portal, "clerk")


@pytest.fixture
def operator(portal: Portal) -> Keeper:
    return Keeper(portal, "operator")


def document_of(keeper: Keeper, number: int) -> object:
    """A local act of a made-up school."""
    query = "select min(id) from organisation_document where organisation_id = %s"
    return keeper.one(f"{query} and doc_kind <> '01'", keeper.school(number))


def test_a_document_of_another_school_is_refused_in_the_form_and_by_the_database(
    clerk: Keeper,
) -> None:
    foreign = document_of(clerk, 2)
    answer = clerk.add(
        "organisation-expulsion-rule", clerk.school(), document_id=foreign, valid_from="01.09.2026"
    )
    assert answer.status_code == 422
    assert "другой организации" in said(answer)
    base = clerk.portal.cluster.connect(clerk.portal.database)
    with base, pytest.raises(psycopg.errors.ForeignKeyViolation):
        base.execute(
            "update organisation_expulsion_rule set document_id = %s where organisation_id = %s",
            (foreign, clerk.school()),
        )


def test_a_picker_offers_the_documents_of_the_own_school_only(clerk: Keeper) -> None:
    form = clerk.client.get(f"/registry/organisation-expulsion-rule/add?parent={clerk.school()}")
    where = f"/registry/organisation-document/options?organisation={clerk.school()}"
    assert where in form.text
    found = {int(one["value"]) for one in clerk.client.get(where).json["items"]}
    assert document_of(clerk, 1) in found
    assert document_of(clerk, 2) not in found


def test_the_charter_is_entered_by_the_operator(clerk: Keeper, operator: Keeper) -> None:
    charter = {"doc_kind": "01", "title": "Устав (новая редакция)"}
    refused = clerk.add("organisation-document", clerk.school(), **charter)
    assert refused.status_code == 422
    assert "оператор" in said(refused)
    ident = added(operator.add("organisation-document", clerk.school(), **charter))
    assert clerk.client.get(f"/registry/organisation-document/{ident}/edit").status_code == 403
    assert clerk.trash("organisation-document", ident).status_code == 403
    turned = clerk.edit("organisation-document", document_of(clerk, 1), doc_kind="01")
    assert turned.status_code == 422


def test_another_schools_clerk_and_a_teacher_change_nothing(portal: Portal) -> None:
    school = Keeper(portal, "clerk").school()
    agreement = Keeper(portal, "clerk").one(
        "select min(id) from organisation_agreement where organisation_id = %s", school
    )
    for login in ("clerk2", "class_teacher", "municipal"):
        other = Keeper(portal, login)
        new = other.add("organisation-agreement", school, number="1")
        assert new.status_code == 403
        assert other.edit("organisation-agreement", agreement, number="9").status_code == 403
        assert other.trash("organisation-agreement", agreement).status_code == 403


def test_the_assigned_territory_is_kept_by_the_municipal_authority(portal: Portal) -> None:
    clerk, authority = Keeper(portal, "clerk"), Keeper(portal, "municipal")
    part = {"locality": "г. Смоленск", "street": "ул. Мира", "house_rule": "1-15нч;20;22А"}
    assert clerk.add("assigned-territory", clerk.school(), **part).status_code == 403
    ident = added(authority.add("assigned-territory", clerk.school(), **part))
    assert authority.edit("assigned-territory", ident, house_rule="all").status_code == 303
    wrong = authority.edit("assigned-territory", ident, house_rule="дом у реки")
    assert wrong.status_code == 422
    outside = authority.add("assigned-territory", clerk.school(5), **part)
    assert outside.status_code == 403


def test_periods_of_study_do_not_overlap_and_holidays_last_a_week(clerk: Keeper) -> None:
    calendar = clerk.one(
        "select min(id) from academic_calendar where organisation_id = %s", clerk.school()
    )
    first = clerk.one("select min(start_date) from calendar_period where period_kind = 'Q'")
    overlapping = clerk.add(
        "calendar-period", calendar, period_kind="Q", ordinal=5, start_date=first, end_date=first
    )
    assert overlapping.status_code == 422
    assert "пересекается" in said(overlapping)
    short = clerk.add(
        "calendar-period", calendar, period_kind="V", ordinal=9, start_date="01.02.2027",
        end_date="06.02.2027",
    )  # fmt: skip
    assert "не меньше семи дней" in said(short)
    week = clerk.add(
        "calendar-period", calendar, period_kind="V", ordinal=9, start_date="01.02.2027",
        end_date="07.02.2027",
    )  # fmt: skip
    assert week.status_code == 303
    backwards = clerk.edit("calendar-period", added(week), end_date="30.01.2027")
    assert "раньше" in said(backwards)


def test_two_periods_added_at_once_do_not_overlap_either(clerk: Keeper) -> None:
    """The database itself keeps them apart: neither transaction sees the other's row."""
    school = clerk.school(2)
    calendar = clerk.one("select min(id) from academic_calendar where organisation_id = %s", school)
    insert = (
        "insert into calendar_period (uid, organisation_id, academic_calendar_id, period_kind,"
        " ordinal, start_date, end_date) values (gen_random_uuid(), %s, %s, 'M', %s,"
        " '2027-06-01', '2027-06-20')"
    )
    cluster, name = clerk.portal.cluster, clerk.portal.database
    failures: list[Exception] = []
    with cluster.connect(name) as one, one.transaction():
        one.execute(insert, (school, calendar, 1))

        def second() -> None:
            with cluster.connect(name) as other:
                try:
                    other.execute(insert, (school, calendar, 2))
                except psycopg.errors.ExclusionViolation as error:
                    failures.append(error)

        thread = threading.Thread(target=second)
        thread.start()
    thread.join()
    assert len(failures) == 1


def test_an_approved_plan_keeps_within_the_sanitary_rules(clerk: Keeper) -> None:
    plan = clerk.one("select min(id) from curriculum where organisation_id = %s", clerk.school())
    subject = clerk.one("select id from subject where code = 'CHI'")
    line = {"subject_id": subject, "grade": 5, "part_code": "F", "hours_week": "4"}
    refused = clerk.add("curriculum-line", plan, **line)
    assert refused.status_code == 422
    assert "санитарные правила" in said(refused)
    clerk.edit("curriculum", plan, state="D")
    warned = clerk.add("curriculum-line", plan, **line)
    assert "по санитарным правилам не больше 29" in flashed(clerk.client, warned)
    assert clerk.one("select hours_year from curriculum_line where id = %s", added(warned)) == 136
    again = clerk.edit("curriculum", plan, state="A")
    assert again.status_code == 422
    assert "не больше 29" in said(again)
    clerk.edit("curriculum-line", added(warned), part_code="V")
    assert clerk.edit("curriculum", plan, state="A").status_code == 303


def test_free_places_are_worked_out_whatever_the_change_came_through(clerk: Keeper) -> None:
    year = clerk.one(YEAR)
    row = {"school_year_id": year, "grade": 7, "funding_code": "3", "capacity": 25, "occupied": 20}
    ident = added(clerk.add("organisation-vacancy", clerk.school(), **row, reserved=2))
    free = "select vacant from organisation_vacancy where id = %s"
    assert clerk.one(free, ident) == 3
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute("update organisation_vacancy set occupied = 30 where id = %s", (ident,))
    assert clerk.one(free, ident) == 0
    twice = clerk.add("organisation-vacancy", clerk.school(), **row)
    assert "Такая запись уже есть" in said(twice)


def test_a_school_has_one_main_place(operator: Keeper) -> None:
    answer = operator.add(
        "organisation-address", operator.school(), address_kind="F", locality="г. Смоленск",
        house="7", is_main="1",
    )  # fmt: skip
    assert answer.status_code == 422


def test_lessons_keep_to_the_hours_of_the_day(clerk: Keeper) -> None:
    regime = {"level_code": "03", "day_start": "07:30", "day_end": "19:30"}
    answer = clerk.add("organisation-study-regime", clerk.school(), **regime)
    assert "не раньше 08:00" in said(answer)
    assert "не позже 19:00" in said(answer)
    late = {"level_code": "03", "day_start": "09:00", "bell_schedule": "08:30-09:10"}
    early = clerk.add("organisation-study-regime", clerk.school(), **late)
    assert "Первый урок начинается раньше" in said(early)


def test_the_windows_of_admission_follow_one_another(clerk: Keeper) -> None:
    answer = clerk.add(
        "organisation-admission-info", clerk.school(), school_year_id=clerk.one(YEAR), grade=10,
        window1_from="01.04.2027 00:00", window1_to="30.06.2027 23:59",
        window2_from="01.06.2027 00:00",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "раньше, чем" in said(answer)


def test_several_forms_of_study_are_ticked(clerk: Keeper) -> None:
    program = clerk.one(
        "select min(id) from education_program where organisation_id = %s", clerk.school()
    )
    page = clerk.client.get(f"/registry/education-program/{program}/edit").text
    assert 'type="checkbox" name="study_forms" value="1" checked' in page
    data = {"csrf_token": page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]}
    data["version"] = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    answer = clerk.client.post(
        f"/registry/education-program/{program}/edit", data={**data, "study_forms": ["", "1", "3"]}
    )
    assert answer.status_code == 303
    card = clerk.client.get(f"/registry/education-program/{program}").text
    assert "очная, заочная" in card


def test_a_changed_name_goes_into_the_history_through_any_door(operator: Keeper) -> None:
    school = operator.school(3)
    old = operator.one("select full_name from organisation where id = %s", school)
    with operator.portal.cluster.connect(operator.portal.database) as base:
        base.execute("update organisation set full_name = 'Опечатка' where id = %s", (school,))
    answer = operator.edit("organisation", school, full_name="Школа имени Гагарина")
    assert answer.status_code == 303
    names = "select string_agg(full_name, '|') from organisation_name_history"
    kept = f"{names} where organisation_id = %s and deleted_at is null"
    assert operator.one(kept, school) == old
    assert operator.one("select former_names from organisation where id = %s", school) == old
    back = operator.edit("organisation", school, full_name=old)
    assert back.status_code == 303
    assert operator.one(kept, school) is None
    assert operator.one("select former_names from organisation where id = %s", school) is None


def test_russian_is_the_first_language_of_a_new_school(operator: Keeper) -> None:
    page = operator.client.get("/registry/organisation/add").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = operator.client.post(
        "/registry/organisation/add",
        data={"csrf_token": token, "full_name": "Школа на новой улице", "org_type": "SCH"},
    )
    languages = "select string_agg(language_code, ',') from organisation_language"
    assert operator.one(f"{languages} where organisation_id = %s", added(answer)) == "rus"

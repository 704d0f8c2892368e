"""Certificates and what is under them, as they are stored, asked about and left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.imports.loading import counts, questions
from tests.imports.register_file import certificate, school, supplement

if TYPE_CHECKING:
    from tests.imports.loading import Loading


def test_levels_that_are_not_exact_are_asked(load: Loading) -> None:
    programs = [
        {"Id": "p1", "EduLevelName": "Начальное общее образование"},
        {"Id": "p2", "EduLevelName": "Общее образование"},
        {
            "Id": "p3",
            "EduLevelName": "Среднее профессиональное образование",
            "ProgrammCode": "15.01.05",
        },
        {
            "Id": "p4",
            "EduLevelName": "Среднее профессиональное образование",
            "ProgrammCode": "09.02.07",
        },
        {"Id": "p5", "EduLevelName": "Среднее профессиональное образование"},
    ]
    asked = questions(load(certificate(supplements=(supplement(programs=programs),))))
    query = (
        "select level_code from organisation_accreditation_program"
        " where source = 'rosobrnadzor' order by source_id"
    )
    assert load.rows(query) == [("02",), (None,), ("05",), ("06",), (None,)]
    assert asked.startswith("2\n")
    assert "«Общее образование»" in asked


def test_an_answered_question_is_not_asked_or_undone_again(load: Loading) -> None:
    programs = [{"Id": "p1", "EduLevelName": "Общее образование"}]
    file = certificate(supplements=(supplement(programs=programs),))
    load(file)
    answer = "update organisation_accreditation_program set level_code = '03' returning level_code"
    load.rows(answer)
    assert questions(load(file)) == ""
    query = "select level_code from organisation_accreditation_program where source_id = 'p1'"
    assert load.rows(query) == [("03",)]


def test_statuses_become_codes(load: Loading) -> None:
    statuses = ("Действующее", "Выдан дубликат", "Приостановлено", "Переоформлено", "Забытое")
    asked = load(*(certificate(Id=f"c{n}", StatusName=s) for n, s in enumerate(statuses)))
    query = (
        "select status_code from organisation_accreditation"
        " where source = 'rosobrnadzor' order by source_id"
    )
    assert load.rows(query) == [("1",), ("1",), ("2",), ("4",), (None,)]
    assert "Какой это статус? «Забытое»" in questions(asked)


def test_equal_decisions_without_identifiers_are_all_kept(load: Loading) -> None:
    order = {"OrderDocumentNumber": "657", "DecisionDate": "2014-06-20"}
    load(certificate(decisions=[order, order, {**order, "OrderDocumentNumber": "8"}]))
    query = "select number from organisation_accreditation_decision order by number"
    assert load.rows(query) == [("657",), ("657",), ("8",)]


def test_an_identifier_that_comes_twice_is_loaded_once(load: Loading) -> None:
    file = (certificate(), certificate(RegNumber="1746"))
    first = load(*file)
    assert "повторяется" in questions(first)
    assert counts(first)["Свидетельства"][:4] == (1, 0, 0, 1)
    before = load.everything()
    load(*file)
    assert load.everything() == before


def test_what_is_no_longer_in_the_file_stays_and_is_asked_about(load: Loading) -> None:
    load(certificate(supplements=(supplement(), supplement(Id="700002"))))
    asked = questions(load(certificate(supplements=(supplement(),))))
    assert "700002" in asked
    query = "select count(*) from organisation_accreditation_supplement where source = %s"
    assert load.rows(query, "rosobrnadzor") == [(2,)]


def test_what_is_in_the_trash_is_not_revived(load: Loading) -> None:
    load(certificate())
    throw = "update organisation set deleted_at = now() where source = %s returning id"
    load.rows(throw, "rosobrnadzor")
    result = load(certificate())
    assert "удалена в портале" in questions(result)
    assert counts(result)["Организации"][:4] == (0, 0, 0, 1)


def test_an_address_that_people_typed_is_left_alone(load: Loading) -> None:
    load(certificate(school(PostAddress="214000, г. Смоленск, ул. Ленина, 1")))
    typed = (
        "update organisation_address set source = null, full_text = 'где сказали'"
        " where source = 'rosobrnadzor' returning id"
    )
    load.rows(typed)
    asked = questions(load(certificate(school(PostAddress="214001, г. Смоленск"))))
    assert "введён людьми" in asked
    assert load.rows("select 1 from organisation_address where full_text = 'где сказали'")

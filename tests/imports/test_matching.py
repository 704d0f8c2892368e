"""Whose is it: organisations matched by identifier or requisites, heads and branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.imports.loading import counts, part, questions
from tests.imports.register_file import certificate, school, supplement

if TYPE_CHECKING:
    from tests.imports.loading import Loading

BRANCH = {"Id": "22222222-0000-4000-8000-000000000001", "FullName": "Малая школа"}
OURS = {"inn": "6730010475", "kpp": "673001001"}


def test_one_organisation_without_the_identifier_is_recognised_by_inn_and_kpp(
    load: Loading,
) -> None:
    load.add_by_hand("Школа, введённая вручную", **OURS)
    told = load(certificate())
    assert load.organisations("введённая|Школа № 1$") == [("Школа № 1", school()["Id"])]
    assert "Узнана по реквизитам" in part(told, "Узнаны по реквизитам")
    before = load.everything()
    load(certificate())
    assert load.everything() == before


def test_where_several_fit_it_is_a_question_and_no_merge(load: Loading) -> None:
    load.add_by_hand("Ручная первая", **OURS)
    load.add_by_hand("Ручная вторая", **OURS)
    asked = questions(load(certificate()))
    assert "1745: По ИНН и КПП или по ОГРН подходит несколько" in asked
    assert [row[1] for row in load.organisations("Ручная|Школа № 1$")] == [
        None,
        None,
        school()["Id"],
    ]


def test_a_branch_is_not_taken_for_its_head(load: Loading) -> None:
    load.add_by_hand("Головная школа", **OURS)
    asked = questions(load(certificate(school(FullName="Филиал школы"))))
    assert "одна из них филиал" in asked
    assert [row[1] for row in load.organisations("Головная")] == [None]


def test_a_card_without_an_identifier_is_placed_by_ogrn_where_one_fits(load: Loading) -> None:
    nameless = school(Id="", FullName="", INN="", KPP="")
    load.add_by_hand("Школа с номером", ogrn=str(school()["OGRN"]))
    load(certificate(nameless))
    query = (
        "select o.full_name, o.source_id from organisation o"
        " join organisation_accreditation a on a.organisation_id = o.id"
        " where a.source_id = 'c0000001'"
    )
    assert load.rows(query) == [("Школа с номером", None)]


def test_a_card_without_an_identifier_that_fits_nobody_is_a_question(load: Loading) -> None:
    result = load(certificate(school(Id="")))
    assert "Чьё это свидетельство?" in questions(result)
    assert counts(result)["Свидетельства"][:4] == (0, 0, 0, 1)
    assert load.organisations("Школа № 1$") == []


def test_a_card_without_an_identifier_finds_one_that_stands_further_on(load: Loading) -> None:
    file = (certificate(school(Id="")), certificate(Id="c2", RegNumber="2"))
    assert counts(load(*file))["Свидетельства"][:4] == (2, 0, 0, 0)
    before = load.everything()
    load(*file)
    assert load.everything() == before


def test_a_card_with_an_identifier_and_no_name_creates_nothing(load: Loading) -> None:
    result = load(certificate(school(FullName="-")))
    assert "нет названия" in questions(result)
    assert counts(result)["Организации"][:4] == (0, 0, 0, 1)


def test_a_second_head_of_a_branch_is_a_question(load: Loading) -> None:
    branch = supplement(BRANCH)
    other = school(Id="s2", FullName="Другая школа", INN="", KPP="", OGRN="")
    file = (
        certificate(supplements=(branch,)),
        certificate(other, (supplement(BRANCH, Id="700002"),), Id="c2", RegNumber="27"),
    )
    asked = questions(load(*file))
    assert "27: По файлу у филиала есть и другая головная организация" in asked
    query = "select p.full_name from organisation b join organisation p on p.id = b.parent_id"
    assert load.rows(query + " where b.full_name = 'Малая школа'") == [("Школа № 1",)]


def test_two_organisations_are_not_made_branches_of_each_other(load: Loading) -> None:
    file = (
        certificate(supplements=(supplement(BRANCH),)),
        certificate(BRANCH, (supplement(Id="700002"),), Id="c2", RegNumber="27"),
    )
    asked = questions(load(*file))
    assert "филиалы друг друга" in asked
    query = "select full_name from organisation where parent_id is not null and source = %s"
    assert load.rows(query, "rosobrnadzor") == [("Малая школа",)]

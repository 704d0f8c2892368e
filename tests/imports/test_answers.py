"""Questions with answers: asked once with a key, applied, refused when they do not fit."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.imports.loading import counts, part, questions
from tests.imports.register_file import certificate, sample, school, supplement

if TYPE_CHECKING:
    from click.testing import Result

    from tests.imports.loading import Loading

OURS = {"inn": "6730010475", "kpp": "673001001"}
GENERAL = "Общее образование"
BRANCH = {"Id": "22222222-0000-4000-8000-000000000001", "FullName": "Малая школа"}


def keys(asked: str) -> list[str]:
    return re.findall(r"Ключ: (\S+)", asked)


def answered(load: Loading, answers: object, *file: object, code: int = 0) -> Result:
    path = load.folder / "answers.json"
    path.write_text(answers if isinstance(answers, str) else json.dumps(answers))
    return load(*file, options=("--answers", str(path)), code=code)  # type: ignore[arg-type] # passed on


def levels(load: Loading) -> list[str | None]:
    return load.column(
        "select level_code from organisation_accreditation_program"
        " where source = 'rosobrnadzor' order by source_id"
    )


def general(*ids: str) -> str:
    programs = [{"Id": ident, "EduLevelName": GENERAL} for ident in ids]
    return certificate(supplements=(supplement(programs=programs),))


def test_equal_questions_are_one_and_one_answer_settles_all_their_rows(load: Loading) -> None:
    asked = questions(load(general("p1", "p2"), options=("--dry-run",)))
    assert asked.startswith("1\n")
    assert "(строк 2)" in asked
    assert "04 — среднее общее" in asked
    (key,) = keys(asked)
    told = answered(load, {key: "04"}, general("p1", "p2"))
    assert questions(told) == ""
    assert levels(load) == ["04", "04"]
    before = load.everything()
    answered(load, {key: "04"}, general("p1", "p2"))
    assert questions(load(general("p1", "p2"))) == ""
    assert load.everything() == before


def test_a_later_file_asks_under_the_same_key(load: Loading) -> None:
    first = keys(questions(load(general("p1"))))
    later = keys(questions(load(general("p1", "p7"))))
    assert first == later


def test_every_question_of_the_sample_can_be_answered(load: Loading) -> None:
    asked = keys(questions(load(sample(), options=("--dry-run",))))
    assert len(asked) == len(set(asked)) > 5
    assert all(key.startswith("level-") for key in asked)
    told = answered(load, dict.fromkeys(asked, "05"), sample())
    assert questions(told) == ""
    assert None not in levels(load)
    before = load.everything()
    answered(load, dict.fromkeys(asked, "05"), sample())
    assert load.everything() == before


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"level-0000000000000000": "04"}, "такого вопроса в нём нет"),
        ({"": "04"}, "такого вопроса в нём нет"),
        ({"level": ["04"]}, "Файл ответов не прочесть"),
        ("[" * 100_000, "Файл ответов не прочесть"),
        ({"level-x": "0" * 10_000}, "слишком длинный"),
    ],
)
def test_answers_to_nothing_are_refused(load: Loading, answers: object, said: str) -> None:
    before = load.everything()
    assert said in answered(load, answers, general("p1"), code=2).stderr
    assert load.everything() == before


def test_an_answer_that_is_no_option_is_refused_with_those_possible(load: Loading) -> None:
    (key,) = keys(questions(load(general("p1"), options=("--dry-run",))))
    before = load.everything()
    told = answered(load, {key: "лучший"}, general("p1"), code=2)
    assert "«лучший»" in told.stderr
    assert "01, 02, 03, 04" in told.stderr
    assert load.everything() == before


def test_a_status_and_a_word_of_an_organisation_are_answered(load: Loading) -> None:
    file = certificate(school(TypeName="Школка"), StatusName="Забытое")
    asked = questions(load(file, options=("--dry-run",)))
    status = next(key for key in keys(asked) if key.startswith("status-"))
    kind = next(key for key in keys(asked) if key.startswith("org_type-"))
    option = re.search(r"(\S+) — ", asked[asked.index(kind) :])
    assert option
    assert questions(answered(load, {status: "05", kind: option[1]}, file)) == ""
    query = (
        "select a.status_text, a.status_code, o.org_type from organisation_accreditation a"
        " join organisation o on o.id = a.organisation_id where a.source = 'rosobrnadzor'"
    )
    assert load.rows(query) == [("05", "2", option[1])]
    assert questions(load(file)) == ""


def test_a_doubtful_match_is_this_organisation_or_a_new_one(load: Loading) -> None:
    load.add_by_hand("Ручная первая", **OURS)
    load.add_by_hand("Ручная вторая", **OURS)
    asked = questions(load(certificate(), options=("--dry-run",)))
    (key,) = keys(asked)
    assert "new — Новая организация" in asked
    number = re.search(r"(\d+) — Организация портала № \1: Ручная вторая", asked)
    assert number
    told = answered(load, {key: number[1]}, certificate())
    assert "Узнана по реквизитам" in part(told, "Узнаны по реквизитам")
    assert questions(told) == ""
    assert load.organisations("Ручная|Школа № 1$") == [
        ("Ручная первая", None),
        ("Школа № 1", school()["Id"]),
    ]
    assert questions(answered(load, {key: number[1]}, certificate())) == ""


def test_a_doubtful_match_answered_as_new_is_new(load: Loading) -> None:
    load.add_by_hand("Ручная первая", **OURS)
    load.add_by_hand("Ручная вторая", **OURS)
    (key,) = keys(questions(load(certificate(), options=("--dry-run",))))
    told = answered(load, {key: "new"}, certificate())
    assert questions(told) == ""
    assert len(load.organisations("Ручная|Школа № 1$")) == 3


def test_two_organisations_of_a_file_are_not_answered_to_be_one(load: Loading) -> None:
    load.add_by_hand("Школа", **OURS)
    file = (certificate(), certificate(school(Id="s2", FullName="Школа № 2"), Id="c2"))
    asked = questions(load(*file, options=("--dry-run",)))
    number = re.search(r"(\d+) — Организация портала", asked)
    assert number
    told = answered(load, dict.fromkeys(keys(asked), number[1]), *file, code=2)
    assert "две организации файла" in told.stderr


def test_a_second_head_is_chosen_by_an_answer(load: Loading) -> None:
    other = school(Id="s2", FullName="Другая школа", INN="", KPP="", OGRN="")
    file = (
        certificate(supplements=(supplement(BRANCH),)),
        certificate(other, (supplement(BRANCH, Id="700002"),), Id="c2", RegNumber="27"),
    )
    asked = questions(load(*file, options=("--dry-run",)))
    (key,) = keys(asked)
    assert "register:s2 — Организация реестра: Другая школа" in asked
    assert questions(answered(load, {key: "register:s2"}, *file)) == ""
    query = (
        "select p.full_name from organisation b join organisation p on p.id = b.parent_id"
        " where b.full_name = 'Малая школа'"
    )
    assert load.rows(query) == [("Другая школа",)]
    before = load.everything()
    assert questions(answered(load, {key: "register:s2"}, *file)) == ""
    assert load.everything() == before


def test_a_certificate_of_nobody_goes_to_the_organisation_whose_number_is_given(
    load: Loading,
) -> None:
    file = certificate(school(Id="", INN="", KPP="", OGRN=""))
    load.add_by_hand("Её школа", short_name="Школа")
    (number,) = load.column("select id from organisation where full_name = 'Её школа'")
    (key,) = keys(questions(load(file, options=("--dry-run",))))
    assert "не подходит" in answered(load, {key: "999999999"}, file, code=2).stderr
    assert counts(answered(load, {key: "skip"}, file))["Свидетельства"][:4] == (0, 0, 0, 1)
    told = answered(load, {key: str(number)}, file)
    assert questions(told) == ""
    query = "select organisation_id from organisation_accreditation where source_id = 'c0000001'"
    assert load.rows(query) == [(number,)]
    assert questions(answered(load, {key: str(number)}, file)) == ""


def test_an_address_that_people_typed_is_replaced_when_the_answer_says_so(load: Loading) -> None:
    load(certificate(school(PostAddress="214000, г. Смоленск, ул. Ленина, 1")))
    load.rows(
        "update organisation_address set source = null, full_text = 'где сказали'"
        " where source = 'rosobrnadzor' returning id"
    )
    file = certificate(school(PostAddress="214001, г. Смоленск"))
    (key,) = keys(questions(load(file)))
    told = answered(load, {key: "keep"}, file)
    assert questions(told) == ""
    assert load.rows("select 1 from organisation_address where full_text = 'где сказали'")
    assert questions(answered(load, {key: "replace"}, file)) == ""
    query = "select count(*) from organisation_address where full_text = '214001, г. Смоленск'"
    assert load.column(query) == [1]
    assert questions(answered(load, {key: "replace"}, file)) == ""

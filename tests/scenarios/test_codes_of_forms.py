"""Codes of a form are those of the classifier, and several of one field stay several."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from werkzeug.datastructures import MultiDict

from app.kernel.catalogue import field_map, records
from app.models.registry_programs import EducationProgram
from app.services.browse import Query
from app.services.bulk_edit import edit
from tests.rest.programs import program
from tests.scenarios.keeping import Keeper, added, said
from tests.scenarios.test_bulk import HOW, figures, post
from tests.working import person, session_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

PROGRAMS = "/registry/education-program/"
UNKNOWN = "Выберите значение из списка: такого в нём нет."
ENDED = "Это значение больше не действует. Выберите другое."
INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def clerk(fresh_portal: Portal) -> Keeper:
    return Keeper(fresh_portal, "clerk")


def end(portal: Portal, classifier: str, code: str) -> None:
    with portal.cluster.connect(portal.database) as base:
        base.execute(
            "update classifier_item set valid_to = current_date - 1"
            " where classifier = %s and code = %s",
            (classifier, code),
        )


def forms_of(clerk: Keeper, ident: int) -> object:
    return clerk.one("select study_forms from education_program where id = %s", ident)


def inputs(page: str) -> MultiDict[str, str]:
    """All hidden inputs of a page, several of one name too."""
    return MultiDict(INPUT.findall(page))


@pytest.mark.parametrize("forged", [{"level_code": "ZZ"}, {"study_forms": "1;9"}])
def test_a_forged_code_is_refused_beside_its_field(clerk: Keeper, forged: dict[str, str]) -> None:
    answer = clerk.add("education-program", clerk.school(), name="Выдуманная", **forged)
    assert answer.status_code == 422
    assert UNKNOWN in said(answer)
    assert 'value="Выдуманная"' in answer.text
    assert clerk.one("select count(*) from education_program where name = 'Выдуманная'") == 0
    ident = added(clerk.add("education-program", clerk.school(), name="Настоящая"))
    answer = clerk.edit("education-program", ident, **forged)
    assert answer.status_code == 422
    assert UNKNOWN in said(answer)


def test_an_ended_code_stays_with_its_row_and_goes_nowhere_else(
    clerk: Keeper, fresh_portal: Portal
) -> None:
    school = clerk.school()
    old = added(clerk.add("education-program", school, name="Старая", study_forms="5;1"))
    new = added(clerk.add("education-program", school, name="Новая", study_forms="1"))
    end(fresh_portal, "STUDY_FORM", "5")
    assert clerk.edit("education-program", old, study_forms="1;3;5").status_code == 303
    assert forms_of(clerk, old) == "1;3;5"
    answer = clerk.edit("education-program", new, study_forms="1;5")
    assert answer.status_code == 422
    assert ENDED in said(answer)
    assert forms_of(clerk, new) == "1"


def test_a_program_of_a_machine_hears_the_same(clerk: Keeper, fresh_portal: Portal) -> None:
    school = clerk.school()
    old = added(clerk.add("education-program", school, name="Старая", level_code="02"))
    new = added(clerk.add("education-program", school, name="Новая"))
    end(fresh_portal, "EDU_LEVEL", "02")
    machine = program(fresh_portal, "Проба", "operator")
    for ident, code, status in ((old, "02", 200), (new, "02", 422), (new, "ZZ", 422)):
        path = f"/api/v1/education-program/{ident}"
        tag = machine("GET", path).headers["ETag"]
        body = {"level_code": code, "name": "Переименованная"}
        answer = machine("PATCH", path, json=body, headers={"If-Match": tag})
        assert answer.status_code == status, answer.text
        if status == 422:
            assert answer.get_json()["errors"][0]["pointer"] == "/level_code"


def test_many_rows_get_no_forged_and_no_ended_code(clerk: Keeper, fresh_portal: Portal) -> None:
    ident = added(clerk.add("education-program", clerk.school(), name="Программа"))
    end(fresh_portal, "EDU_LEVEL", "02")
    chosen = {"scope": "selected", "ids": str(ident), "query": "", "step": "preview"}
    for code, sentence in (("ZZ", UNKNOWN), ("02", ENDED)):
        sent = {**chosen, "change-level_code": "1", "to-level_code": code}
        answer = post(clerk.client, f"{PROGRAMS}bulk", **sent)
        assert answer.status_code == 422
        assert sentence in answer.text


def test_several_codes_reach_many_rows_together(clerk: Keeper, fresh_portal: Portal) -> None:
    school = clerk.school()
    ids = [added(clerk.add("education-program", school, name=f"Программа {n}")) for n in (1, 2)]
    chosen = {"scope": "selected", "ids": ",".join(map(str, ids)), "query": ""}
    ticked = {"change-study_forms": "1", "to-study_forms": ["", "1", "3"]}  # as browsers send boxes
    page = post(clerk.client, f"{PROGRAMS}bulk", step="preview", **chosen, **ticked)
    assert figures(page.text)["Изменится"] == "2"
    form = inputs(page.text[page.text.index('class="confirm"') :])
    done = clerk.client.post(
        f"{PROGRAMS}bulk", data=MultiDict([*form.items(multi=True), ("step", "apply")])
    )
    assert done.status_code == 303
    assert [forms_of(clerk, ident) for ident in ids] == ["1;3", "1;3"]
    who = person(fresh_portal, "clerk")
    with session_of(fresh_portal, who) as session:
        same = edit(
            session, Query(EducationProgram, ids=tuple(ids)), {"study_forms": "1;3"}, who, HOW
        )
    assert same.same == 2


def test_several_codes_outlive_the_session(clerk: Keeper) -> None:
    ident = added(clerk.add("education-program", clerk.school(), name="Программа"))
    path = f"{PROGRAMS}{ident}/edit"
    page = clerk.client.get(path).text
    version, token = (
        re.search(rf'name="{name}"[^>]*value="([^"]+)"', page) for name in ("version", "csrf_token")
    )
    assert version
    assert token
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute("delete from user_session")
    typed = {"version": version[1], "csrf_token": token[1], "study_forms": ["", "1", "3"]}
    refused = clerk.client.post(path, data=typed)
    assert refused.status_code == 401
    name = {"username": "clerk", "password": os.environ["PORTAL_DEMO_PASSWORD"]}
    back = clerk.client.post(
        "/login/", data=MultiDict([*inputs(refused.text).items(multi=True), *name.items()])
    )
    assert "Набранное не потеряно" in back.text
    saved: TestResponse = clerk.client.post(path, data=inputs(back.text))
    assert saved.status_code == 303
    assert forms_of(clerk, ident) == "1;3"


def test_codes_of_the_made_up_region_stand_in_the_classifiers(fresh_portal: Portal) -> None:
    with fresh_portal.cluster.connect(fresh_portal.database) as base:
        known = set(base.execute("select classifier, code from classifier_item").fetchall())
        for record in records():
            coded = [f for f in field_map(record).values() if f.kind.classifier]
            for field in coded:
                column = sql.Identifier(field.name)
                rows = base.execute(
                    sql.SQL("select distinct {} from {} where {} is not null").format(
                        column, sql.Identifier(record.__tablename__), column
                    )
                )
                codes = {code for (text,) in rows for code in str(text).split(";")}
                assert {(field.kind.classifier, code) for code in codes} <= known, field.name

"""The operator sets who changes a field: for all organisations or for one (domain.md 3.5.2)."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.html_form import form_with
from tests.scenarios.requesting import REASON, Side, number_of, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

WHY = "Телефоны дважды указаны неверно"


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "head", "clerk", "clerk2")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture(autouse=True)
def _as_declared(sides: dict[str, Side]) -> Iterator[None]:
    yield
    sides["operator"].write("delete from field_policy")
    sides["operator"].write("delete from edit_request")


def address(name: str, organisation: int | None = None) -> str:
    return f"/policies/{name}" + (f"?organisation={organisation}" if organisation else "")


def put(side: Side, where: str, reason: str = WHY, **policies: str) -> TestResponse:
    """Choose rules on the page and save; ``rows`` is adding and removing rows."""
    form = form_with(side.client.get(where).text, "seen")
    chosen = {f"policy-{'*' if n == 'rows' else n}": value for n, value in policies.items()}
    return side.client.post(where, data={**form, **chosen, "reason": reason})


def form_of(side: Side) -> str:
    return unescape(side.client.get(f"/registry/organisation/{side.school()}/edit").text)


def test_a_field_of_one_organisation_is_changed_by_request_from_now_on(
    sides: dict[str, Side],
) -> None:
    operator, clerk, other = sides["operator"], sides["clerk"], sides["clerk2"]
    assert (
        put(operator, address("organisation", clerk.school()), phone="request").status_code == 303
    )
    edit = f"/registry/organisation/{clerk.school()}/edit"
    page = clerk.fill(edit, phone="+7 4812 38-11-99")
    assert page.status_code == 200
    assert "Уйдёт запросом оператору" in unescape(page.text)
    data = form_with(page.text, "request.reason")
    data |= {"request.go": "sign", "request.reason": REASON}
    number = number_of(clerk.client.post(edit, data=data))
    assert clerk.line(number, "phone")
    assert (
        clerk.one("select phone from organisation where id = %s", clerk.school()) != "+74812381199"
    )
    second = other.school(2)
    assert (
        other.fill(f"/registry/organisation/{second}/edit", phone="+7 4812 38-11-98").status_code
        == 303
    )
    assert other.one("select phone from organisation where id = %s", second) == "+74812381198"


def test_the_operator_decides_what_is_asked_and_writes_it(sides: dict[str, Side]) -> None:
    operator, clerk, head = sides["operator"], sides["clerk"], sides["head"]
    put(operator, address("organisation"), phone="request")
    number = sent(clerk, head, phone="+7 4812 38-11-77")
    operator.step(number, "take")
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    assert (
        operator.one("select phone from organisation where id = %s", clerk.school())
        == "+74812381177"
    )


def test_a_rule_of_the_organisation_wins_over_the_one_for_all(sides: dict[str, Side]) -> None:
    operator, clerk = sides["operator"], sides["clerk"]
    put(operator, address("organisation"), phone="operator")
    assert "Меняет оператор" in form_of(clerk).partition('id="phone-label"')[2][:900]
    put(operator, address("organisation", clerk.school()), phone="direct")
    assert 'name="phone"' in form_of(clerk)


def test_the_program_of_a_school_meets_the_same_rule(sides: dict[str, Side]) -> None:
    operator, clerk = sides["operator"], sides["clerk"]
    put(operator, address("organisation", clerk.school()), phone="operator")
    row = f"/api/v1/organisation/{clerk.school()}"
    version = clerk.client.get(row).headers["ETag"]
    token = form_with(form_of(clerk), "csrf_token")["csrf_token"]
    answer = clerk.client.patch(
        row,
        json={"phone": "+74812381155"},
        headers={"If-Match": version, "X-CSRFToken": token},
    )
    assert answer.status_code == 422
    assert [wrong["pointer"] for wrong in answer.get_json()["errors"]] == ["/phone"]
    free = clerk.client.patch(
        row, json={"email": "a@example.com"}, headers={"If-Match": version, "X-CSRFToken": token}
    )
    assert free.status_code == 200


def test_rows_of_a_list_are_asked_for_once_the_list_is_closed(sides: dict[str, Side]) -> None:
    operator, clerk, head = sides["operator"], sides["clerk"], sides["head"]
    school = clerk.school()
    put(operator, address("organisation_language", school), rows="request")
    card = unescape(clerk.client.get(f"/registry/organisation/{school}").text)
    ask = f"/registry/organisation-language/request?parent={school}"
    assert ask in card
    assert f"/registry/organisation-language/add?parent={school}" not in card
    add = clerk.client.get(f"/registry/organisation-language/add?parent={school}")
    assert add.status_code == 403
    kind = "lez"
    asked = clerk.fill(ask, language_code=kind, reason=REASON)
    number = number_of(asked)
    head.step(number, "submit")
    operator.step(number, "take")
    before = operator.one("select count(*) from organisation_language")
    assert operator.decide(number).status_code == 303
    assert operator.one("select count(*) from organisation_language") != before


def test_a_list_asked_about_can_be_left_to_the_operator(sides: dict[str, Side]) -> None:
    operator, clerk = sides["operator"], sides["clerk"]
    school = clerk.school()
    ask = f"/registry/organisation-founder/request?parent={school}"
    assert clerk.client.get(ask).status_code == 200
    row = "select id from organisation_founder where organisation_id = %s limit 1"
    end = f"/registry/organisation-founder/{operator.one(row, school)}/request-end"
    assert clerk.client.get(end).status_code == 200
    closed = put(operator, address("organisation_founder", school), rows="operator")
    assert closed.status_code == 303
    assert clerk.client.get(ask).status_code == 403
    assert clerk.client.get(end).status_code == 403


def test_only_the_reviewer_decides_about_a_field(sides: dict[str, Side]) -> None:
    operator, clerk, head, approver = (
        sides[login] for login in ("operator", "clerk", "head", "department")
    )
    trusted = (
        "update role_assignment set add_ons = %s"
        " where user_id = (select id from ab_user where username = 'department')"
    )
    approver.write(trusted, ["registry_approver"])
    where = address("organisation")
    form = form_with(operator.client.get(where).text, "seen")
    form |= {"reviewer-short_name": "department", "reason": WHY}
    assert operator.client.post(where, data=form).status_code == 303
    assert "через запрос: решает министерство" in form_of(clerk)
    number = sent(clerk, head, short_name="Лицей № 1", full_name="Муниципальный лицей № 1")
    operator.step(number, "take")
    page = operator.page(number)
    assert "Решает министерство" in page
    assert f"choice-{operator.line(number, 'short_name')}" not in page
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "under_review"
    name = "select short_name from organisation where id = %s"
    assert operator.one(name, clerk.school()) != "Лицей № 1"
    line = operator.line(number, "short_name")
    forced = operator.decide(number, **{f"choice-{line}": "approve"})
    assert forced.status_code == 403
    assert approver.decide(number).status_code == 303
    assert approver.state(number) == "approved"
    assert operator.one(name, clerk.school()) == "Лицей № 1"
    approver.write(trusted, [])


def test_a_rule_needs_a_reason_and_keeps_what_was_chosen(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    answer = put(operator, address("organisation"), reason=" ", phone="operator")
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert "Напишите, почему меняете правило" in text
    chosen = text.partition('name="policy-phone"')[2].partition("</select>")[0]
    assert '<option value="operator" selected>' in chosen
    assert operator.one("select count(*) from field_policy") == "0"


def test_nothing_looser_than_declared_can_be_set(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    answer = put(operator, address("organisation"), inn="direct")
    assert answer.status_code == 422
    assert operator.one("select count(*) from field_policy") == "0"


def test_two_operators_do_not_write_over_each_other(sides: dict[str, Side]) -> None:
    operator, where = sides["operator"], address("organisation")
    early = form_with(operator.client.get(where).text, "seen")
    put(operator, where, phone="operator")
    late = operator.client.post(
        where, data={**early, "policy-email": "request", "reason": "Другая причина"}
    )
    assert late.status_code == 409
    text = unescape(late.text)
    assert "правила изменили" in text
    assert "Другая причина" in text


def test_sent_twice_it_is_set_once(sides: dict[str, Side]) -> None:
    operator, where = sides["operator"], address("organisation")
    form = form_with(operator.client.get(where).text, "seen")
    form |= {"policy-phone": "operator", "reason": WHY}
    assert operator.client.post(where, data=form).status_code == 303
    assert operator.client.post(where, data=form).status_code == 303
    assert operator.one("select count(*) from field_policy") == "1"


def test_what_was_set_stays_in_the_history_of_rules(sides: dict[str, Side]) -> None:
    operator, where = sides["operator"], address("organisation")
    put(operator, where, phone="operator")
    put(operator, where, phone="", reason="Ошибок больше нет")
    page = unescape(operator.client.get(where).text)
    assert WHY in page
    assert "Ошибок больше нет" in page
    assert operator.one("select count(*) from field_policy where ended_at is null") == "0"


def test_the_department_looks_and_nobody_else_does(sides: dict[str, Side]) -> None:
    where = address("organisation")
    page = sides["department"].client.get(where)
    assert page.status_code == 200
    assert "policy-phone" not in page.text
    token = form_with(page.text, "seen")
    refused = sides["department"].client.post(
        where, data={**token, "policy-phone": "operator", "reason": WHY}
    )
    assert refused.status_code == 403
    for login in ("head", "clerk"):
        assert sides[login].client.get(where).status_code == 403
        assert sides[login].client.get("/policies/").status_code == 403

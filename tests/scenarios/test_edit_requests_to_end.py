"""An organisation asks that a row of a list end, and the operator decides (п. 5.5).

A founder has a last day of its own and stays with it; an annex of a licence has none and goes to
the trash.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from app.jobs.effects import take_all
from app.kernel.clock import today
from tests.documents import PDF
from tests.html_form import form_with
from tests.scenarios.requesting import REASON, Side, number_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

FOUNDER, ANNEX = "organisation_founder", "organisation_licence_annex"
UNTIL = "select valid_to from organisation_founder where id = %s"
TRASHED = "select deleted_at is not null from organisation_licence_annex where id = %s"
LINE = "select line_state from edit_request_line where request_id = %s"
COUNT = "select count(*) from edit_request_line where target_table = %s and target_id = %s"


@dataclass(frozen=True)
class Planted:
    """A row of the first school, made for one test."""

    table: str
    id: str

    @property
    def card(self) -> str:
        return f"/registry/{self.table.replace('_', '-')}/{self.id}"

    @property
    def form(self) -> str:
        return f"{self.card}/request-end"


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Side:
    return Side(portal, "clerk")


@pytest.fixture(scope="module")
def head(portal: Portal) -> Side:
    return Side(portal, "head")


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Side:
    return Side(portal, "operator")


@pytest.fixture
def founder(clerk: Side) -> Planted:
    made = (
        "insert into organisation_founder (uid, organisation_id, founder_kind, founder_name)"
        " values (gen_random_uuid(), %s, '2', 'Учредитель пробный') returning id"
    )
    return Planted(FOUNDER, clerk.one(made, clerk.school()))


@pytest.fixture
def annex(clerk: Side) -> Planted:
    made = (
        "insert into organisation_licence_annex (uid, organisation_id, licence_id, level_code)"
        " select gen_random_uuid(), organisation_id, id, '03' from organisation_licence"
        " where organisation_id = %s limit 1 returning id"
    )
    return Planted(ANNEX, clerk.one(made, clerk.school()))


@pytest.fixture(params=[FOUNDER, ANNEX])
def either(request: pytest.FixtureRequest, founder: Planted, annex: Planted) -> Planted:
    return founder if request.param == FOUNDER else annex


def ask(side: Side, row: Planted, **values: str) -> TestResponse:
    """Fill in the form that asks for the end of a row and send it."""
    said = {f"request.{name}": text for name, text in {"reason": REASON, **values}.items()}
    return side.fill(row.form, **said)


def sent(clerk: Side, head: Side, row: Planted, **values: str) -> int:
    """A request for the end of a row that the head has sent."""
    number = number_of(ask(clerk, row, **values))
    assert head.step(number, "submit").status_code == 303
    return number


def reviewed(clerk: Side, head: Side, operator: Side, row: Planted, **values: str) -> int:
    """The same once the operator has taken it."""
    number = sent(clerk, head, row, **values)
    assert operator.step(number, "take").status_code == 303
    return number


def enclosed() -> dict[str, tuple[BytesIO, str]]:
    """A document in the form, as a browser sends it."""
    return {"request.file.upload": (BytesIO(PDF), "приказ.pdf")}


def rename(side: Side, row: Planted, name: str) -> None:
    side.write("update organisation_founder set founder_name = %s where id = %s", name, row.id)


def test_a_row_with_a_last_day_stays_and_gets_it(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    assert "Попросить убрать…" in clerk.client.get(founder.card).text
    form = unescape(clerk.client.get(founder.form).text)
    assert "Запись останется в портале, но перестанет действовать" in form
    number = reviewed(clerk, head, operator, founder)
    assert clerk.one(UNTIL, founder.id) == "None"
    page = operator.page(number)
    assert "Закончить действие" in page
    assert "Запись останется, «По»: день решения" in page
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    assert clerk.one(UNTIL, founder.id) == str(today())
    wrote = (
        "select via || ' ' || capacity from activity where table_name = %s and row_id = %s"
        " order by id desc limit 1"
    )
    assert operator.one(wrote, founder.table, founder.id) == "request operator"
    assert "Попросить убрать…" not in clerk.client.get(founder.card).text
    again = ask(clerk, founder)
    assert again.status_code == 422
    assert "и так уже не действует" in unescape(again.text)


def test_a_row_without_one_goes_to_the_trash_and_may_be_brought_back(
    clerk: Side, head: Side, operator: Side, annex: Planted
) -> None:
    assert "эта уйдёт в корзину" in unescape(clerk.client.get(annex.form).text)
    number = reviewed(clerk, head, operator, annex)
    assert "В корзину в день решения" in operator.page(number)
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    assert clerk.one(TRASHED, annex.id) == "True"
    assert "Принято" in clerk.page(number)
    place = "/registry/organisation-licence-annex"
    values = form_with(operator.client.get(f"{place}/trash").text, "ids") | {"ids": annex.id}
    assert operator.client.post(f"{place}/restore", data=values).status_code == 303
    assert clerk.one(TRASHED, annex.id) == "False"


def test_what_is_rejected_or_recalled_stays_and_may_be_asked_for_again(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    number = reviewed(clerk, head, operator, founder)
    assert operator.decide(number, "reject").status_code == 303
    assert operator.state(number) == "rejected"
    number = sent(clerk, head, founder)
    assert clerk.step(number, "recall").status_code == 303
    assert clerk.one(UNTIL, founder.id) == "None"
    assert number_of(ask(clerk, founder)) > number


def test_a_row_that_changed_meanwhile_is_shown_and_does_not_end_silently(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    number = reviewed(clerk, head, operator, founder)
    rename(operator, founder, "Другой учредитель")
    assert "Другой учредитель" in operator.page(number)
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "under_review"
    assert clerk.one(UNTIL, founder.id) == "None"
    opened = operator.client.get(f"/requests/{number}").text
    shown = unescape(opened)
    assert "Принять всё равно" in shown
    assert "Учредитель пробный" in shown
    assert "Сейчас:" in shown
    rename(operator, founder, "Третий учредитель")  # after it was shown: still nothing is written
    line = operator.one("select id from edit_request_line where request_id = %s", number)
    late = form_with(opened, f"seen-{line}") | {f"choice-{line}": "over"}
    assert operator.send(number, "decide", opened, **late).status_code == 303
    assert clerk.one(UNTIL, founder.id) == "None"
    assert operator.decide(number, "over").status_code == 303
    assert operator.state(number) == "approved"
    assert clerk.one(UNTIL, founder.id) == str(today())


def test_a_row_that_has_ended_already_is_what_was_asked_for(
    clerk: Side, head: Side, operator: Side, either: Planted
) -> None:
    number, ends = reviewed(clerk, head, operator, either), either.table == FOUNDER
    change = "valid_to = current_date - 1" if ends else "deleted_at = now()"
    operator.write(f"update {either.table} set {change} where id = %s", either.id)  # noqa: S608
    version = f"select version from {either.table} where id = %s"  # noqa: S608
    before = operator.one(version, either.id)
    assert ends or "записи нет, она в корзине" in operator.page(number)
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    assert operator.one(version, either.id) == before
    batch = "select batch_id is null from edit_request where id = %s"
    assert operator.one(batch, number) == "True"


@pytest.mark.parametrize("moved", [False, True])
def test_a_later_day_ends_the_row_on_that_day_if_nothing_has_moved(
    clerk: Side, head: Side, operator: Side, founder: Planted, *, moved: bool
) -> None:
    day = today() + dt.timedelta(days=40)
    number = reviewed(clerk, head, operator, founder, effective_on=day.strftime("%d.%m.%Y"))
    assert f"«По»: {day:%d.%m.%Y}" in operator.page(number)
    assert operator.decide(number).status_code == 303
    assert operator.one(LINE, number) == "scheduled"
    assert clerk.one(UNTIL, founder.id) == "None"
    if moved:
        rename(operator, founder, "Другой учредитель")
    operator.write("update edit_request set effective_on = current_date where id = %s", number)
    with operator.portal.app.app_context():
        assert take_all() == 1
    assert operator.state(number) == ("under_review" if moved else "approved")
    assert clerk.one(UNTIL, founder.id) == ("None" if moved else str(today()))


def test_another_request_about_the_row_points_to_the_first(
    clerk: Side, head: Side, founder: Planted
) -> None:
    waiting, change = number_of(ask(head, founder)), f"{founder.card}/request"
    other = number_of(clerk.fill(change, reason=REASON, founder_name="Иной"))
    number = number_of(ask(clerk, founder))
    form = clerk.client.get(founder.form).text
    assert head.step(number, "submit").status_code == 303
    for late in (waiting, other):
        refused = head.step(late, "submit")
        assert refused.status_code == 422
        assert f"уже отправлен запрос № {number}" in unescape(refused.text)
    values = form_with(form, "version") | {"request.reason": REASON}
    again = clerk.client.post(founder.form, data=values)
    assert again.status_code == 422
    assert f"уже есть запрос № {number}" in unescape(again.text)
    assert REASON in unescape(again.text)
    led = clerk.client.get(founder.form)
    assert led.headers["Location"] == f"/requests/{number}"
    field = clerk.fill(change, reason=REASON, founder_name="Иной")
    assert field.status_code == 422
    assert f"уже в запросе № {number}" in unescape(field.text)
    assert clerk.step(number, "recall").status_code == 303
    assert head.step(other, "submit").status_code == 303
    ends = head.step(waiting, "submit")
    assert ends.status_code == 422
    assert f"уже отправлен запрос № {other}" in unescape(ends.text)


def test_what_the_operator_ends_directly_settles_the_request(
    clerk: Side, head: Side, operator: Side, either: Planted
) -> None:
    number = sent(clerk, head, either)
    if either.table == FOUNDER:
        day, edit = today().strftime("%d.%m.%Y"), f"{either.card}/edit"
        silent = operator.fill(edit, valid_to=day)
        assert silent.status_code == 422
        assert f"запрос № {number}" in unescape(silent.text)
        basis = {"request.basis": "Выписка из ЕГРЮЛ"}
        assert operator.fill(edit, valid_to=day, **basis).status_code == 303
    else:
        values = form_with(operator.client.get(either.card).text, "version")
        assert operator.client.post(f"{either.card}/trash", data=values).status_code == 303
    assert operator.state(number) == "approved"
    assert operator.one(LINE, number) == "approved"
    assert "Сведения изменены напрямую" in clerk.page(number)


def test_a_change_of_the_row_that_does_not_end_it_settles_nothing(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    number = sent(clerk, head, founder)
    answer = operator.fill(f"{founder.card}/edit", founder_name="Другой")
    assert answer.status_code == 303
    assert operator.state(number) == "submitted"


def test_what_was_typed_comes_back_with_what_is_wrong(clerk: Side, founder: Planted) -> None:
    answer = ask(clerk, founder, reason=" ", effective_on="01.01.2001")
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Напишите, почему это нужно изменить" in text
    assert "не дальше чем за год" in text
    assert 'value="01.01.2001"' in text
    form = clerk.client.get(founder.form).text
    rename(clerk, founder, "Другой учредитель")
    moved = clerk.client.post(
        founder.form, data=form_with(form, "version") | {"request.reason": REASON}
    )
    assert moved.status_code == 422
    text = unescape(moved.text)
    assert "в записи изменили: " in text
    assert "Другой учредитель" in text
    assert REASON in text
    begins = "update organisation_founder set valid_from = current_date + 30 where id = %s"
    clerk.write(begins, founder.id)
    early = ask(clerk, founder)
    assert early.status_code == 422
    assert "раньше, чем" in unescape(early.text)
    assert clerk.one(COUNT, founder.table, founder.id) == "0"


def test_the_head_sends_it_at_once_with_a_document_and_twice_is_once(
    head: Side, founder: Planted
) -> None:
    values = form_with(head.client.get(founder.form).text, "version")
    values |= {"request.reason": REASON, "request.go": "send"}
    first = head.client.post(founder.form, data={**values, **enclosed()})
    number = number_of(first)
    assert head.state(number) == "submitted"
    assert "приказ.pdf" in head.page(number)
    again = head.client.post(founder.form, data={**values, **enclosed()})
    assert again.headers["Location"] == first.headers["Location"]
    assert head.one(COUNT, founder.table, founder.id) == "1"


def test_those_who_may_not_ask_are_refused(clerk: Side, founder: Planted) -> None:
    for login in ("clerk2", "operator", "department", "municipal", "employee"):
        side = Side(clerk.portal, login)
        assert side.client.get(founder.form).status_code == 403
        token = form_with(side.client.get("/").text, "csrf_token")["csrf_token"]
        values = {"csrf_token": token, "version": "1", "request.reason": REASON}
        assert side.client.post(founder.form, data=values).status_code == 403
        assert "Попросить убрать…" not in side.client.get(founder.card).text
    assert clerk.one(COUNT, founder.table, founder.id) == "0"


def test_an_official_of_the_department_hears_who_empties_into_the_trash(
    clerk: Side, head: Side, operator: Side, annex: Planted
) -> None:
    number = reviewed(clerk, head, operator, annex)
    operator.write(
        "update role_assignment set add_ons = '{registry_approver}' where role = 'department'"
    )
    answer = Side(clerk.portal, "department").decide(number)
    assert answer.status_code == 422
    assert "Запись убирает в корзину оператор" in unescape(answer.text)
    assert clerk.one(TRASHED, annex.id) == "False"


def test_what_others_point_to_is_not_asked_to_the_trash(clerk: Side) -> None:
    table = "organisation_accreditation_supplement"
    query = (
        "select supplement_id from organisation_accreditation_program where organisation_id = %s"
    )
    answer = ask(clerk, Planted(table, clerk.one(query, clerk.school())))
    assert answer.status_code == 422
    assert "Сначала попросите убрать то, что относится к этой записи" in unescape(answer.text)


def test_the_queue_is_narrowed_to_those_who_ask_for_an_end(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    number = reviewed(clerk, head, operator, founder)
    queue = unescape(operator.client.get("/requests/").text)
    assert "закончить действие (" in queue
    narrowed = unescape(operator.client.get(f"/requests/?field={FOUNDER}.-").text)
    assert "Учредитель: закончить действие" in narrowed
    assert f'href="/requests/{number}"' in narrowed
    assert "Решить сразу" not in narrowed
    at_once = operator.client.get(f"/requests/at-once?field={FOUNDER}.-")
    assert at_once.status_code == 404
    other = unescape(operator.client.get(f"/requests/?field={FOUNDER}.*").text)
    assert f'href="/requests/{number}"' not in other

"""What an organisation may not change itself it asks for, and the operator decides (п. 5.5)."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.requesting import REASON, Side, number_of, reviewed, sent

if TYPE_CHECKING:
    from tests.conftest import Portal


@pytest.fixture
def clerk(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "clerk")


@pytest.fixture
def head(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "head")


@pytest.fixture
def operator(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "operator")


def test_a_request_goes_from_the_clerk_through_the_head_to_the_operator(
    clerk: Side, head: Side, operator: Side
) -> None:
    school = clerk.school()
    number = clerk.ask(school, short_name="Школа имени Гагарина", head_name="Петров Пётр Петрович")
    page = clerk.page(number)
    assert REASON in page
    assert "Школа имени Гагарина" in page
    assert "Отправить" not in page  # the head signs
    assert f"№ {number}" not in unescape(operator.client.get("/requests/").text)
    assert head.step(number, "submit").status_code == 303
    assert f"№\xa0{number}" in unescape(operator.client.get("/requests/").text)
    assert operator.step(number, "take").status_code == 303
    before = operator.one("select version from organisation where id = %s", school)
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    row = "select short_name || ', ' || head_name from organisation where id = %s"
    assert operator.one(row, school) == "Школа имени Гагарина, Петров Пётр Петрович"
    after = operator.one("select version from organisation where id = %s", school)
    assert int(after) == int(before) + 1
    wrote = "select via || ' ' || capacity from activity where row_id = %s order by id desc limit 1"
    assert operator.one(wrote, school) == "request operator"
    assert "Принят" in clerk.page(number)
    batch = operator.one("select batch_id from edit_request where id = %s", number)
    assert f"Запрос № {number}" in unescape(operator.client.get(f"/batches/{batch}").text)


def test_some_lines_are_approved_and_some_rejected_with_a_reason(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name="Новое", head_position="Директор школы")
    line = clerk.line(number, "head_position")
    values = {f"choice-{line}": "reject", f"comment-{line}": "Должность указана в приказе иначе"}
    assert operator.decide(number, **values).status_code == 303
    assert operator.state(number) == "partially_approved"
    row = "select short_name from organisation where id = %s"
    assert operator.one(row, clerk.school()) == "Новое"
    assert "Должность указана в приказе иначе" in clerk.page(number)


def test_a_rejection_without_a_reason_is_not_taken_and_nothing_typed_is_lost(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name="Новое", head_position="Директор школы")
    one, other = clerk.line(number, "short_name"), clerk.line(number, "head_position")
    answer = operator.decide(
        number,
        **{f"choice-{one}": "reject", f"comment-{one}": " ", f"comment-{other}": "по приказу"},
        comment="итог",
    )
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert "Напишите, почему отклонено" in text
    assert 'value="по приказу"' in text
    assert text.count("Напишите, почему отклонено") == 1
    both = operator.decide(number, "reject", **{f"comment-{x}": "" for x in (one, other)})
    assert unescape(both.text).count("Напишите, почему отклонено") == 2
    assert 'value="итог"' in text
    assert operator.state(number) == "under_review"


def test_a_value_that_changed_meanwhile_is_shown_and_not_written_over(
    clerk: Side, head: Side, operator: Side
) -> None:
    school = clerk.school()
    number = reviewed(clerk, head, operator, short_name="Просят", head_position="Директор школы")
    operator.rename("Правка оператора")
    page = operator.page(number)
    assert "Сейчас:" in page
    assert "Правка оператора" in page
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "under_review"
    row = "select short_name || ', ' || head_position from organisation where id = %s"
    assert operator.one(row, school) == "Правка оператора, Директор школы"
    assert "Значение изменилось" in clerk.page(number)
    assert operator.decide(number, "over").status_code == 303
    assert operator.state(number) == "approved"
    assert operator.one(row, school) == "Просят, Директор школы"


def test_a_value_that_is_already_so_is_approved_and_writes_nothing(
    clerk: Side, head: Side, operator: Side
) -> None:
    school = clerk.school()
    number = reviewed(clerk, head, operator, short_name="Просят")
    operator.rename("Просят")
    version = operator.one("select version from organisation where id = %s", school)
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    assert operator.one("select version from organisation where id = %s", school) == version


def test_the_operator_asks_and_the_school_answers(clerk: Side, head: Side, operator: Side) -> None:
    number = reviewed(clerk, head, operator, short_name="Новое")
    assert operator.step(number, "ask", comment=" ").status_code == 422
    assert operator.step(number, "ask", comment="Приложите приказ").status_code == 303
    assert "Приложите приказ" in clerk.page(number)
    assert clerk.step(number, "answer", comment="Приказ № 7").status_code == 303
    assert operator.state(number) == "under_review"
    assert "Приказ № 7" in operator.page(number)


def test_only_the_author_recalls_and_then_the_field_is_free_again(clerk: Side, head: Side) -> None:
    number = sent(clerk, head, short_name="Новое")
    url = f"/registry/organisation/{clerk.school()}/request"
    again = head.fill(url, reason=REASON, short_name="Другое")
    assert again.status_code == 422
    assert f"уже в запросе № {number}" in unescape(again.text)
    assert head.step(number, "recall").status_code == 403
    assert clerk.step(number, "recall").status_code == 303
    assert clerk.state(number) == "withdrawn"
    assert number_of(head.fill(url, reason=REASON, short_name="Другое")) > number


def test_two_drafts_of_one_field_are_not_both_sent(clerk: Side, head: Side) -> None:
    first = clerk.ask(clerk.school(), short_name="Первое")
    second = head.ask(clerk.school(), short_name="Второе")
    assert head.step(first, "submit").status_code == 303
    answer = head.step(second, "submit")
    assert answer.status_code == 422
    assert "уже в другом отправленном запросе" in unescape(answer.text)
    assert head.state(second) == "draft"


def test_nobody_decides_what_is_not_theirs_to_decide(
    clerk: Side, head: Side, operator: Side, fresh_portal: Portal
) -> None:
    number = sent(clerk, head, short_name="Новое")
    department = Side(fresh_portal, "department")
    assert department.client.get(f"/requests/{number}").status_code == 200
    assert department.step(number, "take").status_code == 403
    assert head.step(number, "take").status_code == 403
    assert clerk.decide(number).status_code == 403
    other = Side(fresh_portal, "clerk2")
    assert other.client.get(f"/requests/{number}").status_code == 404
    assert other.step(number, "recall").status_code == 404
    assert Side(fresh_portal, "employee").client.get("/requests/").status_code == 403
    assert operator.state(number) == "submitted"


def test_the_second_of_two_operators_hears_that_it_is_decided(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name="Новое")
    line = clerk.line(number, "short_name")
    opened = operator.client.get(f"/requests/{number}").text
    assert operator.decide(number).status_code == 303
    late = {f"choice-{line}": "reject", f"comment-{line}": "нет"}
    answer = operator.send(number, "decide", opened, **late)
    assert answer.status_code == 409
    assert operator.state(number) == "approved"


def test_nothing_different_makes_no_request(clerk: Side) -> None:
    school = clerk.school()
    name = clerk.one("select short_name from organisation where id = %s", school)
    url = f"/registry/organisation/{school}/request"
    answer = clerk.fill(url, reason=REASON, short_name=f"  {name} ")
    assert answer.status_code == 422
    assert "Ничего не изменено" in unescape(answer.text)
    assert clerk.one("select count(*) from edit_request") == "0"


def test_a_request_without_a_reason_or_from_a_wrong_day_comes_back_as_typed(clerk: Side) -> None:
    url = f"/registry/organisation/{clerk.school()}/request"
    answer = clerk.fill(url, short_name="Новое имя", effective_on="01.01.2001")
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Напишите, почему это нужно изменить" in text
    assert "не дальше чем за год" in text
    assert 'value="Новое имя"' in text
    assert 'value="01.01.2001"' in text

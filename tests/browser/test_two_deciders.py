"""Two people who may decide meet at one request whose value has changed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_requests import press, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
TRUST = (
    "update role_assignment set add_ons = '{registry_approver}'"
    " where user_id = (select id from ab_user where username = 'department')"
)
RENAME = "update organisation set head_name = 'Белова Инна Игоревна' where id = %s"


def test_the_second_loses_no_word_and_may_write_over(
    someone: Callable[[str], Person], schools: dict[str, int], database: psycopg.Connection
) -> None:
    school = schools["school-1"]
    database.execute(TRUST)
    first, second, head = someone("operator"), someone("department"), someone("head")
    request = sent(someone("clerk"), head, school, head_name="Юрьев Юрий Юрьевич")
    first.open(request)
    press(first, "Взять в работу")
    database.execute(RENAME, (school,))  # as an import does
    second.open(request)
    expect(
        second.page.get_by_text("Этот запрос рассматривает Орлова Вера Павловна")
    ).to_be_visible()
    first.page.get_by_label("Принять").check()
    press(first, "Решить")
    expect(first.page.get_by_text("Записать поверх")).to_be_visible()
    second.page.get_by_label("Отклонить").check()
    second.page.get_by_placeholder("Пояснение автору").fill("Не тот приказ")
    press(second, "Решить")
    expect(second.page.get_by_text("запрос изменился")).to_be_visible()
    expect(second.page.get_by_text("Вы написали: Не тот приказ")).to_be_visible()
    row = second.page.locator("[data-line]")
    for value in ("Юрьев Юрий Юрьевич", "Белова Инна Игоревна"):
        expect(row.get_by_text(value).first).to_be_visible()
    second.page.get_by_label("Записать поверх").check()
    press(second, "Решить")
    expect(second.page.locator(".head .status")).to_have_text("Принят")
    head.open(f"/registry/organisation/{school}")
    assert head.fact("Руководитель") == "Юрьев Юрий Юрьевич"

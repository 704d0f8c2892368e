"""Many rows at once in the browser: previewed, done by a job, taken back; the trash and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS, Person
from tests.working import do_jobs

if TYPE_CHECKING:
    import psycopg
    from playwright.sync_api import Locator

    from tests.conftest import Portal

pytestmark = pytest.mark.browser
MANY = 3000
NEW = "+74812777777"
JOB = re.compile(r"/jobs/\d+$")
BATCH = re.compile(r"/batches/\d+$")
PHONES = "select id, phone from organisation order by id"
ONE = "insert into organisation (uid, full_name) values (gen_random_uuid(), %s) returning id"
MORE = (
    "insert into organisation (uid, full_name, phone) select gen_random_uuid(),"
    " 'Пробная школа ' || n, '+7481' || lpad(n::text, 7, '0') from generate_series(1, %s) n"
)


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    return person


def bar(person: Person) -> Locator:
    return person.page.locator("#selection")


def figure(person: Person, words: str) -> str:
    """A figure of a preview, without the spaces between thousands."""
    return re.sub(r"\s", "", person.fact(words))


def confirmed(person: Person, name: str, where: re.Pattern[str]) -> None:
    """Press a button and wait for the address it leads to."""
    person.page.get_by_role("button", name=name).click()
    person.page.wait_for_url(where)


def worked(person: Person, portal: Portal) -> None:
    """See the job wait, let a worker do it, and see the page say so without being reloaded."""
    expect(person.page.locator(".work .status")).to_have_text("Ждёт очереди")
    assert person.page.locator(".work progress").is_visible()
    do_jobs(portal)
    expect(person.page.locator(".work .status")).to_have_text("Готово")
    expect(person.page.locator(".work progress")).to_have_count(0)


def phones(database: psycopg.Connection) -> dict[int, str | None]:
    found = {row[0]: row[1] for row in database.execute(PHONES)}
    database.commit()
    return found


def preview(operator: Person) -> None:
    """Choose all rows of a filter and see what a new telephone would do to them."""
    page = operator.page
    operator.open(f"{ORGANISATIONS}?q=пробная школа")
    page.get_by_label("Выбрать страницу").check()
    page.get_by_role("button", name="Выбрать все").click()
    expect(bar(operator).locator("[data-count]")).to_contain_text("по этому отбору")
    operator.go_by(bar(operator).get_by_role("button", name="Изменить").click)
    assert "более 2\u202f000 записей" in page.locator(".head").inner_text()
    operator.write("to-phone", "4812777777")
    assert page.locator("[name=change-phone]").is_checked(), "what is typed into is changed"
    operator.save()
    assert figure(operator, "Изменится") == str(MANY)
    assert "+7 4812 77-77-77" in page.locator("main").inner_text()
    assert "фоновое задание" in page.locator(".confirm").inner_text()


def take_back(operator: Person) -> None:
    """From the page of a job to its batch among the others, and ask for its undo."""
    page = operator.page
    operator.go_by(page.get_by_role("link", name="Что изменено").click)
    operator.go_by(page.locator(".crumbs").get_by_role("link", name="Пакеты изменений").click)
    operator.go_by(page.locator("tbody th a").first.click)
    assert page.locator("tbody tr").first.locator("td").nth(1).inner_text() == "Телефон"
    page.get_by_role("button", name="Отменить пакет").click()
    asked = page.locator("dialog[open]")
    assert "Прежние значения вернутся в строки: 3000." in asked.inner_text()
    assert "новых строк" not in asked.inner_text(), "there were none"
    asked.get_by_role("button", name="Отменить пакет").click()
    page.wait_for_url(JOB)


def test_three_thousand_rows_are_previewed_edited_by_a_job_and_taken_back(
    operator: Person, portal: Portal, database: psycopg.Connection
) -> None:
    page = operator.page
    database.execute(MORE, [MANY])
    database.commit()
    before = phones(database)
    preview(operator)
    assert phones(database) == before, "a preview writes nothing"
    page.locator(".confirm [value=apply]").click()
    page.wait_for_url(JOB)
    worked(operator, portal)
    after = phones(database)
    assert sum(phone == NEW for phone in after.values()) == MANY
    assert {k: v for k, v in after.items() if v != NEW}.items() <= before.items()
    take_back(operator)
    worked(operator, portal)
    assert phones(database) == before
    operator.open("/batches/")
    assert page.locator("tbody tr .status").all_inner_texts()[:2] == ["В силе", "Отменено"]


def test_a_row_goes_to_the_trash_and_comes_back(
    operator: Person, database: psycopg.Connection
) -> None:
    page = operator.page
    name = "Упразднённая школа"
    made = database.execute(ONE, [name]).fetchone()
    database.commit()
    assert made
    card = f"{ORGANISATIONS}{made[0]}"
    operator.open(card)
    page.get_by_label("Ещё действия").click()
    page.get_by_role("button", name="Переместить в корзину").click()
    operator.go_by(page.locator("dialog[open]").get_by_role("button", name="В корзину").click)
    assert operator.path == ORGANISATIONS
    assert operator.open(card).status == 404
    operator.open(ORGANISATIONS)
    operator.go_by(page.get_by_role("link", name="Корзина").click)
    line = page.locator("tbody tr").filter(has_text=name)
    assert "Орлова Вера Павловна" in line.inner_text()
    operator.go_by(line.get_by_role("button", name="Восстановить").click)
    assert operator.path == card
    assert operator.heading == name
    assert "Возвращено" in page.get_by_role("status").first.inner_text()
    operator.open(f"{ORGANISATIONS}trash")
    assert name not in page.locator("#list").inner_text()


def test_chosen_rows_go_to_the_trash_together_and_come_back_together(
    operator: Person, database: psycopg.Connection
) -> None:
    page = operator.page
    database.execute(
        "insert into organisation (uid, full_name) select gen_random_uuid(),"
        " 'Закрытая школа ' || n from generate_series(1, 4) n"
    )
    database.commit()
    operator.open(f"{ORGANISATIONS}?q=закрытая школа")
    for number in range(3):
        page.locator("[data-pick]").nth(number).check()
    gone = [page.locator("tbody th").nth(at).inner_text() for at in range(3)]
    operator.go_by(bar(operator).get_by_role("button", name="В корзину").click)
    assert figure(operator, "Уйдёт в корзину") == "3"
    confirmed(operator, "Переместить в корзину: 3", BATCH)
    operator.open(f"{ORGANISATIONS}?q=закрытая школа")
    assert page.locator("tbody th").count() == 1
    operator.go_by(page.get_by_role("link", name="Корзина").click)
    for name in gone:
        page.get_by_label(f"Выбрать: {name}").check()
    bar(operator).get_by_role("button", name="Восстановить").click()
    page.wait_for_url(BATCH)
    operator.open(f"{ORGANISATIONS}?q=закрытая школа")
    assert page.locator("tbody th").count() == 4

"""Terms and days off are rows: the operator changes them, requests sent afterwards follow them."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.extensions import db
from app.kernel.calendar import add_working_days
from app.kernel.clock import today
from app.security.scopes import bind_scope, system_scope
from app.services.terms import load_terms, read
from tests.html_form import form_with
from tests.scenarios.keeping import said
from tests.scenarios.requesting import Side, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

DAYS, RULES = "/reference/calendar-day/", "/reference/deadline-rule/"
RULE = "select id from deadline_rule where code = 'REG_EDIT' and created_by is null"
DAY_OFF, WORKING = "H", "W"
ANOTHER = {
    "code": "REG_EDIT", "name": "Решение по запросу", "base_event": "Отправка запроса",
    "unit": "wd",
}  # fmt: skip


class Office(Side):
    """The operator with the lists of days off and terms at hand."""

    def add(self, where: str, known_by: str, /, **values: object) -> TestResponse:
        """Fill in a new form, known by one of its inputs, and send it."""
        data = form_with(self.client.get(f"{where}add").text, known_by)
        return self.client.post(f"{where}add", data=data | {n: str(v) for n, v in values.items()})

    def day(self, date: dt.date, kind: str) -> TestResponse:
        """Type a day of the production calendar."""
        return self.add(DAYS, "date", date=f"{date:%d.%m.%Y}", kind=kind, note="Перенос")

    def term(self, **values: object) -> TestResponse:
        """Change the term of requests."""
        return self.fill(f"{RULES}{self.one(RULE)}/edit", **values)

    def due(self, number: int) -> dt.date:
        """The day by which a request is to be decided."""
        query = "select due_on from edit_request where id = %s"
        return dt.date.fromisoformat(self.one(query, number))

    def works(self, day: dt.date) -> bool:
        """Whether people work on a day, as the rows of the calendar say."""
        kind = self.one("select kind from calendar_day where date = %s and deleted_at is null", day)
        return kind != DAY_OFF and (bool(kind) or day.weekday() < 5)


@pytest.fixture
def office(portal: Portal) -> Iterator[Office]:
    office = Office(portal, "operator")
    yield office
    office.write("delete from deadline_rule where created_by is not null")
    office.write("delete from calendar_day where created_by is not null")
    office.write("update calendar_day set deleted_at = null")
    office.write(
        "update deadline_rule set offset_n = 5, unit = 'wd', deleted_at = null, valid_to = null"
        " where code = 'REG_EDIT'"
    )


@pytest.fixture
def clerk(portal: Portal) -> Side:
    return Side(portal, "clerk")


@pytest.fixture
def head(portal: Portal) -> Side:
    return Side(portal, "head")


def form_of(clerk: Side) -> str:
    """The form of the clerk's school, as text."""
    page = clerk.client.get(f"/registry/organisation/{clerk.school()}/edit")
    assert page.status_code == 200
    return unescape(page.text)


def laid_down(portal: Portal, day: dt.date) -> int:
    """How many rows `load-classifiers` adds on that day."""
    with portal.app.app_context():
        session = db.session()
        bind_scope(session, system_scope("cli"))
        written = load_terms(session, day)
        session.commit()
    return written


@pytest.mark.parametrize(
    ("code", "base", "last"),
    [
        ("ENR_W1_ORDER", "2026-06-30", "2026-07-03"),
        ("ENR_W1_ORDER", "2026-02-10", "2026-07-03"),  # from 30 June, whatever the day of asking
        ("AP_PROC_REVIEW", "2026-06-10", "2026-06-15"),  # over Russia Day and a weekend
        ("AP_MARK_REVIEW", "2026-06-15", "2026-06-19"),
        ("ATT_REVIEW", "2026-03-02", "2026-04-01"),
        ("EX_EGE", "2026-01-15", "2026-02-02"),  # a Sunday, moves to Monday
        ("EX_OGE", "2026-01-15", "2026-03-02"),
        ("EX_LATE", "2026-06-01", "2026-05-18"),
        ("AP_NOTICE", "2026-06-15", "2026-06-11"),  # back over the weekend and Russia Day
        ("ATT_REFUSED_RETRY", "2028-02-29", "2029-02-28"),
        ("REG_EDIT", "2026-12-30", "2027-01-14"),  # over the winter holidays
    ],
)
def test_terms_are_counted_over_the_rows_laid_down(
    portal: Portal, code: str, base: str, last: str
) -> None:
    with portal.app.app_context():
        bind_scope(db.session(), system_scope("cli"))
        terms = read(db.session())
    assert terms.last_day(code, dt.date.fromisoformat(base)) == dt.date.fromisoformat(last)


def test_days_typed_by_the_operator_move_the_term_of_later_requests_alone(
    office: Office, clerk: Side, head: Side
) -> None:
    first = sent(clerk, head, short_name="Школа имени Гагарина")
    due = office.due(first)
    assert due == add_working_days(today(), 5, office.works)
    assert office.day(due, DAY_OFF).status_code == 303
    second = sent(clerk, head, head_name="Петров Пётр Петрович")
    later = add_working_days(due, 1, office.works)
    assert office.due(second) == later
    saturday = today() + dt.timedelta(days=(5 - today().weekday()) % 7 or 7)
    assert office.day(saturday, WORKING).status_code == 303
    third = sent(clerk, head, head_position="Исполняющий обязанности директора")
    assert office.due(third) == add_working_days(today(), 5, office.works) < later
    assert (office.due(first), office.due(second)) == (due, later)


def test_a_changed_term_stands_on_the_form_of_a_school_at_once(office: Office, clerk: Side) -> None:
    assert "обычно за 5 рабочих дней;" in form_of(clerk)
    assert office.term(offset_n=1).status_code == 303
    assert "обычно за 1 рабочий день;" in form_of(clerk)
    assert office.term(offset_n=3, unit="cd").status_code == 303
    assert "обычно за 3 календарных дня;" in form_of(clerk)
    asking = clerk.client.get(f"/registry/organisation/{clerk.school()}/request")
    assert "обычно за 3 календарных дня." in unescape(asking.text)
    told = clerk.fill(f"/registry/organisation/{clerk.school()}/edit", full_name="Иная школа")
    assert "решает обычно за 3 календарных дня" in unescape(told.text)


def test_a_term_that_begins_later_waits_for_its_day(office: Office, clerk: Side) -> None:
    tomorrow = today() + dt.timedelta(days=1)
    soon = office.add(RULES, "code", **ANOTHER, offset_n=9, valid_from=f"{tomorrow:%d.%m.%Y}")
    assert soon.status_code == 303, said(soon)
    assert "обычно за 5 рабочих дней;" in form_of(clerk)
    now = office.add(RULES, "code", **ANOTHER, offset_n=7, valid_from=f"{today():%d.%m.%Y}")
    assert now.status_code == 303, said(now)
    assert "обычно за 7 рабочих дней;" in form_of(clerk)


def test_without_a_term_in_force_the_one_laid_down_applies(
    office: Office, clerk: Side, head: Side
) -> None:
    office.term(offset_n=20)
    text = office.client.get(f"{RULES}{office.one(RULE)}").text
    data = form_with(text, "version")
    assert office.client.post(f"{RULES}{office.one(RULE)}/trash", data=data).status_code == 303
    assert "обычно за 5 рабочих дней;" in form_of(clerk)
    number = sent(clerk, head, full_name="Школа имени Гагарина, город Смоленск")
    assert office.due(number) == add_working_days(today(), 5, office.works)


def test_what_was_removed_or_moved_does_not_come_back(office: Office, portal: Portal) -> None:
    assert laid_down(portal, today()) == 0
    year = today().year
    removed, moved = dt.date(year, 1, 8), dt.date(year, 11, 4)
    found = "select id from calendar_day where date = %s"
    href = f"{DAYS}{office.one(found, removed)}"
    data = form_with(office.client.get(href).text, "version")
    assert office.client.post(f"{href}/trash", data=data).status_code == 303
    assert f"08.01.{year}" in office.client.get(f"{DAYS}trash").text
    href = f"{DAYS}{office.one(found, moved)}/edit"
    assert office.fill(href, date=f"05.11.{year}").status_code == 303
    assert laid_down(portal, today()) == 0
    assert office.one(f"{found} and deleted_at is null", removed) == ""
    assert office.one(found, moved) == ""
    assert laid_down(portal, today() + dt.timedelta(days=366)) in {14, 28}  # of the next years
    office.fill(f"{DAYS}{office.one(found, dt.date(year, 11, 5))}/edit", date=f"04.11.{year}")


def test_what_no_term_can_be_is_refused_in_words(office: Office) -> None:
    backwards = office.term(offset_n=0)
    assert backwards.status_code == 422
    assert "считается вперёд" in said(backwards)
    fixed = office.term(base_day="30.06")
    assert fixed.status_code == 422
    assert "от дня отправки" in said(fixed)
    assert "есть в каждом году" in said(office.term(base_day="31.06"))
    again = office.add(RULES, "code", **ANOTHER, offset_n=9)
    assert again.status_code == 422
    assert "укажите другой день начала" in said(again)
    twice = office.day(dt.date(today().year, 5, 9), WORKING)
    assert twice.status_code == 422
    assert "Этот день уже записан" in said(twice)


@pytest.mark.parametrize("login", ["clerk", "head", "department", "municipal"])
def test_only_the_operator_writes_what_everybody_reads(portal: Portal, login: str) -> None:
    person = Side(portal, login)
    assert "День России" in unescape(person.client.get(f"{DAYS}?q=россии").text)
    assert "REG_EDIT" in person.client.get(f"{RULES}?q=reg_edit").text
    for where in (DAYS, RULES):
        assert person.client.get(f"{where}add").status_code == 403
        assert person.client.get(f"{where}{person.one(RULE)}/edit").status_code == 403

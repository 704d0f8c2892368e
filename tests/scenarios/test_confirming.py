"""«Сведения актуальны»: a school confirms what is entered; what nobody looked at shows."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from app.security.database import DatabaseRole
from tests.scenarios.keeping import Keeper
from tests.security.raw import DENIED, acting, count
from tests.working import person

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

AGE = (
    "update {} set created_at = created_at - %s * interval '1 day',"
    " updated_at = updated_at - %s * interval '1 day'"
)
STALE = "не подтверждалось больше года"


@pytest.fixture
def clerk(fresh_portal: Portal) -> Keeper:
    return Keeper(fresh_portal, "clerk")


def card(who: Keeper, number: int = 1) -> str:
    """The page of a school as text, blanks in one."""
    page = who.client.get(f"/registry/organisation/{who.school(number)}").text
    return " ".join(unescape(page).split())


def press(who: Keeper, code: str, number: int = 1) -> TestResponse:
    """The button of an item, or of all."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', who.client.get("/").text)
    data = {"csrf_token": token[1] if token else ""}
    return who.client.post(f"/confirm/{who.school(number)}/{code}", data=data)


def age(portal: Portal, days: int) -> None:
    """As if nothing had happened since so many days ago."""
    with portal.cluster.connect(portal.database) as base:
        tables = base.execute(
            "select c.relname from pg_class c join pg_trigger t on t.tgrelid = c.oid"
            " where t.tgname = c.relname || '_stamp'"
        ).fetchall()
        for (name,) in tables:
            table = sql.Identifier(name)
            alter = sql.SQL("alter table {} {} trigger user")
            base.execute(alter.format(table, sql.SQL("disable")))
            base.execute(sql.SQL(AGE).format(table), (days, days))
            base.execute(alter.format(table, sql.SQL("enable")))
        base.execute("update activity set at = at - %s * interval '1 day'", (days,))
        base.execute("update item_confirmation set at = at - %s * interval '1 day',"
                     " confirmed_on = confirmed_on - %s", (days, days))  # fmt: skip


def test_a_school_confirms_and_its_name_stands_there(clerk: Keeper, fresh_portal: Portal) -> None:
    assert "Подтверждено" not in card(clerk)
    assert press(clerk, "3.02").status_code == 303
    assert press(clerk, "3.02").status_code == 303, "twice is as good as once"
    assert clerk.one("select count(*) from item_confirmation") == 1
    page = card(clerk)
    day = clerk.one("select to_char(confirmed_on, 'DD.MM.YYYY') from item_confirmation")
    last = clerk.one("select last_name from ab_user where username = 'clerk'")
    assert re.search(rf"Подтверждено {day}, {last} [А-Я]\.", page)
    operator = Keeper(fresh_portal, "operator")
    assert f"Подтверждено {day}" in card(operator)
    assert "Сведения актуальны" not in card(operator)
    assert "Подтверждено" not in card(Keeper(fresh_portal, "clerk2")), "as little as the history"


def test_what_nobody_looked_at_for_a_year_is_said(clerk: Keeper, fresh_portal: Portal) -> None:
    school = clerk.school()
    assert STALE not in card(clerk)
    age(fresh_portal, 365)
    assert STALE not in card(clerk), "a year is not more than a year"
    age(fresh_portal, 1)
    before = card(clerk).count(f"<b>{STALE}</b>")
    assert before > 10
    assert re.search(rf"{STALE}: \d+", card(clerk))
    press(clerk, "3.02")
    clerk.edit("organisation", school, email="school@example.com")
    page = card(clerk)
    for code in ("3.02", "3.03"):
        assert not re.search(rf"{re.escape(code)} [^<]*</span> <b>{STALE}", page), code
    assert re.search(rf"3\.04 [^<]*</span> <b>{STALE}", page)
    assert press(clerk, "all").status_code == 303
    assert STALE not in card(clerk)
    age(fresh_portal, 366)
    assert STALE in card(clerk), "a confirmation grows old too"


def test_only_what_is_entered_is_confirmed_and_only_by_the_school(
    clerk: Keeper, fresh_portal: Portal
) -> None:
    clerk.edit("organisation", clerk.school(), site_url="")
    assert press(clerk, "3.04").status_code == 403
    assert press(clerk, "9.99").status_code == 404
    assert press(clerk, "3.02", 2).status_code == 403
    assert press(Keeper(fresh_portal, "operator"), "3.02").status_code == 403
    assert press(Keeper(fresh_portal, "employee"), "3.02").status_code == 403
    assert clerk.client.get(f"/confirm/{clerk.school()}/3.02").status_code == 405
    assert clerk.client.post(f"/confirm/{clerk.school()}/3.02").status_code == 400
    assert clerk.one("select count(*) from item_confirmation") == 0
    assert press(Keeper(fresh_portal, "head"), "3.02").status_code == 303


def test_the_database_keeps_to_it(clerk: Keeper, fresh_portal: Portal) -> None:
    press(clerk, "3.02")
    own, other, me = clerk.school(1), clerk.school(2), person(fresh_portal, "clerk").user_id
    add = (
        "insert into item_confirmation (organisation_id, item_code, confirmed_on, user_id)"
        " values (%s, '3.03', current_date, %s)"
    )
    seen = {"user_id": me, "write": "on", "orgs": f"{{{own}}}", "writable": f"{{{own}}}"}
    with acting(fresh_portal, DatabaseRole.ORG, **seen) as connection:
        connection.execute(add, (own, me))
        assert count(connection, "item_confirmation") == 2
        for values in ((other, me), (own, 1 if me != 1 else 2)):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(add, values)
        for change in ("delete from item_confirmation", "update item_confirmation set user_id = 1"):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(change.encode())
    foreign = {**seen, "orgs": f"{{{other}}}", "writable": f"{{{other}}}"}
    with acting(fresh_portal, DatabaseRole.ORG, **foreign) as connection:
        assert count(connection, "item_confirmation") == 0
    with acting(fresh_portal, DatabaseRole.REGION, user_id=me, write="on") as connection:
        assert count(connection, "item_confirmation") == 1
        with pytest.raises(DENIED), connection.transaction():
            connection.execute(add, (own, me))

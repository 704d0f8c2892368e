"""A change that came from a request has three days: asked for, decided, in effect from."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate
import pytest

from app.extensions import db
from app.jobs.effects import take_all
from app.kernel.clock import today
from app.services.undoing import undo
from tests.histories import LIST, entries, rows_of, save, words
from tests.html_form import form_with
from tests.scenarios.requesting import Side, reviewed
from tests.working import person, session_of

if TYPE_CHECKING:
    from tests.conftest import Portal

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
DIRECT, LATER, TWICE, LAST = "+7 4812 38-77-77", "Лицей на завтра", "Директор первый", "Школа два"
SPLIT, PIECE = "Директор третий", "Школа три"  # decided on two days, written on one
EVERY = {DIRECT, LATER, TWICE, LAST, SPLIT, PIECE}
KEPT = (
    "select string_agg(concat_ws('/', id, request_id, proposed_on, decided_on, effective_on), ' '"
    " order by id) from activity where request_id is not null"
)


def day(ago: int) -> str:
    return (today() - dt.timedelta(days=ago)).strftime("%d.%m.%Y")


def ago(side: Side, number: int, days: int) -> None:
    """Let a request have been sent so many days ago."""
    moved = "update edit_request set submitted_at = now() - %s * interval '1 day' where id = %s"
    side.write(moved, days, number)


def decided_ago(side: Side, number: int, field: str, days: int) -> None:
    """Let a line have been approved for its later day so many days ago."""
    side.write(
        "update edit_request_line set scheduled_at = now() - %s * interval '1 day'"
        " where line_state = 'scheduled' and id = %s",
        *(days, side.line(number, field)),
    )
    side.write(
        "update edit_request_event set at = now() - %s * interval '1 day' where id ="
        " (select max(id) from edit_request_event where request_id = %s)",
        *(days, number),
    )


def come(side: Side, number: int, days: int) -> None:
    """Let the day of effect have come so many days ago, and the job run."""
    side.write("update edit_request set effective_on = %s where id = %s", _date(days), number)
    with side.portal.app.app_context():
        assert take_all() == 1


def _date(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def half(operator: Side, number: int, field: str) -> None:
    """Approve the line about one field alone, where many requests are decided at once."""
    where = f"/requests/at-once?field=organisation.{field}"
    text = operator.client.get(where).text
    pick = re.findall(rf'name="pick" value="({number}\.[0-9.]+)"', text)
    data = {**form_with(text, "pick"), "pick": pick, "choice": "approve"}
    assert operator.client.post(where, data=data).status_code == 200


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Side:
    return Side(portal, "operator")


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Side:
    return Side(portal, "clerk")


@pytest.fixture(scope="module")
def numbers(portal: Portal, clerk: Side, operator: Side) -> tuple[int, int, int]:
    """The past of a school: a direct change, then three requests; gives their numbers."""
    head, ahead = Side(portal, "head"), day(-40)
    save(clerk.client, f"{LIST}{clerk.school()}", phone=DIRECT)

    later = reviewed(clerk, head, operator, short_name=LATER, effective_on=ahead)
    ago(clerk, later, 14)
    assert operator.decide(later).status_code == 303
    decided_ago(operator, later, "short_name", 10)
    come(operator, later, 1)

    twice = reviewed(clerk, head, operator, head_position=TWICE, short_name=LAST)
    ago(clerk, twice, 20)
    half(operator, twice, "head_position")
    batch, who = operator.one("select max(id) from change_batch"), person(portal, "operator")
    with session_of(portal, who) as session:
        undo(session, int(batch), who)
        session.commit()
    assert operator.decide(twice).status_code == 303  # in a batch of its own: the first is undone

    split = reviewed(
        clerk, head, operator, head_position=SPLIT, short_name=PIECE, effective_on=ahead
    )
    ago(clerk, split, 15)
    half(operator, split, "head_position")
    decided_ago(operator, split, "head_position", 9)
    half(operator, split, "short_name")
    decided_ago(operator, split, "short_name", 7)
    come(operator, split, 2)
    return later, twice, split


def page(side: Side, query: str = "") -> str:
    return unescape(side.client.get(f"{LIST}{side.school()}/history{query}").text)


def entry(side: Side, value: str) -> str:
    """The entry that wrote the value."""
    found = [one for one in entries(page(side)) if re.search(f'"after".*?{re.escape(value)}', one)]
    assert len(found) == 1, found
    return found[0]


def test_a_change_of_a_later_day_says_all_three_and_leads_to_its_request(
    clerk: Side, numbers: tuple[int, int, int]
) -> None:
    found = entry(clerk, LATER)
    said = f"предложено {day(14)} · решено {day(10)} · действует с {day(1)}"
    assert f"{said} · запрос № {numbers[0]}" in words(found)
    assert f'href="/requests/{numbers[0]}"' in found
    assert "предложено" not in entry(clerk, DIRECT)


def test_both_halves_of_a_request_name_it_though_one_batch_was_undone(
    operator: Side, numbers: tuple[int, int, int]
) -> None:
    said = f"предложено {day(20)} · решено {day(0)} · действует с {day(0)} · запрос № {numbers[1]}"
    both = entry(operator, TWICE), entry(operator, LAST)
    assert all(said in words(one) for one in both)
    batches = {found for one in both for found in re.findall(r'href="(/batches/\d+)"', one)}
    assert len(batches) == 2


def test_what_was_decided_on_two_days_and_written_on_one_was_decided_on_the_last(
    operator: Side, numbers: tuple[int, int, int]
) -> None:
    found = entry(operator, SPLIT)
    assert PIECE in found
    said = f"предложено {day(15)} · решено {day(7)} · действует с {day(2)}"
    assert f"{said} · запрос № {numbers[2]}" in words(found)


@pytest.mark.parametrize(
    ("by", "since", "until", "wanted"),
    [
        ("proposed", 14, 14, {LATER}),
        ("proposed", 20, 15, {TWICE, LAST, SPLIT, PIECE}),
        ("decided", 10, 8, {LATER}),
        ("decided", 7, 7, {SPLIT, PIECE}),
        ("effective", 2, 1, {LATER, SPLIT, PIECE}),
        ("effective", 1, 1, {LATER}),
        ("", 20, 1, set()),
        ("decided", 0, 0, {DIRECT, TWICE, LAST}),
        ("effective", 0, 0, {DIRECT, TWICE, LAST}),
        ("proposed", 0, 0, {DIRECT}),
        ("", 0, 0, EVERY),
    ],
)
def test_each_day_finds_just_its_changes_on_the_page_and_in_the_file(
    operator: Side,
    numbers: tuple[int, int, int],
    by: str,
    since: int,
    until: int,
    wanted: set[str],
) -> None:
    assert numbers
    query = f"?date={by}&from={day(since)}&to={day(until)}"
    text = "".join(
        "".join(re.findall(r'<td class="after".*?</td>', one))
        for one in entries(page(operator, query))
    )
    assert {value for value in EVERY if value in text} == wanted
    assert since == until == 0 or len(entries(page(operator, query))) <= len(wanted)
    where = f"{LIST}{operator.school()}/history/xlsx{query}"
    rows = rows_of(operator.client.get(where))
    assert rows[0][:4] == ["Когда", "Предложено", "Решено", "Действует с"]
    assert {row[-1] for row in rows} & EVERY == wanted
    column = {"proposed": 1, "decided": 2, "effective": 3}.get(by, 0)
    days = {dt.date.fromisoformat(str(row[column])[:10]) for row in rows[1:]}
    assert all(_date(since) <= one <= _date(until) for one in days)


def test_the_choice_stays_in_the_address_and_what_is_wrong_stays_typed(
    operator: Side, numbers: tuple[int, int, int]
) -> None:
    assert numbers
    found = page(operator, f"?date=decided&from={day(30)}&to={day(1)}&field=short_name")
    assert f"Убрать: Решено с {day(30)}" in found
    assert f"Убрать: Решено по {day(1)}" in found
    assert '<option value="decided" selected>' in found
    assert f"/history/xlsx?field=short_name&date=decided&from={day(30)}&to={day(1)}" in found
    wrong = page(operator, f"?date=asked&from=32.13.2026&to={day(0)}")
    assert "Такой даты у изменения нет" in wrong
    assert 'value="32.13.2026"' in wrong
    assert f"Убрать: По {day(0)}" in wrong
    assert entries(wrong)
    assert "Первая дата позже второй" in page(operator, f"?from={day(0)}&to={day(1)}")


def test_who_may_not_read_the_request_reads_the_days_but_not_its_number(
    portal: Portal, numbers: tuple[int, int, int]
) -> None:
    authority = Side(portal, "municipal")
    assert authority.client.get(f"/requests/{numbers[0]}").status_code in {403, 404}
    found = entry(authority, LATER)
    assert f"решено {day(10)}" in found
    assert "запрос №" not in found.casefold()
    assert "/requests/" not in found


def test_lines_of_before_the_log_knew_are_told_their_days_by_the_migration(
    portal: Portal, operator: Side, numbers: tuple[int, int, int]
) -> None:
    kept = operator.one(KEPT)
    assert {int(line.split("/")[1]) for line in kept.split()} == set(numbers)
    names = sorted(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))
    before = next(b for b, name in pairwise(names) if "house_dates" in name)
    with portal.app.app_context():
        db.session.remove()
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision=before)
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert operator.one(KEPT) == kept

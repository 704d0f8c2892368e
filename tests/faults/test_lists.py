"""Faults 5, 7, 8, 9, 21 of Flask-AppBuilder: lists."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import event

from tests.faults.sides import DONE, Side, mended


@mended
def test_two_who_search_at_once_see_each_their_own(side: Side) -> None:
    """5: the filters of a view are shared by all threads."""
    slow, quick = side.client(), side.client()
    reading, answered = threading.Event(), threading.Event()
    found: dict[str, str] = {}

    def hold(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        """Keep the slow one at its first statement on the list until the quick one is done."""
        mine = threading.current_thread().name == "slow"
        if mine and "organisation" in statement and ("LIMIT" in statement or "count" in statement):
            reading.set()
            answered.wait(10)

    def ask() -> None:
        found["slow"] = side.page(slow, side.path("search", "Гимназия"))

    event.listen(side.engine, "before_cursor_execute", hold)
    try:
        thread = threading.Thread(target=ask, name="slow")
        thread.start()
        if not reading.wait(10):
            raise RuntimeError("the list was not asked for")
        quick.get(side.path("search", "southwester"))
        answered.set()
        thread.join()
    finally:
        answered.set()
        event.remove(side.engine, "before_cursor_execute", hold)
    assert "Гимназия №" in found["slow"]
    assert "southwester" not in found["slow"]


@mended
def test_a_list_asks_the_database_eight_times_at_most(side: Side) -> None:
    """7: one statement for every item of the menu and every permission."""
    client = side.client()
    side.page(client, side.path("list"))
    with side.statements() as sent:
        side.page(client, side.path("list"))
    assert len(sent) <= 8, len(sent)


@mended
def test_more_rows_take_no_more_statements(side: Side) -> None:
    """8: the words of related rows are asked for one by one."""
    client = side.client()
    counts = []
    for path in (side.path("licences found", "Л035"), side.path("licences found", "00192001")):
        side.page(client, path)
        with side.statements() as sent:
            side.page(client, path)
        counts.append(len(sent))
    assert counts[0] == counts[1]


@mended
def test_every_page_of_a_list_says_its_order(side: Side) -> None:
    """8: without an order the same row comes on two pages and another one on none."""
    client = side.client()
    with side.statements() as sent:
        side.page(client, side.path("list"))
    assert all("ORDER BY" in text for text in _pages(sent))


@mended
def test_the_next_page_is_not_reached_by_skipping_rows(side: Side) -> None:
    """8: OFFSET reads everything before the page."""
    client = side.client()
    following = side.next_page(side.page(client, side.path("list")))
    with side.statements() as sent:
        side.page(client, following)
    assert not [text for text in _pages(sent) if "OFFSET" in text]


def _pages(sent: list[str]) -> list[str]:
    """The statements which ask for a page of rows."""
    pages = [text for text in sent if "LIMIT" in text and "count(" not in text]
    if not pages:
        raise RuntimeError("no page was asked for")
    return pages


@mended
def test_a_list_is_ordered_only_by_what_it_offers(side: Side) -> None:
    """9: an order by any attribute is an oracle for its values."""
    assert side.client().get(side.path("ordered", "gia_code")).status_code == 400


@mended
def test_the_size_of_a_page_is_one_of_those_offered(side: Side) -> None:
    """9: any size is taken, whole tables and negative ones."""
    client = side.client()
    for size in ("100000", "-5", "0"):
        assert client.get(side.path("sized", size)).status_code == 400


@mended
def test_a_strange_size_is_no_failure_of_the_server(side: Side) -> None:
    """21: what is no number ends in an error 500."""
    answer = side.client().get(side.path("sized", "abc"))
    assert answer.status_code == 400


@mended
def test_a_strange_order_is_said_to_be_wrong(side: Side) -> None:
    """21: an unknown attribute is answered by a redirect, or by an error 500."""
    answer = side.client().get(side.path("ordered", "no_such_attribute"))
    assert answer.status_code == 400
    assert answer.status_code not in DONE

"""Signing in: what a person at the door can try, and what it costs."""

from __future__ import annotations

import statistics
import threading
import time
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from tests.security.door import RIGHT, WRONG, sign_in, token, words

if TYPE_CHECKING:
    import psycopg

    from tests.conftest import Portal


def test_after_five_wrong_tries_the_right_password_gives_the_same_answer(
    portal: Portal, base: psycopg.Connection
) -> None:
    answers = [sign_in(portal, "clerk", WRONG) for _ in range(5)]
    locked = sign_in(portal, "clerk", RIGHT)
    assert {answer.status_code for answer in answers} == {401}
    assert locked.status_code == 401
    assert words(locked, "clerk") == words(answers[0], "clerk")
    assert sign_in(portal, "clerk2", RIGHT).status_code == 303, "others are not locked out"
    base.execute("update login_throttle set locked_until = now() - interval '1 second'")
    assert sign_in(portal, "clerk", RIGHT).status_code == 303


def test_four_wrong_tries_are_free_and_a_right_one_forgets_them(
    portal: Portal, base: psycopg.Connection
) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(portal, "clerk", WRONG)
        assert sign_in(portal, "clerk", RIGHT).status_code == 303


@pytest.mark.parametrize("login", ["CLERK", " clerk ", "Clerk\x00", "clerk\u200b\t"])
def test_spelling_does_not_go_round_the_lock(
    portal: Portal, base: psycopg.Connection, login: str
) -> None:
    for _ in range(5):
        assert sign_in(portal, login, WRONG).status_code == 401
    keys = base.execute("select key from login_throttle where key like 'user:%'").fetchall()
    assert len(keys) == 1
    right = sign_in(portal, "clerk", RIGHT).status_code
    assert right == (303 if "\u200b" in login and keys[0][0] != "user:clerk" else 401)


def test_each_further_try_locks_for_longer(portal: Portal, base: psycopg.Connection) -> None:
    waits = []
    for _ in range(8):
        sign_in(portal, "clerk", WRONG)
        base.execute("update login_throttle set locked_until = now() where locked_until > now()")
    for _ in range(2):
        sign_in(portal, "clerk", WRONG)
        waits.append(
            base.execute(
                "select extract(epoch from locked_until - failed_at) from login_throttle"
                " where key = 'user:clerk'"
            ).fetchone()
        )
        base.execute("update login_throttle set locked_until = now() where locked_until > now()")
    assert waits[0]
    assert waits[1]
    assert waits[0][0] < waits[1][0] <= 901


def test_address_is_slowed_down_across_accounts(portal: Portal, base: psycopg.Connection) -> None:
    for number in range(50):
        sign_in(portal, f"nobody{number}", WRONG)
    assert sign_in(portal, "clerk", RIGHT).status_code == 401


def test_try_that_began_before_the_lock_does_not_slip_through(
    portal: Portal, base: psycopg.Connection
) -> None:
    """A burst of parallel tries: the right one waits for the failures beside it and is refused."""
    base.execute(
        "insert into login_throttle (key, failures)"
        " values ('user:clerk', 4), ('address:127.0.0.1', 1)"
    )
    answers: list[int] = []
    with portal.cluster.connect(portal.database) as other, other.transaction():
        other.execute(
            "update login_throttle set failures = 5, locked_until = now() + interval '1 minute'"
            " where key = 'user:clerk'"
        )
        thread = threading.Thread(
            target=lambda: answers.append(sign_in(portal, "clerk", RIGHT).status_code)
        )
        thread.start()
        thread.join(1.5)
        assert not answers, "it waits"
    thread.join(30)
    assert answers == [401]


def test_unknown_user_gets_the_same_answer_at_the_same_cost(
    portal: Portal, base: psycopg.Connection
) -> None:
    def cost(login: str) -> float:
        times = []
        for _ in range(9):
            client = portal.app.test_client()
            data = {"username": login, "password": WRONG, "csrf_token": token(client)}
            base.execute("delete from login_throttle")
            start = time.process_time()
            client.post("/login/", data=data)
            times.append(time.process_time() - start)
        return statistics.median(times)

    known, unknown = cost("clerk"), cost("nobody-of-this-name")
    assert 0.5 < unknown / known < 2
    blank, wrong = sign_in(portal, "nobody", WRONG), sign_in(portal, "clerk", WRONG)
    assert blank.status_code == wrong.status_code == 401
    assert words(blank, "nobody") == words(wrong, "clerk")


def test_passwords_are_argon2id_and_old_hashes_are_renewed(
    portal: Portal, base: psycopg.Connection
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(RIGHT)
    base.execute("update ab_user set password = %s where username = 'employee'", (old,))
    assert sign_in(portal, "employee", RIGHT).status_code == 303
    rows = base.execute("select password from ab_user").fetchall()
    for (stored,) in rows:
        found = extract_parameters(stored)
        assert found.type is Type.ID
        assert (found.memory_cost, found.time_cost, found.parallelism) == (19456, 2, 1)

"""Signing in: what a person at the door can try, and what it costs."""

from __future__ import annotations

import hashlib
import statistics
import threading
import time
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from tests.security.door import RIGHT, WRONG, keys_of, sign_in, token, words

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
    other_name = keys != [(keys_of("clerk").user,)]
    assert sign_in(portal, "clerk", RIGHT).status_code == (303 if other_name else 401)


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
                " where key = %s",
                (keys_of("clerk").user,),
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
    away = {"REMOTE_ADDR": "10.1.2.3"}
    assert sign_in(portal, "clerk", RIGHT, origin=away).status_code == 303, "elsewhere she may"


def test_lock_of_an_address_spares_those_who_have_signed_in_from_it(
    portal: Portal, base: psycopg.Connection
) -> None:
    assert sign_in(portal, "clerk", RIGHT).status_code == 303
    for number in range(50):
        sign_in(portal, f"nobody{number}", WRONG)
    assert sign_in(portal, "clerk", RIGHT).status_code == 303, "the school goes on working"
    assert sign_in(portal, "clerk2", RIGHT).status_code == 401, "a stranger at this address waits"
    for _ in range(5):
        sign_in(portal, "clerk", WRONG)
    assert sign_in(portal, "clerk", RIGHT).status_code == 401, "the account's own lock holds"


def test_an_address_forgets_after_a_month_who_was_at_home_there(
    portal: Portal, base: psycopg.Connection
) -> None:
    assert sign_in(portal, "clerk", RIGHT).status_code == 303
    base.execute("update login_throttle set succeeded_at = now() - interval '31 days'")
    for number in range(50):
        sign_in(portal, f"nobody{number}", WRONG)
    assert sign_in(portal, "clerk", RIGHT).status_code == 401


def test_many_people_who_mistype_once_do_not_close_the_address_of_their_school(
    portal: Portal, base: psycopg.Connection
) -> None:
    for _ in range(20):
        for login in ("clerk", "head", "class_teacher"):
            sign_in(portal, login, WRONG)
            assert sign_in(portal, login, RIGHT).status_code == 303
    assert sign_in(portal, "employee", RIGHT).status_code == 303, "60 slips, all made good"


def test_own_success_does_not_forgive_tries_of_other_names(
    portal: Portal, base: psycopg.Connection
) -> None:
    """One who has an account signs in between the guesses: they are counted all the same."""
    for number in range(50):
        sign_in(portal, f"victim{number}", WRONG)
        if number % 4 == 3:
            assert sign_in(portal, "employee", RIGHT).status_code == 303
    assert sign_in(portal, "clerk", RIGHT).status_code == 401


def test_own_slips_at_another_address_buy_no_guesses_here(
    portal: Portal, base: psycopg.Connection
) -> None:
    for number in range(49):
        sign_in(portal, f"victim{number}", WRONG)
    away = {"REMOTE_ADDR": "10.1.2.3"}
    for _ in range(4):
        sign_in(portal, "employee", WRONG, origin=away)
    assert sign_in(portal, "employee", RIGHT).status_code == 303
    sign_in(portal, "victim", WRONG)
    assert sign_in(portal, "clerk", RIGHT).status_code == 401


def test_what_was_typed_as_a_name_is_not_kept(portal: Portal, base: psycopg.Connection) -> None:
    """Often it is a password in the wrong box."""
    secret = "Проливень-на-Днепре-1812"
    sign_in(portal, secret, WRONG)
    kept = base.execute("select string_agg(t::text, ' ') from login_throttle t").fetchone()
    logged = base.execute("select string_agg(t::text, ' ') from access_log t").fetchone()
    assert kept
    assert logged
    assert "проливень" not in f"{kept[0]}{logged[0]}".lower()
    unkeyed = hashlib.sha256(secret.lower().encode()).hexdigest()
    assert unkeyed not in kept[0], "a plain hash of a name is found by trying names"


def test_try_that_began_before_the_lock_does_not_slip_through(
    portal: Portal, base: psycopg.Connection
) -> None:
    """A burst of parallel tries: the right one waits for the failures beside it and is refused."""
    base.execute(
        "insert into login_throttle (key, failures) values (%s, 4), (%s, 1)",
        (keys_of("clerk").user, keys_of("clerk").address),
    )
    answers: list[int] = []
    with portal.cluster.connect(portal.database) as other, other.transaction():
        other.execute(
            "update login_throttle set failures = 5, locked_until = now() + interval '1 minute'"
            " where key = %s",
            (keys_of("clerk").user,),
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

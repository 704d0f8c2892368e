"""Promotion of a school: an order on 1,000 learners of 40 classes, executed and taken back.

Part of `make bench`; alone: `.venv/bin/python -m bench.orders`.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from base64 import b64encode
from contextlib import ExitStack

from sqlalchemy import create_engine, text

from bench import verdict
from bench.client import Client

LEARNERS = 1_000
LIMIT = 5_000  # milliseconds for the whole school (issue 5)
MOST_STATEMENTS = 8  # of a page (decisions 25)
ORDERS = "/enrolment/enrolment-order/"
KEY = re.compile(r'name="step\.portion" value="([^"]+)"[^>]*checked')
VERSION = re.compile(r'name="version" value="(\d+)"')
FORM_KEY = re.compile(r'name="form_key" value="([^"]+)"')
# A school of its own grades and letters, all enrolled and seated in the last school year.
FILL = (
    """
insert into school_class (uid, organisation_id, school_year_id, grade, letter, state)
select gen_random_uuid(), o.id, y.id, g, l, 'A'
from organisation o, school_year y, generate_series(1, 8) g, unnest(array['П','Р','С','Т','У']) l
where o.source_id = 'school-1' and y.code = '2025/26'
""",
    """
insert into student (uid, person_uid, organisation_id, last_name, first_name, birth_date)
select gen_random_uuid(), gen_random_uuid(), o.id, 'Мерная', 'Анна',
    date '2014-01-01' + n
from organisation o, generate_series(1, 1000) n where o.source_id = 'school-1'
""",
    """
insert into student_enrolment (uid, organisation_id, student_id, admitted_on, admission_kind,
    study_form, is_main)
select gen_random_uuid(), organisation_id, id, '2025-09-01', '01', '1', true
from student where last_name = 'Мерная'
""",
    """
insert into class_membership (uid, organisation_id, enrolment_id, school_class_id, from_date)
select gen_random_uuid(), e.organisation_id, e.id, c.id, '2025-09-01'
from (select *, row_number() over (order by id) - 1 as place from student_enrolment
      where student_name like 'Мерная%') e
join (select *, row_number() over (order by id) - 1 as place from school_class
      where letter in ('П', 'Р', 'С', 'Т', 'У')) c on c.place = e.place % 40
""",
)


def main() -> int:
    """Fill a school, promote it, take it back, promote it again; print."""
    os.environ.update(
        PORTAL_DATA=os.environ.get("PORTAL_BENCH_DATA", "var/bench-orders"),
        PORTAL_DEMO="small",
        PORTAL_DEMO_PASSWORD="password-of-the-bench",  # noqa: S106 - opens made-up data only
        PORTAL_INSECURE_COOKIE="1",
        PORTAL_SECOND_STEP="off",
        SECRET_KEY=secrets.token_urlsafe(32),
        PORTAL_KEYS=" ".join(
            f"{name}={b64encode(secrets.token_bytes(32)).decode()}" for name in ("k1", "index")
        ),
    )
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "PORTAL_ROLE_PREFIX"):
        os.environ.pop(name, None)
    from bench import database  # noqa: PLC0415 - reads the environment

    with database.running(keep=False):
        from tools.prepare import prepare  # noqa: PLC0415 - reads the running database

        prepare()
        engine = create_engine(database.owner_url())
        with engine.begin() as connection:
            for statement in (*FILL, "analyze"):
                connection.execute(text(statement))
        engine.dispose()
        _measure()
    return verdict.told()


def _measure() -> None:
    from bench.course import _serve  # noqa: PLC0415 - as the server of the other bench

    with ExitStack() as servers:
        head = Client(_serve(servers, "portal"))
        head.sign_in("head", os.environ["PORTAL_DEMO_PASSWORD"])
        form = {
            "csrf_token": head.get(f"{ORDERS}add").token, "kind": "PR", "number": "1-М",
            "order_date": "25.08.2026", "effective_on": "01.09.2026",
        }  # fmt: skip
        made = head.post(f"{ORDERS}add", form)
        assert made.status == 303, made.text[-2000:]
        _print("draw up", made.took, head)
        where = made.headers["location"]
        _print("card", head.get(where).took, head, page=True)
        for step in ("execute", "revert", "execute"):
            page = head.get(f"{where}/step/{step}")
            _print(f"{step}: look through", page.took, head, page=True)
            chosen, version, key = (found.findall(page.text) for found in (KEY, VERSION, FORM_KEY))
            values = [("csrf_token", page.token), ("version", version[0]), ("form_key", key[0])]
            done = head.post(
                f"{where}/step/{step}", [*values, *(("step.portion", one) for one in chosen)]
            )
            assert done.status == 303, done.text[-2000:]
            _print(f"{step}: {len(chosen)} classes", done.took, head, limit=LIMIT)


def _print(name: str, took: float, head: Client, *, limit: float = 0, page: bool = False) -> None:
    sent = head.meter()["statements"]
    bad = verdict.mark(f"orders, {name}", took, limit, "ms") if limit else ""
    if page:
        bad += verdict.mark(f"orders, {name}", sent, MOST_STATEMENTS, "statements")
    asked = f"{limit:8.0f}" if limit else f"{'':8}"
    print(f"{name:32}{took:10.0f} ms{sent:8.0f}{asked}{bad}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""Cells of jobs and batches: somebody else's are as if they were not there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from app.kernel.blobs import Blobs
from app.security.roles import RoleCode

if TYPE_CHECKING:
    from tests.generated.asking import Asking
    from tests.generated.world import World

OWNER = "clerk2"
JOB = (
    "insert into background_job (kind, title, user_id, organisation_id, state, file_hash,"
    " file_name, file_type) select 'export', 'Выгрузка', id, %s, 'done', %s, 'a.csv', 'text/csv'"
    " from ab_user where username = %s returning id"
)
BATCH = (
    "insert into change_batch (kind, title, user_id, organisation_id)"
    " select 'bulk.edit', 'Правка', id, %s from ab_user where username = %s returning id"
)
LINE = (
    "insert into activity (table_name, row_id, organisation_id, access_group, verb, before, after,"
    " transaction, batch_id) values ('organisation', %s, %s, 'open', 'update',"
    ' \'{"phone": null}\', \'{"phone": "+74812000000"}\', 1, %s)'
)


def planted(world: World) -> tuple[int, int]:
    """A job and a batch of the second school, made once."""
    found = world.one("select id from background_job where file_name = 'a.csv'")
    if found is None:
        school = world.schools["second"]
        results = Blobs(Path(world.portal.app.config["PORTAL_DATA"]) / "results")
        found = world.one(JOB, school, results.put(io.BytesIO(b"a;b"), 10).sha256, OWNER)
        world.base.execute(LINE, (school, school, world.one(BATCH, school, OWNER)))
    return found, world.one("select id from change_batch where title = 'Правка'")


def ask_work(asking: Asking) -> None:
    """Lists, one's own, somebody else's, one that is not there."""
    person = asking.person
    job, batch = planted(asking.world)
    inside = 200 if person.signed_in else 302
    sent = 200 if person.signed_in else 401
    for rule, more in (
        ("/jobs/", "?all=1&before=x"),
        ("/batches/", "?before=99999999999999999999"),
    ):
        asking.ask(rule, "GET", rule, {inside})
        asking.ask(rule, "GET", f"{rule}{more}", {inside})
        asking.ask(rule, "HEAD", rule, {inside})
    school = asking.world.schools["second"]
    in_school = person.organisation == school or school in person.overseen
    sees = person.role is RoleCode.OPERATOR or in_school
    mine = person.login == OWNER
    for number in (job, 999_999_999, 2**63 + 7):
        there = sees and number == job
        for part, method, right in (
            ("", "GET", 200),
            ("/file", "GET", 200 if mine else 404),
            ("/stop", "POST", 303),
        ):
            passed = inside if method == "GET" else sent
            wanted = (right if there else 404) if passed == 200 else passed
            rule = f"/jobs/<int:number>{part}"
            asking.ask(rule, method, f"/jobs/{number}{part}", {wanted}, f"{there}")
    for number in (batch, 999_999_999, 2**63 + 7):
        there = sees and number == batch
        wanted = (200 if there else 404) if inside == 200 else inside
        where = f"/batches/{number}"
        asking.ask("/batches/<int:number>", "GET", where, {wanted})
        asking.ask("/batches/<int:number>", "GET", f"{where}?table=x&after=-1", {wanted})
        refused = 404 if not there else 303
        wanted = refused if sent == 200 else sent
        more = {403} if there and sent == 200 else set()  # those who may look but not write
        asking.ask("/batches/<int:number>/undo", "POST", f"{where}/undo", {wanted} | more)

"""The byways over which a value of a learner could come out: tables, drafts, views, batches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

from app.kernel.catalogue import field_map
from app.views.base.formkeys import new_key
from tests.generated.learner_channels import ABSENT, PLACES, absent, some
from tests.generated.learner_marks import learners
from tests.imports.sheets import workbook
from tests.imports.tabling import BARE, sheet
from tests.working import do_jobs

if TYPE_CHECKING:
    from tests.generated.learner_asking import LearnerAsking
    from tests.generated.world import World

SELECTS = re.compile(r'<select[^>]*name="(col\.\d+)"(.*?)</select>', re.DOTALL)
PICKED = re.compile(r'value="([^"]*)" selected')
NO_KEY = str(UUID(int=0x0C5B2444_0000_4000_8000_00000FFFFFFF))
VIEW = (
    "insert into saved_view (user_id, record, name, query, shared) select id, %s, %s, %s, 'all'"
    " from ab_user where username = 'operator' returning id"
)
BATCH = (
    "insert into change_batch (kind, title, user_id, organisation_id)"
    " select 'bulk.edit', 'Правка обучающихся', id, %s from ab_user where username = 'clerk2'"
    " returning id"
)
LINES = "update activity set batch_id = %s where table_name = any(%s) and organisation_id = %s"


def ask_import(a: LearnerAsking) -> None:
    """Templates, and tables that name by their key rows that are not the person's."""
    status, _body = a.get(f"{a.home}import/template")
    a.get(f"{a.home}import/template", fill="1")
    a.get(f"{a.home}import")
    if status != 200:
        return
    with a.client.get(f"{a.home}import/template", query_string={"fill": "1"}) as answer:
        rows = sheet(answer.data) if answer.status_code == 200 else []
    own = next((row for row in rows[1:] if row and str(row[0]) == a.uid("own")), None)
    for place in a.strange() if own else ():
        sent = [_sent(a, workbook(rows[0], [key, *own[1:]])) for key in (a.uid(place), NO_KEY)]
        if None in sent:
            continue
        numbers = [str(number) for number in sent]
        for part in ("", "problems", "changed", "new"):
            first, second = (a.get(f"/imports/{n}", part=part) for n in numbers)
            a.twins(first, second, (a.uid(place), NO_KEY))
        first, second = (a.get(f"/imports/{n}/errors") for n in numbers)
        a.twins((first[0], ""), (second[0], ""))


def _sent(a: LearnerAsking, content: bytes) -> int | None:
    """The number of a table that was sent and checked."""
    query = {"name": "Проба.xlsx"}
    sent = a.send(*("POST", f"{a.home}import"), query_string=query, data=content, content_type=BARE)
    if sent[0] != 200:
        return None
    number = int(a.world.one("select max(id) from data_import"))
    page = a.client.get(f"/imports/{number}?part=columns").text
    a.post(f"/imports/{number}/columns", **dict(chosen(page)))
    do_jobs(a.world.portal)
    return number


def chosen(page: str) -> list[tuple[str, str]]:
    """What the page of columns has chosen."""
    found = SELECTS.findall(page)
    picked = [(name, PICKED.search(body)) for name, body in found]
    return [(name, match[1] if match else "") for name, match in picked]


def ask_alike(a: LearnerAsking) -> None:
    """Who is like the person in a form: names and numbers of rows that are hidden."""
    assert a.record
    name = a.record.__tablename__
    where = f"/doubles/alike/{name}"
    for place in PLACES:
        marks = {m.declared.name: m.shown for m in a.marks.of(a.record, place)}
        looked = ("last_name", "first_name", "middle_name", "birth_date", "snils")
        a.post(where, **{n: marks[n] for n in looked if n in marks})
    a.get("/doubles/")


def ask_drafts(a: LearnerAsking) -> None:
    """Drafts for rows that are not the person's are refused as for rows that are not there."""
    assert a.record
    name = a.record.__tablename__
    account = a.world.one("select id from ab_user where username = %s", a.person.login) or 1
    with a.world.portal.app.app_context():
        data = {"form_key": new_key(account), "version": "0", next(iter(field_map(a.record))): "Щ"}
    absent(a, "POST", f"/drafts/keep?record={name}&row=%s", data=data)
    a.get("/drafts/")


def ask_views(a: LearnerAsking) -> None:
    """A view that somebody shares holds conditions on what others do not see; and the dialogs."""
    assert a.record
    name = a.record.__tablename__
    unseen = a.unseen()
    for mark in some([m for m in a.hidden() if m.declared in unseen], a.cells):
        if "eq" not in mark.declared.kind.operators:
            continue
        query = f"{mark.declared.name}__eq={mark.shown.replace('+', '%2B')}"
        number = a.world.one(VIEW, name, f"{a.person.login} {a.cells}", query)
        for url in (a.home, f"{a.home}columns", f"{a.home}filter", f"{a.home}export"):
            a.get(url, view=str(number))
        a.get(f"{a.home}views")
        a.world.base.execute("delete from saved_view where id = %s", (number,))
    for dialog in ("columns", "views", "filter"):
        a.get(f"{a.home}{dialog}")


def ask_many(a: LearnerAsking) -> None:
    """Forms of many rows with numbers of others; the trash and the way out of it."""
    assert a.record
    ids = ",".join(str(a.row(place).id) for place in PLACES)
    rows = {"scope": "selected", "ids": ids, "query": ""}
    a.post(f"{a.home}bulk", **rows)
    for declared in [f for f in field_map(a.record).values() if f.typed][:3]:
        sent = {f"change-{declared.name}": "1", f"clear-{declared.name}": "1"}
        a.post(f"{a.home}bulk", **rows, step="preview", **sent)
    a.post(f"{a.home}bulk-trash", **rows)
    a.get(f"{a.home}trash")
    for place in a.strange():
        number = str(a.row(place).id)
        there, none = (a.post(f"{a.home}restore", ids=n) for n in (number, ABSENT))
        a.twins(there, none, (number, ABSENT))
        a.get(f"{a.home}trash")


def ask_steps(a: LearnerAsking) -> None:
    """Steps of a workflow with rows that are not the person's."""
    assert a.record
    flow = a.record.about.flow
    for step in flow.steps if flow else ():
        for place in PLACES:
            a.get(f"{a.home}{a.row(place).id}/step/{step.name}")
        absent(a, "GET", f"{a.home}%s/step/{step.name}")


def ask_batches(a: LearnerAsking) -> None:
    """What a batch of the second school has changed, in words."""
    assert a.record
    number = planted(a.world)
    a.get(f"/batches/{number}", table=a.record.__tablename__, binned=True)
    a.get("/batches/")


def planted(world: World) -> int:
    """A batch whose lines are all that was written of learners in the second school, made once."""
    found = world.one("select id from change_batch where title = 'Правка обучающихся'")
    if found is None:
        school = world.schools["second"]
        found = world.one(BATCH, school)
        names = [record.__tablename__ for record in learners()]
        with world.base.transaction():
            world.base.execute("set local session_replication_role = replica")
            world.base.execute(LINES, (found, names, school))
        world.settle()
    return int(found)


def ask_others(a: LearnerAsking) -> None:
    """Pages beside the records: notices, requests, jobs, the access log, classes to be filled."""
    for url in ("/notices/", "/requests/", "/jobs/", "/readings/", "/readings/xlsx"):
        a.get(url)
    for place in PLACES:
        row = a.world.rows["school_class"]["own"].get(a.world.schools[place])
        row = row or a.world.rows["school_class"]["foreign"][None]
        for page in ("fill", "paste"):
            a.get(f"/enrolment/class/{row.id}/{page}")
        a.get(f"/enrolment/school-class/{row.id}")

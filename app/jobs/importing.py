"""Checking and loading files in the background; a check writes nothing, a load all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from app.kernel.errors import Message
from app.kernel.work import Outcome, Task, handles
from app.services import data_imports, import_answers, table_imports, table_runs
from app.services.import_runs import Shelves, run
from app.services.importers import TABLE
from app.services.table_runs import How

if TYPE_CHECKING:
    from app.models.imports import DataImport
    from app.services.import_runs import Told

TOLD = Message("Что показала проверка")
DONE = Message("Что загружено")


@handles(data_imports.CHECK)
def check(task: Task) -> Outcome:
    """Tell what loading the file ``params["import"]`` would do."""
    file, ran = _run(task, keep=False)
    data_imports.keep_check(task.session, file, ran)
    return _outcome(file, ran, Message("Проверено. Ничего не записано."), TOLD)


@handles(data_imports.APPLY)
def load(task: Task) -> Outcome:
    """Load the file ``params["import"]`` as a batch."""
    file, ran = _run(task, keep=True)
    data_imports.keep_applied(task.session, file, ran)
    return _outcome(file, ran, Message("Загружено."), DONE)


def _run(task: Task, *, keep: bool) -> tuple[DataImport, Told]:
    session = task.session
    file = data_imports.begun(session, task.params["import"], task.id)
    shelves = Shelves(Path(current_app.config["PORTAL_DATA"]))
    if file.kind == TABLE.code:
        table_imports.record_of(file, task.actor)
        asked = task.params
        how = How(
            keep=keep,
            whole=bool(asked.get("whole")),
            confirmed=int(asked.get("confirmed", 0)),
            progress=task.progress,
        )
        return file, table_runs.run(session, file, shelves, task.actor, how)
    earlier = {} if keep else import_answers.remembered(session, file)
    answers = import_answers.for_run(file, earlier)
    ran = run(session, file, shelves, task.actor, answers, task.progress, keep=keep)
    import_answers.take_over(file, earlier, ran.recalled)
    return file, ran


def _outcome(file: DataImport, ran: Told, message: Message, link: Message) -> Outcome:
    rows = ran.counts["rows"].values()
    figures = {state: sum(row[state] for row in rows) for state in ("new", "changed", "same")}
    where = "/imports" if file.kind == TABLE.code else "/registry/import"
    links = [[link.text, f"{where}/{file.id}"]]
    return Outcome(message, {**figures, "links": links})

"""Checking and loading files in the background; a check writes nothing, a load all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from app.kernel.errors import Message
from app.kernel.work import Outcome, Task, handles
from app.services import data_imports, import_answers
from app.services.import_runs import Shelves, run

if TYPE_CHECKING:
    from app.models.imports import DataImport
    from app.services.import_runs import Ran

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


def _run(task: Task, *, keep: bool) -> tuple[DataImport, Ran]:
    session = task.session
    file = data_imports.begun(session, task.params["import"], task.id)
    earlier = {} if keep else import_answers.remembered(session, file)
    shelves = Shelves(Path(current_app.config["PORTAL_DATA"]))
    answers = import_answers.for_run(file, earlier)
    ran = run(session, file, shelves, task.actor, answers, task.progress, keep=keep)
    import_answers.take_over(file, earlier, ran.recalled)
    return file, ran


def _outcome(file: DataImport, ran: Ran, message: Message, link: Message) -> Outcome:
    rows = ran.counts["rows"].values()
    figures = {state: sum(row[state] for row in rows) for state in ("new", "changed", "same")}
    links = [[link.text, f"/registry/import/{file.id}"]]
    return Outcome(message, {**figures, "links": links})

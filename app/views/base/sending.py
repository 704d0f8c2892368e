"""Lists as files: the same query, the same rights, streamed; long ones are made by a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, send_file, stream_with_context
from werkzeug.datastructures import MultiDict

from app.exports import csv_chunks, write_xlsx
from app.kernel.catalogue import record_named
from app.kernel.errors import Message, Refused
from app.kernel.kinds.numbers import grouped
from app.kernel.personal import PERSONAL, read_in
from app.kernel.rights import EXPORT
from app.kernel.scratch import path_of, scratch
from app.kernel.work import Outcome, Task, handles
from app.security.scopes import take_time
from app.services.browse import count_up_to
from app.views.base.guard import accounts
from app.views.base.noting import note, place_of
from app.views.base.sheets import ROWS_OF_A_SHEET, Wanted, sheet_of
from app.views.base.wanting import wanted_of
from app.views.base.words import Presenter, choices

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from sqlalchemy.orm import Session

    from app.exports import Sheet
    from app.security.identity import Identity

KIND = "export"  # of the jobs that make files
MOST_COUNTED = 1_000_000  # rows of a file, as the access log says them
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send(session: Session, wanted: Wanted, form: str, actor: Identity, show: Presenter) -> Response:
    """The file itself: csv as it is read, xlsx when it is whole."""
    take_time(session)
    sheet = sheet_of(session, wanted, actor, show)
    note_export(wanted, actor, form, count_up_to(session, wanted.query, MOST_COUNTED))
    return _send_csv(session, sheet, wanted) if form == "csv" else send_xlsx(sheet, wanted.name)


def _send_csv(session: Session, sheet: Sheet, wanted: Wanted) -> Response:
    """UTF-8 with a mark, semicolons, as Russian Excel opens it."""
    return Response(
        stream_with_context(_closing(session, csv_chunks(sheet))),
        mimetype=TYPES["csv"],
        headers={"Content-Disposition": f'attachment; filename="{wanted.name}.csv"'},
    )


def _closing(session: Session, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give the connection back when the file is read to its end or the reader has gone."""
    try:
        yield from chunks
    finally:
        session.close()


def send_xlsx(sheet: Sheet, name: str) -> Response:
    """A workbook with typed cells and a sheet that says what was asked for."""
    handle = _written(sheet, "xlsx")
    handle.seek(0)
    return send_file(
        handle, mimetype=TYPES["xlsx"], as_attachment=True, download_name=f"{name}.xlsx"
    )


def note_export(wanted: Wanted, actor: Identity, form: str, rows: int) -> None:
    """Write into the access log who takes which list away: how many rows, which personal values."""
    record = wanted.query.record
    detail: dict[str, object] = {"rows": rows}
    if taken := read_in(record, wanted.fields, actor, PERSONAL):
        detail["fields"] = taken
    name = record.__tablename__
    note(
        "export", f"{name}.{form}", table_name=name, organisation_id=place_of(actor), detail=detail
    )


def demand_second_step(wanted: Wanted, actor: Identity) -> None:
    """Let nobody take personal values away by a password alone. Raises ``Refused``."""
    if actor.stepped or not accounts().demanding:
        return
    if read_in(wanted.query.record, wanted.fields, actor, PERSONAL):
        raise Refused(
            "В файле персональные данные, а вы вошли только по паролю. Подключите вход по коду"
            " (меню с вашим именем, «Вход по коду») и повторите, или уберите столбцы с такими"
            " данными."
        )


@handles(KIND)
def make_file(task: Task) -> Outcome:
    """Make the file of a posted form, with the rights its asker has now."""
    actor: Identity = task.actor  # type: ignore[assignment] # the worker acts as a signed-in person
    record = record_named(task.params["record"])
    if not actor.may(EXPORT, record.__tablename__):
        raise Refused("У ваших текущих полномочий нет права выгружать этот список.")
    form = MultiDict([(name, value) for name, value in task.params["form"]])
    wanted, ending = wanted_of(task.session, record, actor, form)
    total = count_up_to(task.session, wanted.query, ROWS_OF_A_SHEET + 1)
    show = Presenter(choices(actor.stamp))
    sheet = sheet_of(
        task.session, wanted, actor, show, lambda rows: task.progress(rows, max(rows, total))
    )
    file = _written(sheet, ending)
    message = Message("Файл готов. Строк: %(rows)s.", rows=grouped(total))
    return Outcome(message, {"rows": total}, file, f"{wanted.name}.{ending}", TYPES[ending])


def _written(sheet: Sheet, ending: str) -> IO[bytes]:
    """The file, which is gone with the job that does not finish it."""
    file = scratch()
    try:
        if ending == "csv":
            file.writelines(csv_chunks(sheet))
        else:
            write_xlsx(sheet, path_of(file))
    except BaseException:
        file.close()
        raise
    return file

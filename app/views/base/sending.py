"""Lists as files: the same query, the same rights, streamed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Response, request, send_file, stream_with_context
from flask_babel import gettext as _

from app.exports import ExportColumn, Sheet, Shown, csv_chunks, write_xlsx
from app.kernel.clock import local, now
from app.kernel.rights import visible
from app.security.scopes import take_time
from app.services.browse import count_up_to, stream
from app.views.base.filters import condition_words
from app.views.base.guard import accounts
from app.views.base.words import Presenter, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.security.identity import Identity
    from app.views.base.ask import Asked

BATCH = 1000
ROWS_OF_A_SHEET = 1_048_575
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_csv(session: Session, asked: Asked, actor: Identity, show: Presenter) -> Response:
    """UTF-8 with a mark, semicolons, as Russian Excel opens it."""
    sheet = _sheet(session, asked, actor, show)
    _note(asked, actor, "csv")
    return Response(
        stream_with_context(_closing(session, csv_chunks(sheet))),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_name(asked)}.csv"'},
    )


def _closing(session: Session, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give the connection back when the file is read to its end or the reader has gone."""
    try:
        yield from chunks
    finally:
        session.close()


def send_xlsx(session: Session, asked: Asked, actor: Identity, show: Presenter) -> Response:
    """A workbook with typed cells and a sheet that says what was asked for."""
    sheet = _sheet(session, asked, actor, show)
    _note(asked, actor, "xlsx")
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        write_xlsx(sheet, Path(file.name))
        # The open descriptor outlives the name: nothing is left behind, whatever happens.
        handle = Path(file.name).open("rb")  # noqa: SIM115 - send_file closes it
    return send_file(
        handle, mimetype=XLSX, as_attachment=True, download_name=f"{_name(asked)}.xlsx"
    )


def _sheet(session: Session, asked: Asked, actor: Identity, show: Presenter) -> Sheet:
    take_time(session)
    record = asked.query.record
    fields = visible(record, actor)
    parts = (*asked.query.criteria, *((asked.query.where,) if asked.query.where else ()))
    conditions = [condition_words(record, part, show) for part in parts]
    return Sheet(
        title=label(record, record.about.title_many),
        columns=tuple(ExportColumn(label(record, f.label), f.kind) for f in fields),
        rows=_rows(session, asked, fields, show),
        about_title=_("Об отборе"),
        about=(
            (_("Список"), label(record, record.about.title_many)),
            (_("Поиск"), asked.query.search or "—"),
            (_("Фильтры"), "; ".join(conditions) or "—"),
            (_("Выгружено"), local(now()).strftime("%d.%m.%Y %H:%M")),
            (_("Кем"), actor.full_name),
        ),
        expected=count_up_to(session, asked.query, ROWS_OF_A_SHEET + 1),
    )


def _rows(
    session: Session, asked: Asked, fields: Sequence[Field], show: Presenter
) -> Iterator[tuple[Any, ...]]:
    """Values in batches, so that words of related rows are asked for once per batch."""
    batch: list[list[Any]] = []
    for row in stream(session, asked.query, fields):
        batch.append(list(row)[4:])
        if len(batch) == BATCH:
            yield from _worded(batch, fields, show)
            batch = []
    yield from _worded(batch, fields, show)


def _worded(
    batch: list[list[Any]], fields: Sequence[Field], show: Presenter
) -> Iterator[tuple[Any, ...]]:
    show.learn(fields, batch)
    related = [(at, f) for at, f in enumerate(fields) if f.kind.target]
    coded: dict[int, dict[Any, str]] = {
        at: show.names(f) for at, f in enumerate(fields) if f.kind.classifier
    }
    yes_no = {True: _("да"), False: _("нет")}
    coded |= {at: yes_no for at, f in enumerate(fields) if f.kind.python is bool}
    for line in batch:
        for at, f in related:
            line[at] = None if line[at] is None else Shown(show.related(f, line[at]))
        for at, names in coded.items():
            line[at] = Shown(names[line[at]]) if line[at] in names else line[at]
        yield tuple(line)


def _name(asked: Asked) -> str:
    return f"{asked.query.record.__tablename__}-{local(now()).strftime('%Y-%m-%d')}"


def _note(asked: Asked, actor: Identity, form: str) -> None:
    accounts().note(
        "export",
        user_id=actor.user_id,
        address=request.remote_addr,
        target=f"{asked.query.record.__tablename__}.{form}",
        capacity=actor.scope.capacity,
    )

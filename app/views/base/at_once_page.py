"""Lines of many requests that ask for one field, in words: chosen together, decided together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.kernel.catalogue import field_map, record_named
from app.services.captions import captions
from app.services.deciding_many import MOST, Done, Outcome
from app.views.base.line_words import Typed, around, line_views
from app.views.base.pages import Cell
from app.views.base.pages_requests import AtOnceLine, AtOncePage, DoneLine, DonePage
from app.views.base.queue_ask import HOME, field_words
from app.views.base.reasons import REJECTIONS, prepared
from app.views.base.request_words import due_cell, standing
from app.views.base.words import say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.models.registry_requests import EditRequestLine
    from app.services.request_queue import Listed
    from app.services.request_sieve import Asked
    from app.views.base.words import Presenter

OUTCOMES = {
    Outcome.APPROVED: ("Принято", "ok"),
    Outcome.SCHEDULED: ("Принято, ждёт дня вступления", "ok"),
    Outcome.REJECTED: ("Отклонено", "bad"),
    Outcome.CONFLICT: ("Расхождение: решите на странице запроса", "warn"),
    Outcome.REFUSED: ("Не решено", "bad"),
}


def at_once_page(
    asked: Asked,
    found: Sequence[tuple[Listed, EditRequestLine]],
    show: Presenter,
    *,
    action: str,
    ticked: Collection[int] = (),
    comment: str = "",
    problem: str = "",
) -> AtOncePage:
    """The lines with what stood and what is asked; ``ticked`` and ``comment`` as they were sent."""
    shown = found[:MOST]
    record = record_named(asked.table)
    rows = _rows(record, [line for _one, line in shown])
    names = captions(db.session(), asked.table, set(rows)) if record.about.parent else {}
    _learn(field_map(record)[asked.field], [line for _one, line in shown], rows, show)
    lines = tuple(
        _line(one, line, rows.get(line.target_id or 0), show, names, ticked=line.id in ticked)
        for one, line in shown
    )
    return AtOncePage(
        field=field_words(asked),
        action=action,
        back_href=action.replace("at-once", "", 1),
        lines=lines,
        most=MOST if len(found) > MOST else 0,
        rejections=prepared(show, REJECTIONS),
        comment=comment,
        problem=problem,
    )


def done_page(asked: Asked, done: Sequence[Done], again: str) -> DonePage:
    """What became of each chosen line, and how many of each sort there are."""
    counts = [
        (_(words), sum(one.outcome is outcome for one in done), tone)
        for outcome, (words, tone) in OUTCOMES.items()
    ]
    return DonePage(
        field=field_words(asked),
        counts=tuple((Cell(words, tone=tone), number) for words, number, tone in counts if number),
        lines=tuple(
            DoneLine(
                one.pick.request,
                f"{HOME}{one.pick.request}",
                Cell(_(OUTCOMES[one.outcome][0]), tone=OUTCOMES[one.outcome][1]),
                say(one.why) if one.why else "",
            )
            for one in done
        ),
        again_href=again,
        back_href=again.replace("at-once", "", 1),
    )


def _rows(record: type[Record], lines: Sequence[EditRequestLine]) -> dict[int, Record]:
    """The rows that the lines are about, in one statement; none of those in the trash."""
    wanted = {line.target_id for line in lines if line.target_id is not None}
    if not wanted:
        return {}
    return {
        row.id: row for row in db.session().scalars(select(record).where(record.id.in_(wanted)))
    }


def _learn(
    f: Field, lines: Sequence[EditRequestLine], rows: Mapping[int, Record], show: Presenter
) -> None:
    """The words of all rows that the values name, in one statement."""
    if f.kind.target:
        present = [getattr(row, f.name) for row in rows.values()]
        kept = [value for line in lines for value in (line.base, line.wanted)]
        show.learn((f,), [(value,) for value in (*kept, *present)])


def _line(
    one: Listed,
    line: EditRequestLine,
    row: Record | None,
    show: Presenter,
    names: Mapping[int, str],
    *,
    ticked: bool,
) -> AtOnceLine:
    request = one.request
    return AtOnceLine(
        request.id,
        f"{HOME}{request.id}",
        one.organisation or f"№\u00a0{request.organisation_id}",
        names.get(line.target_id or 0, ""),
        standing(request),
        due_cell(request.due_on, request.state),
        (one.assignee or "").strip(),
        f"{request.id}.{line.id}.{request.version}",
        line_views(line, row, show, Typed(), {}, around([line], row))[0],
        ticked,
    )

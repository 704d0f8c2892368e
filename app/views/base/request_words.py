"""A request in words: lines with what stood, stands and is asked, events, buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.extensions import db
from app.kernel.canonical import canonical, restored
from app.kernel.catalogue import field_map, record_named
from app.kernel.clock import local, today
from app.kernel.errors import Missing
from app.models.registry_requests import REQUEST_FLOW
from app.services import keep, request_queue, requests
from app.views.base import addresses
from app.views.base.pages import Cell, Link
from app.views.base.pages_requests import Button, EventView, LineView, RequestPage
from app.views.base.words import Presenter, label, worded
from app.views.base.working import MOMENT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.models.registry_requests import EditRequest, EditRequestEvent, EditRequestLine
    from app.services.request_queue import Whole

DAY = "%d.%m.%Y"
ROW: dict[str, Any] = {"id": 0, "state": Cell(empty=True)}  # a further value of a new row
LINE_STATES = {
    "pending": ("Ждёт решения", "warn"),
    "approved": ("Принято", "ok"),
    "rejected": ("Отклонено", "bad"),
    "conflict": ("Значение изменилось", "bad"),
}
ACTIONS = {
    "create": "Составлен",
    "submit": "Отправлен",
    "take": "Взят в работу",
    "ask": "Запрошены пояснения",
    "answer": "Даны пояснения",
    "decide": "Решено",
    "conflict": "Найдено расхождение: часть строк ждёт решения",
    "recall": "Отозван",
}


@dataclass(slots=True)
class Typed:
    """What somebody typed into the decision before it was refused."""

    choices: Mapping[int, str] = field(default_factory=dict)
    comments: Mapping[int, str] = field(default_factory=dict)
    errors: Mapping[int, str] = field(default_factory=dict)
    comment: str = ""
    step: str = ""
    problems: tuple[str, ...] = ()


def request_page(number: int, actor: Actor, show: Presenter, typed: Typed) -> RequestPage:
    """Everything about a request that the capacity may see. Raises ``Missing``."""
    session = db.session()
    found = request_queue.whole(session, number)
    request = found.request
    lines = requests.lines_of(session, request)
    events = request_queue.events_of(session, request)
    steps = REQUEST_FLOW.open_to(request.state, requests.parts_of(request, actor))
    row = _target(request, lines[0] if lines else None)
    writers = request_queue.writers_of(session, row, _moved(lines, row)) if row else {}
    said = {name: _who(*writer) for name, writer in writers.items()}
    _learn(show, lines, row)
    return RequestPage(
        href=f"/requests/{request.id}",
        title=_("Запрос № %(number)s", number=request.id),
        state=state_cell(request.state),
        organisation=_organisation(found),
        target=_way(request, row, show),
        reason=request.reason,
        facts=tuple(_facts(found)),
        lines=tuple(one for line in lines for one in _views(line, row, show, typed, said)),
        events=tuple(_event(event, who) for event, who in events),
        buttons=tuple(
            Button(step.name, worded(REQUEST_FLOW, step.title), step.tone, step.speaks)
            for step in steps
            if step.name != "decide" and not (step.name == "recall" and request.batch_id)
        ),
        version=request.version,
        deciding=any(step.name == "decide" for step in steps),
        comment=typed.comment,
        step=typed.step,
        problems=typed.problems,
        batch_href=f"/batches/{request.batch_id}" if request.batch_id else "",
    )


def _event(event: EditRequestEvent, who: str) -> EventView:
    return EventView(
        local(event.at).strftime(MOMENT),
        who or _("Система"),
        _(ACTIONS.get(event.action, event.action)),
        event.comment or "",
    )


def state_cell(code: str) -> Cell:
    """The state of a request in words."""
    state = REQUEST_FLOW.state(code)
    return Cell(worded(REQUEST_FLOW, state.title), tone=state.tone)


def due_cell(day: dt.date | None, state: str) -> Cell:
    """The term; red words only where it has passed and nothing is decided."""
    if day is None:
        return Cell(empty=True)
    late = day < today() and not REQUEST_FLOW.state(state).final
    text = day.strftime(DAY)
    return Cell(_("%(day)s, просрочен", day=text), tone="bad") if late else Cell(text)


def what_of(request: EditRequest) -> str:
    """What a request is about, in two words."""
    record = record_named(request.target_table)
    name = label(record, record.about.title)
    return name if request.target_id is not None else _("%(record)s: новая запись", record=name)


def _facts(found: Whole) -> list[tuple[str, str]]:
    request = found.request
    facts = [(_("Автор"), found.author or _("Система"))]
    if request.submitted_at:
        facts.append((_("Отправлен"), local(request.submitted_at).strftime(MOMENT)))
    if request.due_on:
        facts.append((_("Решить до"), due_cell(request.due_on, request.state).text))
    if request.assignee_id:
        facts.append((_("Рассматривает"), found.assignee))
    if request.effective_on:
        facts.append((_("Действует с"), request.effective_on.strftime(DAY)))
    return facts


def _target(request: EditRequest, line: EditRequestLine | None) -> Record | None:
    """The row it is about, or the parent of the new one; none where it is in the trash."""
    record = record_named(request.target_table)
    ident = request.target_id
    if ident is None:
        record, ident = record_named(record.about.parent), line.parent_id if line else None
    try:
        return keep.fetch(db.session(), record, ident or 0)
    except Missing:
        return None


def _organisation(found: Whole) -> Link:
    ident = found.request.organisation_id
    words = found.organisation or f"№\u00a0{ident}"
    return Link(words, addresses.card(record_named("organisation"), ident))


def _way(request: EditRequest, row: Record | None, show: Presenter) -> Link:
    if row is None:
        return Link(what_of(request), "")
    words = f"{what_of(request)}: {show.named(row)}" if request.target_id else what_of(request)
    return Link(words, addresses.card(type(row), row.id))


def _learn(show: Presenter, lines: Sequence[EditRequestLine], row: Record | None) -> None:
    """The words of all rows that the values name, in one statement."""
    pairs = []
    for line in lines:
        fields = field_map(record_named(line.target_table))
        if line.op == "I":
            known = (pair for pair in line.wanted.items() if pair[0] in fields)
            pairs += [(fields[name], value) for name, value in known]
        else:
            f = fields.get(line.field or "")
            if f is None:
                continue
            present = getattr(row, f.name) if row is not None else None
            pairs += [(f, value) for value in (line.base, line.wanted, present)]
    pairs = [(f, value) for f, value in pairs if f.kind.target]
    show.learn([f for f, _value in pairs], [[value for _field, value in pairs]])


def _views(
    line: EditRequestLine,
    row: Record | None,
    show: Presenter,
    typed: Typed,
    said: Mapping[str, str],
) -> list[LineView]:
    record = record_named(line.target_table)
    words, tone = LINE_STATES[line.line_state]
    common: dict[str, Any] = {
        "id": line.id,
        "state": Cell(_(words), tone=tone),
        "comment": typed.comments.get(line.id, line.comment or ""),
        "choice": typed.choices.get(line.id, ""),
        "error": typed.errors.get(line.id, ""),
    }
    if line.op == "I":
        return _of_new(line, record, show, common)
    declared = field_map(record).get(line.field or "")
    if declared is None:
        return [_of_old(line, common)]
    moved = row is not None and bool(_moved([line], row))
    return [
        LineView(
            label=label(record, declared.label),
            base=_cell(record, declared, line.base, show),
            wanted=_cell(record, declared, line.wanted, show),
            **common,
            open=line.open,
            disputed=line.line_state == "conflict",
            present=show.cell(declared, getattr(row, declared.name)) if moved else None,
            moved=said.get(declared.name, "") if moved else "",
            version=row.version if row is not None else 0,
        )
    ]


def _of_old(line: EditRequestLine, common: dict[str, Any]) -> LineView:
    """A field of an earlier release: its values as they were kept."""
    base, wanted = (Cell(str(v)) if v else Cell(empty=True) for v in (line.base, line.wanted))
    return LineView(
        **common,
        label=line.field or "",
        base=base,
        present=None,
        wanted=wanted,
        open=line.open,
        disputed=False,
    )


def _of_new(
    line: EditRequestLine, record: type[Record], show: Presenter, common: dict[str, Any]
) -> list[LineView]:
    """The values of a new row, decided as one: only the first has a choice beside it."""
    fields = field_map(record)
    return [
        LineView(
            label=label(record, fields[name].label) if name in fields else name,
            base=Cell(empty=True),
            present=None,
            wanted=_cell(record, fields[name], value, show) if name in fields else Cell(str(value)),
            whole=not place,
            **(ROW if place else common),
            open=line.open and not place,
            disputed=False,
        )
        for place, (name, value) in enumerate(line.wanted.items())
    ]


def _moved(lines: Sequence[EditRequestLine], row: Record) -> set[str]:
    """Attributes whose value is no more what the author saw."""
    return {
        line.field
        for line in lines
        if line.open
        and line.field in field_map(type(row))
        and canonical(getattr(row, line.field)) != line.base
    }


def _who(name: str, at: dt.datetime) -> str:
    return f"{name or _('Система')}, {local(at).strftime(MOMENT)}"


def _cell(record: type[Record], declared: Field, kept: Any, show: Presenter) -> Cell:
    return show.cell(declared, restored(record, declared.name, kept))

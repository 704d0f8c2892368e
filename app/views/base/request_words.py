"""A request in words: lines with what stood, stands and is asked, events, buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import field_map, record_named
from app.kernel.clock import local, today
from app.kernel.errors import Missing
from app.kernel.rights import DECIDE, REQUESTS
from app.models.registry_requests import OFFICE, REQUEST_FLOW, SCHOOL
from app.services import keep, request_queue, requests
from app.services.request_acts import stands
from app.services.reviewing import is_own
from app.services.row_ends import END
from app.views.base import addresses
from app.views.base.end_lines import end_views, kept_of
from app.views.base.end_words import deed
from app.views.base.line_words import Typed, around, line_views, moved_of
from app.views.base.pages import Cell, Link, Option
from app.views.base.pages_requests import Button, EventView, LineView, RequestPage
from app.views.base.reasons import QUESTIONS, REJECTIONS, prepared
from app.views.base.request_documents import documents
from app.views.base.words import Presenter, label, worded
from app.views.base.working import MOMENT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from app.kernel.actor import Actor
    from app.kernel.record import Record
    from app.models.registry_requests import EditRequest, EditRequestEvent, EditRequestLine
    from app.services.request_queue import Whole

DAY = "%d.%m.%Y"
ACTIONS = {
    "create": "Составлен",
    "submit": "Отправлен",
    "take": "Взят в работу",
    "ask": "Запрошены пояснения",
    "answer": "Даны пояснения",
    "decide": "Решено",
    "conflict": "Найдено расхождение: часть строк ждёт решения",
    "recall": "Отозван",
    "assign": "Снят с рассмотрения: ждёт, кто его возьмёт",
    "comment": "Сообщение",
    "scheduled": "Принят, будет записан в день вступления",
    "unwritten": "Не записан в день вступления, ждёт решения",
    "stale": "Сведения изменены напрямую",
}


def request_page(number: int, actor: Actor, show: Presenter, typed: Typed) -> RequestPage:
    """Everything about a request that the capacity may see. Raises ``Missing``."""
    session = db.session()
    found = request_queue.whole(session, number, office=actor.may(DECIDE, REQUESTS))
    request = found.request
    parts = requests.parts_of(request, actor)
    lines = found.lines
    events = request_queue.events_of(session, request)
    steps = REQUEST_FLOW.open_to(request.state, parts)
    row = _target(request, lines[0] if lines else None)
    writers = request_queue.writers_of(session, row, moved_of(lines, row)) if row else {}
    said = {name: _who(*writer) for name, writer in writers.items()}
    _learn(show, lines, row)
    return RequestPage(
        href=f"/requests/{request.id}",
        title=_("Запрос № %(number)s", number=request.id),
        state=standing(request),
        organisation=_organisation(found),
        target=_way(request, row, show),
        reason=request.reason,
        facts=tuple(_facts(found)),
        lines=tuple(_lines(found, row, show, typed, said)),
        events=tuple(_event(event, who) for event, who in events),
        buttons=tuple(
            Button(step.name, worded(REQUEST_FLOW, step.title), step.tone, step.speaks)
            for step in steps
            if step.name != "decide" and not (step.name == "recall" and request.batch_id)
        ),
        version=request.version,
        comment=typed.comment,
        step=typed.step,
        problems=typed.problems,
        batch_href=f"/batches/{request.batch_id}" if request.batch_id else "",
        **_beside_steps(found, actor, parts, show),
        **documents(found, actor),
    )


def _lines(
    found: Whole, row: Record | None, show: Presenter, typed: Typed, said: Mapping[str, str]
) -> Iterator[LineView]:
    values = around(found.lines, row)
    for line in found.lines:
        if line.op == END:
            yield from end_views(found.request, line, row, show, typed, said)
        else:
            yield from line_views(line, row, show, typed, said, values)


def _beside_steps(
    found: Whole, actor: Actor, parts: frozenset[str], show: Presenter
) -> dict[str, Any]:
    """What may be done beside the steps: a word said, the request handed over."""
    office, standing = OFFICE in parts, stands(found.request)
    steps = REQUEST_FLOW.open_to(found.request.state, parts)
    own = any(is_own(line, actor) for line in found.lines if line.open)
    return {
        "deciding": own and any(step.name == "decide" for step in steps),
        "talks": standing and bool(parts & {OFFICE, SCHOOL}),
        "hands": tuple(_hands(found, actor)) if office and standing else (),
        "alien": _alien(found, actor) if office and standing else "",
        "rejections": prepared(show, REJECTIONS) if office else (),
        "questions": prepared(show, QUESTIONS) if office else (),
    }


def _event(event: EditRequestEvent, who: str) -> EventView:
    what = _(ACTIONS.get(event.action, event.action))
    if event.action == "decide" and event.to_state == event.from_state:
        what = _("Решена часть строк")
    if event.action == "assign" and event.details.get("to"):
        taken = event.details["to"] == event.user_id
        name = event.details["name"]
        what = _("Взят на себя") if taken else _("Передан: %(name)s", name=name)
    return EventView(
        local(event.at).strftime(MOMENT), who or _("Система"), what, event.comment or ""
    )


def _hands(found: Whole, actor: Actor) -> Iterator[Option]:
    """Whom the request may be handed to: oneself first, then the others, then nobody."""
    request = found.request
    others = [one for one in found.deciders if one.id not in {actor.user_id, request.author_id}]
    if request.assignee_id != actor.user_id:
        yield Option(str(actor.user_id), _("Мне"))
    for one in others:
        if one.id != request.assignee_id:
            yield Option(str(one.id), one.name)
    if request.assignee_id is not None:
        yield Option("", _("Никому: пусть возьмёт любой"))


def _alien(found: Whole, actor: Actor) -> str:
    """Who considers the request, where it is somebody else."""
    return found.assignee if found.request.assignee_id not in {None, actor.user_id} else ""


def state_cell(code: str) -> Cell:
    """The state of a request in words."""
    state = REQUEST_FLOW.state(code)
    return Cell(worded(REQUEST_FLOW, state.title), tone=state.tone)


def standing(request: EditRequest) -> Cell:
    """How a request stands: its state, or the day on which what was approved takes effect."""
    ends = REQUEST_FLOW.state(request.state).final
    if ends or request.decided_as is None or request.effective_on is None:
        return state_cell(request.state)
    day = request.effective_on.strftime(DAY)
    return Cell(_("Принят, вступит в силу %(day)s", day=day), tone="ok")


def due_cell(day: dt.date | None, state: str) -> Cell:
    """The term; red words only where it has passed and nothing is decided."""
    if day is None:
        return Cell(empty=True)
    late = day < today() and not REQUEST_FLOW.state(state).final
    text = day.strftime(DAY)
    return Cell(_("%(day)s, просрочен", day=text), tone="bad") if late else Cell(text)


def what_of(request: EditRequest, *, ends: bool) -> str:
    """What a request is about, in two words; ``ends``: it asks for the end of a row."""
    record = record_named(request.target_table)
    name = label(record, record.about.title)
    if ends:
        return f"{name}: {deed(record)}"
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
    what = what_of(request, ends=False)
    if row is None:
        return Link(what, "")
    words = f"{what}: {show.named(row)}" if request.target_id else what
    return Link(words, addresses.card(type(row), row.id))


def _learn(show: Presenter, lines: Sequence[EditRequestLine], row: Record | None) -> None:
    """The words of all rows that the values name, in one statement."""
    pairs = []
    for line in lines:
        fields = field_map(record_named(line.target_table))
        if line.op == "I":
            known = (pair for pair in line.wanted.items() if pair[0] in fields)
            pairs += [(fields[name], value) for name, value in known]
        elif line.op == END:
            pairs += kept_of(line)
            pairs += [(f, getattr(row, f.name)) for f, _kept in kept_of(line) if row is not None]
        else:
            f = fields.get(line.field or "")
            if f is None:
                continue
            present = getattr(row, f.name) if row is not None else None
            pairs += [(f, value) for value in (line.base, line.wanted, present)]
    pairs = [(f, value) for f, value in pairs if f.kind.target]
    show.learn([f for f, _value in pairs], [[value for _field, value in pairs]])


def _who(name: str, at: dt.datetime) -> str:
    return f"{name or _('Система')}, {local(at).strftime(MOMENT)}"

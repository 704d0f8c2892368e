"""The history of a row as a workbook: one line per changed value, masked as on the page."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports import ExportColumn, Sheet, Shown
from app.kernel.catalogue import record_named
from app.kernel.clock import local, now
from app.kernel.kinds import DATE, DATETIME, string
from app.kernel.sentences import unpacked
from app.security.scopes import take_time
from app.services.timeline import PERSON, stream, values
from app.views.base.noting import note_row
from app.views.base.past_ask import chips_of, way_words
from app.views.base.past_page import row_link
from app.views.base.past_words import learn_lines
from app.views.base.pasts import VERBS, changes_of, person_words, role_words
from app.views.base.sending import send_xlsx
from app.views.base.words import Presenter, choices, label, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Row
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.security.identity import Identity
    from app.views.base.past_ask import PastAsked
    from app.views.base.past_words import Named

LINES = 500  # of the log whose words are asked for at once
TEXT = string(500)


def send_past(session: Session, found: PastAsked, actor: Identity) -> Response:
    """All lines that the filters leave, read and written piece by piece; the access log says so."""
    row = found.asked.row
    take_time(session)
    note_row("export", row, f"{row.__tablename__} {row.id} history.xlsx")
    name = f"{row.__tablename__}-{row.id}-history-{local(now()).strftime('%Y-%m-%d')}"
    return send_xlsx(sheet_of_past(session, found, actor), name)


def sheet_of_past(session: Session, found: PastAsked, actor: Identity) -> Sheet:
    """The table and what is said about it."""
    show = Presenter(choices(actor.stamp))
    row = found.asked.row
    heads = (
        (_("Когда"), DATETIME, 0),
        (_("Предложено"), DATE, 0),
        (_("Решено"), DATE, 0),
        (_("Действует с"), DATE, 0),
        (_("Кто"), TEXT, 28),
        (_("Полномочия"), TEXT, 28),
        (_("Что сделано"), TEXT, 24),
        (_("Через что"), TEXT, 14),
        (_("Пакет изменений"), TEXT, 28),
        (_("Запись"), TEXT, 36),
        (_("Поле"), TEXT, 28),
        (_("Было"), TEXT, 40),
        (_("Стало"), TEXT, 40),
    )
    title = show.named(row)
    return Sheet(
        title=_("История изменений"),
        columns=tuple(ExportColumn(*head) for head in heads),
        rows=_rows(session, found, actor, show),
        about=_about(session, found, actor, title),
        about_title=_("Об отборе"),
        expected=values(session, found.asked),
    )


def _about(
    session: Session, found: PastAsked, actor: Identity, title: str
) -> tuple[tuple[str, str], ...]:
    record = type(found.asked.row)
    people = learn_lines(session, (), Presenter(choices(actor.stamp)), asked=found.asked)
    chips = chips_of(found, actor, people.get(PERSON, {}))
    return (
        (_("История изменений"), f"{label(record, record.about.title)}: {title}"),
        (_("Вместе со списками"), _("да") if found.asked.lists else _("нет")),
        (_("Фильтры"), "; ".join(chip.label for chip in chips) or "—"),
        (_("Выгружено"), local(now()).strftime("%d.%m.%Y %H:%M")),
        (_("Кем"), actor.full_name),
    )


def _rows(
    session: Session, found: PastAsked, actor: Identity, show: Presenter
) -> Iterator[tuple[object, ...]]:
    source = stream(session, found.asked)
    while lines := list(islice(source, LINES)):
        named = learn_lines(session, lines, show, rows=True)
        for one in lines:
            yield from _values(one, actor, show, named)


def _values(
    one: Row[Any], actor: Identity, show: Presenter, named: Named
) -> Iterator[tuple[object, ...]]:
    """One line of the log: a row for each value, or a single one where no value is known."""
    record = record_named(one.table_name)
    written = local(one.at).date()
    head = (
        one.at,
        *(day or written for day in (one.proposed_on, one.decided_on, one.effective_on)),
        Shown(person_words(one.user_id, named.get(PERSON, {}))),
        Shown(role_words(one.capacity)),
        Shown(_(VERBS.get(one.verb, one.verb))),
        Shown(way_words(one.via) if one.via else ""),
        Shown("" if one.opens is None else say(unpacked(one.title, one.title_values))),
        Shown(row_link(record, one.row_id, actor, named).label),
    )
    changes = changes_of(record, one, actor, show)
    for change in changes:
        yield (*head, Shown(change.label), Shown(change.before.text), Shown(change.after.text))
    if not changes:
        yield (*head, None, None, None)

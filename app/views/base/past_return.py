"""Bring a value of the past back: the form of the row with it typed in, and the usual save."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.catalogue import field_map
from app.kernel.clock import local
from app.kernel.errors import Invalid, Message, Missing, Refused
from app.kernel.kinds import FILE
from app.services.codes import accepted
from app.services.past import understood
from app.services.timeline import line
from app.services.validity import NEEDED
from app.views.base import addresses
from app.views.base.carding import oversees, why_read_only
from app.views.base.drafting import keeping
from app.views.base.fill import Filled, parse
from app.views.base.forming import form_page
from app.views.base.mixing import draft_of
from app.views.base.past_words import learn_lines
from app.views.base.words import label, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.kernel.choices import Choices
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.views.base.pages_form import FormPage
    from app.views.base.past_words import Named
    from app.views.base.words import Presenter

NOT_SEEN = Message("Историю видят организация, её орган управления и оператор.")
NO_SUCH = Message("Такого значения в истории нет.")
GONE_FILE = Message("Содержимого этого файла в портале больше нет.")
GONE_ROW = Message("Записи, на которую указывало поле, больше нет или она вам не видна.")
CHANGED = "update"  # the only write that has values of before which may be typed


def ways_back(
    row: Record, entry: Row[Any], actor: Identity, book: Choices, found: Named
) -> Callable[[str, Any], tuple[str, str]] | None:
    """What gives the address of the form with a value of before, or why it cannot be typed.

    Nothing where the entry has no such values or the actor may type none of them.
    """
    allowed = draft_of(type(row), row, actor).allowed
    if entry.verb != CHANGED or not allowed or row.deleted_at is not None:
        return None
    fields = field_map(type(row))
    where = addresses.history(type(row), row.id)

    def way(name: str, before: Any) -> tuple[str, str]:
        if name not in allowed or stands(fields[name], row, before):
            return "", ""
        try:
            typed(fields[name], before, row, book, found)
        except Invalid as error:
            return "", say(error)
        return f"{where}/{entry.id}/{name}", ""

    return way


def stands(f: Field, row: Record, stored: Any) -> bool:
    """Whether the row has this very value now."""
    try:
        return bool(getattr(row, f.name) == understood(f, stored))
    except Invalid:
        return False


def typed(f: Field, stored: Any, row: Record, book: Choices, found: Named) -> str:
    """The value as the text of its input. Raises ``Invalid`` where it can be typed no more."""
    if stored is None:
        if f.identity:
            raise Invalid(NEEDED)
        return ""
    if f.kind.target:
        words = found.get(f.kind.target, {}).get(stored)
        if words is None or words.gone:
            raise Invalid(GONE_FILE if f.kind is FILE else GONE_ROW)
        return str(stored)
    text = f.kind.edit(understood(f, stored))
    accepted(f, parse(f, text), book, row)
    return text


def returned_form(
    session: Session, row: Record, ident: int, name: str, actor: Identity, show: Presenter
) -> FormPage:
    """The form with the value before a write in its input, and everything else as it is stored.

    Raises:
        Refused: the actor may not see the past or not type the field.
        Missing: the row has no such write, or the write no such value.
        Invalid: the value can be typed no more.
    """
    record = type(row)
    if not oversees(actor, getattr(row, "organisation_id", None)):
        raise Refused(NOT_SEEN)
    draft = draft_of(record, row, actor)
    if not draft.allowed:
        raise Refused(why_read_only(record, actor))
    entry = line(session, row, ident)
    f = field_map(record).get(name)
    if entry is None or f is None or name not in (entry.before or {}) or entry.verb != CHANGED:
        raise Missing(NO_SUCH)
    if name not in draft.allowed:
        raise Refused("Это поле в ваших полномочиях менять нельзя.")
    found = learn_lines(session, [entry], show)
    text = typed(f, entry.before[name], row, show.book, found)
    draft.filled = Filled(typed={name: text})
    words = _(
        "Значение поля возвращено к тому, что было до %(when)s. Проверьте и сохраните.",
        when=local(entry.at).strftime("%d.%m.%Y %H:%M"),
    )
    page = form_page(session, draft, actor, show)
    return replace(page, returned=(name, label(record, f.label), words), **keeping(draft))

"""The end of a row in words: how it comes, where it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.catalogue import ending_of, field_map
from app.kernel.clock import today
from app.kernel.rights import may_ask_to_end
from app.services.row_ends import has_ended
from app.views.base import addresses
from app.views.base.words import label

if TYPE_CHECKING:
    import datetime as dt

    from app.kernel.actor import Actor
    from app.kernel.record import Record

DAY = "%d.%m.%Y"
PATH = "request-end"  # after the address of a row: the form that asks for its end


def way_to_end(row: Record, actor: Actor) -> str:
    """Where the end of the row is asked for; nowhere if it has come, or is not the actor's."""
    if not may_ask_to_end(row, actor) or has_ended(row, today()):
        return ""
    return f"{addresses.card(type(row), row.id)}/{PATH}"


def deed(record: type[Record]) -> str:
    """What is asked for, in the middle of a sentence."""
    return _("закончить действие") if ending_of(record) else _("убрать запись")


def title(record: type[Record]) -> str:
    """The same as the head of a page or a line."""
    return _("Закончить действие") if ending_of(record) else _("Убрать запись")


def outcome(record: type[Record], day: dt.date | None) -> str:
    """What becomes of the row on the day of effect, or on that of the decision."""
    when = day.strftime(DAY) if day else _("день решения")
    if name := ending_of(record):
        last = label(record, field_map(record)[name].label)
        return _("Запись останется, «%(field)s»: %(day)s", field=last, day=when)
    if day is None:
        return _("В корзину в день решения")
    return _("В корзину %(day)s", day=when)


def lead(record: type[Record], term: str) -> str:
    """Which of the two it will be, before it is asked for; ``term``: within what it is decided."""
    if name := ending_of(record):
        last = label(record, field_map(record)[name].label)
        first = _(
            "Запись останется в портале, но перестанет действовать: в поле «%(field)s» встанет "
            "день вступления.",
            field=last,
        )
    else:
        first = _(
            "У таких записей нет срока действия: эта уйдёт в корзину, и оператор сможет её вернуть."
        )
    return "{} {}".format(
        first,
        _(
            "Решает оператор, обычно за %(term)s; пока запрос не примут, ничего не изменится.",
            term=term,
        ),
    )

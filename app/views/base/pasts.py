"""Lines of the trigger log in words: what was done, through what, fields before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.catalogue import field_map
from app.kernel.errors import Invalid
from app.kernel.kinds.kind import OPAQUE
from app.kernel.word_diff import word_diff
from app.security.roles import ROLES, RoleCode
from app.services.past import field_values, understood
from app.views.base.pages import Cell, Change
from app.views.base.words import Presenter, label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.kernel.word_diff import Piece
    from app.security.identity import Identity
    from app.services.past import Logged
    from app.services.timeline import Words

    Way = Callable[[str, Any], tuple[str, str]]

VERBS = {
    "insert": "Запись создана",
    "update": "Изменение",
    "trash": "Перемещено в корзину",
    "revive": "Восстановлено из корзины",
    "delete": "Удалено",
}
VIAS = {
    "form": "форма",
    "api": "API",
    "import": "загрузка",
    "cli": "команда",
    "job": "задание",
    "demo": "демонстрационные данные",
    "undo": "отмена",
    "request": "запрос",
}
SHORT = 24  # characters; a shorter text is read at a glance, without marks


def learn_writes(record: type[Record], entries: Sequence[Logged], show: Presenter) -> None:
    """Ask at once for the words of all related rows that the entries name."""
    fields = field_map(record)
    related = [
        (fields[name], value)
        for entry in entries
        for name, *values in field_values(entry)
        for value in values
        if name in fields and fields[name].kind.target
    ]
    show.learn([f for f, _value in related], [[value for _f, value in related]])


def changes_of(
    record: type[Record],
    entry: Logged,
    actor: Identity,
    show: Presenter,
    way: Way | None = None,
    *,
    marks: bool = False,
) -> tuple[Change, ...]:
    """What one write changed, field by field, in the order of declaration.

    ``way`` gives of an attribute and its value before the address of the form with that value, or
    why there is none; ``marks``: long texts are compared word by word.
    """
    fields = field_map(record)
    changed = {name: (before, after) for name, before, after in field_values(entry)}
    names = changed if len(changed) == 1 else (name for name in fields if name in changed)
    found = []
    for name in names:
        if name in fields:
            f, (before, after) = fields[name], changed[name]
            was, now = cell_of(f, before, actor, show), cell_of(f, after, actor, show)
            pieces = compared(f, was, now) if marks else ((), ())
            href, stuck = way(name, before) if way else ("", "")
            found.append(Change(label(record, f.label), was, now, *pieces, href, stuck))
    return tuple(found)


def compared(f: Field, was: Cell, now: Cell) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts word by word; nothing where both can be read at a glance, or are no texts."""
    textual = f.kind.python is str and not f.kind.classifier and not (was.empty or now.empty)
    if not textual or max(len(was.text), len(now.text)) < SHORT:
        return (), ()
    return word_diff(was.text, now.text)


def cell_of(f: Field, stored: Any, actor: Identity, show: Presenter) -> Cell:
    """A value as it lies in the log; hidden where the capacity may not see the field."""
    if stored is None:
        return Cell(empty=True)
    if not (actor.sees(f.group) or actor.masks(f.group)):
        return Cell(OPAQUE)
    try:
        value = understood(f, stored)
        return show.cell(f, value) if actor.sees(f.group) else Cell(f.kind.hidden(value))
    except Invalid:
        return Cell(str(stored) if actor.sees(f.group) else OPAQUE)


def role_words(code: str | None) -> str:
    """The title of a capacity, empty where the portal itself wrote."""
    return _(ROLES[RoleCode(code)].title) if code in set(RoleCode) else ""


def person_words(ident: int | None, people: Mapping[int, Words]) -> str:
    """The name of an account; the portal itself where there is none."""
    if not ident:
        return _("Система")
    found = people.get(ident)
    return found.text if found else f"№\u00a0{ident}"

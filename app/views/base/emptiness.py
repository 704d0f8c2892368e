"""Why a list shows nothing and what to do about it: first use, nothing found, no right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.catalogue import record_named
from app.kernel.record import Reading
from app.security.database import DatabaseRole
from app.views.base import addresses
from app.views.base.pages import Chip, Empty, Link
from app.views.base.refusals import titles_of
from app.views.base.words import label

if TYPE_CHECKING:
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.views.base.ask import Asked


def empty(
    asked: Asked, path: str, chips: tuple[Chip, ...], actor: Identity, *actions: Link | None
) -> Empty:
    """The state of a list without rows; ``actions`` are what the actor may do to fill it."""
    record = asked.query.record
    if asked.query.narrow:
        return _nothing_found(asked, path, chips)
    if record.about.reading is Reading.OWN and not _reads_some(actor):
        return _no_right(record)
    return _first_use(record, tuple(action for action in actions if action))


def _nothing_found(asked: Asked, path: str, chips: tuple[Chip, ...]) -> Empty:
    """Which condition to drop: each by a link of its own where there are several."""
    typed = asked.query.search
    words = Chip(_("Поиск: %(words)s", words=typed), asked.address(path, q=None))
    conditions = (*((words,) if typed else ()), *chips)
    plain = path if asked.based is None else f"{path}?based=0"  # not the view it begins with
    every = Link(_("Показать все записи"), plain, "list")
    title = _("Ничего не найдено")
    if len(conditions) <= 1:
        return Empty("nothing", title, _("Проверьте, как написано, или снимите условие."), (every,))
    text = _("Всем условиям сразу не отвечает ни одна запись. Уберите одно из них:")
    return Empty("nothing", title, text, (every,), conditions)


def _reads_some(actor: Identity) -> bool:
    return actor.scope.role is DatabaseRole.REGION or bool(actor.scope.orgs)


def _no_right(record: type[Record]) -> Empty:
    section = label(record, record.about.title_many)
    return Empty(
        "right",
        _("Записи этого раздела вам не видны"),
        _(
            "В разделе «%(section)s» видны записи своей организации, а ваши полномочия ни к какой"
            " не привязаны. Полномочия даёт оператор АИС.",
            section=section,
        ),
    )


def _first_use(record: type[Record], actions: tuple[Link, ...]) -> Empty:
    title = _("Здесь пока пусто")
    about = record.about
    if actions:
        return Empty("first", title, _("Добавьте первую запись."), actions)
    if about.parent:
        parent = record_named(about.parent)
        section = label(parent, parent.about.title_many)
        text = _("Такие записи добавляют на странице, к которой они относятся.")
        where = Link(section, addresses.home(parent), parent.about.icon)
        return Empty("first", title, text, (where,))
    holders = titles_of(record)
    if not holders:
        return Empty("first", title, _("Записи появятся здесь сами."))
    return Empty("first", title, _("Записи добавляют: %(roles)s.", roles=holders))

"""What a posted form of the export dialog asks for: rows, columns, kind of file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.kernel.errors import Invalid
from app.kernel.kinds.numbers import grouped
from app.kernel.rights import visible
from app.services import saved_views
from app.views.base.columns import shown_columns
from app.views.base.saved import with_columns
from app.views.base.selecting import asked_again, selected
from app.views.base.sheets import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.browse import Query
    from app.views.base.ask import Asked

FORMATS = ("xlsx", "csv")
SHOWN, ALL, CHOSEN = "shown", "all", "chosen"


def wanted_of(
    session: Session, record: type[Record], actor: Identity, form: MultiDict[str, str]
) -> tuple[Wanted, str]:
    """The file and its ending. Raises ``BadRequest`` or ``Invalid`` with a sentence."""
    ending = form.get("format", "")
    if ending not in FORMATS:
        raise BadRequest("format")
    query, rows = _rows(record, actor, form)
    columns = form.get("columns", "")
    if columns == ALL:
        return everything(query, actor, rows), ending
    if columns == SHOWN:
        asked = asked_again(record, actor, form.get("query", ""))
        mine = saved_views.personal(session, record.__tablename__, actor.user_id)
        fields = in_full(shown_columns(with_columns(asked, mine, actor), actor), actor)
    elif columns == CHOSEN:
        fields = _chosen(record, actor, form.getlist("col"))
    else:
        raise BadRequest("columns")
    words = _("показанные в списке") if columns == SHOWN else _("выбранные")
    return Wanted(query, fields, bool(record.about.caption_label), rows, words), ending


def in_full(fields: Iterable[Field], actor: Identity) -> tuple[Field, ...]:
    """Those of the columns that are not masked: files hold whole values or none."""
    return tuple(f for f in fields if actor.sees(f.group))


def everything(query: Query, actor: Identity, rows: str = "") -> Wanted:
    """All columns the capacity sees."""
    rows = rows or (_("все по этому отбору") if query.narrow else _("весь список"))
    return Wanted(query, visible(query.record, actor), named=False, rows=rows, columns=_("все"))


def of_address(asked: Asked, actor: Identity) -> Wanted:
    """What the address of a file asks for: all columns of what its filters find."""
    return everything(asked.query, actor)


def _rows(record: type[Record], actor: Identity, form: MultiDict[str, str]) -> tuple[Query, str]:
    if form.get("scope") == ALL:
        query = asked_again(record, actor, form.get("query", "")).query
        return replace(query, search="", criteria=(), where=None, day=None), _("весь список")
    query = selected(record, actor, form)
    if query.ids is not None:
        return query, _("отмеченные: %(number)s", number=grouped(len(query.ids)))
    return query, _("все по этому отбору") if query.narrow else _("весь список")


def _chosen(record: type[Record], actor: Identity, names: list[str]) -> tuple[Field, ...]:
    seen = {f.name: f for f in visible(record, actor)}
    wanted = dict.fromkeys(names)
    if not set(wanted) <= set(seen):
        raise BadRequest("col")
    if not wanted:
        raise Invalid("Отметьте хотя бы один столбец.")
    return tuple(seen[name] for name in wanted)

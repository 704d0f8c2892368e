"""Rows chosen in a list: ticked ones, or all that its filters find; actions get them as a query.

Every action of the bar posts the same fields: ``scope`` (``selected`` or ``filter``), ``ids`` with
commas between, and ``query``, the parameters of the list. Numbers of rows out of reach find
nothing, for the database shows them to nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.kernel.errors import Invalid
from app.kernel.kinds.numbers import grouped
from app.kernel.rights import EXPORT, may_remove
from app.services.bulk_edit import editable
from app.views.base import addresses
from app.views.base.ask import read
from app.views.base.pages_list import Action, Selection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.kernel.actor import Actor
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.browse import Count, Query
    from app.views.base.ask import Asked

MOST_IDS = 10_000
LONGEST_QUERY = 8_000
MOST_PARAMETERS = 100
LARGEST_ID = 2**63 - 1


def selected(record: type[Record], actor: Actor, form: Mapping[str, str]) -> Query:
    """The rows a person chose, in the order of their list.

    Raises ``BadRequest`` for fields that no page sends, ``Invalid`` with a sentence when nothing
    or too much is chosen, or when a filter of the list is not understood.
    """
    asked = asked_again(record, actor, form.get("query", ""))
    scope = form.get("scope", "")
    if scope == "filter":
        if asked.problems:  # it would be done to more rows than were meant
            raise Invalid(asked.problems[0])
        return asked.query
    if scope != "selected":
        raise BadRequest("scope")
    return replace(asked.query, search="", criteria=(), where=None, ids=ids_of(form.get("ids", "")))


def asked_again(record: type[Record], actor: Actor, text: str) -> Asked:
    """A list by the parameters of its address, from the first page. Raises ``BadRequest``."""
    if len(text) > LONGEST_QUERY:
        raise BadRequest("query")
    try:
        pairs = parse_qsl(text, max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise BadRequest("query") from error
    asked = read(record, actor, MultiDict(pairs))
    return replace(asked, query=replace(asked.query, place=None, backwards=False))


def ids_of(text: str) -> tuple[int, ...]:
    """Numbers of ticked rows. Raises ``Invalid`` for none or too many, else ``BadRequest``."""
    parts = text.split(",") if text else []
    if not parts:
        raise Invalid("Ничего не выбрано. Отметьте строки списка и повторите.")
    if len(parts) > MOST_IDS:
        raise Invalid(
            "Отмечено строк: %(count)s, а можно не больше %(most)s."
            " Выберите всё по отбору или разделите на части.",
            count=grouped(len(parts)),
            most=grouped(MOST_IDS),
        )
    return tuple(dict.fromkeys(_id(part) for part in parts))


def _id(part: str) -> int:
    if not (part.isascii() and part.isdigit() and len(part) <= 19 and int(part) <= LARGEST_ID):  # noqa: PLR2004 - digits of a bigint
        raise BadRequest("ids")
    return int(part)


def bar(asked: Asked, number: Count, actor: Identity, *, more: bool) -> Selection | None:
    """The bar of a list; none where the capacity may do nothing with chosen rows.

    ``more``: there are rows besides those of the page.
    """
    record = asked.query.record
    actions = actions_of(record, actor)
    if not actions:
        return None
    text = grouped(number.number) if number.exact and not number.capped else ""
    offer = _("Выбрать все %(number)s по этому отбору", number=text)
    said = _("Выбраны все %(number)s по этому отбору", number=text)
    return Selection(
        query=asked.text(),
        filter=asked.text(sort=None, size=None, cols=None, based=None),
        all_label=(offer if text else _("Выбрать все по этому отбору")) if more else "",
        all_said=said if text else _("Выбраны все по этому отбору"),
        actions=actions,
    )


def actions_of(record: type[Record], actor: Identity) -> tuple[Action, ...]:
    """What the capacity may do with chosen rows of the record, in the order of the buttons."""
    found: list[Action] = []
    if actor.may(EXPORT, record.__tablename__):
        href = f"{addresses.base(record)}/export"
        found.append(Action(_("Выгрузить"), href, "download", dialog="exportHref"))
    base, moves = (
        addresses.base(record),
        bool(actor.scope.write or actor.scope.writable or actor.scope.overseen),
    )
    if moves and editable(record, actor):
        found.append(Action(_("Изменить"), f"{base}/bulk", "pencil"))
    if moves and may_remove(record, actor):
        found.append(Action(_("В корзину"), f"{base}/bulk-trash", "trash", "danger"))
    return tuple(found)

"""Saved views of lists: seen, kept, shared, renamed, dropped; what a list begins with.

Who sees and who shares is decided by the policies of the tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from sqlalchemy import and_, delete, func, literal, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.kernel.catalogue import record_named
from app.kernel.clock import now
from app.kernel.errors import Invalid, Missing, Refused
from app.kernel.seeking import sought
from app.models.lists import ListChoice, SavedView

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.record import Record

LONGEST_NAME = 80
LONGEST_QUERY = 4_000
MOST = 50  # of one person in one list
OWN, ROLE, ALL = "own", "role", "all"
COMPARED = re.compile(r"(\w+):(?!empty:)\w+:")  # the fields of conditions


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as a person sees it; ``query`` is the address of the list."""

    id: int
    user_id: int
    name: str
    query: str
    shared: str
    role: str


@dataclass(frozen=True, slots=True)
class Personal:
    """A list as one person has it: views in the order of display, columns, the first view."""

    views: tuple[View, ...] = ()
    columns: tuple[str, ...] = ()
    first: int | None = None

    def find(self, ident: int | None) -> View | None:
        """The view of a number, if the person sees one."""
        return next((view for view in self.views if view.id == ident), None)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whom a view is for: ``own``, ``role`` with the role's code, or ``all``."""

    shared: str = OWN
    role: str | None = None


def personal(session: Session, record: str, user_id: int) -> Personal:
    """All that a person keeps for a list, in one statement: own views first, then by name."""
    one = select(literal(1).label("one")).subquery()
    mine = and_(ListChoice.record == record, ListChoice.user_id == user_id)
    rows = session.execute(
        select(ListChoice.columns, ListChoice.view_id, SavedView)
        .select_from(one)
        .outerjoin(ListChoice, mine)
        .outerjoin(SavedView, and_(true(), SavedView.record == record))
        .order_by(SavedView.user_id != user_id, func.lower(SavedView.name), SavedView.id)
    ).all()
    columns, first, _none = rows[0]
    views = tuple(map(_seen, filter(None, (row[2] for row in rows))))
    return Personal(views, tuple(filter(None, (columns or "").split(","))), first)


def save(
    session: Session, record: str, user_id: int, name: str, query: str, to: Sharing
) -> SavedView:
    """Keep a list under a name. Raises ``Invalid`` for a name that will not do."""
    mine = select(func.count()).where(SavedView.user_id == user_id, SavedView.record == record)
    if (session.scalar(mine) or 0) >= MOST:
        raise Invalid("У вас уже %(most)s представлений этого списка. Удалите лишние.", most=MOST)
    view = SavedView(user_id=user_id, record=record, name=_name(name), query=_query(record, query))
    view.shared, view.role = to.shared, to.role
    session.add(view)
    _write(session)
    return view


def change(
    session: Session, view: SavedView, *, name: str, query: str | None, to: Sharing
) -> SavedView:
    """Rename a view, share it otherwise, or keep another address in it."""
    view.name, view.shared, view.role, view.updated_at = _name(name), to.shared, to.role, now()
    if query is not None:
        view.query = _query(view.record, query)
    _write(session)
    return view


def fetch(session: Session, record: str, ident: int, user_id: int) -> SavedView:
    """One's own view. Raises ``Missing`` where there is none, ``Refused`` for somebody else's."""
    view = session.scalars(
        select(SavedView).where(SavedView.id == ident, SavedView.record == record)
    ).one_or_none()
    if view is None:
        raise Missing("Такого представления нет.")
    if view.user_id != user_id:
        raise Refused("Это представление меняет тот, кто его сохранил. Сохраните своё.")
    return view


def drop(session: Session, view: SavedView) -> None:
    """Delete a view; lists that began with it begin as usual."""
    session.execute(delete(SavedView).where(SavedView.id == view.id))


def begin_with(session: Session, record: str, user_id: int, view_id: int | None) -> None:
    """Let a list begin with a view, or as usual."""
    _choose(session, record, user_id, view_id=view_id)


def remember_columns(session: Session, record: str, user_id: int, names: tuple[str, ...]) -> None:
    """Keep the columns a person chose, in their order; none for the usual ones."""
    _choose(session, record, user_id, columns=",".join(names))


def _choose(session: Session, record: str, user_id: int, **values: str | int | None) -> None:
    statement = insert(ListChoice).values(user_id=user_id, record=record, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["user_id", "record"], set_=values)
    )


def _seen(view: SavedView) -> View:
    return View(view.id, view.user_id, view.name, view.query, view.shared, view.role or "")


def _name(typed: str) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if not name:
        raise Invalid("Введите название представления.", field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            "Название длиннее %(most)s знаков. Сократите его.", most=LONGEST_NAME, field="name"
        )
    return name


def _query(record: str, text: str) -> str:
    if restricted_in(record_named(record), text):
        raise Invalid(
            "В отборе есть СНИЛС или номер документа: в представлениях их не хранят."
            " Уберите это условие и сохраните снова."
        )
    if len(text) > LONGEST_QUERY:
        raise Invalid("Слишком много условий для одного представления. Уберите часть.")
    return text


def restricted_in(record: type[Record], query: str) -> tuple[str, ...]:
    """The attributes kept sealed whose values an address of the list names, in any of its parts."""
    given = parse_qsl(query)
    named = {name.partition("__")[0] for name, _value in given if not name.endswith("__empty")}
    for name, value in given:
        if name == "where":
            named.update(COMPARED.findall(value))
        elif name == "q":
            named.update(found for found, _value in sought(record, value).values)
    return tuple(name for name in record.sealed if name in named)


def _write(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid(
            "У вас уже есть представление с таким названием. Назовите иначе.", field="name"
        ) from error

"""Saved views and chosen columns of a list: opened, kept, shared, renamed, dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl

from flask import flash, redirect, request
from flask_appbuilder import BaseView
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.errors import Invalid, Missing, Refused
from app.kernel.rights import READ, shown
from app.security.roles import ROLES, RoleCode
from app.services import saved_views
from app.services.saved_views import ALL, OWN, ROLE, Sharing
from app.views.base import addresses
from app.views.base.ask import MOST_COLUMNS, read
from app.views.base.columns import columns_page
from app.views.base.guard import identity, route
from app.views.base.pages import Link, Option
from app.views.base.pages_list import ViewLine, ViewsPage
from app.views.base.selecting import asked_again
from app.views.base.shell import render
from app.views.base.words import label, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.saved_views import Personal, View
    from app.views.base.ask import Asked

SHARERS = {ROLE: {RoleCode.OPERATOR, RoleCode.DEPARTMENT}, ALL: {RoleCode.OPERATOR}}


@dataclass(frozen=True, slots=True)
class Opened:
    """A list as asked for and what the person keeps for it; ``view`` is the one it is made from."""

    asked: Asked
    personal: Personal
    view: View | None
    changed: bool  # the list differs from its view


def opened(
    session: Session, record: type[Record], actor: Identity, arguments: MultiDict[str, str]
) -> Opened:
    """A list by its address: a saved view, the one it begins with, or what the address says.

    Raises ``Missing`` for a view the person does not see.
    """
    mine = saved_views.personal(session, record.__tablename__, actor.user_id)
    view = None
    if "view" in arguments:
        view = mine.find(_number(arguments["view"]))
        if view is None or set(arguments) - {"view"}:
            raise Missing("Такого представления нет, или его больше не показывают вам.")
    elif not arguments:
        view = mine.find(mine.first)
    if view is not None:
        kept = MultiDict(parse_qsl(view.query))
        asked = replace(read(record, actor, kept, stale=True), based=view.id)
        return Opened(with_columns(asked, mine, actor), mine, view, changed=False)
    asked = read(record, actor, arguments)
    view = mine.find(asked.based)
    if view is None:  # where the list begins with a view, its address must say that none is meant
        asked = replace(asked, based=0 if mine.first else None)
    changed = view is not None and asked.text(based=None) != _meant(record, actor, view)
    return Opened(with_columns(asked, mine, actor), mine, view, changed)


def _meant(record: type[Record], actor: Identity, view: View) -> str:
    """The address a view opens with for this capacity."""
    return read(record, actor, MultiDict(parse_qsl(view.query)), stale=True).text()


def with_columns(asked: Asked, mine: Personal, actor: Identity) -> Asked:
    """The columns the person has chosen for this list, where the address names none."""
    if asked.cols or not mine.columns:
        return asked
    seen = {f.name: f for f in shown(asked.query.record, actor)}
    usual = tuple(seen[name] for name in mine.columns if name in seen)
    return replace(asked, usual=usual)


class SavedViews(BaseView):
    """Views and columns of one record's list."""

    record: ClassVar[type[Record]]

    @route("/columns", needs=READ, methods=("GET", "POST"))
    def columns(self) -> Response | str:
        """Choose and order the columns; they are remembered for the person."""
        actor, name = identity(), self.record.__tablename__
        if request.method == "GET":
            found = opened(db.session(), self.record, actor, request.args)
            return render("columns.html", columns_page(found.asked, actor))
        asked = asked_again(self.record, actor, request.form.get("query", ""))
        if request.form.get("reset"):
            saved_views.remember_columns(db.session(), name, actor.user_id, ())
            return redirect(_back(replace(asked, cols=())), 303)
        seen = {f.name: f for f in shown(self.record, actor)}
        names = tuple(dict.fromkeys(request.form.getlist("col")))
        if not set(names) <= set(seen):
            raise BadRequest("col")
        if not names:
            raise Invalid("Отметьте хотя бы один столбец.")
        if len(names) > MOST_COLUMNS:
            raise Invalid("Столбцов не больше %(most)s. Снимите лишние.", most=MOST_COLUMNS)
        saved_views.remember_columns(db.session(), name, actor.user_id, names)
        return redirect(_back(replace(asked, cols=tuple(seen[n] for n in names))), 303)

    @route("/views", needs=READ, methods=("GET", "POST"))
    def views(self) -> Response | str | tuple[str, int]:
        """The views of the list; posting keeps the present list under a name."""
        actor = identity()
        if request.method == "GET":
            found = opened(db.session(), self.record, actor, request.args)
            return render("views.html", views_page(found, actor))
        asked = asked_again(self.record, actor, request.form.get("query", ""))
        name, to = request.form.get("name", ""), sharing(actor)
        query = replace(asked, based=None).text()
        table, user = self.record.__tablename__, actor.user_id
        try:
            view = saved_views.save(db.session(), table, user, name, query, to)
        except Invalid as error:
            db.session.rollback()
            mine = saved_views.personal(db.session(), table, user)
            page = views_page(Opened(asked, mine, None, changed=False), actor)
            page = replace(page, name=name, error=say(error), shared=_shared(to))
            return render("views.html", page), 422
        if request.form.get("first"):
            saved_views.begin_with(db.session(), table, user, view.id)
        flash(_("Представление сохранено: %(name)s", name=view.name))
        return redirect(f"{addresses.home(self.record)}?view={view.id}", 303)

    @route("/views/<int:ident>", needs=READ, methods=("POST",))
    def change_view(self, ident: int) -> Response:
        """Rename a view, share it otherwise; with ``query`` keep the present list in it."""
        actor, form = identity(), request.form
        view = saved_views.fetch(
            db.session(), self.record.__tablename__, _number(str(ident)), actor.user_id
        )
        query = None
        if "query" in form:
            asked = asked_again(self.record, actor, form["query"])
            query = replace(asked, based=None).text()
        to = sharing(actor) if "shared" in form else Sharing(view.shared, view.role)
        name = form.get("name", view.name)
        saved_views.change(db.session(), view, name=name, query=query, to=to)
        flash(_("Представление сохранено: %(name)s", name=view.name))
        return redirect(f"{addresses.home(self.record)}?view={view.id}", 303)

    @route("/views/<int:ident>/delete", needs=READ, methods=("POST",))
    def delete_view(self, ident: int) -> Response:
        """Delete one's own view."""
        actor, table = identity(), self.record.__tablename__
        view = saved_views.fetch(db.session(), table, _number(str(ident)), actor.user_id)
        saved_views.drop(db.session(), view)
        flash(_("Представление удалено: %(name)s", name=view.name))
        return redirect(f"{addresses.home(self.record)}?based=0", 303)

    @route("/views/<int:ident>/first", needs=READ, methods=("POST",))
    def first_view(self, ident: int) -> Response:
        """Let the list begin with a view, or no more."""
        actor, table = identity(), self.record.__tablename__
        mine = saved_views.personal(db.session(), table, actor.user_id)
        view = mine.find(_number(str(ident)))
        if view is None:
            raise Missing("Такого представления нет.")
        chosen = None if mine.first == view.id else view.id
        saved_views.begin_with(db.session(), table, actor.user_id, chosen)
        flash(
            _("Список открывается с представления: %(name)s", name=view.name)
            if chosen
            else _("Список открывается как обычно")
        )
        return redirect(f"{addresses.home(self.record)}?view={view.id}", 303)


def sharing(actor: Identity) -> Sharing:
    """Whom the posted form shares a view with. Raises ``Refused`` without the right to."""
    given = request.form.get("shared", OWN)
    shared, _colon, role = given.partition(":")
    if shared == OWN or given == "":
        return Sharing()
    if shared not in SHARERS or (shared == ROLE) != (role in set(RoleCode)):
        raise BadRequest("shared")
    if actor.capacity is None or actor.capacity.role not in SHARERS[shared]:
        raise Refused("Делиться представлением могут оператор и департамент.")
    return Sharing(shared, role or None)


def views_page(found: Opened, actor: Identity) -> ViewsPage:
    """All views of the list with what may be done with each, and the form of a new one."""
    record, asked = found.asked.query.record, found.asked
    base = addresses.base(record)
    return ViewsPage(
        title=_("Представления списка"),
        crumbs=(Link(label(record, record.about.title_many), asked.address(f"{base}/")),),
        action=f"{base}/views",
        query=asked.text(based=None),
        lines=tuple(
            ViewLine(
                view.id,
                view.name,
                f"{base}/?view={view.id}",
                _for_whom(view, actor),
                own=view.user_id == actor.user_id,
                first=view.id == found.personal.first,
                options=_options(actor, _shared(Sharing(view.shared, view.role))),
            )
            for view in found.personal.views
        ),
        options=_options(actor, OWN),
        back_href=asked.address(f"{base}/"),
    )


def _for_whom(view: View, actor: Identity) -> str:
    if view.shared == ALL:
        return _("для всех")
    if view.shared == ROLE:
        return _(ROLES[RoleCode(view.role)].title)
    return _("моё") if view.user_id == actor.user_id else ""


def _shared(to: Sharing) -> str:
    return f"{to.shared}:{to.role}" if to.role else to.shared


def _options(actor: Identity, chosen: str) -> tuple[Option, ...]:
    """Whom the person may share with; only oneself where nobody else."""
    role = actor.capacity.role if actor.capacity else None
    found = [(OWN, _("Только мне"))]
    if role in SHARERS[ROLE]:
        found += [(f"{ROLE}:{code}", _(ROLES[code].title)) for code in RoleCode]
    if role in SHARERS[ALL]:
        found.append((ALL, _("Всем")))
    return tuple(Option(value, text, value == chosen) for value, text in found)


def _back(asked: Asked) -> str:
    return asked.address(addresses.home(asked.query.record))


def _number(text: str) -> int:
    """A number of a view; one that cannot be is that of none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0  # noqa: PLR2004 - fits a bigint

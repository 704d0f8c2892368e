"""One value into many rows, many rows into the trash: choose, look, confirm; long acts are jobs.

What was shown before is compared when it is confirmed: where rows have come or gone meanwhile, the
preview is shown anew and nothing is written. So a second click, too, does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.catalogue import record_named
from app.kernel.errors import Label, Message, Refused
from app.kernel.kinds.numbers import grouped
from app.kernel.rights import DELETE
from app.kernel.work import Outcome, Task, handles
from app.services.browse import count_up_to
from app.services.bulk import Done, How
from app.services.bulk_edit import edit, editable
from app.services.bulk_trash import trash
from app.services.keep import Problems
from app.views.base.bulk_form import Typed, form_of, typed_of
from app.views.base.bulk_preview import preview_of
from app.views.base.guard import WRITE, identity, route
from app.views.base.noting import note_list, note_words
from app.views.base.selecting import selected
from app.views.base.shell import render
from app.views.base.words import Presenter, choices
from app.views.base.working import order

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.kernel.actor import Actor
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.browse import Query

AT_ONCE = 500  # rows; more are written by a job
KIND = "bulk"
CHANGED = Message("С тех пор, как вы смотрели, записей или их значений стало другое число.")


class Bulk(BaseView):
    """Acts on chosen rows of one record's list."""

    record: ClassVar[type[Record]]

    @route("/bulk", needs=WRITE, methods=("POST",))
    def bulk_edit(self) -> Response | str | tuple[str, int]:
        """The form of new values, its preview, the writing itself."""
        actor, step = identity(), _step()
        query = selected(self.record, actor, request.form)
        if not editable(self.record, actor):
            raise Refused("В этих записях ваши полномочия ничего менять не позволяют.")
        typed = typed_of(self.record, actor, request.form, fresh=not step)
        if step in {"", "back"}:
            return _form(query, typed)
        if not typed.filled.wrong:
            try:
                return _go(_Act(self.record, query, typed), actor, step)
            except Problems as error:
                db.session.rollback()
                typed.filled.refuse(error.problems)
        return _form(query, typed), 422

    @route("/bulk-trash", needs=DELETE, methods=("POST",))
    def bulk_trash(self) -> Response | str | tuple[str, int]:
        """The preview of what goes to the trash, then the moving itself."""
        actor, step = identity(), _step()
        query = selected(self.record, actor, request.form)
        return _go(_Act(self.record, query), actor, step)


class _Act:
    """What is done: new values, or the trash where there are none."""

    def __init__(self, record: type[Record], query: Query, typed: Typed | None = None) -> None:
        self.record, self.query = record, query
        self.values = None if typed is None else typed.filled.values
        self.name = "trash" if typed is None else "edit"
        table = Label(record.__tablename__, record.about.title_many)
        self.title = (
            Message("В корзину: %(list)s", list=table)
            if typed is None
            else Message("Правка многих записей: %(list)s", list=table)
        )

    def do(self, session: Session, actor: Actor, how: How) -> Done:
        """Do it, or see what it would do."""
        if self.values is None:
            return trash(session, self.query, actor, how)
        return edit(session, self.query, self.values, actor, how)

    def said(self, done: Done) -> str:
        """What was done, in words."""
        number = grouped(done.changed)
        if self.values is None:
            return _("Перемещено в корзину, записей: %(number)s", number=number)
        return _("Изменено записей: %(number)s", number=number)


def _go(act: _Act, actor: Identity, step: str) -> Response | str | tuple[str, int]:
    if step != "apply":
        return _preview(act, actor)
    seen = _seen(request.form)
    if count_up_to(db.session(), act.query, AT_ONCE + 1) > AT_ONCE:
        return redirect(_order(act), 303)
    done = act.do(db.session(), actor, How(act.title, skip=_skips(request.form)))
    if (done.found, done.changed) != seen or not done.batch:
        db.session.rollback()
        return _preview(act, actor, again=(done.found, done.changed) != seen), 409
    flash(act.said(done))
    return redirect(f"/batches/{done.batch}", 303)


def _order(act: _Act) -> str:
    """Ask for the job that does it, with the same form."""
    form = [(n, v) for n, v in request.form.items(multi=True) if n != "csrf_token"]
    params = {"record": act.record.__tablename__, "act": act.name, "form": form}
    return order(KIND, act.title, params, lock=f"bulk {identity().user_id}")


def _preview(act: _Act, actor: Identity, *, again: bool = False) -> str:
    done = act.do(db.session(), actor, How(act.title, dry_run=True))
    show = Presenter(choices(actor.stamp))
    hint = ""
    if done.found > AT_ONCE:
        hint = _("Это сделает фоновое задание: за ним можно следить и остановить его.")
    notice = CHANGED if again else None
    page = preview_of(act.record, done, act.values, request.form, show, notice=notice, hint=hint)
    if act.values:
        note_list(act.record, act.values, len(done.examples), "bulk")
    else:
        note_words(act.record, len(done.examples), "bulk")
    return render("bulk_preview.html", page)


def _form(query: Query, typed: Typed) -> str:
    show = Presenter(choices(identity().stamp))
    page = form_of(db.session(), query, typed, request.form, show)
    return render("bulk.html", page)


@handles(KIND)
def do_many(task: Task) -> Outcome:
    """Do what a confirmed form asks, with the rights its asker has now."""
    actor: Identity = task.actor  # type: ignore[assignment] # the worker acts as a signed-in person
    record = record_named(task.params["record"])
    form = MultiDict([(name, value) for name, value in task.params["form"]])
    typed = typed_of(record, actor, form) if task.params["act"] == "edit" else None
    if typed is not None and typed.filled.wrong:
        raise Refused("Набранное в форме больше не подходит. Откройте список и повторите.")
    act = _Act(record, selected(record, actor, form), typed)
    how = How(act.title, skip=_skips(form), progress=task.progress)
    done = act.do(task.session, actor, how)
    if (done.found, done.changed) != _seen(form) or not done.batch:
        raise Refused(
            "Пока задание ждало очереди, записей или их значений стало другое число."
            " Ничего не изменено: откройте список и повторите."
        )
    links = [["Что изменено", f"/batches/{done.batch}"]]
    message = Message("Готово. Записей: %(rows)s.", rows=grouped(done.changed))
    return Outcome(message, {"batch": done.batch, "links": links})


def _step() -> str:
    step = request.form.get("step", "")
    if step not in {"", "back", "preview", "apply"}:
        raise BadRequest("step")
    return step


def _seen(form: MultiDict[str, str]) -> tuple[int, int]:
    """How many rows were found and would change when it was shown. Raises ``BadRequest``."""
    parts = form.get("seen", "").split("-")
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) <= 12 for p in parts):  # noqa: PLR2004
        raise BadRequest("seen")
    return int(parts[0]), int(parts[1])


def _skips(form: MultiDict[str, str]) -> bool:
    return form.get("skip") == "1"

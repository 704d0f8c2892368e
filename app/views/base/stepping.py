"""Steps of a row's workflow: buttons on its page, a page that asks before, the step itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.errors import Conflict, Refused
from app.kernel.rights import READ
from app.services import keep, stepping
from app.views.base import addresses
from app.views.base.carding import caption
from app.views.base.drafting import keeping, sent_before, settled
from app.views.base.filing import filled_in
from app.views.base.fill import PORTION
from app.views.base.forming import Draft, form_page
from app.views.base.guard import identity, route
from app.views.base.numbers import known_id, version_given
from app.views.base.portioning import portions_for
from app.views.base.shell import render
from app.views.base.words import Presenter, choices, label, say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.kernel.workflow import Step


class Stepping(BaseView):
    """What a record with a workflow has beside the pages of all records."""

    record: ClassVar[type[Record]]

    @route("/<int:ident>/step/<name>", needs=READ, methods=("GET", "POST"))
    def step(self, ident: int, name: str) -> Response | str | tuple[str, int]:
        """Ask before a step, or take it; what was typed for it comes back when it is refused."""
        row = keep.fetch(db.session(), self.record, known_id(ident))
        step = stepping.admitted(row, name, identity())
        draft = Draft(self.record, frozenset(step.asks), row, narrow=True)
        if request.method == "GET":
            return _page(draft, step)
        draft.filled = filled_in(self.record, draft.allowed, row)
        if not draft.filled.wrong:
            try:
                return self._taken(row, step, draft)
            except keep.Problems as error:
                problems, status = error.problems, 422
                db.session.rollback()
                draft.filled.refuse(problems)
            except (Refused, Conflict) as error:
                db.session.rollback()
                status = 409 if isinstance(error, Conflict) else 422
                draft.filled.general.append(error.message)
            draft.row = keep.fetch(db.session(), self.record, ident)
            return sent_before() or (_page(draft, step), status)
        return sent_before() or (_page(draft, step), 422)

    def _taken(self, row: Record, step: Step, draft: Draft) -> Response:
        """Take the step. Raises what the service raises."""
        values = draft.filled.values if draft.filled else {}
        chosen = request.form.getlist(PORTION)
        given = stepping.Given(step.name, values, version_given(), chosen)
        taken = stepping.take(db.session(), self.record, row.id, given, identity())
        after = addresses.card(self.record, taken.id)
        if earlier := settled(after):
            return earlier
        flash(
            _(
                "%(step)s: выполнено. %(name)s",
                step=label(self.record, step.title),
                name=caption(taken),
            )
        )
        return redirect(after, 303)


def _page(draft: Draft, step: Step) -> str:
    row = draft.row
    assert row is not None  # noqa: S101 - of a step there is always a row
    page = form_page(db.session(), draft, identity(), Presenter(choices(identity().stamp)))
    title = label(draft.record, step.title)
    page = replace(
        page,
        title=f"{title}: {caption(row)}",
        action=addresses.step(draft.record, row.id, step.name),
        lead=say(step.lead) if step.lead else "",
        save_label=title,
        version=row.version,
        key=keeping(draft)["key"],
        portions=portions_for(
            db.session(),
            row,
            step,
            request.form.getlist(PORTION) if request.method == "POST" else None,
        ),
    )
    return render("form.html", page)

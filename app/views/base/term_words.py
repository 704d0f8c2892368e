"""Terms as people read them: how long the office usually takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import ngettext

from app.extensions import db
from app.kernel.calendar import Unit
from app.kernel.clock import today
from app.models.reference_terms import REG_EDIT
from app.services.terms import read
from app.views.base.guard import identity

if TYPE_CHECKING:
    from app.kernel.deadlines import Terms


def terms(stamp: int) -> Terms:
    """All terms and days off, remembered in the process until the stamp moves."""
    remembered: tuple[int, Terms] | None = current_app.extensions.get("terms")
    if remembered is None or remembered[0] != stamp:
        remembered = current_app.extensions["terms"] = (stamp, read(db.session()))
    return remembered[1]


def usual_term() -> str:
    """Within what a request sent today is to be decided, e.g. «5 рабочих дней»."""
    rule = terms(identity().stamp).rule(REG_EDIT, today())
    if rule.unit is Unit.WORKING:
        return ngettext("%(num)s рабочий день", "%(num)s рабочих дня", rule.number)
    if rule.unit is Unit.YEAR:
        return ngettext("%(num)s год", "%(num)s года", rule.number)
    return ngettext("%(num)s календарный день", "%(num)s календарных дня", rule.number)

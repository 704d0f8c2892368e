"""Approved changes of a later day: written on the day, if nothing has moved (domain.md 3.5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.clock import today
from app.kernel.errors import Refused
from app.models.reference_terms import REG_EDIT
from app.models.registry_requests import OFFICE
from app.services.deciding import NOT_YOURS_ANY_MORE, Choice, Verdict, apply, close
from app.services.requests import find, lines_of, note, parts_of
from app.services.terms import last_day

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.models.registry_requests import EditRequest


def take_effect(session: Session, number: int, actor: Actor) -> EditRequest:
    """Write the scheduled lines of a request whose day has come, for whoever approved them.

    Nothing where somebody has decided anew, or another worker was quicker.

    Lines whose value is no more the one that was approved over become conflicts, and the request
    waits for a decision within the usual term.

    Raises:
        Missing: no such request.
        Refused: the actor may not decide any more.
        keep.Problems: the row refuses a value.
    """
    request = find(session, number, lock=True)
    if not _waits(request):
        return request
    if OFFICE not in parts_of(request, actor):
        raise Refused(NOT_YOURS_ANY_MORE)
    lines = [one for one in lines_of(session, request, lock=True) if one.line_state == "scheduled"]
    verdicts = {line.id: Verdict(Choice.APPROVE, line.comment or "") for line in lines}
    apply(session, request, lines, verdicts, actor)
    close(session, request, actor, "")
    if any(line.open for line in lines):
        request.due_on = last_day(session, REG_EDIT, today())
        session.flush()
    return request


def give_back(session: Session, number: int, why: str) -> EditRequest:
    """Let the scheduled lines of a request wait for a decision again: they could not be written."""
    request = find(session, number, lock=True)
    if not _waits(request):
        return request
    for line in lines_of(session, request, lock=True):
        if line.line_state == "scheduled":
            line.line_state = "pending"
    request.decided_as, request.decided_by = None, None
    request.due_on = last_day(session, REG_EDIT, today())
    session.flush()
    note(session, request, None, "unwritten", request.state, why)
    return request


def _waits(request: EditRequest) -> bool:
    """Whether the request still waits for a day that has come."""
    on = request.effective_on
    waits = request.state == "under_review" and request.decided_as is not None
    return waits and on is not None and on <= today()

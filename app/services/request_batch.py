"""What a request changes is one batch, and the log says which request it was and its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from app.kernel.clock import local, now, today
from app.kernel.errors import Message
from app.services import batches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.models.registry_requests import EditRequest, EditRequestLine

VIA = text("select set_config('app.via', 'request', true)")


def into_batch(session: Session, request: EditRequest, lines: Iterable[EditRequestLine]) -> None:
    """Let the log name the request: all that it changes is one batch, however often decided.

    ``lines`` are those that the next write is about: it was decided when the last of them was.
    """
    if request.batch_id is None or batches.undone_by(session, [request.batch_id]):
        title = Message("Запрос № %(number)s", number=request.id)
        request.batch_id = batches.begin(
            session, "request", title, organisation=request.organisation_id
        )
    decided = max(line.scheduled_at or now() for line in lines)
    origin = batches.Origin(
        request.id,
        proposed=local(request.submitted_at or request.created_at).date(),
        decided=local(decided).date(),
        effective=request.effective_on or today(),
    )
    batches.go_on(session, request.batch_id, origin)
    session.execute(VIA)

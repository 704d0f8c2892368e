"""Steps of a transfer between schools; the last one hands the learner over (domain.md 3.1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.kernel.errors import Invalid, Message
from app.kernel.rights import APPROVE, CREATE
from app.models.enrolment_transfers import (
    SOURCE,
    SOURCE_HEAD,
    TARGET,
    TARGET_HEAD,
    TransferRequest,
)
from app.services import stepping
from app.services.keep import Problems
from app.services.validity import explained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor

NEEDED = Message("Заполните это поле: без него шаг не сделать.")
_HAND_OVER = text("select portal_transfer(:request)")


def release(
    _session: Session, request: TransferRequest, _actor: Actor, _chosen: Sequence[str]
) -> None:
    """The order to leave has a number and a date. Raises ``Problems``."""
    _demand(request, "leave_order_number", "leave_order_date")


def enrol(
    session: Session, request: TransferRequest, _actor: Actor, _chosen: Sequence[str]
) -> None:
    """Hand the learner over with all that is known of them, in this transaction.

    The database does it: neither school may write in the rows of the other. Raises ``Problems``.
    """
    _demand(request, "admitted_on", "admission_order_number", "admission_order_date")
    try:
        with session.begin_nested():
            session.execute(_HAND_OVER, {"request": request.id})
    except IntegrityError as error:
        raise Problems([explained(TransferRequest, error)]) from error


def _demand(request: TransferRequest, *names: str) -> None:
    lacking = [Invalid(NEEDED, field=name) for name in names if getattr(request, name) is None]
    if lacking:
        raise Problems(lacking)


def _parts(request: TransferRequest, actor: Actor) -> frozenset[str]:
    """Each school's clerk and head take the steps of their school."""
    name, parts = request.__tablename__, set()
    for organisation, clerk, head in (
        (request.organisation_id, SOURCE, SOURCE_HEAD),
        (request.to_organisation_id, TARGET, TARGET_HEAD),
    ):
        if actor.reaches(organisation) and actor.organisation_id is not None:
            parts |= {clerk} if actor.may(CREATE, name) or actor.may(APPROVE, name) else set()
            parts |= {head} if actor.may(APPROVE, name) else set()
    return frozenset(parts)


stepping.enter(
    TransferRequest.__tablename__,
    stepping.Affair(_parts, {"release": release, "enrol": enrol}),
)

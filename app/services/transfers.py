"""Steps of a transfer between schools; the last one hands the learner over (domain.md 3.1.5)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.kernel.catalogue import field_map
from app.kernel.errors import Invalid, Message
from app.kernel.kinds import FILE
from app.kernel.rights import APPROVE, CREATE
from app.kernel.sealing import cipher
from app.models.enrolment_family import Guardian
from app.models.enrolment_guardians import GuardianIdentityDocument
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
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record

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
            copied = session.scalar(_HAND_OVER, {"request": request.id})
            for parent in copied or ():
                _seal_anew(session, parent)
    except IntegrityError as error:
        raise Problems([explained(TransferRequest, error)]) from error


def _seal_anew(session: Session, copied: Mapping[str, Any]) -> None:
    """Give a parent who was copied the numbers that lie sealed to the row that stays.

    The database holds no key, and the new row is of the school that takes the learner.
    """
    parent = session.get_one(Guardian, copied["id"])
    if copied["snils"] is not None:
        parent.snils = _opened(Guardian, "snils", copied["snils"])
    for paper in copied["papers"]:
        fields = (f for f in field_map(GuardianIdentityDocument).values() if f.typed)
        values = {f.name: _value(f, paper[f.name]) for f in fields if f.kind is not FILE}
        own = {"guardian_id": parent.id, "organisation_id": parent.organisation_id}
        session.add(GuardianIdentityDocument(**values | own))
    session.flush()


def _value(field: Field, told: Any) -> Any:
    if told is None:
        return None
    if field.kind.sealed:
        return _opened(GuardianIdentityDocument, field.name, told)
    return dt.date.fromisoformat(told) if field.kind.python is dt.date else told


def _opened(record: type[Record], name: str, sealed: str) -> str:
    return str(cipher().unseal(record.sealed[name], sealed))


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

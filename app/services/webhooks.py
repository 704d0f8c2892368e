"""Subscriptions of other systems to the feed of changes, as the operator orders them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.errors import Invalid, Missing
from app.kernel.posting import target_of
from app.kernel.record import Reading
from app.models.webhooks import Webhook
from app.services import feed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.kernel.posting import Rules
    from app.kernel.record import Record

ACTIVE, STOPPED, FAILED = "active", "stopped", "failed"


class Made(NamedTuple):
    """A new subscription with its secret, which is told this once."""

    id: int
    secret: str


def sendable(record: type[Record]) -> bool:
    """Whether other systems may subscribe to it: never to what is said of learners."""
    return record.about.reading is not Reading.LEARNER


def add(session: Session, url: str, records: Sequence[str], user_id: int, rules: Rules) -> Made:
    """A new subscription from this minute on. Raises ``Invalid`` about the address."""
    target_of(url, rules)
    secret = secrets.token_urlsafe(32)
    place = feed.now_at(session)
    made = session.scalar(
        insert(Webhook)
        .values(
            url=url,
            secret=secret,
            records=list(records),
            created_by=user_id,
            transaction=place.transaction,
            event_id=place.id,
        )
        .on_conflict_do_nothing(index_elements=["url"])
        .returning(Webhook.id)
    )
    if made is None:
        raise Invalid("На этот адрес подписка уже есть. Удалите её или введите другой.")
    return Made(made, secret)


def listed(session: Session) -> Sequence[Webhook]:
    """All subscriptions, oldest first."""
    return session.scalars(select(Webhook).order_by(Webhook.id)).all()


def go_on(session: Session, ident: int, *, from_now: bool) -> None:
    """Send again: from where it stopped, or what happens from this minute on."""
    values: dict[str, object] = {"state": ACTIVE, "failures": 0, "next_at": None}
    if from_now:
        place = feed.now_at(session)
        values |= {"transaction": place.transaction, "event_id": place.id}
    _write(session, ident, values)


def stop(session: Session, ident: int) -> None:
    """Send nothing until it is asked to go on; the place is kept."""
    _write(session, ident, {"state": STOPPED, "next_at": None})


def drop(session: Session, ident: int) -> None:
    """Forget the subscription. Raises ``Missing``."""
    found = session.execute(delete(Webhook).where(Webhook.id == ident).returning(Webhook.id))
    if found.first() is None:
        raise Missing("Такой подписки нет.")


def _write(session: Session, ident: int, values: dict[str, object]) -> None:
    changed = update(Webhook).where(Webhook.id == ident).values(values).returning(Webhook.id)
    if session.execute(changed).first() is None:
        raise Missing("Такой подписки нет.")

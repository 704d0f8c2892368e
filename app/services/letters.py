"""Letters: which notices are to be mailed, whose turn it is, what became of each.

A letter is taken out of the queue before the server is spoken to, and noted as handed over before
its last word: whatever kills the worker, no letter goes out twice by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, column, func, insert, or_, select, text, update
from sqlalchemy import table as sa_table

from app.kernel.catalogue import caption_of, record_named
from app.kernel.clock import REGION_TIME, local
from app.kernel.errors import Missing, Refused
from app.kernel.mail import Message, deliverable
from app.models.notices import (
    FAILED,
    KEPT,
    SENDING,
    SENT,
    UNSURE,
    USUAL_MAIL,
    WAITING,
    Letter,
    Notice,
    NoticeSetting,
)
from app.models.registry_requests import EditRequestEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.orm import Session

PAGE = 50
PEOPLE_AT_ONCE = 200  # of whom letters are made in one transaction
MOST_LINES = 100  # in one letter
LOCK = 493_010  # one process makes letters at a time
# Minutes until the next attempt; after the last one the letter has failed.
DELAYS = (1, 5, 15, 60, 180, 360, 720, 1440)
LOST_AFTER = dt.timedelta(minutes=10)  # of a letter that is being sent: its worker is gone
ACCOUNTS = sa_table("ab_user", column("id"), column("email"), column("active"))
_ALONE = text("select pg_try_advisory_xact_lock(:number)")


@dataclass(frozen=True, slots=True)
class Line:
    """An event in a letter: no more than its request's number, state and organisation."""

    number: int
    action: str
    state: str
    organisation: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Post:
    """What one person is to be told by the next letter; no lines, no letter."""

    user_id: int
    recipient: str
    language: str
    lines: tuple[Line, ...]
    settled: tuple[int, ...]  # notices that have then been dealt with


@dataclass(frozen=True, slots=True)
class Turn:
    """A letter taken out of the queue."""

    number: int
    attempts: int
    message: Message


def last_digest(moment: dt.datetime, hour: int) -> dt.datetime:
    """The moment of the last daily letters: today at the hour, or before it yesterday."""
    day = local(moment)
    begun = dt.datetime.combine(day.date(), dt.time(hour), REGION_TIME)
    return begun if begun <= day else begun - dt.timedelta(days=1)


def due(session: Session, moment: dt.datetime, hour: int) -> list[Post]:
    """What is to be mailed now, for some people; nothing while another process asks the same.

    What has been read meanwhile needs no letter, nor do people who want none or have no address.
    """
    if not session.scalar(_ALONE, {"number": LOCK}):
        return []
    wish = func.coalesce(NoticeSetting.mail, USUAL_MAIL)
    ripe = and_(
        Notice.mailed_at.is_(None),
        or_(wish != "day", Notice.created_at < last_digest(moment, hour)),
    )
    people = (
        select(Notice.user_id)
        .outerjoin(NoticeSetting, NoticeSetting.user_id == Notice.user_id)
        .where(ripe)
        .group_by(Notice.user_id)
        .order_by(Notice.user_id)
        .limit(PEOPLE_AT_ONCE)
    )
    statement = _unmailed(wish).where(ripe, Notice.user_id.in_(people))
    found: dict[int, list[Row[Any]]] = {}
    for row in session.execute(statement.order_by(Notice.user_id, Notice.id)):
        found.setdefault(row.user_id, []).append(row)
    return [_post(rows) for rows in found.values()]


def _unmailed(wish: ColumnElement[str]) -> Select[Any]:
    """Notices with what a letter says of them and to whom it would go."""
    organisation = record_named("organisation")
    place = organisation.__table__.c.id == Notice.organisation_id
    return (
        select(
            Notice.user_id,
            Notice.id,
            Notice.request_id,
            Notice.read_at,
            EditRequestEvent.action,
            EditRequestEvent.to_state,
            EditRequestEvent.at,
            select(caption_of(organisation)).where(place).scalar_subquery().label("place"),
            ACCOUNTS.c.email,
            and_(ACCOUNTS.c.active, wish != "none").label("wanted"),
            func.coalesce(NoticeSetting.language, "ru").label("language"),
        )
        .join(EditRequestEvent, EditRequestEvent.id == Notice.event_id)
        .join(ACCOUNTS, ACCOUNTS.c.id == Notice.user_id)
        .outerjoin(NoticeSetting, NoticeSetting.user_id == Notice.user_id)
    )


def _post(rows: Sequence[Row[Any]]) -> Post:
    first = rows[0]
    recipient = deliverable(first.email) if first.wanted else ""
    lines = tuple(
        Line(row.request_id, row.action, row.to_state, row.place or "", row.at)
        for row in rows
        if recipient and row.read_at is None
    )
    settled = tuple(row.id for row in rows)
    return Post(first.user_id, recipient, first.language, lines, settled)


def put(session: Session, post: Post, subject: str, body: str, *, sends: bool) -> None:
    """Keep a letter for its turn; only to be looked at where the portal ``sends`` none."""
    session.execute(
        insert(Letter).values(
            user_id=post.user_id,
            recipient=post.recipient,
            language=post.language,
            subject=subject[:200],
            body=body,
            state=WAITING if sends else KEPT,
        )
    )


def settle(session: Session, posts: Sequence[Post], moment: dt.datetime) -> None:
    """Note that the notices of these letters have been dealt with."""
    idents = [ident for post in posts for ident in post.settled]
    session.execute(update(Notice).where(Notice.id.in_(idents)).values(mailed_at=moment))


def take_back(session: Session, moment: dt.datetime) -> None:
    """Letters whose worker is gone wait again; one that may have been taken is left alone."""
    lost = and_(Letter.state == SENDING, Letter.begun_at < moment - LOST_AFTER)
    session.execute(update(Letter).where(lost, Letter.handed_at.is_not(None)).values(state=UNSURE))
    session.execute(update(Letter).where(lost).values(state=WAITING))


def begin(session: Session, moment: dt.datetime) -> Turn | None:
    """Take the next letter whose turn it is out of the queue, for one worker alone."""
    turn = (
        select(Letter.id)
        .where(Letter.state == WAITING, Letter.next_at <= moment)
        .order_by(Letter.next_at, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(Letter)
        .where(Letter.id == turn.scalar_subquery())
        .values(state=SENDING, begun_at=moment, handed_at=None, attempts=Letter.attempts + 1)
        .returning(
            *(Letter.id, Letter.attempts, Letter.uid, Letter.recipient),
            *(Letter.subject, Letter.body, Letter.language, Letter.created_at),
        )
    ).one_or_none()
    if taken is None:
        return None
    number, attempts, uid, *words = taken
    return Turn(number, attempts, Message(str(uid), *words))


def handing(session: Session, number: int, moment: dt.datetime) -> None:
    """Note that from now on the letter may have been taken by the server."""
    session.execute(update(Letter).where(Letter.id == number).values(handed_at=moment))


def sent(session: Session, number: int, moment: dt.datetime) -> None:
    """Note that the server has taken the letter."""
    values = {"state": SENT, "sent_at": moment, "error": None}
    session.execute(update(Letter).where(Letter.id == number).values(values))


def unsure(session: Session, number: int, words: str) -> None:
    """Note that it is not known whether the server has taken the letter."""
    values = {"state": UNSURE, "error": words[:500]}
    session.execute(update(Letter).where(Letter.id == number).values(values))


def put_off(
    session: Session, letter: Turn, words: str, moment: dt.datetime, *, final: bool
) -> None:
    """Note what went wrong; the next attempt comes later each time, and at last none."""
    over = final or letter.attempts > len(DELAYS)
    delay = DELAYS[min(letter.attempts, len(DELAYS)) - 1]
    values = {
        "state": FAILED if over else WAITING,
        "next_at": moment + dt.timedelta(minutes=delay),
        "handed_at": None,
        "error": words[:500],
    }
    session.execute(update(Letter).where(Letter.id == letter.number).values(values))


def newest(session: Session, before: int | None) -> Sequence[Letter]:
    """Letters, newest first: a page of them and one more."""
    statement = select(Letter)
    if before is not None:
        statement = statement.where(Letter.id < before)
    return session.scalars(statement.order_by(Letter.id.desc()).limit(PAGE + 1)).all()


def find(session: Session, number: int) -> Letter:
    """One letter within the scope. Raises ``Missing``."""
    found = session.get(Letter, number)
    if found is None:
        raise Missing("Такого письма нет.")
    return found


def again(session: Session, number: int, moment: dt.datetime) -> None:
    """Let a letter that failed, or of which nothing is known, have one more turn."""
    find(session, number)
    changed = session.scalar(
        update(Letter)
        .where(Letter.id == number, Letter.state.in_((FAILED, UNSURE)))
        .values(state=WAITING, next_at=moment)
        .returning(Letter.id)
    )
    if changed is None:
        raise Refused("Это письмо не нужно отправлять ещё раз: посмотрите, что с ним теперь.")

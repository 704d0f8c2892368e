"""Notices of a person: how they read, read and marked; when the person wants letters.

Whose notices are seen is decided by the policies of the tables; who is told, by a trigger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects import postgresql

from app.kernel.catalogue import caption_of, record_named
from app.kernel.clock import now
from app.kernel.errors import Invalid, Message, Missing
from app.models.notices import MAILS, USUAL_MAIL, Notice, NoticeSetting
from app.models.registry_requests import EditRequestEvent
from app.services.batches import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

PAGE = 50
NO_SUCH = Message("Такого уведомления нет.")
NOT_A_CHOICE = Message("Выберите, когда присылать письма.")
SAID = {
    "create": Message("Составлен запрос № %(number)s"),
    "submit": Message("Отправлен запрос № %(number)s"),
    "take": Message("Запрос № %(number)s взят в работу"),
    "ask": Message("По запросу № %(number)s нужны пояснения"),
    "answer": Message("По запросу № %(number)s даны пояснения"),
    "conflict": Message("В запросе № %(number)s найдено расхождение, часть строк ждёт решения"),
    "part": Message("Часть строк запроса № %(number)s решена"),
    "recall": Message("Запрос № %(number)s отозван"),
    "comment": Message("К запросу № %(number)s написан комментарий"),
    "assign": Message("Исполнитель запроса № %(number)s изменён"),
    "stale": Message("Запрос № %(number)s частично устарел: значения в реестре изменили"),
    "scheduled": Message("Запрос № %(number)s принят и вступит в силу позже"),
    "unwritten": Message("Запрос № %(number)s не записан в день вступления, ждёт решения"),
    "applied": Message("Изменения по запросу № %(number)s внесены в реестр"),
}
DECIDED = {
    "approved": Message("Запрос № %(number)s принят"),
    "partially_approved": Message("Запрос № %(number)s принят частично"),
    "rejected": Message("Запрос № %(number)s отклонён"),
}
OTHER = Message("Новое в запросе № %(number)s")


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a notice shows it; an empty name is the system."""

    action: str
    state: str
    organisation: str
    who: str
    comment: str


def sentence(action: str, state: str, number: int) -> Message:
    """What happened, for a line of the page and of a letter."""
    decided = DECIDED if action == "decide" else {}
    said = decided.get(state) or SAID.get(action, OTHER)
    return Message(said.text, number=number)


def mine(session: Session, user_id: int, before: int | None) -> Sequence[Notice]:
    """Notices of a person, newest first: a page of them and one more."""
    statement = select(Notice).where(Notice.user_id == user_id)
    if before is not None:
        statement = statement.where(Notice.id < before)
    return session.scalars(statement.order_by(Notice.id.desc()).limit(PAGE + 1)).all()


def told_of(session: Session, events: set[int]) -> dict[int, Told]:
    """What there is to say of events within the scope, in one statement."""
    if not events:
        return {}
    organisation = record_named("organisation")
    table = organisation.__table__.c
    rows = session.execute(
        select(
            EditRequestEvent.id,
            EditRequestEvent.action,
            EditRequestEvent.to_state,
            EditRequestEvent.comment,
            select(caption_of(organisation))
            .where(table.id == EditRequestEvent.organisation_id)
            .scalar_subquery(),
            select(PEOPLE.c.last_name + " " + PEOPLE.c.first_name)
            .where(PEOPLE.c.id == EditRequestEvent.user_id)
            .scalar_subquery(),
        ).where(EditRequestEvent.id.in_(sorted(events)))
    )
    return {
        ident: Told(action, state, place or "", (who or "").strip(), comment or "")
        for ident, action, state, comment, place, who in rows
    }


def read(session: Session, number: int) -> int:
    """Mark one notice as read; gives the number of its request. Raises ``Missing``."""
    found = session.scalars(
        update(Notice)
        .where(Notice.id == number)
        .values(read_at=func.coalesce(Notice.read_at, now()))
        .returning(Notice.request_id)
    ).one_or_none()
    if found is None:
        raise Missing(NO_SUCH)
    return found


def read_all(session: Session, user_id: int, last: int) -> None:
    """Mark as read what the person has been shown: up to the notice ``last``."""
    session.execute(
        update(Notice)
        .where(Notice.user_id == user_id, Notice.read_at.is_(None), Notice.id <= last)
        .values(read_at=now())
    )


def mail_of(session: Session, user_id: int) -> str:
    """When the account wants letters: one of ``MAILS``."""
    asked = select(NoticeSetting.mail).where(NoticeSetting.user_id == user_id)
    return session.scalar(asked) or USUAL_MAIL


def keep_mail(session: Session, user_id: int, mail: str, language: str) -> None:
    """Remember when the account wants letters, and in which language. Raises ``Invalid``."""
    if mail not in MAILS:
        raise Invalid(NOT_A_CHOICE, field="mail")
    _keep(session, user_id, mail=mail, language=language)


def keep_language(session: Session, user_id: int, language: str) -> None:
    """Remember the language of letters to the account."""
    _keep(session, user_id, language=language)


def _keep(session: Session, user_id: int, **values: str) -> None:
    statement = postgresql.insert(NoticeSetting).values(user_id=literal(user_id), **values)
    session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=dict(values)))

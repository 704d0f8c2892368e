"""Drafts of forms: kept, found, given up; and each form saved once, however often it is sent.

Whose drafts are seen is decided by the policies of the tables.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import bindparam, delete, exists, literal, select
from sqlalchemy.dialects import postgresql

from app.kernel.catalogue import record_named
from app.kernel.clock import now
from app.kernel.errors import Invalid, Message, Missing
from app.kernel.sealing import cipher
from app.models.drafts import FormDraft, FormSent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

MOST = 50  # drafts of one person; the oldest gives way
LARGEST = 400_000  # bytes of one draft
KIND = "draft"
TOO_MUCH = Message("Набранного слишком много для черновика. Сохраните запись по частям.")
NO_SUCH = Message("Такого черновика нет: он сохранён, удалён или слишком стар.")


@dataclass(frozen=True, slots=True)
class Place:
    """Which form: of a row, of a new row under a parent, or of one that belongs to nothing."""

    record: str
    row_id: int | None = None
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft without what was typed."""

    id: int
    place: Place
    saved_at: dt.datetime


class Spent(Exception):
    """A form with this key was saved: what is typed into it now is another form."""


def keep(
    session: Session,
    user_id: int,
    key: str,
    place: Place,
    version: int,
    typed: Mapping[str, str],
) -> Kept | None:
    """Keep what stands in a form in place of what was kept for it; nothing typed, nothing kept.

    Raises ``Spent`` once the form was saved, ``Invalid`` when there is too much text.
    """
    if not typed:
        session.execute(delete(FormDraft).where(*_of_key(user_id, key)))
        return None
    values = {
        "record": place.record,
        "row_id": place.row_id,
        "parent_id": place.parent_id,
        "version": version,
        "typed": _sealed(_content(typed), place.record, user_id, key),
        "saved_at": now(),
    }
    columns = FormDraft.__table__.c
    unsent = select(
        literal(user_id),
        literal(key),
        *(bindparam(name, value, columns[name].type) for name, value in values.items()),
    ).where(~_spent(literal(user_id), literal(key)))
    statement = postgresql.insert(FormDraft).from_select(["user_id", "key", *values], unsent)
    statement = statement.on_conflict_do_update(
        index_elements=["user_id", "key"], set_={name: statement.excluded[name] for name in values}
    )
    row = session.execute(statement.returning(FormDraft.id, FormDraft.saved_at)).one_or_none()
    if row is None:
        raise Spent
    _make_room(session, user_id)
    return Kept(row.id, place, row.saved_at)


def _content(typed: Mapping[str, str]) -> str:
    content = json.dumps(typed, ensure_ascii=False)
    if len(content.encode()) > LARGEST:
        raise Invalid(TOO_MUCH)
    return content


def _sealed(content: str, record: str, user_id: int, key: str) -> str:
    """What lies in the table: a draft that may hold restricted texts is sealed as a whole."""
    if not record_named(record).sealed:
        return content
    sealed = cipher().seal(KIND, content, _row(user_id, key))
    if len(sealed) > LARGEST:
        raise Invalid(TOO_MUCH)
    return sealed


def _opened(draft: FormDraft) -> str:
    if draft.typed.startswith("{"):
        return draft.typed
    opened = cipher().unseal(KIND, draft.typed)
    if opened.uid != _row(draft.user_id, draft.key):  # of another form, put here by hand
        raise Missing(NO_SUCH)
    return opened


def _row(user_id: int, key: str) -> UUID:
    """What a sealed draft is tied to: its person and its form."""
    return uuid5(NAMESPACE_OID, f"{user_id}|{key}")


def of_form(session: Session, user_id: int, place: Place, most: int) -> list[Kept]:
    """The person's drafts of a form, newest first."""
    return _found(
        session,
        FormDraft.user_id == user_id,
        FormDraft.record == place.record,
        FormDraft.row_id.is_not_distinct_from(place.row_id),
        FormDraft.parent_id.is_not_distinct_from(place.parent_id),
        most=most,
    )


def mine(session: Session, user_id: int) -> list[Kept]:
    """All drafts of the person, newest first."""
    return _found(session, FormDraft.user_id == user_id, most=MOST)


def _found(session: Session, *conditions: ColumnElement[bool], most: int) -> list[Kept]:
    rows = session.execute(
        select(
            FormDraft.id,
            FormDraft.record,
            FormDraft.row_id,
            FormDraft.parent_id,
            FormDraft.saved_at,
        )
        .where(*conditions, ~_spent(FormDraft.user_id, FormDraft.key))
        .order_by(FormDraft.saved_at.desc(), FormDraft.id.desc())
        .limit(most)
    )
    return [
        Kept(row.id, Place(row.record, row.row_id, row.parent_id), row.saved_at) for row in rows
    ]


def fetch(
    session: Session, user_id: int, ident: int, place: Place
) -> tuple[FormDraft, dict[str, str]]:
    """A draft of this very form with its texts. Raises ``Missing``."""
    draft = session.scalars(
        select(FormDraft).where(FormDraft.id == ident, FormDraft.user_id == user_id)
    ).one_or_none()
    if draft is None or Place(draft.record, draft.row_id, draft.parent_id) != place:
        raise Missing(NO_SUCH)
    return draft, json.loads(_opened(draft))


def drop(session: Session, user_id: int, ident: int) -> None:
    """Delete a draft. Raises ``Missing`` where the person has none of this number."""
    gone = session.scalar(
        delete(FormDraft)
        .where(FormDraft.id == ident, FormDraft.user_id == user_id)
        .returning(FormDraft.id)
    )
    if gone is None:
        raise Missing(NO_SUCH)


def settle(session: Session, user_id: int, key: str, digest: str, location: str) -> bool:
    """In the transaction of a save: its draft goes, and the form counts as sent.

    Says ``False`` when the same form was saved before; whoever is saving it at this moment is
    waited for. Then what this transaction wrote must be rolled back.
    """
    gone = delete(FormDraft).where(*_of_key(user_id, key)).returning(FormDraft.id).cte("gone")
    sent = postgresql.insert(FormSent).values(
        user_id=user_id, key=key, digest=digest, location=location
    )
    statement = sent.on_conflict_do_nothing().returning(FormSent.key).add_cte(gone)
    return session.scalar(statement) is not None


def led_to(session: Session, user_id: int, key: str, digest: str) -> str | None:
    """Where the answer led when this very form was saved before."""
    return session.scalar(
        select(FormSent.location).where(
            FormSent.user_id == user_id, FormSent.key == key, FormSent.digest == digest
        )
    )


def _of_key(user_id: int, key: str) -> Sequence[ColumnElement[bool]]:
    return FormDraft.user_id == user_id, FormDraft.key == key


def _spent(
    user_id: ColumnElement[int] | InstrumentedAttribute[int],
    key: ColumnElement[str] | InstrumentedAttribute[str],
) -> ColumnElement[bool]:
    return exists().where(FormSent.user_id == user_id, FormSent.key == key)


def _make_room(session: Session, user_id: int) -> None:
    oldest = (
        select(FormDraft.id)
        .where(FormDraft.user_id == user_id)
        .order_by(FormDraft.saved_at.desc(), FormDraft.id.desc())
        .offset(MOST)
        .correlate(None)
    )
    session.execute(delete(FormDraft).where(FormDraft.id.in_(oldest)))

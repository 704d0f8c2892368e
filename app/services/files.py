"""Attached files: staged by a person, attached by saving a row, read through that row alone.

A file is staged first; its number then goes into the field of the row like that of any related
row (``keep.add``, ``keep.change``), and the database ties it to the row for good. Whoever stages
files must be the one who saves the row.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from sqlalchemy import func, insert, or_, select

from app.kernel.blobs import MEGABYTE
from app.kernel.errors import Invalid, Message, Missing
from app.kernel.media import BY_TYPE, clean_name, recognise
from app.kernel.record import new_uid
from app.models.files import File

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import Session, scoped_session

    from app.kernel.blobs import Blobs
    from app.kernel.fields import Field
    from app.kernel.record import Record

LARGEST = 20 * MEGABYTE  # bytes of one file (decisions 6)
MOST_STAGED = 100  # files of one person that are stored and belong to no row yet
NO_SUCH = Message("Такого файла нет.")
NO_SUCH_FILE = Message("Такого файла нет. Прикрепите файл заново.")
EMPTY = Message("Файл пустой. Выберите другой.")
TOO_LARGE = Message(
    "Файл слишком большой: допустимо до %(limit)s МБ. Уменьшите его, например сохраните"
    " изображения с меньшим разрешением или разделите документ.",
    limit=LARGEST // MEGABYTE,
)
TOO_MANY = Message(
    "Вы загрузили много файлов и не сохранили записи с ними. Сохраните их или подождите сутки:"
    " несохранённые файлы удаляются сами."
)


@dataclass(frozen=True, slots=True)
class Described:
    """What people are told of a file; ``kept`` is false once its content was given up."""

    name: str
    size: int
    kind: str
    kept: bool


def stage(
    session: Session | scoped_session[Session], blobs: Blobs, content: IO[bytes], name: str
) -> File:
    """Store a file for the person of the session's scope; no row has it yet.

    ``content`` can be read from any place. Raises ``Invalid`` for a file that is empty, too large
    or of a type that is not accepted, ``Unavailable`` when the disk takes nothing.
    """
    size = content.seek(0, os.SEEK_END)
    if not size:
        raise Invalid(EMPTY)
    if size > LARGEST:
        raise Invalid(TOO_LARGE)
    media = recognise(content)
    if (session.scalar(_staged_already()) or 0) >= MOST_STAGED:
        raise Invalid(TOO_MANY)
    content.seek(0)
    blob = blobs.put(content, LARGEST)
    # The rest is not for a person to write: the database gives no right on those columns.
    told = {"media_type": media.media_type, "name": clean_name(name, media)}
    row = insert(File).values(uid=new_uid(), sha256=blob.sha256, size=blob.size, **told)
    return session.scalars(row.returning(File)).one()


def _staged_already() -> Select[int]:
    mine = File.staged_by == func.portal_user()
    return select(func.count()).where(mine, File.attached_at.is_(None))


def attachable(session: Session, row: Record, name: str, ident: int) -> bool:
    """Whether the file may be the value of a field of the row: staged by me, or its own already.

    Somebody else's file and an absent one are alike.
    """
    own = (File.table_name == row.__tablename__) & (File.row_id == row.id) & (File.field == name)
    found = session.scalar(
        select(File.id).where(
            File.id == ident, File.deleted_at.is_(None), or_(File.attached_at.is_(None), own)
        )
    )
    return found is not None


def file_of(session: Session, row: Record, declared: Field) -> File:
    """The file in a field of a row that was fetched in its scope.

    Raises ``Missing`` where there is none or it is no field of files.
    """
    ident = getattr(row, declared.name)
    file = (
        session.get(File, ident) if declared.kind.target == File.__tablename__ and ident else None
    )
    if file is None or file.deleted_at is not None:
        raise Missing(NO_SUCH)
    return file


def described(session: Session, idents: set[int]) -> Mapping[int, Described]:
    """What people are told of files, by their numbers, in one statement."""
    rows = session.execute(
        select(File.id, File.name, File.size, File.media_type, File.deleted_at).where(
            File.id.in_(idents)
        )
    )
    return {
        row.id: Described(row.name, row.size, BY_TYPE[row.media_type].title, row.deleted_at is None)
        for row in rows
    }

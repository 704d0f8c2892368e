"""Uploaded files and what becomes of them: received once, checked, written, taken back.

A step is begun under a lock of the file's row and only where no other step goes on, so that of two
people who press at the same moment one wins and the other is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.clock import now
from app.kernel.errors import Message, Missing, Refused
from app.models.imports import DataImport
from app.models.work import BackgroundJob
from app.services import batches, work
from app.services.import_answers import codes
from app.services.import_runs import digest
from app.services.importers import importer_of
from app.services.table_ends import refuse_unconfirmed
from app.services.work import LIVING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.kernel.blobs import Blob
    from app.services.import_runs import Told

PAGE = 25
CHECK, APPLY, UNDO = "import.check", "import.apply", "undo"
BUSY = Message("С этим файлом уже что-то делается. Дождитесь конца.")


class Stage(StrEnum):
    """What a file is at: from what stands in its row, its last job and its batch."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    CANCELLED = "cancelled"


GOES_ON = {CHECK: Stage.CHECKING, APPLY: Stage.APPLYING, UNDO: Stage.UNDOING}
ENDED = {"failed": Stage.FAILED, "cancelled": Stage.CANCELLED}


@dataclass(frozen=True, slots=True)
class Standing:
    """A file with its last job and whether its batch was taken back."""

    file: DataImport
    job: BackgroundJob | None
    undone: int | None  # the batch that did it

    @property
    def living(self) -> bool:
        """Whether a job goes on."""
        return self.job is not None and self.job.state in LIVING

    @property
    def stage(self) -> Stage:
        """What the file is at."""
        if self.job is not None and self.living:
            return GOES_ON[self.job.kind]
        if self.file.state == Stage.APPLIED:
            return Stage.UNDONE if self.undone else Stage.APPLIED
        return ENDED.get(self.job.state if self.job else "", Stage(self.file.state))

    @property
    def fresh(self) -> bool:
        """Whether the check was made with the answers that stand now."""
        return self.file.checked_answers == digest(codes(self.file.answers))


def receive(
    session: Session, kind: str, blob: Blob, name: str, user: int | None
) -> tuple[DataImport, bool]:
    """Enter an uploaded file; the same one is entered once, until it is written and undone.

    Gives it and whether it is new.
    """
    former = _former(session, kind, blob.sha256)
    if former is not None and not _undone(session, [former]).get(former.batch_id or 0):
        return former, False
    return _enter(session, kind, blob.sha256, name, blob.size, user)


def again(session: Session, number: int, user: int | None) -> DataImport:
    """Enter the file of an earlier import anew. Raises ``Missing``."""
    former = find(session, number).file
    size, name = former.file_size, former.file_name
    if former.record:
        return _anew(session, former)
    return _enter(session, former.kind, former.file_hash, name, size, user)[0]


def _anew(session: Session, former: DataImport) -> DataImport:
    """A table once more, with what its columns fill."""
    names = ("kind", "record", "file_hash", "file_name", "file_size", "user_id", "organisation_id")
    file = DataImport(**{name: getattr(former, name) for name in names})
    file.columns, file.check_file = former.columns, former.check_file
    session.add(file)
    session.flush()
    return file


def _enter(
    session: Session, kind: str, sha256: str, name: str, size: int, user: int | None
) -> tuple[DataImport, bool]:
    values = {
        "kind": kind,
        "file_hash": sha256,
        "file_name": name,
        "file_size": size,
        "user_id": user,
    }
    made = session.scalar(
        insert(DataImport).values(values).on_conflict_do_nothing().returning(DataImport.id)
    )
    found = session.get(DataImport, made) if made else _former(session, kind, sha256)
    if found is None:
        raise Refused("Этот файл сейчас загружает кто-то другой. Дождитесь конца.")
    return found, made is not None


def _former(session: Session, kind: str, sha256: str) -> DataImport | None:
    return session.scalars(
        select(DataImport)
        .where(DataImport.kind == kind, DataImport.file_hash == sha256)
        .order_by(DataImport.id.desc())
        .limit(1)
    ).one_or_none()


def find(session: Session, number: int) -> Standing:
    """A file within the scope, with its job. Raises ``Missing``."""
    rows = _standing(session, DataImport.id == number)
    if not rows:
        raise Missing("Такой загрузки нет.")
    return rows[0]


def recent(
    session: Session, before: int | None, *conditions: ColumnElement[bool]
) -> Sequence[Standing]:
    """Files for which the conditions hold, newest first: a page of them and one more."""
    earlier = () if before is None else (DataImport.id < before,)
    return _standing(session, *earlier, *conditions)


def _standing(session: Session, *conditions: object) -> Sequence[Standing]:
    rows = session.execute(
        select(DataImport, BackgroundJob)
        .outerjoin(BackgroundJob, BackgroundJob.id == DataImport.job_id)
        .where(*conditions)  # type: ignore[arg-type] # conditions of the two tables
        .order_by(DataImport.id.desc())
        .limit(PAGE + 1)
        .execution_options(populate_existing=True)
    ).all()
    undone = _undone(session, [file for file, _job in rows])
    return [Standing(file, job, undone.get(file.batch_id or 0)) for file, job in rows]


def _undone(session: Session, files: Iterable[DataImport]) -> dict[int, int]:
    """Which batches of the files are taken back now; an undo may itself have been undone."""
    layers: list[dict[int, int]] = []
    asked = [file.batch_id for file in files if file.batch_id]
    while asked:
        layers.append(batches.undone_by(session, asked))
        asked = list(layers[-1].values())
    standing: set[int] = set()
    for layer in reversed(layers):
        standing = {batch for batch, by in layer.items() if by not in standing}
    first = layers[0] if layers else {}
    return {batch: by for batch, by in first.items() if batch in standing}


def order(
    session: Session,
    number: int,
    kind: str,
    *,
    assignment: int | None,
    language: str,
    whole: bool = False,
    confirmed: int = 0,
) -> int:
    """Begin a step (``CHECK``, ``APPLY``, ``UNDO``) as a job; gives its number.

    ``whole``: nothing is loaded where a row has an error. ``confirmed``: how many rows in force may
    end by it.

    Raises:
        Missing: there is no such file within the scope.
        Refused: another step goes on, this one cannot follow on what stands, or the file ends more
            rows than may go unconfirmed.
    """
    standing = lock(session, number)
    _refuse(standing, kind, confirmed)
    file = standing.file
    title = Message(TITLES[kind].text, file=file.file_name)
    more = {"whole": whole, "confirmed": confirmed}
    params: dict[str, Any] = {"import": number} | {name: v for name, v in more.items() if v}
    if kind == UNDO:
        params = {"batch": file.batch_id}
    file.job_id = work.ask(
        session,
        kind,
        title,
        params,
        assignment=assignment,
        language=language,
        lock=f"import.{file.kind}.{file.record}.{file.organisation_id or ''}".rstrip("."),
    )
    session.flush()
    return file.job_id


TITLES = {
    CHECK: Message("Проверка файла «%(file)s»"),
    APPLY: Message("Загрузка файла «%(file)s»"),
    UNDO: Message("Отмена загрузки файла «%(file)s»"),
}


def lock(session: Session, number: int) -> Standing:
    """A file that nobody else takes a step with until the transaction ends.

    Raises:
        Missing: there is no such file within the scope.
        Refused: a job of it goes on.
    """
    session.execute(select(DataImport.id).where(DataImport.id == number).with_for_update())
    standing = find(session, number)
    if standing.living:
        raise Refused(BUSY)
    return standing


def _refuse(standing: Standing, kind: str, confirmed: int) -> None:
    applied = standing.file.state == Stage.APPLIED
    if kind == UNDO:
        if not applied or standing.undone:
            raise Refused("Отменять нечего: этот файл сейчас не загружен.")
        return
    if applied:
        raise Refused("Этот файл уже загружен.")
    if kind == APPLY and standing.file.state != Stage.CHECKED:
        raise Refused("Сначала проверьте файл: загружается то, что показала проверка.")
    if kind == APPLY and not standing.fresh:
        raise Refused("После проверки изменились ответы. Проверьте файл с ними и загрузите.")
    if kind == APPLY:
        refuse_unconfirmed(standing.file.check_counts, confirmed)


def begun(session: Session, number: int, job: int) -> DataImport:
    """The file a job is to work on. Raises ``Refused`` when its step has been taken already."""
    file = find(session, number).file
    if file.job_id != job or file.state == Stage.APPLIED:
        raise Refused("Этот файл уже загружен.")
    importer_of(file.kind)
    return file


def keep_check(
    session: Session, file: DataImport, ran: Told, given: Mapping[str, str] | None = None
) -> None:
    """Note what a check has told and the answers it was made with: those of the file or given."""
    file.state = Stage.CHECKED
    file.check_counts, file.check_file = ran.counts, ran.file
    file.checked_answers = digest(codes(file.answers) if given is None else given)
    file.checked_at = now()
    session.flush()


def keep_applied(session: Session, file: DataImport, ran: Told) -> None:
    """Note what was written, and as which batch, if anything was."""
    file.state = Stage.APPLIED
    file.counts, file.report_file, file.batch_id = ran.counts, ran.file, ran.batch
    file.applied_at = now()
    session.flush()

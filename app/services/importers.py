"""What files can be loaded, each kind by its importer; the pages, jobs and commands know no more.

A further kind of file is a further ``Importer`` here: its page, check, questions, cell by cell
preview, writing, report and undo are those of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from app.imports.accreditation_file import RegisterFile
from app.imports.table_file import ENDINGS
from app.imports.table_file import LARGEST as LARGEST_TABLE
from app.imports.unpacking import LARGEST
from app.kernel.errors import Message, Missing
from app.services.import_accreditation import import_accreditation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.services.accreditation_report import ImportReport


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers by the keys of questions: ``given`` for this file, ``remembered`` where they fit."""

    given: Mapping[str, str]
    remembered: Mapping[str, str]


class Run(Protocol):
    """How a file is read and written."""

    def __call__(
        self,
        session: Session,
        file: BinaryIO,
        actor: Actor,
        answers: Answered,
        progress: Callable[[int, int | None], None],
    ) -> ImportReport:
        """Load the file."""


@dataclass(frozen=True, slots=True)
class Importer:
    """A kind of file: what it is called, who may load it, how large it may be, how it is read.

    ``record`` is the record whose rows one must be allowed to add. ``asked_for_good`` are topics
    whose answers may be any number of a row and are therefore never taken over to another file.
    A table has no record of its own and is run by ``table_runs``: the row of its file knows which.
    """

    code: str
    title: Message
    batch_title: Message
    record: str
    largest: int  # bytes
    endings: tuple[str, ...]
    asked_for_good: frozenset[str] = frozenset()
    run: Run | None = None


def _accreditation(
    session: Session,
    file: BinaryIO,
    actor: Actor,
    answers: Answered,
    progress: Callable[[int, int | None], None],
) -> ImportReport:
    with RegisterFile(file) as cards:
        return import_accreditation(
            session,
            cards,
            actor=actor,
            answers=answers.given,
            remembered=answers.remembered,
            progress=progress,
        )


ACCREDITATION = Importer(
    "accreditation",
    Message("Реестр аккредитованных организаций (открытые данные Рособрнадзора)"),
    Message("Загрузка реестра: «%(file)s»"),
    "organisation",
    LARGEST,
    (".xml", ".gz", ".zip"),
    frozenset({"holder", "supplement"}),
    _accreditation,
)
TABLE = Importer(
    "table",
    Message("Таблица"),
    Message("Загрузка таблицы: «%(file)s»"),
    "",
    LARGEST_TABLE,
    ENDINGS,
)
IMPORTERS = {one.code: one for one in (ACCREDITATION, TABLE)}


def importer_of(kind: str) -> Importer:
    """Who loads files of the kind. Raises ``Missing``."""
    found = IMPORTERS.get(kind)
    if found is None:
        raise Missing("Такие файлы портал не загружает.")
    return found

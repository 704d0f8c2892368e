"""One run of an import: everything is really written, and for a check taken back again.

So a check tells exactly what writing would do: what it shows is read from the trigger log of the
same transaction. Lists go into a paged file; only counts stay in memory.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from app.kernel.blobs import Blobs
from app.kernel.errors import Message, Unavailable
from app.kernel.paged import PagedWriter
from app.kernel.scratch import scratch
from app.services import batches
from app.services.import_differences import tell_differences
from app.services.import_findings import counts_of, tell_findings
from app.services.importers import Answered, importer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.models.imports import DataImport
    from app.services.accreditation_report import ImportReport

READING, SHOWING = 80, 20  # per cent of the work: the file itself, then telling what it changed
HUNDRED = 100
LARGEST_REPORT = 4 << 30  # bytes


class Shelves:
    """Where files of imports lie: what was uploaded, and what checks and imports told."""

    def __init__(self, data: Path) -> None:
        """Use folders of the data directory."""
        self.uploads = Blobs(data / "uploads")
        self.reports = Blobs(data / "reports")


@dataclass(frozen=True, slots=True)
class Told:
    """What a run did: its batch, counts, the paged file of everything."""

    batch: int | None  # none where nothing was changed
    counts: dict[str, Any]
    file: str


@dataclass(frozen=True, slots=True)
class Ran(Told):
    """What a run of a register did: the same, and the answers it took over."""

    report: ImportReport
    recalled: dict[str, str]


def run(
    session: Session,
    found: DataImport,
    shelves: Shelves,
    actor: Actor,
    answers: Answered,
    progress: Callable[[int, int | None], None],
    *,
    keep: bool,
) -> Ran:
    """Load the file as a batch; without ``keep`` nothing of it stays. The caller commits.

    Raises:
        Refused: the file or an answer is refused, or the actor has no right to load it.
        Cancelled: ``progress`` raised it.
        Unavailable: the file cannot be read or the disk is full.
    """
    importer = importer_of(found.kind)
    assert importer.run is not None  # noqa: S101 - tables have their own
    title = Message(importer.batch_title.text, file=found.file_name)
    with session.begin_nested() as savepoint, shelves.uploads.open(found.file_hash) as file:
        batch = batches.begin(session, f"import.{found.kind}", title)
        report = importer.run(session, file, actor, answers, _part(progress, 0, READING))
        with blank() as told:
            writer = PagedWriter(told)
            tell_findings(writer, report)
            lines, cells = tell_differences(
                session, batch, writer, _part(progress, READING, SHOWING)
            )
            counts = counts_of(report) | {"cells": cells}
            writer.close(counts)
            told.seek(0)
            stored = shelves.reports.put(told, LARGEST_REPORT)
        if not (keep and lines):
            savepoint.rollback()  # also of an empty batch
    return Ran(
        batch if lines else None, counts, stored.sha256, report, dict(report.answers.recalled)
    )


def digest(answers: Mapping[str, str]) -> str:
    """A mark of these very answers."""
    text = json.dumps(sorted(answers.items()), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _part(
    progress: Callable[[int, int | None], None], begin: int, length: int
) -> Callable[[int, int | None], None]:
    """Progress of a part of the work as per cent of the whole."""

    def tell(done: int, total: int | None) -> None:
        share = min(done / total, 1.0) if total else 0.0
        progress(begin + int(length * share), HUNDRED)

    return tell


@contextmanager
def blank() -> Iterator[BinaryIO]:
    """A file without a name; a full disk is said in words."""
    try:
        with scratch() as file:
            yield file
    except OSError as error:
        raise Unavailable(
            "Отчёт о загрузке сейчас не сохранить: на сервере закончилось место."
            " Сообщите оператору и повторите позже."
        ) from error

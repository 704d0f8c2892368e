"""Take over the register of accredited organisations (открытые данные Рособрнадзора; п. 5.5).

Set by set in one transaction: what is already there and equal is not touched, so that a second
run changes nothing; a file that turns out broken half-way leaves nothing behind.
"""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from app.imports.accreditation_wire import read, written
from app.kernel.errors import Refused
from app.kernel.rights import CREATE
from app.models.registry import Organisation
from app.services.accreditation_branches import Branches
from app.services.accreditation_hands import VIA
from app.services.accreditation_organisations import Organisations
from app.services.accreditation_permits import Permits
from app.services.accreditation_placing import Placing, stands_alone
from app.services.accreditation_questions import Answers
from app.services.accreditation_report import ImportReport
from app.services.accreditation_words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.imports.accreditation_cards import CertificateCard
    from app.kernel.actor import Actor

BATCH = 250  # certificates at a time
HEAVIEST = 20_000  # rows at a time: a certificate may have thousands
SPOOL = 4 << 20  # bytes of waiting certificates that are kept in memory
LOCK = 493_0308  # any fixed number: the advisory lock of this import


def import_accreditation(
    session: Session,
    cards: Iterable[CertificateCard],
    *,
    actor: Actor,
    answers: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> ImportReport:
    """Store the certificates and everything under them; a dry run tells the same and keeps nothing.

    ``answers`` are codes of options by the keys of questions that an earlier run asked;
    ``remembered`` those of earlier files, which count only where they fit.
    ``progress`` hears after each batch how much is read: bytes and those of the whole file where
    ``cards`` tell them (``done`` and ``total``), else certificates. The caller commits.

    Raises:
        Refused: the actor may not add organisations, another import is running, an answer does
            not fit, or ``cards`` turns out to be broken; nothing is changed then.
        Cancelled: ``progress`` raised it; nothing is changed.
    """
    if not actor.may(CREATE, Organisation.__tablename__):
        raise Refused("Загружать реестр может только тот, кому разрешено добавлять организации.")
    report = ImportReport(dry_run, Answers(answers or {}, remembered))
    with SpooledTemporaryFile(SPOOL) as spool, session.begin_nested() as savepoint:
        _exclude_others(session)
        via = _write_as(session, VIA)
        _plan_for_many(session)
        run = _Run(session, report, _Waiting(spool))
        run.read(cards, progress or _unheard)
        run.finish()
        if dry_run:
            savepoint.rollback()
        else:
            _write_as(session, via)
    return report


class _Run:
    """One run; certificates whose organisations may stand further on in the file wait."""

    def __init__(self, session: Session, report: ImportReport, waiting: _Waiting) -> None:
        words = Words(session)
        self.report = report
        self.organisations = Organisations(session, words, report)
        self.branches = Branches(session, report)
        self.permits = Permits(session, words, report)
        self.placing = Placing(session, self.branches, report)
        self.waiting = waiting

    def read(
        self, cards: Iterable[CertificateCard], progress: Callable[[int, int | None], None]
    ) -> None:
        number = 0
        for batch in _batches(cards):
            self.load(batch)
            number += len(batch)
            batch.clear()  # before the next one is read: two of them would be in memory
            progress(getattr(cards, "done", number), getattr(cards, "total", None))

    def load(self, batch: Sequence[CertificateCard]) -> None:
        for card in batch:
            self.report.tell(card.problems)
        self._store([card for card in batch if stands_alone(card)])
        self.waiting.add(card for card in batch if not stands_alone(card))

    def finish(self) -> None:
        for batch in _batches(self.waiting):
            self._store(batch)
        self.branches.finish(self.organisations)
        self.organisations.finish()
        self.report.answers.finish()

    def _store(self, batch: Sequence[CertificateCard]) -> None:
        if not batch:
            return
        ids = self.organisations.load(batch)
        placed, lost = self.placing.of(batch, ids)
        self.permits.load(placed)
        for card in lost:
            self.permits.skip(card)


class _Waiting:
    """Certificates that wait for the end of the file; many of them do so on the disk."""

    def __init__(self, file: SpooledTemporaryFile[bytes]) -> None:
        self.file = file

    def add(self, cards: Iterable[CertificateCard]) -> None:
        for content in map(written, cards):
            self.file.write(len(content).to_bytes(4) + content)

    def __iter__(self) -> Iterator[CertificateCard]:
        self.file.seek(0)
        while head := self.file.read(4):
            yield read(self.file.read(int.from_bytes(head)))


def _batches(cards: Iterable[CertificateCard]) -> Iterator[list[CertificateCard]]:
    batch: list[CertificateCard] = []
    weight = 0
    for card in cards:
        batch.append(card)
        weight += card.weight
        if len(batch) >= BATCH or weight >= HEAVIEST:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _unheard(_done: int, _total: int | None) -> None:
    """Nobody listens."""


def _write_as(session: Session, via: str) -> str:
    """Have the log say through what is written, whoever runs this; gives what it said before.

    Later imports go by that; the end of the savepoint undoes it where it undoes the writes.
    """
    before = session.scalar(text("select current_setting('app.via', true)"))
    session.execute(text("select set_config('app.via', :via, true)"), {"via": via})
    return before or ""


def _plan_for_many(session: Session) -> None:
    """Have rows looked up by index from the first one on.

    A plan lasts: made while a table is small, it would read the table from end to end for every
    reference that is checked when the table has grown. Making each plan anew (force_custom_plan)
    costs as much as the writing itself.
    """
    session.execute(text("discard plans"))
    session.execute(text("set local enable_seqscan = off"))


def _exclude_others(session: Session) -> None:
    if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        raise Refused("Реестр уже загружается. Дождитесь окончания и повторите.")

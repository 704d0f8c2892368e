"""The table a file is made of: which rows and columns, in words and as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.exports import ExportColumn, Sheet, Shown
from app.kernel.clock import local, now
from app.kernel.kinds import string
from app.services.browse import count_up_to, stream, totals_of
from app.views.base.daily import daily_words, totals_lines
from app.views.base.filters import condition_words
from app.views.base.words import Presenter, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.security.identity import Identity
    from app.services.browse import Query

BATCH = 1000
ROWS_OF_A_SHEET = 1_048_575
BEFORE_FIELDS = 4  # of a streamed row: id, organisation, order, words


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file as asked for: ``rows`` and ``columns`` say in words which they are.

    ``named``: the words that name a row are its first column.
    """

    query: Query
    fields: tuple[Field, ...]
    named: bool
    rows: str
    columns: str

    @property
    def name(self) -> str:
        """The name of the file without its ending."""
        return f"{self.query.record.__tablename__}-{local(now()).strftime('%Y-%m-%d')}"


def sheet_of(
    session: Session,
    wanted: Wanted,
    actor: Identity,
    show: Presenter,
    tell: Callable[[int], None] = lambda _rows: None,
) -> Sheet:
    """The table and what is said about it; ``tell`` hears how many rows have been read."""
    query, record = wanted.query, wanted.query.record
    columns = [ExportColumn(label(record, f.label), f.kind) for f in wanted.fields]
    if wanted.named:
        columns.insert(0, ExportColumn(label(record, record.about.caption_label), string(500)))
    if query.day:
        columns.append(ExportColumn(daily_words(record, query.day), string(500)))
    return Sheet(
        title=label(record, record.about.title_many),
        columns=tuple(columns),
        rows=_rows(session, wanted, show, tell),
        about_title=_("Об отборе"),
        about=(*_about(wanted, actor, show), *totals_lines(totals_of(session, query))),
        expected=count_up_to(session, wanted.query, ROWS_OF_A_SHEET + 1),
    )


def _about(wanted: Wanted, actor: Identity, show: Presenter) -> tuple[tuple[str, str], ...]:
    query = wanted.query
    parts = (*query.criteria, *((query.where,) if query.where else ()))
    conditions = [condition_words(query.record, part, show) for part in parts]
    return (
        (_("Список"), label(query.record, query.record.about.title_many)),
        (_("Строки"), wanted.rows),
        (_("Столбцы"), wanted.columns),
        (_("Поиск"), query.search or "—"),
        (_("Фильтры"), "; ".join(conditions) or "—"),
        (_("Выгружено"), local(now()).strftime("%d.%m.%Y %H:%M")),
        (_("Кем"), actor.full_name),
    )


def _rows(
    session: Session, wanted: Wanted, show: Presenter, tell: Callable[[int], None]
) -> Iterator[tuple[Any, ...]]:
    """Values in batches, so that words of related rows are asked for once per batch."""
    first = BEFORE_FIELDS - 1 if wanted.named else BEFORE_FIELDS
    batch: list[list[Any]] = []
    read = 0
    for row in stream(session, wanted.query, wanted.fields):
        batch.append(list(row)[first:])
        if len(batch) == BATCH:
            read += BATCH
            tell(read)
            yield from _worded(batch, wanted, show)
            batch = []
    yield from _worded(batch, wanted, show)


def _worded(batch: list[list[Any]], wanted: Wanted, show: Presenter) -> Iterator[tuple[Any, ...]]:
    shift = int(wanted.named)
    fields = wanted.fields
    show.learn(fields, [line[shift:] for line in batch] if shift else batch)
    placed = list(enumerate(fields, shift))
    related = [(at, f) for at, f in placed if f.kind.target]
    coded: dict[int, dict[Any, str]] = {at: show.names(f) for at, f in placed if f.kind.classifier}
    yes_no = {True: _("да"), False: _("нет")}
    coded |= {at: yes_no for at, f in placed if f.kind.python is bool}
    for line in batch:
        for at, f in related:
            line[at] = None if line[at] is None else Shown(show.related(f, line[at]))
        for at, names in coded.items():
            line[at] = Shown(names[line[at]]) if line[at] in names else line[at]
        yield tuple(line)

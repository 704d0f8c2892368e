"""The pages of tables in words: templates and history of a list, then one table on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from app.imports.tables import MOST_COLUMNS, MOST_ROWS
from app.kernel.clock import local
from app.kernel.kinds.numbers import grouped
from app.kernel.paged import Paged
from app.kernel.rights import EXPORT
from app.services import batches, table_imports
from app.services.data_imports import ENDED, PAGE, Stage
from app.services.import_findings import PROBLEMS
from app.services.importers import TABLE
from app.services.past import user_names
from app.services.table_columns import lacking, letters_of, targets
from app.services.table_draft import CHANGED, NEW, SKIPPED
from app.services.table_ends import ENDS
from app.views.base import addresses
from app.views.base.importing import import_row
from app.views.base.importing_parts import part_of
from app.views.base.importing_words import HEADS, STAGES, WHAT, size_words
from app.views.base.pages import Link, Option
from app.views.base.pages_imports import (
    CountRow,
    ImportPage,
    ImportsPage,
    MappedColumn,
    Mapping,
    Part,
    Tab,
    TableHead,
    Upload,
)
from app.views.base.table_ending import ending_of, where
from app.views.base.table_words import headers_of
from app.views.base.words import label
from app.views.base.working import MOMENT, job_card, undo_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.record import Record
    from app.models.imports import DataImport
    from app.security.identity import Identity
    from app.services.data_imports import Standing
    from app.services.import_runs import Shelves
    from app.views.base.words import Presenter

MOST_FILLED = 10_000  # rows of a template that is to be changed
COLUMNS = "columns"
SHOWN_VALUE = 40  # characters of a value beside its column
FIGURES = ("new", "changed", "same", "skipped", "faults")
STEPS = {
    Stage.UPLOADED: "Файл получен. Проверьте, что заполняют его столбцы, и нажмите «Проверить».",
    Stage.CHECKED: "Так файл изменит портал. Пока ничего не записано.",
}


def tables_page(
    session: Session, record: type[Record], found: Sequence[Standing], actor: Identity
) -> ImportsPage:
    """The templates, the form and what was sent before."""
    names = user_names(session, {one.file.user_id for one in found})
    base, title = addresses.base(record), label(record, record.about.title_many)
    exports = actor.may(EXPORT, record.__tablename__)
    return ImportsPage(
        Upload(f"{base}/import", ",".join(TABLE.endings), TABLE.largest, size_words(TABLE.largest)),
        title,
        tuple(import_row(one, names, where(one.file.id)) for one in found[:PAGE]),
        table=TableHead(
            _("Загрузка из файла: %(list)s", list=title),
            (Link(title, addresses.home(record)),),
            f"{base}/import/template",
            f"{base}/import/template?fill=1" if exports else "",
            grouped(MOST_FILLED),
            grouped(MOST_ROWS),
            grouped(MOST_COLUMNS),
        ),
    )


def table_page(
    session: Session, standing: Standing, actor: Identity, show: Presenter, shelves: Shelves
) -> ImportPage:
    """One table with the part of it that the address asks for."""
    file, stage = standing.file, standing.stage
    record = table_imports.record_of(file, actor)
    counts = {} if standing.living else file.counts or file.check_counts
    opened = _Opened(standing, record, counts, shelves)
    part, mapping = opened.shown(actor, show)
    word, tone = STAGES[stage]
    card = job_card(standing.job) if standing.job else None
    base, title = addresses.base(record), label(record, record.about.title_many)
    bad, there = _row_of(counts).get(SKIPPED, 0), bool(counts) and opened.stored
    return ImportPage(
        href=where(file.id),
        title=file.file_name,
        stamp=_stamp(session, file, title),
        stage=_(word),
        tone=tone,
        what=_(STEPS.get(stage) or WHAT.get(stage, "")) if stage in {*WHAT, *STEPS} else "",
        here=request.full_path.rstrip("?"),
        job=card if standing.living else None,
        failure=card.message if card and standing.job and standing.job.state in ENDED else "",
        counts=tuple(_counts(file, counts, title)) if counts else (),
        heads=tuple(_(HEADS[name]) for name in FIGURES),
        tabs=tuple(_tabs(file, counts, opened.asked)) if there else (),
        part=part,
        actions=frozenset() if standing.living else _actions(standing, counts, here=opened.here),
        forecast=_forecast(session, file) if stage is Stage.APPLIED else "",
        batch=_batch(file),
        report_href=f"{where(file.id)}/report" if there else "",
        crumbs=_crumbs(record, title, base),
        mapping=mapping,
        errors_href=f"{where(file.id)}/errors" if bad and there else "",
        bad=grouped(bad) if bad else "",
        ending=ending_of(file, counts) if stage is Stage.CHECKED else None,
        gone="" if opened.here else _gone(),
    )


class _Opened:
    """What is kept of a table, and the part of it that the address asks for."""

    def __init__(
        self, standing: Standing, record: type[Record], counts: dict[str, Any], shelves: Shelves
    ) -> None:
        self.standing, self.record, self.shelves = standing, record, shelves
        file = standing.file
        self.told = file.report_file or file.check_file or ""
        self.stored = bool(self.told) and shelves.reports.has(self.told)
        self.here = shelves.uploads.has(file.file_hash)
        asked = "" if standing.living else request.args.get("part", "")
        self.asked = asked if counts or not self.here else COLUMNS

    def shown(self, actor: Identity, show: Presenter) -> tuple[Part, Mapping | None]:
        """The list that is open, or the form of what columns fill."""
        if not self.stored or self.standing.living:
            return Part(""), None
        with self.shelves.reports.open(self.told) as opened:
            paged = Paged(opened)
            if self.asked == COLUMNS:
                return Part(""), _mapping(self.standing.file, self.record, paged.head, actor)
            return part_of(self.standing, paged, self.asked, actor, show), None


def _crumbs(record: type[Record], title: str, base: str) -> tuple[Link, ...]:
    return (
        Link(title, addresses.home(record)),
        Link(_("Загрузка из файла"), f"{base}/import"),
    )


def _gone() -> str:
    return str(_("Файл удалён: срок его хранения прошёл. Отправьте его ещё раз."))


def _row_of(counts: dict[str, Any]) -> dict[str, int]:
    """The figures of the one record."""
    return next(iter(counts.get("rows", {}).values()), {})


def _batch(file: DataImport) -> Link | None:
    if not file.batch_id:
        return None
    return Link(_("История: пакет изменений"), f"/batches/{file.batch_id}", "history")


def _stamp(session: Session, file: DataImport, title: str) -> str:
    who = user_names(session, {file.user_id}).get(file.user_id or 0, "")
    when = local(file.created_at).strftime(MOMENT)
    return f"{title} · {size_words(file.file_size)} · {when}, {who}"


def _actions(standing: Standing, counts: dict[str, Any], *, here: bool) -> frozenset[str]:
    """What may be done; ``here``: the file itself is still kept."""
    figures = _row_of(counts)
    writes = bool(figures.get(NEW) or figures.get(CHANGED))
    if standing.file.state == Stage.APPLIED:
        undo = {"undo"} if writes and not standing.undone else set()
        return frozenset(undo | ({"again"} if here else set()))
    if not here or standing.file.state != Stage.CHECKED:
        return frozenset()
    return frozenset({"check", "apply"} if writes else {"check"})


def _forecast(session: Session, file: DataImport) -> str:
    if file.batch_id is None:
        return ""
    return undo_words(batches.forecast(session, file.batch_id).values())


def _counts(file: DataImport, counts: dict[str, Any], title: str) -> Iterator[CountRow]:
    row = _row_of(counts)
    parts = {"new": "new", "changed": "changed", "skipped": PROBLEMS, "faults": PROBLEMS}
    cells = (
        (
            _(HEADS[key]),
            grouped(row[key]) if row.get(key) else "",
            f"{where(file.id)}?part={parts[key]}#part" if row.get(key) and key in parts else "",
        )
        for key in FIGURES
    )
    yield CountRow(title, tuple(cells))


def _tabs(file: DataImport, counts: dict[str, Any], asked: str) -> Iterator[Tab]:
    row = _row_of(counts)
    figures = (
        ("", _("Итог"), None, ""),
        (PROBLEMS, _("Ошибки"), row["faults"], "bad"),
        ("new", _("Новые строки"), row[NEW], ""),
        ("changed", _("Изменения"), row[CHANGED], ""),
        (ENDS, _("Закончатся"), counts.get(ENDS, {}).get("ended", 0), "bad"),
        (COLUMNS, _("Столбцы"), None, ""),
    )
    for name, words, number, tone in figures:
        if number == 0 and name != asked:
            continue
        if name == COLUMNS and file.state == Stage.APPLIED:
            continue
        href = f"{where(file.id)}?part={name}" if name else where(file.id)
        yield Tab(words, "" if number is None else grouped(number), href, name == asked, tone)


def _mapping(
    file: DataImport, record: type[Record], head: dict[str, Any], actor: Identity
) -> Mapping:
    """The form: each column with its first values and what it fills."""
    known = targets(record, actor)
    headers = headers_of(known, record)
    chosen: dict[str, str] = file.columns.get("map", {})
    width = max([len(head["head"]), *map(len, head["sample"])])
    columns = tuple(
        MappedColumn(
            f"col.{at}",
            _short(_cell(head["head"], at)) or _("без заголовка"),
            letters_of(at),
            tuple(_short(_cell(row, at)) for row in head["sample"][:3]),
            chosen.get(str(at), ""),
        )
        for at in range(min(width, len(head["head"])))
    )
    whose = [t for t in known if t.of_owner or t.field is None]
    groups = (
        (_("Какая это запись"), tuple(Option(t.code, headers[t.code]) for t in whose)),
        (
            _("Поля"),
            tuple(
                Option(t.code, headers[t.code] + (" *" if t.needed else ""))
                for t in known
                if t not in whose
            ),
        ),
    )
    missing = [headers[target.code] for target in lacking(known, chosen.values())]
    return Mapping(
        f"{where(file.id)}/columns",
        columns,
        groups,
        ", ".join(missing),
        clear=bool(file.columns.get("clear")),
        bare=bool(file.columns.get("bare")),
        template_href=f"{addresses.base(record)}/import/template",
    )


def _cell(row: Sequence[Any], at: int) -> str:
    return "" if at >= len(row) or row[at] is None else str(row[at])


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_VALUE else f"{text[: SHOWN_VALUE - 1]}…"

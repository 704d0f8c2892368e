"""The pages of imports in words: what a file is at, its figures, what may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, request
from flask_babel import gettext as _

from app.kernel.catalogue import record_named, records
from app.kernel.clock import local
from app.kernel.kinds.numbers import grouped
from app.kernel.paged import Paged
from app.services import batches, data_imports
from app.services.data_imports import ENDED, Stage
from app.services.import_answers import codes
from app.services.import_findings import PROBLEMS, QUESTIONS, STATES
from app.services.importers import ACCREDITATION
from app.services.past import user_names
from app.views.base.importing_parts import part_of
from app.views.base.importing_words import (
    COMMAND,
    HEADS,
    MOST_ROWS,
    STAGES,
    WHAT,
    address,
    record_words,
    size_words,
)
from app.views.base.pages import Link
from app.views.base.pages_imports import (
    CountRow,
    ImportPage,
    ImportRow,
    ImportsPage,
    Part,
    Tab,
    Upload,
)
from app.views.base.words import say
from app.views.base.working import MOMENT, job_card, undo_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.models.imports import DataImport
    from app.security.identity import Identity
    from app.services.data_imports import Standing
    from app.services.import_runs import Shelves
    from app.views.base.words import Presenter


def imports_page(session: Session, found: Sequence[Standing]) -> ImportsPage:
    """The form and the history."""
    shown = found[: data_imports.PAGE]
    names = user_names(session, {one.file.user_id for one in shown})
    more = f"/registry/import/?before={shown[-1].file.id}" if shown else ""
    return ImportsPage(
        Upload(
            "/registry/import/upload",
            ",".join(ACCREDITATION.endings),
            ACCREDITATION.largest,
            size_words(ACCREDITATION.largest),
        ),
        say(ACCREDITATION.title),
        tuple(import_row(one, names) for one in shown),
        more if len(found) > data_imports.PAGE else "",
    )


def import_row(standing: Standing, names: dict[int, str], where: str = "") -> ImportRow:
    """A file in the history."""
    file = standing.file
    word, tone = STAGES[standing.stage]
    return ImportRow(
        where or address(file.id),
        file.file_name,
        size_words(file.file_size),
        local(file.created_at).strftime(MOMENT),
        names.get(file.user_id or 0, _(COMMAND)),
        _(word),
        tone,
        _told(file),
    )


def _told(file: DataImport) -> str:
    counts = file.counts or file.check_counts
    if not counts:
        return ""
    rows = counts["rows"].values()
    new, changed = (sum(row[state] for row in rows) for state in ("new", "changed"))
    if not (new or changed):
        return str(_("изменений нет"))
    return str(
        _("новых: %(new)s, изменено: %(changed)s", new=grouped(new), changed=grouped(changed))
    )


def import_page(
    session: Session, standing: Standing, person: Identity, show: Presenter, shelves: Shelves
) -> ImportPage:
    """One file with the part of it that the address asks for."""
    file, stage = standing.file, standing.stage
    word, tone = STAGES[stage]
    told = file.report_file or file.check_file
    stored = told if told and shelves.reports.has(told) else None
    here = shelves.uploads.has(file.file_hash)
    counts = file.counts or file.check_counts
    asked = request.args.get("part", "") if stored and not standing.living else ""
    part = Part("")
    if stored:
        with shelves.reports.open(stored) as opened:
            part = part_of(standing, Paged(opened), asked, person, show)
    card, shown = job_card(standing.job) if standing.job else None, counts and not standing.living
    return ImportPage(
        href=address(file.id),
        title=file.file_name,
        stamp=_stamp(session, file),
        stage=_(word),
        tone=tone,
        what=_(WHAT.get(stage, "")) if stage in WHAT else "",
        here=request.full_path.rstrip("?"),
        job=card if standing.living else None,
        failure=card.message if card and _failed(standing) else "",
        counts=() if standing.living else tuple(_counts(file, counts, linked=bool(stored))),
        heads=tuple(_(HEADS[name]) for name in HEADS),
        tabs=tuple(_tabs(file, counts, asked)) if shown and stored else (),
        part=part,
        actions=frozenset() if standing.living else _actions(standing, here=here),
        waiting=_waiting(standing),
        differs=_differs(file),
        forecast=_forecast(session, standing) if stage is Stage.APPLIED else "",
        batch=_batch(file),
        report_href=f"{address(file.id)}/report" if stored and not standing.living else "",
        crumbs=_crumbs(),
        cut=_cut(counts) if shown and stored else "",
        gone=_gone(told=bool(told and not stored), here=here),
    )


def _crumbs() -> tuple[Link, ...]:
    return (Link(_("Загрузка реестра"), "/registry/import/"),)


def _batch(file: DataImport) -> Link | None:
    if not file.batch_id:
        return None
    return Link(_("История: пакет изменений"), f"/batches/{file.batch_id}", "history")


def _failed(standing: Standing) -> bool:
    return standing.job is not None and standing.job.state in ENDED


def _stamp(session: Session, file: DataImport) -> str:
    who = user_names(session, {file.user_id}).get(file.user_id or 0, _(COMMAND))
    kind = say(ACCREDITATION.title)
    when = local(file.created_at).strftime(MOMENT)
    return f"{kind} · {size_words(file.file_size)} · {when}, {who}"


def _actions(standing: Standing, *, here: bool) -> frozenset[str]:
    """What may be done; ``here``: the file itself is still kept."""
    applied = standing.file.state == Stage.APPLIED
    undo = {"undo"} if applied and not standing.undone and _writes(standing.file) else set()
    if not here:
        return frozenset(undo)
    if applied:
        return frozenset({*undo, "again"})
    ready = standing.file.state == Stage.CHECKED and standing.fresh
    return frozenset({"check", "apply"} if ready else {"check"})


def _gone(*, told: bool, here: bool) -> str:
    """Why there are no details, or nothing to check any more."""
    if not here:
        return str(
            _(
                "Срок хранения файла и подробностей о нём (%(days)s дн.) прошёл: они удалены. Чтобы"
                " проверить файл снова, отправьте его ещё раз.",
                days=current_app.config["IMPORT_DAYS"],
            )
        )
    if told:
        return str(_("Подробности удалены. Проверьте файл ещё раз, чтобы увидеть их снова."))
    return ""


def _cut(counts: dict[str, Any]) -> str:
    """What the workbook leaves out."""
    cells = counts.get("cells", {})
    if max((*cells.values(), counts[PROBLEMS], counts[QUESTIONS])) <= MOST_ROWS:
        return ""
    most = grouped(MOST_ROWS)
    return str(
        _("На листе отчёта не больше %(most)s строк. Всё целиком — на этой странице.", most=most)
    )


def _writes(file: DataImport) -> bool:
    rows = file.counts.get("rows", {}).values()
    return any(row["new"] or row["changed"] for row in rows)


def _waiting(standing: Standing) -> str:
    if standing.living or standing.file.state != Stage.CHECKED or standing.fresh:
        return ""
    return str(_("После проверки изменились ответы: проверьте файл с ними, потом загрузите."))


def _counts(file: DataImport, counts: dict[str, Any], *, linked: bool) -> Iterator[CountRow]:
    rows = counts.get("rows", {})
    for record in records():
        name = record.__tablename__
        if name not in rows:
            continue
        row = rows[name]
        cells = tuple(
            (
                _(head),
                grouped(row[key]) if row[key] else "",
                _address(file, key, name, row[key]) if linked else "",
            )
            for key, head in HEADS.items()
        )
        yield CountRow(record_words(record), cells)


def _address(file: DataImport, key: str, name: str, number: int) -> str:
    if not number:
        return ""
    where = {
        "new": f"new&record={name}",
        "changed": f"changed&record={name}",
        "faults": "problems",
        "left": "left",
    }.get(key)
    return f"{address(file.id)}?part={where}#part" if where else ""


def _tabs(file: DataImport, counts: dict[str, Any], asked: str) -> Iterator[Tab]:
    rows = counts["rows"].values()
    answered = len(codes(file.answers))
    figures = (
        ("", _("Итог"), None, ""),
        ("questions", _("Вопросы"), counts["questions"] or (answered and 0), "warn"),
        ("new", _("Новые строки"), sum(row["new"] for row in rows), ""),
        ("changed", _("Изменения"), sum(row["changed"] for row in rows), ""),
        ("problems", _("Замечания"), counts["problems"], ""),
        ("left", _("Оставлено вручную"), counts["left"], ""),
        ("matches", _("Узнаны по реквизитам"), counts["matches"], ""),
    )
    for name, words, number, tone in figures:
        there = number or (name == "questions" and answered)
        if name and not there and name != asked:
            continue
        href = f"{address(file.id)}?part={name}" if name else address(file.id)
        figure = "" if number is None else grouped(number)
        yield Tab(words, figure, href, name == asked, tone if number else "")


def _differs(file: DataImport) -> str:
    """Rows that came out otherwise than the check had told, because the portal went on living."""
    if not (file.counts and file.check_counts):
        return ""
    told, done = file.check_counts["rows"], file.counts["rows"]
    unlike = [
        record_words(record_named(name))
        for name, row in done.items()
        if any(row[state] != told.get(name, {}).get(state) for state in STATES)
    ]
    if not unlike:
        return ""
    return str(
        _(
            "После проверки портал изменился, поэтому вышло не так, как она показала: %(records)s.",
            records=", ".join(unlike),
        )
    )


def _forecast(session: Session, standing: Standing) -> str:
    number = standing.file.batch_id
    if number is None or not _writes(standing.file):
        return ""
    return undo_words(batches.forecast(session, number).values())

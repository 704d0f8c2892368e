"""The report of a check or an import as a workbook; lists are read a page at a time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from flask import send_file
from flask_babel import gettext as _

from app.exports import ExportColumn, Sheet, Shown, write_book
from app.kernel.catalogue import field_map, record_named, records
from app.kernel.errors import Missing
from app.kernel.kinds import string
from app.kernel.kinds.numbers import grouped
from app.kernel.paged import Paged
from app.kernel.scratch import path_of, scratch
from app.models.access import Activity
from app.models.registry import Organisation
from app.services.import_answers import codes
from app.services.import_differences import CHANGED, NEW, list_name
from app.services.import_findings import LEFT, PROBLEMS, QUESTIONS, sentence
from app.services.table_words import BAD
from app.views.base.importing_words import HEADS, MOST_ROWS, record_words
from app.views.base.pasts import changes_of
from app.views.base.sending import TYPES, send_xlsx
from app.views.base.table_words import column_words, fault_heads
from app.views.base.words import label, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.models.imports import DataImport
    from app.security.identity import Identity
    from app.services.import_runs import Shelves
    from app.views.base.words import Presenter

TEXT = string(1000)
Rows = "Iterable[Sequence[str]]"


def send_report(file: DataImport, shelves: Shelves, person: Identity, show: Presenter) -> Response:
    """The workbook. Raises ``Missing`` before the file was checked."""
    stored = file.report_file or file.check_file
    if not stored:
        raise Missing("Отчёта ещё нет: файл не проверен.")
    if not shelves.reports.has(stored):
        raise Missing("Отчёт удалён: срок его хранения прошёл. Проверьте файл ещё раз.")
    handle = scratch()
    with shelves.reports.open(stored) as opened:
        write_book(tuple(_sheets(file, Paged(opened), person, show)), path_of(handle))
    handle.seek(0)
    name = f"{_('Отчёт о загрузке')} {file.id}.xlsx"
    return send_file(handle, mimetype=TYPES["xlsx"], as_attachment=True, download_name=name)


def send_errors(file: DataImport, record: type[Record], shelves: Shelves, name: str) -> Response:
    """The rows of a table that have errors, as they came, with what is wrong; all cells are text.

    Raises ``Missing`` where there are none, or the report is not kept any more.
    """
    stored = file.report_file or file.check_file
    if not (stored and file.check_counts and shelves.reports.has(stored)):
        raise Missing("Строк с ошибками нет. Проверьте файл ещё раз, чтобы увидеть их.")
    with shelves.reports.open(stored) as opened:
        paged = Paged(opened)
        if not paged.count(BAD):
            raise Missing("Строк с ошибками нет. Проверьте файл ещё раз, чтобы увидеть их.")
        heads = [*(_cell(head) for head in paged.head["head"]), _("Ошибка")]
        rows = (_bad(line, record, len(heads) - 1) for line in paged.lines(BAD))
        stem = file.file_name.rpartition(".")[0]
        return send_xlsx(_sheet(name, heads, rows), f"{stem} — {name}")


def _cell(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _bad(line: dict[str, Any], record: type[Record], width: int) -> Sequence[str]:
    cells = [_cell(cell) for cell in line["cells"][:width]]
    why = (
        f"{column or column_words(record, field)}: {_words(said)}"
        for column, field, said in line["why"]
    )
    return (*cells, *("" for _place in range(width - len(cells))), "\n".join(why))


def _sheets(file: DataImport, paged: Paged, person: Identity, show: Presenter) -> Iterator[Sheet]:
    yield _sheet(_("Итог"), (_("Записи"), *(_(head) for head in HEADS.values())), _counts(paged))
    heads = (_("Записи"), _("Строка"), _("Поле"), _("Было"), _("Стало"))
    yield _sheet(_("Изменения"), heads, _cells(paged, CHANGED, person, show))
    yield _sheet(_("Новые строки"), (*heads[:3], heads[4]), _new(paged, person, show))
    if file.record:
        yield _sheet(_("Ошибки"), fault_heads(), _faults(paged, record_named(file.record)))
        return
    yield _sheet(
        _("Замечания"),
        (
            _("Свидетельство"),
            _("Строка файла"),
            _("Записи"),
            _("Поле"),
            _("Что не так"),
            _("В файле"),
        ),
        _problems(paged),
    )
    yield _sheet(
        _("Вопросы"),
        (_("Свидетельство"), _("Вопрос"), _("О чём"), _("Строк"), _("Ответ"), _("Пояснение")),
        _questions(file, paged, show),
    )
    yield _sheet(
        _("Оставлено вручную"),
        (_("Свидетельство"), _("Организация"), _("Поле"), _("В портале"), _("В файле")),
        _left(paged),
    )


def _sheet(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Sheet:
    shown = (tuple(map(Shown, row)) for row in _first(rows, len(heads)))
    return Sheet(title, tuple(ExportColumn(head, TEXT, 28) for head in heads), shown)


def _first(rows: Iterable[Sequence[str]], width: int) -> Iterator[Sequence[str]]:
    """The rows of one sheet; the last one says that there are more."""
    found = iter(rows)
    yield from islice(found, MOST_ROWS)
    if next(found, None) is not None:
        most = grouped(MOST_ROWS)
        said = _("Показаны первые %(most)s строк. Все — на странице этой загрузки.", most=most)
        yield (said, *("" for _place in range(width - 1)))


def _counts(paged: Paged) -> Iterator[Sequence[str]]:
    for name, row in paged.head["rows"].items():
        yield (record_words(record_named(name)), *(str(row.get(key, 0)) for key in HEADS))


def _faults(paged: Paged, record: type[Record]) -> Iterator[Sequence[str]]:
    for line in paged.lines(PROBLEMS):
        column = line["column"] or column_words(record, line["field"])
        yield str(line["row"]), column, line["value"], _words(line["why"])


def _lines(paged: Paged, state: str) -> Iterator[tuple[type[Record], dict[str, Any]]]:
    for record in records():
        for line in paged.lines(list_name(state, record.__tablename__)):
            yield record, line


def _cells(
    paged: Paged, state: str, person: Identity, show: Presenter
) -> Iterator[tuple[str, str, str, str, str]]:
    """One row for each cell of the lists."""
    for record, line in _lines(paged, state):
        words = line["words"].items()
        show.know({t: {int(i): w for i, w in found.items()} for t, found in words})
        known = field_map(record)
        pairs = {name: pair for name, pair in line["values"].items() if name in known}
        entry = Activity(
            before={name: pair[0] for name, pair in pairs.items()},
            after={name: pair[1] for name, pair in pairs.items()},
        )
        for change in changes_of(record, entry, person, show):
            yield (
                record_words(record),
                line["title"],
                change.label,
                change.before.text,
                change.after.text,
            )


def _new(paged: Paged, person: Identity, show: Presenter) -> Iterator[Sequence[str]]:
    for record, row, field, _before, after in _cells(paged, NEW, person, show):
        yield record, row, field, after


def _problems(paged: Paged) -> Iterator[Sequence[str]]:
    for line in paged.lines(PROBLEMS):
        yield (
            line["certificate"],
            str(line["line"]),
            record_words(record_named(line["record"])),
            _(line["field"]),
            _words(line["why"]),
            line["value"],
        )


def _questions(file: DataImport, paged: Paged, show: Presenter) -> Iterator[Sequence[str]]:
    answers = codes(file.answers)
    asked = set()
    for line in paged.lines(QUESTIONS):
        asked.add(line["key"])
        yield _question(line, answers, show)
    for key, line in file.answers.items():
        if key not in asked and key in answers:
            yield _question(line, answers, show)


def _question(line: dict[str, Any], answers: dict[str, str], show: Presenter) -> Sequence[str]:
    code = answers.get(line["key"], "")
    if line["classifier"]:
        options = dict(show.choices_of(line["classifier"]))
    else:
        options = {option: _words(words) for option, words in line["options"]}
    return (
        line["certificate"],
        _words(line["what"]),
        line["value"],
        str(line["rows"]),
        options.get(code, code),
        _words(line["why"]),
    )


def _left(paged: Paged) -> Iterator[Sequence[str]]:
    for line in paged.lines(LEFT):
        field = label(Organisation, line["field"])
        yield line["certificate"], line["title"], field, line["ours"], line["theirs"]


def _words(stored: Any) -> str:
    words = sentence(stored)
    return words if isinstance(words, str) else say(words)

"""The lists of an import, a page of one at a time: questions, changes cell by cell, problems."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from app.kernel.catalogue import record_named, records
from app.kernel.kinds.numbers import grouped
from app.kernel.paged import BLOCK
from app.models.access import Activity
from app.models.registry import Organisation
from app.services.data_imports import Stage
from app.services.import_answers import answerable, codes
from app.services.import_differences import NEW, list_name
from app.services.import_findings import LEFT, MATCHES, PROBLEMS, QUESTIONS, sentence
from app.services.importers import importer_of
from app.services.table_ends import ENDS
from app.views.base import addresses
from app.views.base.pages import Option
from app.views.base.pages_imports import ChangedRow, Pager, Part, QuestionGroup, QuestionRow, Tab
from app.views.base.pasts import changes_of
from app.views.base.table_words import column_words, fault_heads
from app.views.base.words import label, say

if TYPE_CHECKING:
    from app.kernel.paged import Paged
    from app.models.imports import DataImport
    from app.security.identity import Identity
    from app.services.data_imports import Standing
    from app.views.base.words import Presenter

MOST_DIGITS = 9
Line = dict[str, Any]


def part_of(
    standing: Standing, paged: Paged, asked: str, person: Identity, show: Presenter
) -> Part:
    """The list the address asks for; none where it asks for none."""
    if asked in {"new", "changed"}:
        return _changes(standing, paged, asked, person, show)
    if asked == QUESTIONS:
        return _questions(standing.file, paged, show)
    makers = {PROBLEMS: _problems, LEFT: _left, MATCHES: _matches, ENDS: _ends}
    return makers[asked](standing.file, paged) if asked in makers else Part("")


def _page(paged: Paged, name: str, where: str) -> tuple[list[Line], Pager]:
    """Lines of the page that is asked for, with the words and addresses of a pager."""
    typed = request.args.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < MOST_DIGITS else 1
    total = paged.count(name)
    last = max(1, -(-total // BLOCK))
    number = min(max(number, 1), last)
    lines = paged.page(name, number - 1)
    first = (number - 1) * BLOCK
    pager = Pager(
        _(
            "%(first)s–%(last)s из %(total)s",
            first=grouped(first + 1),
            last=grouped(first + len(lines)),
            total=grouped(total),
        )
        if lines
        else "",
        f"{where}&page={number - 1}#part" if number > 1 else "",
        f"{where}&page={number + 1}#part" if number < last else "",
    )
    return lines, pager


def _changes(
    standing: Standing, paged: Paged, state: str, person: Identity, show: Presenter
) -> Part:
    there = [r for r in records() if paged.count(list_name(state, r.__tablename__))]
    if not there:
        return Part(state)
    asked = request.args.get("record", "")
    record = next((r for r in there if r.__tablename__ == asked), there[0])
    where = f"{_pages(standing.file)}/{standing.file.id}?part={state}"
    name = list_name(state, record.__tablename__)
    lines, pager = _page(paged, name, f"{where}&record={record.__tablename__}")
    linked = state != NEW or standing.stage is Stage.APPLIED
    rows = []
    for line in lines:
        words = line["words"].items()
        show.know({t: {int(i): w for i, w in found.items()} for t, found in words})
        pairs = line["values"]
        entry = Activity(
            table_name=record.__tablename__,
            row_id=line["id"],
            before={n: pair[0] for n, pair in pairs.items()},
            after={n: pair[1] for n, pair in pairs.items()},
        )
        rows.append(
            ChangedRow(
                _title(line),
                addresses.card(record, line["id"]) if linked else "",
                changes_of(record, entry, person, show),
            )
        )
    filters = tuple(
        Tab(
            label(r, r.about.title_many),
            grouped(paged.count(list_name(state, r.__tablename__))),
            f"{where}&record={r.__tablename__}#part",
            r is record,
        )
        for r in there
    )
    return Part(state, rows=tuple(rows), filters=filters, pager=pager)


def _pages(file: DataImport) -> str:
    return "/imports" if file.record else "/registry/import"


def _title(line: Line) -> str:
    """Words of a changed row; a row of a table says where in the file it stands."""
    if "row" not in line:
        return line["title"] or f"№\u00a0{line['id']}"
    place = _("Строка %(number)s", number=grouped(line["row"]))
    return f"{place}: {line['title']}" if line["title"] else str(place)


def _faults(file: DataImport, paged: Paged) -> Part:
    """Errors of a table, cell by cell."""
    record = record_named(file.record)
    lines, pager = _page(paged, PROBLEMS, f"/imports/{file.id}?part={PROBLEMS}")
    rows = tuple(
        (
            grouped(line["row"]),
            line["column"] or column_words(record, line["field"]),
            line["value"],
            say(sentence(line["why"])),
        )
        for line in lines
    )
    return Part(PROBLEMS, lines=rows, counted=True, heads=fault_heads(), pager=pager)


def _ends(file: DataImport, paged: Paged) -> Part:
    """Rows in force that a table ends."""
    record = record_named(file.record)
    lines, pager = _page(paged, ENDS, f"/imports/{file.id}?part={ENDS}")
    rows = tuple(
        (grouped(line["row"]), line["title"], f"{dt.date.fromisoformat(line['last']):%d.%m.%Y}")
        for line in lines
    )
    heads = (_("Строка"), label(record, record.about.title), _("Последний день"))
    return Part(ENDS, lines=rows, heads=heads, pager=pager)


def _problems(file: DataImport, paged: Paged) -> Part:
    if file.record:
        return _faults(file, paged)
    lines, pager = _page(paged, PROBLEMS, f"/registry/import/{file.id}?part={PROBLEMS}")
    heads = (_("Свидетельство"), _("Строка файла"), _("Поле"), _("Что не так"), _("В файле"))
    rows = tuple(
        (
            line["certificate"],
            grouped(line["line"]),
            _(line["field"]),
            say(sentence(line["why"])),
            line["value"],
        )
        for line in lines
    )
    kept, told = paged.count(PROBLEMS), paged.head[PROBLEMS]
    note = ""
    if told > kept:
        note = _("Перечислены первые %(kept)s из %(told)s.", kept=grouped(kept), told=grouped(told))
    return Part(PROBLEMS, lines=rows, heads=heads, note=note, pager=pager)


def _left(file: DataImport, paged: Paged) -> Part:
    lines, pager = _page(paged, LEFT, f"/registry/import/{file.id}?part={LEFT}")
    heads = (_("Организация"), _("Поле"), _("В портале"), _("В файле"), _("Свидетельство"))
    rows = tuple(
        (
            line["title"],
            label(Organisation, line["field"]),
            line["ours"],
            line["theirs"],
            line["certificate"],
        )
        for line in lines
    )
    note = _("Эти значения ввели люди: загрузка их не меняет.")
    return Part(LEFT, lines=rows, heads=heads, note=note, pager=pager)


def _matches(file: DataImport, paged: Paged) -> Part:
    lines, pager = _page(paged, MATCHES, f"/registry/import/{file.id}?part={MATCHES}")
    heads = (_("Свидетельство"), _("Что сделано"), _("Организация"))
    rows = tuple((one["certificate"], say(sentence(one["what"])), one["value"]) for one in lines)
    return Part(MATCHES, lines=rows, heads=heads, pager=pager)


def _questions(file: DataImport, paged: Paged, show: Presenter) -> Part:
    lines, pager = _page(paged, QUESTIONS, f"/registry/import/{file.id}?part={QUESTIONS}")
    asked = {line["key"] for line in paged.lines(QUESTIONS)} if file.answers else set()
    earlier = [a for key, a in file.answers.items() if key not in asked and a["code"]]
    closed = file.state == Stage.APPLIED
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line["topic"], line["what"]["text"]), []).append(line)
    found = [_group(file, group, show, closed=closed) for group in groups.values()]
    if earlier:
        found.append(_group(file, earlier, show, closed=closed, answered=True))
    return Part(QUESTIONS, groups=tuple(found), pager=pager)


def _group(
    file: DataImport, lines: list[Line], show: Presenter, *, closed: bool, answered: bool = False
) -> QuestionGroup:
    first = lines[0]
    answers = codes(file.answers)
    rows = tuple(_question(file, line, answers, show) for line in lines)
    alike = not answered and not closed and answerable(first)
    return QuestionGroup(
        first["topic"],
        _("Уже отвечено, в том числе в прежних загрузках") if answered else _plain(first["what"]),
        "" if answered else _plain(first["why"]),
        rows,
        _shared(lines, show) if alike and len(lines) > 1 else (),
        answerable=not closed and answerable(first),
    )


def _question(
    file: DataImport, line: Line, answers: dict[str, str], show: Presenter
) -> QuestionRow:
    code = answers.get(line["key"], "")
    options = _options(line, code, show) if answerable(line) else ()
    any_row = line["topic"] in importer_of(file.kind).asked_for_good
    known = any(option.value == code for option in options)
    rows = _("строк: %(number)s", number=grouped(line["rows"])) if line["rows"] > 1 else ""
    certificate = _("свидетельство %(number)s", number=line["certificate"])
    return QuestionRow(
        line["key"],
        line["value"] or line["certificate"],
        " · ".join(filter(None, (certificate, rows))),
        options,
        code,
        addresses.picker(Organisation.__tablename__) if any_row and options else "",
        f"№\u00a0{code}" if any_row and code and not known else "",
    )


def _options(line: Line, chosen: str, show: Presenter) -> tuple[Option, ...]:
    if line["classifier"]:
        pairs = show.choices_of(line["classifier"])
    else:
        pairs = [(code, _plain(words)) for code, words in line["options"]]
    return tuple(Option(code, words, code == chosen) for code, words in pairs)


def _shared(lines: list[Line], show: Presenter) -> tuple[Option, ...]:
    """Answers that every question of the group knows."""
    common = set.intersection(*({code for code, _w in _pairs(line, show)} for line in lines))
    return tuple(Option(code, words) for code, words in _pairs(lines[0], show) if code in common)


def _pairs(line: Line, show: Presenter) -> list[tuple[str, str]]:
    return [(option.value, option.label) for option in _options(line, "", show)]


def _plain(stored: Any) -> str:
    words = sentence(stored)
    return words if isinstance(words, str) else say(words)

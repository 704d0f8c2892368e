"""Lines of the access log in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.catalogue import field_map, record_named, records
from app.kernel.clock import local
from app.kernel.kinds.numbers import grouped
from app.services.captions import captions_of
from app.views.base import addresses
from app.views.base.pages import Cell, Link
from app.views.base.pages_readings import ReadingLine
from app.views.base.pasts import role_words
from app.views.base.purposes import purpose_words
from app.views.base.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.kernel.record import Record

    Captions = Mapping[str, Mapping[int, str]]

LEARNER = "student"
ACTIONS = {
    "card": "Открыта карточка",
    "form": "Открыта форма",
    "history": "Открыта история",
    "list": "Показан список",
    "search": "Поиск по закрытому значению",
    "api": "Прочитано программой",
    "reveal": "Показано скрытое",
    "export": "Выгружено",
    "download": "Скачан файл",
    "ends": "Подтверждено окончание записей",
    "login": "Вход",
    "login_failed": "Неудачный вход",
    "denied": "Отказ в доступе",
    "token": "Вход программы",
    "token_failed": "Неудачный вход программы",
}
TONES = {"reveal": "warn", "export": "warn", "login_failed": "off", "denied": "off"}
VIAS = {
    "api": "через API",
    "feed": "через ленту изменений",
    "batch": "на странице пакета изменений",
    "bulk": "перед правкой многих записей",
    "trash": "в корзине",
    "picker": "в поле выбора",
    "find": "в общем поиске",
    "alike": "при вводе похожего человека",
}
SECOND = "%d.%m.%Y %H:%M:%S"


def known(name: str | None) -> type[Record] | None:
    """The record of this name, if there still is one."""
    return next((one for one in records() if one.__tablename__ == name), None)


def learn(session: Session, lines: Sequence[Row[Any]], learners: set[int]) -> Captions:
    """Words of the rows and learners that the lines name, in one statement."""
    wanted: dict[str, set[int]] = {LEARNER: set(learners)}
    for line in lines:
        if line.learner_id is not None:
            wanted[LEARNER].add(line.learner_id)
        if line.row_id is not None and known(line.table_name):
            wanted.setdefault(line.table_name, set()).add(line.row_id)
    return captions_of(session, wanted)


def line_of(one: Row[Any], words: Captions) -> ReadingLine:
    """One line in words; what is out of reach has a number and no address."""
    record = known(one.table_name)
    learner = None
    if one.learner_id is not None and one.table_name != LEARNER:
        learner = _link(record_named(LEARNER), one.learner_id, words)
    return ReadingLine(
        when=local(one.at).strftime(SECOND),
        who=(one.name or f"№\u00a0{one.user_id}").strip() if one.user_id else "",
        capacity=role_words(one.capacity),
        done=Cell(action_words(one.action), tone=TONES.get(one.action, "")),
        row=_row(record, one, words),
        learner=learner,
        details=tuple(_details(record, one)),
    )


def action_words(action: str) -> str:
    """The name of what was done."""
    return str(_(ACTIONS[action])) if action in ACTIONS else action


def _row(record: type[Record] | None, one: Row[Any], words: Captions) -> Link | None:
    if record is None:
        return Link(one.target, "") if one.target else None
    if one.row_id is None:
        return Link(label(record, record.about.title_many), "")
    return _link(record, one.row_id, words)


def _link(record: type[Record], ident: int, words: Captions) -> Link:
    found = words.get(record.__tablename__, {}).get(ident)
    title = label(record, record.about.title)
    if found is None:
        return Link(f"{title}: №\u00a0{ident}", "")
    return Link(f"{title}: {found}", addresses.card(record, ident))


def _details(record: type[Record] | None, one: Row[Any]) -> Iterator[str]:
    """What for, which fields, how many rows, by which way."""
    detail = one.detail or {}
    if one.purpose:
        yield _("Цель: %(purpose)s", purpose=purpose_words(one.purpose))
    yield from _fields(record, detail)
    if "rows" in detail:
        yield _("Строк: %(number)s", number=grouped(detail["rows"]))
    if detail.get("via") in VIAS:
        yield _(VIAS[detail["via"]])
    if one.action == "export" and one.target:
        yield one.target


def _fields(record: type[Record] | None, detail: Mapping[str, Any]) -> Iterator[str]:
    """Which values were shown, of one record or of several; which were looked for."""
    if record is not None and detail.get("fields"):
        yield _("Поля: %(fields)s", fields=_labels(record, detail["fields"]))
    if record is not None and detail.get("sought"):
        yield _("Искали по полям: %(fields)s", fields=_labels(record, detail["sought"]))
    for name, names in detail.get("of", {}).items():
        if other := known(name):
            title = label(other, other.about.title_many)
            yield f"{title}: {_labels(other, names)}"


def _labels(record: type[Record], names: Sequence[str]) -> str:
    fields = field_map(record)
    return ", ".join(label(record, fields[name].label) for name in names if name in fields)

"""Rows pasted from a sheet: read, shown with what is wrong, mended in place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.imports.pasted import FIELDS, rows_of
from app.kernel.catalogue import field_map
from app.kernel.errors import Invalid
from app.models.enrolment import RUSSIAN, Student
from app.services.enrolling_many import MOST, THERE, Line
from app.services.table_imports import may_load
from app.views.base import addresses
from app.views.base.filling import COMMON, Typing, filling_page, typing
from app.views.base.guard import identity
from app.views.base.pages import Option
from app.views.base.pages_paste import PasteCell, PastePage, PasteRow
from app.views.base.words import Presenter, label, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.services.enrolling import Room

INPUT = re.compile(rf"row-([0-9]{{1,2}})\.({'|'.join((*FIELDS, 'anyway'))})")
PASTED = "pasted"


@dataclass(slots=True)
class Sheet:
    """What is common, the pasted text, and each row as typed and as understood."""

    common: Typing
    pasted: str = ""
    typed: list[dict[str, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    refused: str = ""
    many: bool = False  # more rows than go at once
    looked: bool = False

    @property
    def bad(self) -> list[int]:
        """Places of the rows that cannot be added as they are."""
        return [at for at, line in enumerate(self.lines) if line.problems]


def sheet_of(given: Mapping[str, str], common: Typing | None = None) -> Sheet:
    """The rows of the inputs, and where there are none those of the pasted text."""
    found: dict[int, dict[str, str]] = {}
    for name, text in given.items():
        if parts := INPUT.fullmatch(name):
            found.setdefault(int(parts[1]), {})[parts[2]] = text
    sheet = Sheet(common or typing(given, COMMON), given.get(PASTED, ""))
    rows = [found[at] for at in sorted(found)] if found else rows_of(sheet.pasted)
    rows = [row for row in rows if any(row.get(name, "").strip() for name in FIELDS)]
    if len(rows) > MOST:
        sheet.many = True
        sheet.refused = _(
            "Вставлено строк: %(number)s. За один раз — не больше %(most)s: вставьте класс по"
            " частям.",
            number=len(rows),
            most=MOST,
        )
        return sheet
    if given.get(PASTED, "").strip() and not rows:
        sheet.refused = _("В тексте нет строк с учениками. Скопируйте в таблице строки целиком.")
    sheet.typed = rows
    sheet.lines = [_line(row, sheet.common) for row in rows]
    return sheet


def _line(row: Mapping[str, str], common: Typing) -> Line:
    texts = {name: row.get(name, "") for name in FIELDS}
    own = typing({**texts, "citizenship_kind": RUSSIAN}, (*FIELDS, "citizenship_kind"))
    learner = own.learner
    problems = [Invalid(message, field=name) for name, message in learner.errors.items()]
    values: dict[str, Any] = {**common.values, **learner.values}
    return Line(values, problems, bool(row.get("anyway")))


def texts_of(sheet: Sheet, places: Iterable[int]) -> dict[str, str]:
    """What a draft keeps of those rows, with what is common."""
    kept = {name: text for name, text in sheet.common.typed.items() if text}
    for number, at in enumerate(places):
        kept |= {f"row-{number}.{n}": t for n, t in sheet.typed[at].items() if n in FIELDS}
    return kept


def is_kept(name: str) -> bool:
    """Whether a draft keeps the input, beside those of the form."""
    return name == PASTED or INPUT.fullmatch(name) is not None


def paste_page(room: Room, sheet: Sheet, show: Presenter) -> PastePage:
    """The form of what is common with the rows below."""
    page = filling_page(room, sheet.common, show)
    base = {f.name: getattr(page, f.name) for f in fields(page)}
    where = addresses.pasting(room.row.id)
    common = page.sections[:1]
    problems = tuple((f.id, f.label, f.error) for s in common for f in s.fields if f.error)
    base |= {"sections": common, "action": where, "alike_href": "", "errors": problems}
    return PastePage(
        **base | {"unsaved": bool(sheet.typed or sheet.pasted.strip())},
        form_href=addresses.filling(room.row.id),
        pasted=sheet.pasted,
        refused=sheet.refused,
        load_href=_loading() if sheet.many else "",
        heads=tuple(label(Student, field_map(Student)[name].label) for name in FIELDS),
        rows=tuple(_row(at, sheet, show) for at in range(len(sheet.lines))),
        good=len(sheet.lines) - len(sheet.bad),
        bad=len(sheet.bad),
        looked=sheet.looked,
    )


def _loading() -> str:
    """Where a table of any length is loaded, for those who may."""
    return f"{addresses.base(Student)}/import" if may_load(Student, identity()) else ""


def _row(at: int, sheet: Sheet, show: Presenter) -> PasteRow:
    typed, line = sheet.typed[at], sheet.lines[at]
    by_name: dict[str, str] = {}
    beside = []
    for problem in line.problems:
        if problem.field in FIELDS:
            by_name.setdefault(problem.field, say(problem))
        else:
            beside.append(say(problem))
    cells = tuple(_cell(at, name, typed.get(name, ""), by_name, show) for name in FIELDS)
    ticked = bool(typed.get("anyway"))
    asks = ticked or any(p.message.text == THERE.text for p in line.problems)
    return PasteRow(at + 1, cells, tuple(beside), f"row-{at}.anyway" if asks else "", ticked)


def _cell(at: int, name: str, value: str, errors: Mapping[str, str], show: Presenter) -> PasteCell:
    declared = field_map(Student)[name]
    options = show.options(declared) if declared.kind.classifier else []
    return PasteCell(
        f"row-{at}.{name}",
        label(Student, declared.label),
        value,
        errors.get(name, ""),
        tuple(Option(code, words, code == value) for code, words in options),
    )


def take_common(sheet: Sheet) -> None:
    """What is wrong with what is common is said once, not in every row."""
    for line in sheet.lines:
        shared = [one for one in line.problems if one.field in COMMON]
        line.problems = [one for one in line.problems if one.field not in COMMON]
        sheet.common.refuse([one for one in shared if one.field not in _said(sheet.common)])


def _said(common: Typing) -> set[str]:
    return {*common.learner.errors, *common.spell.errors}

"""The template of a record's tables: empty, or with the rows of a list to be changed."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any

from flask import send_file
from flask_babel import gettext as _

from app.exports.template import TEXT, Template, TemplateColumn, Value, write_template
from app.kernel.catalogue import record_named
from app.kernel.errors import Invalid
from app.kernel.fields import Field
from app.kernel.kinds import UUID
from app.kernel.scratch import scratch
from app.services.browse import stream
from app.services.table_columns import KEY, Target, targets
from app.services.table_matching import by_id
from app.views.base.sending import TYPES
from app.views.base.sheets import BEFORE_FIELDS
from app.views.base.table_words import guide_line, headers_of
from app.views.base.words import Presenter, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.browse import Query
    from app.services.table_matching import Standing

BATCH = 1_000
MOST_OPTIONS = 2_000  # of a list to choose from; longer ones are typed
WIDTH = 5  # characters for one of the twelve columns of a form
UID = Field(KEY, UUID, "Ключ")


def send_template(
    session: Session, record: type[Record], query: Query | None, actor: Identity, show: Presenter
) -> Response:
    """The workbook; with a query, its rows are in it."""
    known = targets(record, actor)
    headers = headers_of(known, record)
    rows = () if query is None else _rows(session, query, known, show)
    template = Template(
        label(record, record.about.title_many)[:28].translate(dict.fromkeys(map(ord, "[]:*?/\\"))),
        tuple(_column(target, headers[target.code], show) for target in known),
        rows,
        _("Как заполнить"),
        (_("Столбец"), _("Что это"), _("Как записать"), _("Нужно ли"), _("Основание")),
        [guide_line(target, headers[target.code]) for target in known],
        _("Списки"),
        _("Такого значения в списке нет. Выберите из списка."),
    )
    handle = scratch()
    write_template(template, handle)
    handle.seek(0)
    name = (
        f"{record.__tablename__}-template.xlsx" if query is None else f"{record.__tablename__}.xlsx"
    )
    return send_file(handle, mimetype=TYPES["xlsx"], as_attachment=True, download_name=name)


def _column(target: Target, header: str, show: Presenter) -> TemplateColumn:
    if target.field is None:
        return TemplateColumn(header, width=14, key=True)
    kind = target.field.kind
    dated = kind.python is dt.date
    options = () if target.of_owner else _options(target.field, show)
    return TemplateColumn(
        header,
        kind.excel if dated else TEXT,
        max(WIDTH * kind.width, 12) if not target.of_owner else 24,
        options,
        strict=kind.widget != "choices",
        needed=target.needed,
    )


def _options(field: Field, show: Presenter) -> tuple[str, ...]:
    if field.kind.python is bool:
        return (_("да"), _("нет"))
    if not field.kind.classifier:
        return ()
    cells = Cells(show)
    found = tuple(cells.coded(field, code) for code, _words in show.options(field))
    return found if len(found) <= MOST_OPTIONS else ()


def _rows(
    session: Session, query: Query, known: Sequence[Target], show: Presenter
) -> Iterator[Sequence[Value]]:
    """Rows in batches, so that words of related rows and parents are asked for once per batch."""
    record = query.record
    own = [target.field for target in known if target.field is not None and not target.of_owner]
    owner = record.about.owner
    fields = [UID, *own]
    if owner and owner not in {f.name for f in fields}:
        fields.append(Field(owner, UUID, owner))
    names = [f.name for f in fields]
    found = stream(session, query, fields)
    cells = Cells(show)
    while batch := list(islice(found, BATCH)):
        lines = [dict(zip(names, row[BEFORE_FIELDS:], strict=True)) for row in batch]
        parents = _parents(session, record, lines)
        show.learn(own, [[line[f.name] for f in own] for line in lines])
        for line in lines:
            parent = parents.get(line[owner]) if owner else None
            yield [_value(target, line, parent, cells) for target in known]


def _parents(
    session: Session, record: type[Record], lines: Sequence[dict[str, Any]]
) -> dict[int, Standing]:
    if not record.about.parent:
        return {}
    ids = {line[record.about.owner] for line in lines} - {None}
    return by_id(session, record_named(record.about.parent), ids)


def _value(target: Target, line: dict[str, Any], parent: Standing | None, cells: Cells) -> Value:
    source = parent if target.of_owner else line
    stored = None if source is None else source[target.field.name if target.field else KEY]
    if stored is None:
        return None
    return str(stored) if target.field is None else cells.written(target.field, stored)


class Cells:
    """Stored values as cells that are understood when they come back."""

    def __init__(self, show: Presenter) -> None:
        """Show related rows and codes with these words."""
        self.show = show
        self.known: dict[str, dict[str, str]] = {}  # classifier → code → words

    def written(self, field: Field, stored: Any) -> Value:
        """One value that is not empty."""
        kind = field.kind
        if kind.target:
            return self.show.related(field, stored)
        if kind.classifier:
            return "; ".join(self.coded(field, code) for code in str(stored).split(";"))
        if kind.python is bool:
            return str(_("да") if stored else _("нет"))
        if kind.python is dt.date:
            day: dt.date = stored
            return day
        return kind.edit(stored)

    def coded(self, field: Field, code: str) -> str:
        """The name of a code, or the code where the name does not lead back to it."""
        names = self.known.get(field.kind.classifier)
        if names is None:
            names = self.known[field.kind.classifier] = dict(self._names(field))
        return names.get(code, code)

    def _names(self, field: Field) -> Iterator[tuple[str, str]]:
        for code, words in self.show.names(field).items():
            try:
                leads = self.show.book.code_for(field.kind.classifier, words)
            except Invalid:
                leads = ""
            yield code, words if leads == code else code

"""What columns of tables are called, and what a person is told about filling each of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.catalogue import field_map
from app.services.table_columns import OWNER
from app.views.base.words import label, labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.services.table_columns import Target

KEY_NAMES = ("Ключ", "Key")


def headers_of(known: Sequence[Target], record: type[Record]) -> dict[str, str]:
    """The header of each target by its code, no two alike."""
    plain = {target.code: _header(target) for target in known}
    times = Counter(plain.values())
    sections = {section.id: section.title for section in record.about.sections}
    found: dict[str, str] = {}
    for target in known:
        text = plain[target.code]
        if times[text] > 1 and target.field is not None and target.field.section in sections:
            text = f"{text} ({label(record, sections[target.field.section])})"
        taken = set(found.values())
        number = 1
        unique = text
        while unique in taken:
            number += 1
            unique = f"{text} ({number})"
        found[target.code] = unique
    return found


def names_of(known: Sequence[Target], headers: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """All names a header may call each target by: in every language, and as the template does."""
    found = {}
    for target in known:
        own = _names(target)
        if target.of_owner:
            owners = labels(target.record, target.record.about.title).values()
            own = tuple(f"{owner}: {name}" for owner in owners for name in own)
        found[target.code] = (headers[target.code], *own)
    return found


def _names(target: Target) -> tuple[str, ...]:
    if target.field is None:
        return KEY_NAMES
    return tuple(labels(target.record, target.field.label).values())


def _header(target: Target) -> str:
    own = _("Ключ") if target.field is None else label(target.record, target.field.label)
    if target.of_owner:
        return f"{label(target.record, target.record.about.title)}: {own}"
    return own


def guide_line(target: Target, header: str) -> tuple[str, str, str, str, str]:
    """What the second sheet says of a column: header, meaning, form, whether needed, basis."""
    if target.field is None:
        what = (
            _("Ключ записи, к которой относится строка. Можно оставить пустым, если она названа.")
            if target.of_owner
            else _("Ключ записи портала. Не меняйте его; у новых записей оставьте пустым.")
        )
        return header, what, _("из выгрузки"), "", ""
    field = target.field
    what = _(field.help) if field.help else ""
    if target.of_owner:
        what = _("Как найти запись, к которой относится строка.")
    return header, what, form_of(field), _need(target), _basis(field)


def form_of(field: Field) -> str:
    """The form of a value in a few words, with an example."""
    kind = field.kind
    if kind.target:
        return _("название или ключ записи портала")
    if kind.classifier:
        many = kind.widget == "choices"
        return _("значения из списка через точку с запятой") if many else _("значение из списка")
    if kind.python is bool:
        return _("да или нет")
    if kind.python is dt.date:
        return _("дата, например 31.08.2026")
    if kind.python in (int, Decimal):
        return _("число")
    return _("текст, например: %(sample)s", sample=kind.samples[0].replace("\n", " "))


def _need(target: Target) -> str:
    field = target.field
    if field is None or target.of_owner:
        return ""
    if target.needed:
        return _("обязательно")
    return _("требует закон") if field.item and field.required else ""


def _basis(field: Field) -> str:
    if field.item is None:
        return ""
    return _("приложение № 3, п. %(code)s", code=field.item.code)


def fault_heads() -> tuple[str, ...]:
    """Headers of the list of errors."""
    return _("Строка"), _("Столбец"), _("Значение"), _("Что не так и как исправить")


def column_words(record: type[Record], code: str) -> str:
    """What an error is about where no column of the file fills it."""
    fields = field_map(record)
    if code.startswith(OWNER):
        return _("К чему относится строка")
    return label(record, fields[code].label) if code in fields else _("Строка целиком")

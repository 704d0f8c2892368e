"""JSON schemas of a record's fields for the OpenAPI document, made from their kinds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import String

from app.kernel.errors import Invalid
from app.kernel.kinds import FILE
from app.kernel.plain import plain
from app.views.base.words import label, labels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.kernel.choices import Choices
    from app.kernel.fields import Field
    from app.kernel.record import Record

SHORT = 60  # codes of a classifier that are listed in the document itself
DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
LONGEST_ID = 2**63 - 1
FORMS: dict[type, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "pattern": DECIMAL},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
    dt.time: {"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"},
    UUID: {"type": "string", "format": "uuid"},
    str: {"type": "string"},
}
ALWAYS: dict[str, Any] = {
    "id": {"type": "integer", "format": "int64", "readOnly": True},
    "uid": {"type": "string", "format": "uuid", "readOnly": True},
    "version": {"type": "integer", "readOnly": True},
    "updated_at": {"type": "string", "format": "date-time", "readOnly": True},
}


def row_schema(record: type[Record], fields: Iterable[Field], book: Choices) -> dict[str, Any]:
    """A row as it is answered; which fields are in it, the request decides."""
    own = {f.name: described(record, f, book) for f in fields}
    captions = {"type": "object", "additionalProperties": {"type": ["string", "null"]}}
    return {
        "type": "object",
        "title": label(record, record.about.title),
        "x-title": labels(record, record.about.title),
        "properties": {**ALWAYS, **own, "captions": captions},
        "required": list(ALWAYS),
    }


def body_schema(
    record: type[Record], fields: Iterable[Field], book: Choices, required: Iterable[str] = ()
) -> dict[str, Any]:
    """A body that may be sent; any other member is refused."""
    needed = list(required)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {f.name: described(record, f, book) for f in fields},
        "additionalProperties": False,
    }
    return {**schema, "required": needed} if needed else schema


def described(record: type[Record], field: Field, book: Choices) -> dict[str, Any]:
    """One field: type, limits, codes, label in both languages, the decree's item behind it."""
    schema = _nullable(field, valued(field, book))
    schema["title"] = label(record, field.label)
    schema["x-title"] = labels(record, field.label)
    help_ = [_(field.help)] if field.help else []
    if field.item:
        schema["x-item"] = field.item.code
        schema["x-periodicity"] = field.item.periodicity_text
        help_.append(_("Пункт %(code)s приложения № 3.", code=field.item.code))
    if help_:
        schema["description"] = " ".join(help_)
    if field.policy:
        schema["x-policy"] = field.policy.value
    if examples := _examples(field):
        schema["examples"] = examples
    return schema


def valued(field: Field, book: Choices) -> dict[str, Any]:
    """The type of a filled value."""
    kind = field.kind
    if kind.target:
        where = f"/api/v1/{kind.target.replace('_', '-')}/"
        limits = {"minimum": 1, "maximum": LONGEST_ID}
        number = {"type": "integer", "format": "int64", **limits}
        return number if kind is FILE else {**number, "x-relation": where}
    if kind.classifier:
        coded = _coded(kind.classifier, book)
        return {"type": "array", "items": coded} if kind.widget == "choices" else coded
    schema = dict(FORMS[kind.python])
    if isinstance(kind.column, String) and kind.column.length:
        schema["maxLength"] = kind.column.length
    if kind.name.startswith("integer:"):
        low, high = map(int, kind.name.split(":")[1:])
        schema |= {"minimum": low, "maximum": high}
    return schema


def _coded(classifier: str, book: Choices) -> dict[str, Any]:
    found = {choice.code: choice for choice in book.all(classifier)}
    schema: dict[str, Any] = {"type": "string", "x-classifier": classifier}
    if 0 < len(found) <= SHORT:
        schema["enum"] = list(found)
        schema["x-names"] = {
            code: {"ru": choice.name_ru, "en": choice.name_en or choice.name_ru}
            for code, choice in found.items()
        }
    return schema


def _nullable(field: Field, schema: dict[str, Any]) -> dict[str, Any]:
    """A value that may be «not entered» is null."""
    if field.identity:
        return schema
    wide = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        wide["enum"] = [*schema["enum"], None]
    return wide


def _examples(field: Field) -> list[Any]:
    if field.kind.classifier:
        return []
    found = []
    for sample in field.kind.samples:
        try:
            found.append(plain(field.kind, field.kind.parse(sample)))
        except Invalid:
            continue
    return found

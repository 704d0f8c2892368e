"""The feed of changes in the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.feed_tokens import LENGTH
from app.services.feed import KINDS
from app.views.base.rest import replies
from app.views.base.rest.changes import CHANGES, NOW, followed

if TYPE_CHECKING:
    from app.security.identity import Identity


def change_schema() -> dict[str, Any]:
    """One event."""
    text, number = {"type": "string"}, {"type": "integer", "format": "int64"}
    own: dict[str, Any] = {
        "id": {**number, "description": _("Номер события, всегда один и тот же.")},
        "kind": {**text, "pattern": rf"^[a-z_]+\.({'|'.join(KINDS.values())})$"},
        "record": {
            **text,
            "description": _("Вид записи: имя таблицы"),
        },
        "row_id": {**number, "description": _("id записи")},
        "uid": {"type": ["string", "null"], "format": "uuid"},
        "version": {"type": ["integer", "null"], "description": _("Версия записи после изменения")},
        "organisation_id": {"type": ["integer", "null"], "format": "int64"},
        "at": {**text, "format": "date-time"},
        "fields": {
            "type": "object",
            "description": _("Поля, которые изменились, с новыми значениями, как в самой записи."),
        },
        "batch": {"type": ["integer", "null"], "description": _("Пакет изменений, если он был")},
    }
    return {"type": "object", "title": _("Изменение"), "properties": own, "required": list(own)}


def changes_operation(actor: Identity, security: list[dict[str, list[str]]]) -> dict[str, Any]:
    """The one operation of the feed."""
    since = {"type": "string", "minLength": 1, "maxLength": LENGTH, "examples": [NOW]}
    names = {"type": "string", "enum": list(followed(actor))}
    return {
        "operationId": CHANGES,
        "summary": _("Изменения записей по порядку, удаления тоже"),
        "description": _(
            "Возьмите since=now, прочтите записи списками, затем спрашивайте изменения, передавая"
            " since из прошлого ответа. Событие может прийти дважды: его узнают по id."
        ),
        "tags": [CHANGES],
        "security": security,
        "parameters": [
            _query("since", since, _("Откуда продолжить: since из ответа; now — с этой минуты.")),
            replies.parameter("limit"),
            {
                **_query(
                    "record",
                    {"type": "array", "items": names, "minItems": 1, "uniqueItems": True},
                    _("О каких записях, через запятую; без параметра — обо всех."),
                ),
                "style": "form",
                "explode": False,
            },
        ],
        "responses": {"200": _events(), **replies.refs(400, 401, 403, 410)},
    }


def _events() -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/Change"}},
            "since": {"type": "string"},
            "next": {"type": "string"},
            "more": {"type": "boolean"},
            "line": {"type": "string", "format": "uuid"},
        },
        "required": ["items", "since", "next", "more", "line"],
    }
    text = _("События по порядку; more — есть ли ещё, since и next — откуда продолжить")
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _query(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}

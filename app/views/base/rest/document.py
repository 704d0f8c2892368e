"""The OpenAPI 3.1 document: what the asking capacity may do with every record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import gettext as _

from app.extensions import API
from app.kernel.catalogue import CAPTION, field_map, records
from app.kernel.rights import READ, addable, may_remove, typable, visible
from app.views.base.rest import replies
from app.views.base.rest.changes import CHANGES, may_follow
from app.views.base.rest.changes_document import change_schema, changes_operation
from app.views.base.rest.records import address
from app.views.base.rest.schemas import body_schema, row_schema, valued
from app.views.base.words import label

if TYPE_CHECKING:
    from app.kernel.choices import Choices
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity

TOKEN: list[dict[str, list[str]]] = [{"token": []}]
READS: list[dict[str, list[str]]] = [*TOKEN, {"session": []}]
WRITES: list[dict[str, list[str]]] = [*TOKEN, {"session": [], "forgery": []}]
OPERATORS = {
    "contains": "содержит",
    "starts": "начинается с",
    "eq": "равно",
    "from": "с",
    "to": "по",
    "in": "одно из, через запятую",
    "empty": "1 — не заполнено, 0 — заполнено",
}


def document(actor: Identity, book: Choices) -> dict[str, Any]:
    """The whole document in the language of the request."""
    paths: dict[str, Any] = {"/api/v1/token": replies.token_path()}
    schemas: dict[str, Any] = {"Problem": replies.problem_schema()}
    tags = []
    for record in records():
        if actor.may(READ, record.__tablename__):
            tags.append({"name": record.__tablename__, "description": _many(record)})
            schemas |= _schemas(record, actor, book)
            paths |= _paths(record, actor, book)
    if may_follow(actor):
        tags.append({"name": CHANGES, "description": _("Изменения записей по порядку")})
        schemas["Change"] = change_schema()
        paths[f"{API}{CHANGES}/"] = {"get": changes_operation(actor, READS)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("API образовательного портала"),
            "version": "1",
            "description": _(
                "Записи портала в JSON: права, проверки и границы видимости те же, что на"
                " страницах. Здесь описано то, что доступно вашим текущим полномочиям."
            ),
        },
        "servers": [{"url": "/"}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": replies.refusals(),
            "parameters": replies.parameters(),
            "headers": replies.headers(),
            "securitySchemes": replies.schemes(current_app.config["SESSION_COOKIE_NAME"]),
        },
    }


def _many(record: type[Record]) -> str:
    return label(record, record.about.title_many)


def name_of(record: type[Record]) -> str:
    """The name of a record's schema."""
    return record.__name__


def _schemas(record: type[Record], actor: Identity, book: Choices) -> dict[str, Any]:
    name, known = name_of(record), field_map(record)
    found = {name: row_schema(record, visible(record, actor), book)}
    if names := addable(record, actor):
        owner = {record.about.owner} if record.about.parent else set()
        needed = [n for n, f in known.items() if n in owner or (n in names and f.identity)]
        fields = [f for n, f in known.items() if n in names | owner]
        found[f"{name}New"] = body_schema(record, fields, book, needed)
    if names := typable(record, actor):
        fields = [f for n, f in known.items() if n in names]
        found[f"{name}Change"] = body_schema(record, fields, book)
    return found


def _paths(record: type[Record], actor: Identity, book: Choices) -> dict[str, Any]:
    where, name = address(record), name_of(record)
    collection: dict[str, Any] = {"get": _list(record, actor, book)}
    if addable(record, actor):
        collection["post"] = {
            **_head(record, "add", _("Добавить: %(what)s", what=_one(record)), WRITES),
            "requestBody": _body(f"{name}New"),
            "responses": {
                "201": replies.row(name, added=True),
                **replies.refs(400, 401, 403, 413, 415, 422),
            },
        }
    one: dict[str, Any] = {"parameters": [replies.parameter("id")], "get": _get(record, actor)}
    if typable(record, actor):
        one["patch"] = _change(record)
    if may_remove(record, actor):
        one["delete"] = _trash(record)
    return {f"{where}/": collection, f"{where}/{{id}}": one}


def _get(record: type[Record], actor: Identity) -> dict[str, Any]:
    shared = map(replies.parameter, ("captions", "if_none_match"))
    return {
        **_head(record, "get", _("Одна запись: %(what)s", what=_one(record)), READS),
        "parameters": [_fields(record, actor), *shared],
        "responses": {
            "200": replies.row(name_of(record)),
            "304": {"description": _("Версия не изменилась")},
            **replies.refs(400, 401, 403, 404),
        },
    }


def _change(record: type[Record]) -> dict[str, Any]:
    return {
        **_head(record, "change", _("Изменить: %(what)s", what=_one(record)), WRITES),
        "parameters": [replies.parameter("if_match")],
        "requestBody": _body(f"{name_of(record)}Change"),
        "responses": {
            "200": replies.row(name_of(record)),
            **replies.refs(400, 401, 403, 404, 409, 413, 415, 422, 428),
        },
    }


def _trash(record: type[Record]) -> dict[str, Any]:
    return {
        **_head(record, "trash", _("В корзину: %(what)s", what=_one(record)), WRITES),
        "parameters": [replies.parameter("if_match")],
        "responses": {
            "204": {"description": _("Запись в корзине")},
            **replies.refs(400, 401, 403, 404, 409, 428),
        },
    }


def _list(record: type[Record], actor: Identity, book: Choices) -> dict[str, Any]:
    shared = ["where", "limit", "cursor", "captions", "count"]
    if record.about.search:
        shared.insert(0, "q")
    filters = {
        f"{f.name}__{operator}": _filter(record, f, operator, book)
        for f in visible(record, actor)
        for operator in f.kind.operators
    }
    several = {
        "name": "filters",
        "in": "query",
        "style": "form",
        "explode": True,
        "description": _("Отборы вида поле__условие=значение; все должны выполняться."),
        "schema": {"type": "object", "properties": filters, "additionalProperties": False},
    }
    return {
        **_head(record, "list", _("Список: %(what)s", what=_many(record)), READS),
        "parameters": [
            *map(replies.parameter, shared),
            _sort(record, actor),
            _fields(record, actor),
            several,
        ],
        "responses": {"200": replies.rows(name_of(record)), **replies.refs(400, 401, 403)},
    }


def _head(
    record: type[Record], verb: str, summary: str, security: list[dict[str, list[str]]]
) -> dict[str, Any]:
    return {
        "operationId": f"{verb}_{record.__tablename__}",
        "summary": summary,
        "tags": [record.__tablename__],
        "security": security,
    }


def _one(record: type[Record]) -> str:
    return label(record, record.about.title)


def _body(name: str) -> dict[str, Any]:
    schema = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    return {"required": True, "content": {"application/json": schema}}


def _filter(record: type[Record], f: Field, operator: str, book: Choices) -> dict[str, Any]:
    title = f"{label(record, f.label)}: {_(OPERATORS[operator])}"
    if operator == "empty":
        return {"type": "string", "enum": ["0", "1"], "title": title}
    if operator in {"contains", "starts"}:
        return {"type": "string", "minLength": 1, "maxLength": 200, "title": title}
    value = valued(f, book)
    if operator == "in":
        kept = ("x-names", "x-relation", "x-classifier")
        names: dict[str, Any] = {n: value[n] for n in kept if n in value}
        return {"type": "string", "minLength": 1, "maxLength": 200, "title": title, **names}
    if value["type"] == "boolean":
        return {"type": "string", "enum": ["0", "1", "true", "false"], "title": title}
    return {**value, "title": title}


def _sort(record: type[Record], actor: Identity) -> dict[str, Any]:
    names = [f.name for f in visible(record, actor) if f.ordered]
    if record.about.caption_label:
        names.insert(0, CAPTION)
    both = [*names, *(f"-{name}" for name in names)]
    schema = {"type": "string", "enum": both} if both else {"type": "string", "maxLength": 0}
    text = _("Порядок; минус — по убыванию.")
    return {"name": "sort", "in": "query", "description": text, "schema": schema}


def _fields(record: type[Record], actor: Identity) -> dict[str, Any]:
    names = [f.name for f in visible(record, actor)]
    items = {"type": "string", "enum": names}
    return {
        "name": "fields",
        "in": "query",
        "style": "form",
        "explode": False,
        "description": _("Какие поля показать, через запятую; без параметра — все."),
        "schema": {"type": "array", "items": items, "minItems": 1, "uniqueItems": True},
    }

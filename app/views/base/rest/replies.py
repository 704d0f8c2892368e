"""Parts of the OpenAPI document that all records share: answers, refusals, parameters, security."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.views.base.rest.ask import DEFAULT, MOST
from app.views.base.rest.problem import MIME, TITLES

LONGEST_ID = 2**63 - 1
TAG = '^"[0-9]{1,9}"$'


def problem_schema() -> dict[str, Any]:
    """RFC 9457, with the wrong values one by one and, after a conflict, both values."""
    text = {"type": "string"}
    error = {
        "type": "object",
        "properties": {"pointer": text, "parameter": text, "detail": text},
        "required": ["detail"],
    }
    conflict = {
        "type": "object",
        "properties": {"pointer": text, "yours": {}, "theirs": {}},
        "required": ["pointer", "yours", "theirs"],
    }
    return {
        "type": "object",
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "errors": {"type": "array", "items": error},
            "conflicts": {"type": "array", "items": conflict},
            "version": {"type": "integer"},
            "error": text,
        },
        "required": ["type", "title", "status", "detail"],
    }


def refusals() -> dict[str, Any]:
    """Every refusal under the name that operations refer to."""
    content = {MIME: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        f"Problem{code}": {"description": _(title), "content": content}
        for code, title in TITLES.items()
    }


def refs(*codes: int) -> dict[str, Any]:
    """Refusals of an operation; any of them may fail while the database is away."""
    return {str(code): {"$ref": f"#/components/responses/Problem{code}"} for code in (*codes, 503)}


def row(name: str, *, added: bool = False) -> dict[str, Any]:
    """A row with its version as entity tag."""
    found = {"ETag": {"$ref": "#/components/headers/ETag"}}
    if added:
        found["Location"] = {"$ref": "#/components/headers/Location"}
    schema = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    return {
        "description": _("Запись, как она теперь есть"),
        "headers": found,
        "content": {"application/json": schema},
    }


def rows(name: str) -> dict[str, Any]:
    """A part of a list."""
    count = {
        "type": "object",
        "properties": {
            "number": {"type": "integer"},
            "exact": {"type": "boolean"},
            "more": {"type": "boolean"},
        },
    }
    schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
            "cursor": {"type": ["string", "null"]},
            "next": {"type": ["string", "null"]},
            "count": count,
        },
        "required": ["items", "cursor", "next"],
    }
    return {
        "description": _("Записи по порядку; next — адрес продолжения"),
        "content": {"application/json": {"schema": schema}},
    }


def parameter(name: str) -> dict[str, str]:
    """A reference to a shared parameter."""
    return {"$ref": f"#/components/parameters/{name}"}


def parameters() -> dict[str, Any]:
    """The shared parameters."""
    flag = {"type": "string", "enum": ["0", "1"]}
    tag = {"type": "string", "pattern": TAG}
    whole = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT}
    ident = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LONGEST_ID}
    text = {"type": "string", "minLength": 1, "maxLength": 200}
    return {
        "q": _query("q", text, _("Поиск по словам, как на странице списка.")),
        "where": _query(
            "where",
            {"type": "string", "minLength": 1, "maxLength": 2000},
            _(
                "Условия с «и» и «или»: all(…) или any(…), внутри поле:условие:значение и такие же"
                " группы. Перед ( ) , ~ в значении ставится ~, несколько кодов разделяет |."
            ),
        ),
        "limit": _query("limit", whole, _("Сколько записей в одной части.")),
        "cursor": _query(
            "cursor", {"type": "string", "minLength": 1}, _("Откуда продолжить: cursor из ответа.")
        ),
        "captions": _query("captions", flag, _("1 — добавить названия связанных записей.")),
        "count": _query(
            "count", flag, _("1 — сосчитать записи; большие таблицы — приблизительно.")
        ),
        "id": {"name": "id", "in": "path", "required": True, "schema": ident},
        "if_match": {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": _("Метка версии из ETag: меняется только эта версия."),
            "schema": tag,
        },
        "if_none_match": {"name": "If-None-Match", "in": "header", "schema": tag},
    }


def _query(name: str, schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def headers() -> dict[str, Any]:
    """Headers of answers."""
    return {
        "ETag": {
            "description": _("Метка версии записи"),
            "schema": {"type": "string", "pattern": TAG},
        },
        "Location": {"description": _("Адрес новой записи"), "schema": {"type": "string"}},
    }


def schemes(cookie: str) -> dict[str, Any]:
    """How a program or a browser says who asks."""
    flow = {"tokenUrl": "/api/v1/token", "scopes": {}}
    return {
        "token": {
            "type": "oauth2",
            "description": _("Токен служебной учётной записи, действует 15 минут."),
            "flows": {"clientCredentials": flow},
        },
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
        "forgery": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
    }


def token_path() -> dict[str, Any]:
    """Where a program gets its token."""
    text = {"type": "string", "maxLength": 200}
    form = {
        "type": "object",
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "client_id": text,
            "client_secret": text,
        },
        "required": ["grant_type"],
    }
    answer = {
        "type": "object",
        "properties": {
            "access_token": {"type": "string"},
            "token_type": {"const": "Bearer"},
            "expires_in": {"type": "integer"},
        },
        "required": ["access_token", "token_type", "expires_in"],
    }
    return {
        "post": {
            "operationId": "token",
            "summary": _("Токен доступа для программы"),
            "security": [],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": form}},
            },
            "responses": {
                "200": {
                    "description": _("Токен на 15 минут"),
                    "content": {"application/json": {"schema": answer}},
                },
                **refs(400, 401, 413),
            },
        }
    }

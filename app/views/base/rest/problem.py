"""Refusals of the API: RFC 9457 problem details in the language that the program asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Response, request
from flask_babel import gettext as _

from app.extensions import API
from app.views.base.words import language, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.kernel.errors import Invalid, Message

WRONG = "Часть значений не принята. Исправьте их и отправьте ещё раз."
MIME = "application/problem+json"
TITLES = {
    400: "Запрос не понят",
    401: "Нужен вход",
    403: "Нет доступа",
    404: "Нет такого адреса или записи",
    405: "Такого действия здесь нет",
    409: "Запись изменил кто-то другой",
    410: "Этого больше нет",
    413: "Слишком много данных",
    415: "Тело запроса не JSON",
    422: "Значения не приняты",
    428: "Не сказано, какую версию менять",
    500: "Что-то пошло не так",
    503: "Портал временно недоступен",
}
TEXTS = {
    400: "Проверьте параметры и тело запроса: описание — по адресу /api/.",
    401: "Передайте действующий токен доступа (Authorization: Bearer …) или войдите в портал.",
    403: "У ваших текущих полномочий нет такого права. Права назначает оператор АИС.",
    404: "Такой записи или такого адреса нет, или они вам не видны.",
    405: "Какие действия возможны, сказано в заголовке Allow.",
    413: "Разделите данные на части поменьше и отправьте их по очереди.",
    409: "Прочтите запись заново и повторите изменение с её новой меткой версии.",
    410: "Того, от чего просят продолжить, портал больше не хранит. Прочтите записи заново.",
    415: "Передайте тело в формате JSON с заголовком Content-Type: application/json.",
    428: "Передайте If-Match с меткой версии из заголовка ETag этой записи.",
    500: "Ошибка записана. Если повторится, сообщите оператору.",
    503: "База данных не отвечает. Повторите запрос через минуту.",
}


def asked() -> bool:
    """Whether the request is one to the API, which is answered in JSON whatever happens."""
    return request.path.startswith(API)


def problem(
    code: int, text: Message | str = "", *, errors: Iterable[dict[str, str]] = (), **more: Any
) -> Response:
    """A refusal: status, title and a sentence that says what to do, problems of single values.

    Args:
        code: the status.
        text: the sentence; by default the one of the status.
        errors: one object for each wrong value: ``pointer`` or ``parameter``, and ``detail``.
        more: further members of the answer.
    """
    said = say(text) if text else _(TEXTS.get(code, TEXTS[400]))
    body: dict[str, Any] = {
        "type": f"/api/#problem-{code}",
        "title": _(TITLES.get(code, TITLES[400])),
        "status": code,
        "detail": said,
        **more,
    }
    if listed := list(errors):
        body["errors"] = listed
    answer = Response(json_text(body).encode("utf-8", "replace"), code, mimetype=MIME)
    answer.headers["Content-Language"] = language()
    if code == 401:  # noqa: PLR2004 - not signed in
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def json_text(body: Any) -> str:
    """JSON with letters as they are; halves of surrogate pairs are for the encoder to replace."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def at(name: str, text: Message | str) -> dict[str, str]:
    """What is wrong with one member of the body, as a JSON pointer (RFC 6901)."""
    escaped = name[:100].replace("~", "~0").replace("/", "~1")
    return {"pointer": f"/{escaped}", "detail": say(text)}


def given(name: str, text: Message | str) -> dict[str, str]:
    """What is wrong with one parameter of the address."""
    return {"parameter": name[:100], "detail": say(text)}


def refusal(problems: Iterable[Invalid]) -> Response:
    """Values that a service has found wrong; what is about no single one stands in the text."""
    found = list(problems)
    general = " ".join(say(p) for p in found if p.field is None)
    errors = [at(p.field, p.message) for p in found if p.field is not None]
    return problem(422, general or WRONG, errors=errors)

"""Values of the API: stored form from JSON and back, in forms that no language changes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.kernel.errors import Invalid
from app.services.codes import accepted

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kernel.choices import Choices
    from app.kernel.fields import Field
    from app.kernel.record import Record

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FORMS = {
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "Передайте дату в виде 2026-08-31."),
    "datetime": (
        re.compile(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
            r"(Z|[+-][0-9]{2}:[0-9]{2})"
        ),
        "Передайте дату и время с поясом в виде 2026-04-01T09:00:00+03:00.",
    ),
    "time": (re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"), "Передайте время в виде 08:30."),
}


def value_of(field: Field, value: Any, book: Choices, row: Record | None = None) -> Any:
    """One JSON value in its stored form, for a new row or this one. Raises ``Invalid``."""
    if value is None:
        return None
    text = _text(field, value)
    if not text.strip():
        raise Invalid("Пустая строка. Чтобы очистить поле, передайте null.")
    return accepted(field, field.kind.parse(text), book, row)


def _text(field: Field, value: Any) -> str:
    """The text that the kind reads; a value of another type is refused, not turned into one."""
    if field.kind.widget == "choices":
        return _codes(value)
    return TEXTS.get(field.kind.python, _string)(field, value)


def _codes(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        return ";".join(value)
    raise Invalid("Передайте массив строк с кодами или null.")


def _yes_no(_field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    raise Invalid("Передайте true, false или null.")


def _integer(_field: Field, value: Any) -> str:
    if type(value) is int:
        return _whole(value)
    raise Invalid("Передайте целое число или null.")


def _string(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid("Передайте строку или null.")
    pattern, hint = FORMS.get(field.kind.widget, (None, ""))
    if pattern is not None and not pattern.fullmatch(value):
        raise Invalid(hint)
    return value


def _whole(value: int) -> str:
    if abs(value) >= 2**63:
        raise Invalid("Слишком большое число.")
    return str(value)


def _decimal(_field: Field, value: Any) -> str:
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return value
    if isinstance(value, Decimal) or type(value) is int:
        written = _whole(value) if isinstance(value, int) else str(value)
        if NUMBER.fullmatch(written):
            return written
    raise Invalid('Передайте число строкой с точкой, например "54.782600", или null.')


TEXTS: dict[type, Callable[[Field, Any], str]] = {
    bool: _yes_no,
    int: _integer,
    Decimal: _decimal,
}

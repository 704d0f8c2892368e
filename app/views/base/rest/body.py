"""Bodies of the API: strict JSON, one object, its members as values of the record's fields."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import request

from app.kernel.catalogue import field_map
from app.kernel.errors import Invalid, Message
from app.views.base.rest.problem import at
from app.views.base.rest.values import value_of
from app.views.base.words import label

if TYPE_CHECKING:
    from app.kernel.choices import Choices
    from app.kernel.record import Record

LARGEST = 1024 * 1024  # bytes: the longest texts of every field of a record are far from it
TYPES = {"application/json", "application/merge-patch+json"}


class Unreadable(Exception):
    """The body is not what may be sent; ``status`` and ``message`` say why."""

    def __init__(self, status: int, message: Message | str) -> None:
        """Keep what is to be answered."""
        super().__init__()
        self.status, self.message = status, message


class Wrong(Exception):
    """Members of the body are wrong; ``errors`` say which and why."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        """Keep what is to be answered."""
        super().__init__()
        self.errors = errors


def read_object() -> dict[str, Any]:
    """The object that the request carries. Raises ``Unreadable``."""
    if request.mimetype not in TYPES:
        raise Unreadable(415, "")
    if (request.content_length or 0) > LARGEST:
        raise Unreadable(413, "")
    data = request.get_data(cache=False)
    if len(data) > LARGEST:
        raise Unreadable(413, "")
    try:
        found = json.loads(
            data.decode(), object_pairs_hook=_once, parse_float=Decimal, parse_constant=_no_number
        )
    except _Twice as error:
        raise Unreadable(400, "Один и тот же ключ дан в теле дважды. Оставьте один.") from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Unreadable(400, "Тело запроса не удалось прочесть как JSON в UTF-8.") from error
    if not isinstance(found, dict):
        raise Unreadable(400, "Передайте один объект JSON: {…}.")
    return found


class _Twice(Exception):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _no_number(_text: str) -> Any:
    raise ValueError


def read_values(
    record: type[Record],
    allowed: frozenset[str],
    sent: dict[str, Any],
    book: Choices,
    row: Record | None = None,
) -> dict[str, Any]:
    """Stored values of the members, for a new row or this one.

    Raises ``Wrong`` for all that is not accepted, at once.
    """
    known, values, errors = field_map(record), {}, []
    for name, value in sent.items():
        if name not in allowed:
            errors.append(at(name, _forbidden(record, name)))
            continue
        try:
            values[name] = value_of(known[name], value, book, row)
        except Invalid as error:
            errors.append(at(name, error.message))
    if errors:
        raise Wrong(errors)
    return values


def _forbidden(record: type[Record], name: str) -> Message:
    known = field_map(record).get(name)
    if known is None:
        return Message("Такого поля нет.")
    return Message("Поле «%(label)s» вам менять нельзя.", label=label(record, known.label))

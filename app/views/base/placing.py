"""Where a page of a list begins or ends, as a parameter of its address."""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, SmallInteger
from werkzeug.exceptions import BadRequest

from app.kernel.catalogue import CAPTION
from app.services.browse import Place

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from app.services.browse import Query

LARGEST_ID = 10**18


def token(place: Place | None) -> str:
    """A place as a parameter of the address."""
    if place is None:
        return ""
    key = place.key.isoformat() if isinstance(place.key, dt.date) else place.key
    # Letters as they are: escaped, the longest names would not fit into an address.
    text = json.dumps([key, place.id], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def placed(query: Query, arguments: MultiDict[str, str]) -> Query:
    """The query of the page asked for. Raises ``BadRequest`` for a place that cannot be."""
    after, before = arguments.get("after", ""), arguments.get("before", "")
    if not (after or before):
        return query
    return replace(
        query, place=_place(query, after or before), backwards=bool(before and not after)
    )


def _place(query: Query, text: str) -> Place:
    try:
        padded = text + "=" * (-len(text) % 4)
        key, ident = json.loads(base64.urlsafe_b64decode(padded.encode()))
        return Place(_key(query, key), _id(str(ident)))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadRequest(text) from error


def _id(value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) < LARGEST_ID):
        raise ValueError(value)
    return int(value)


def _beyond(column: Any) -> int:
    """The first number that the column's type does not hold."""
    if isinstance(column.type, BigInteger):
        return 2**63
    return 2**15 if isinstance(column.type, SmallInteger) else 2**31


def _key(query: Query, key: Any) -> Any:
    captioned = query.order == CAPTION
    column = None if captioned else query.record.__table__.c[query.order]
    kind: type[Any] = str if column is None else column.type.python_type
    if kind is str and isinstance(key, str) and "\0" not in key:
        key.encode()  # half a surrogate pair is no text
        return key
    if kind is dt.date and isinstance(key, str):
        return dt.date.max if key == "9999-12-31" else dt.date.fromisoformat(key)
    if kind is int and type(key) is int and abs(key) < _beyond(column):
        return key
    raise ValueError

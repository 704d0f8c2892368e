"""The address of a list, read and written: search, filters, order, place; it sets no field.

Wrong names answer 400; a value that is not understood is shown with a sentence and not applied.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest

from app.kernel.catalogue import CAPTION
from app.kernel.errors import Invalid, Message
from app.kernel.rights import visible
from app.services.browse import SIZES, Criterion, Place, Query
from app.views.base.words import label

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record

KNOWN = {"q", "sort", "size", "after", "before", "parent"}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as asked for: the query, the filter texts as typed, and what was not understood."""

    query: Query
    typed: tuple[tuple[str, str], ...]  # (field__operator, text) of every filter given
    problems: tuple[Message, ...]

    def address(self, path: str, **changes: str | None) -> str:
        """The address of this list with some parameters changed; the place is dropped."""
        text = self.text(**changes)
        return f"{path}?{text}" if text else path

    def text(self, **changes: str | None) -> str:
        """The parameters of this list as they stand in its address, the place left out."""
        values = dict(self.typed)
        if self.query.search:
            values["q"] = self.query.search
        default = (self.query.record.about.order, False)
        if (self.query.order, self.query.descending) != default:
            values["sort"] = f"{'-' if self.query.descending else ''}{self.query.order}"
        if self.query.size != SIZES[0]:
            values["size"] = str(self.query.size)
        return urlencode({k: v for k, v in {**values, **changes}.items() if v})


def read(record: type[Record], actor: Actor, arguments: MultiDict[str, str]) -> Asked:
    """Understand the parameters of a list. Raises ``BadRequest`` for names that do not exist."""
    seen = {f.name: f for f in visible(record, actor)}
    typed, criteria, problems = [], [], []
    for name in dict.fromkeys(arguments):
        if name in KNOWN:
            continue
        value = arguments[name].strip()[:LONGEST]
        if not value:
            continue
        field, operator = _filter(seen, name)
        typed.append((name, value))
        try:
            criteria.append(Criterion(field, operator, _parsed(field, operator, value)))
        except Invalid as error:
            problems.append(
                Message(
                    "Фильтр «%(label)s» не применён. %(why)s",
                    label=label(record, field.label),
                    why=error.message,
                )
            )
    order, descending = _order(record, seen, arguments.get("sort", ""))
    query = Query(
        record,
        search=_plain(arguments.get("q", ""))[:LONGEST],
        criteria=tuple(criteria),
        order=order,
        descending=descending,
        size=_size(arguments.get("size", "")),
    )
    return Asked(_placed(query, arguments), tuple(typed), tuple(problems))


def token(place: Place | None) -> str:
    """A place as a parameter of the address."""
    if place is None:
        return ""
    key = place.key.isoformat() if isinstance(place.key, dt.date) else place.key
    # Letters as they are: escaped, the longest names would not fit into an address.
    text = json.dumps([key, place.id], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()


def _filter(seen: dict[str, Field], name: str) -> tuple[Field, str]:
    field_name, _, operator = name.rpartition("__")
    field = seen.get(field_name)
    if field is None or operator not in field.kind.operators:
        raise BadRequest(name)
    return field, operator


def _parsed(field: Field, operator: str, value: str) -> Any:
    if operator == "empty":
        return value not in {"0", "no", "false"}
    if operator in {"contains", "starts"}:
        return _plain(value)
    if operator == "in":
        return tuple(field.kind.parse(part) for part in value.split(",") if part.strip())
    return field.kind.parse(value)


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 18):  # noqa: PLR2004 - fits a bigint
        raise Invalid("Выберите значение из списка.")
    return int(value)


def _order(record: type[Record], seen: dict[str, Field], value: str) -> tuple[str, bool]:
    descending = value.startswith("-")
    name = value.lstrip("-")
    if not name:
        return record.about.order, False
    if name == CAPTION and record.about.caption_label:
        return name, descending
    if name not in seen or not seen[name].ordered or value.startswith("--"):
        raise BadRequest(name)
    return name, descending


def _size(value: str) -> int:
    if not value:
        return SIZES[0]
    if value not in {str(size) for size in SIZES}:
        raise BadRequest(value)
    return int(value)


def _placed(query: Query, arguments: MultiDict[str, str]) -> Query:
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
        return Place(_key(query, key), _number(str(ident)))
    except (ValueError, TypeError, RecursionError, Invalid) as error:
        raise BadRequest(text) from error


def _key(query: Query, key: Any) -> Any:
    captioned = query.order == CAPTION
    column = None if captioned else query.record.__table__.c[query.order]
    kind: type[Any] = str if column is None else column.type.python_type
    if kind is str and isinstance(key, str) and "\0" not in key:
        key.encode()  # half a surrogate pair is no text
        return key
    if kind is dt.date and isinstance(key, str):
        return dt.date.max if key == "9999-12-31" else dt.date.fromisoformat(key)
    if kind is int and type(key) is int and abs(key) < 2**63:
        return key
    raise ValueError

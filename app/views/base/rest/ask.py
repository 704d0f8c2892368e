"""The address of a list of the API: the filters of the pages, and limit, cursor, fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.kernel.errors import Message
from app.kernel.rights import visible
from app.kernel.search import prefix_query
from app.views.base import ask
from app.views.base.placing import token
from app.views.base.rest.problem import given
from app.views.base.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.services.browse import Place, Query

DEFAULT, MOST = 50, 200
OWN = {"limit", "cursor", "fields", "captions", "count"}
SHARED = {"q", "sort", "where"}
LONG = {"cursor", "fields", "where", "record"}  # each with a limit of its own
YES_NO = {"0": False, "false": False, "1": True, "true": True}
NO_WORD = "В поиске нет ни одного слова и ни одной цифры."
UNKNOWN = Message("Такого параметра нет, или он вам недоступен. Описание — по адресу /api/.")


class Misread(Exception):
    """The address was not understood; ``errors`` say which parameters and why."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        """Keep what is to be answered."""
        super().__init__()
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is shown of rows: fields in their order, words of related rows, a bounded count."""

    fields: tuple[Field, ...]
    captions: bool = False
    count: bool = False


def read_list(
    record: type[Record], actor: Actor, arguments: MultiDict[str, str]
) -> tuple[Query, Wanted]:
    """Understand the parameters of a list. Raises ``Misread``."""
    wanted = read_row(record, actor, arguments, {*OWN, *SHARED}, filters=True)
    if "q" in arguments and not (record.about.search and prefix_query(arguments["q"])):
        raise Misread([given("q", NO_WORD if record.about.search else UNKNOWN)])
    shared = MultiDict({n: v for n, v in arguments.items() if n not in OWN})
    sort, _, place = arguments.get("cursor", "").rpartition(".")
    if "cursor" in arguments:
        if not place or sort != arguments.get("sort", ""):
            raise Misread([given("cursor", "Продолжение не от этого списка. Начните с начала.")])
        shared["after"] = place
    try:
        asked = ask.read(record, actor, shared)
    except BadRequest as error:
        raise Misread([_unknown(str(error.description), shared)]) from error
    if asked.problems:
        raise Misread([{"detail": say(problem)} for problem in asked.problems])
    return replace(asked.query, size=limit(arguments.get("limit"))), wanted


def read_row(
    record: type[Record],
    actor: Actor,
    arguments: MultiDict[str, str],
    known: Iterable[str] = ("fields", "captions"),
    *,
    filters: bool = False,
) -> Wanted:
    """Understand what is to be shown of a row. Raises ``Misread``."""
    refuse_odd(arguments, known, filters=filters)
    fields = _fields(record, actor, arguments.get("fields"))
    return Wanted(fields, _flag(arguments, "captions"), _flag(arguments, "count"))


def refuse_odd(
    arguments: MultiDict[str, str], known: Iterable[str], *, filters: bool = False
) -> None:
    """Raise ``Misread`` for parameters that are unknown, empty, too long, or given twice."""
    errors = []
    for name, values in arguments.lists():
        if name not in known and not (filters and "__" in name):
            errors.append(given(name, UNKNOWN))
        elif len(values) > 1:
            errors.append(given(name, "Параметр дан несколько раз. Оставьте один."))
        elif not values[0].strip():
            errors.append(given(name, "Пустое значение. Уберите параметр или заполните его."))
        elif len(values[0]) > ask.LONGEST and name not in LONG:
            errors.append(given(name, "Слишком длинное значение."))
    if errors:
        raise Misread(errors)


def cursor(place: Place | None, arguments: Mapping[str, str]) -> str | None:
    """Where the next part of this list begins, as a parameter."""
    return None if place is None else f"{arguments.get('sort', '')}.{token(place)}"


def _fields(record: type[Record], actor: Actor, asked: str | None) -> tuple[Field, ...]:
    seen = visible(record, actor)
    if asked is None:
        return seen
    names = {name.strip() for name in asked.split(",")}
    if strange := sorted(names - {f.name for f in seen}):
        unknown = Message(
            "Таких полей нет, или они вам недоступны: %(names)s.", names=", ".join(strange)[:200]
        )
        raise Misread([given("fields", unknown)])
    return tuple(f for f in seen if f.name in names)


def _flag(arguments: MultiDict[str, str], name: str) -> bool:
    value = arguments.get(name, "0").lower()
    if value not in YES_NO:
        raise Misread([given(name, "Здесь возможны только 1 и 0.")])
    return YES_NO[value]


def limit(value: str | None) -> int:
    """How many are wanted at once. Raises ``Misread``."""
    if value is None:
        return DEFAULT
    if value.isascii() and value.isdigit() and len(value) < 4 and 1 <= int(value) <= MOST:  # noqa: PLR2004 - three digits hold 200
        return int(value)
    raise Misread([given("limit", Message("Введите целое число от 1 до %(most)s.", most=MOST))])


def _unknown(name: str, arguments: MultiDict[str, str]) -> dict[str, str]:
    """The parameter that the reading of lists stumbled over."""
    if name == "where":
        return given("where", "Условия не поняты. Как их писать, сказано в описании API.")
    if name == arguments.get("after"):
        return given("cursor", "Продолжение не понято. Начните с начала списка.")
    if name == arguments.get("sort", "").lstrip("-"):
        return given("sort", "По этому полю список не упорядочивается.")
    return given(name, UNKNOWN)

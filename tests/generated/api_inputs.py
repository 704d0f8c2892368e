"""What is sent to the API: parameters of lists, right, forged and broken bodies, version tags."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.kernel.catalogue import field_map
from app.kernel.plain import plain
from app.security.roles import Action
from tests.generated.inputs import lists, place_of, token
from tests.generated.planting import valid
from tests.generated.turns import FULL
from tests.scope_model import may_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from tests.generated.world import World
    from tests.scope_model import Person, Target

OF_PAGES = {"cols", "view", "based"}  # columns and saved views are for people
PAGES_ONLY = ("place", "sizes")
HIDDEN = ("search", "deleted_at", "password", "source_id", "no_such", "__class__", "version,x")
RAW = (  # bodies that are no object at all: a name, the bytes, the status
    ("empty", b"", 400), ("list", b"[]", 400), ("null", b"null", 400), ("words", b"id=1", 400),
    ("half", b'{"a":', 400), ("twice", b'{"no_such":1,"no_such":2}', 400),
    ("deep", b"[" * 100_000, 400), ("deep object", b'{"a":' * 50_000, 400),
    ("mark", b"\xef\xbb\xbf{}", 400), ("not UTF-8", b'{"a":"\xff"}', 400),
    ("infinite", b'{"no_such":Infinity}', 400), ("digits", b"9" * 5000, 400),
    ("many digits", b'{"no_such":' + b"9" * 5000 + b"}", 400), ("big", b" " * 1_100_000, 413),
    ("zero byte", b"{}\0", 400), ("half a pair", b'{"\\ud800":"\\udfff"}', 422),
)  # fmt: skip
TAGS = ("*", "3", 'W/"1"', '"x"', '"99999999999"', '"1", "2"', '"-1"', '""', '"1', "\u00a01")
ODD: tuple[Any, ...] = (
    True, 1.5, 10**40, -(10**19), [], {}, [[]], {"a": {}}, "\0", "\ud800", " ", "x" * 30_000,
)  # fmt: skip


def queries(
    person: Person, record: type[Record], world: World, turn: int, *, every: bool, odd: bool
) -> Iterator[tuple[str, dict[str, str], int]]:
    """Parameters of a list: a name, the parameters, the status for one who may read."""
    for note, arguments, status in lists(person, record, world, turn, every=every, odd=odd):
        if not note.startswith(PAGES_ONLY):
            taken = note != "search" or record.about.search
            taken = taken and not OF_PAGES & set(arguments)
            yield note, arguments, status if taken else 400
    yield "captions", {"captions": "1", "limit": "200", "count": "1"}, 200
    if odd:
        yield from _odd_queries(record)


def _odd_queries(record: type[Record]) -> Iterator[tuple[str, dict[str, str], int]]:
    names = ("limit", "count", "captions", "fields", "cursor", "q", "sort", "after", "size", "x")
    for name in names:
        for value in ("", "-1", "0x1", "9" * 50, "\0", "٣", "%%%"):
            if name != "q" or value in {"", "\0", "%%%"}:
                yield f"odd {name}", {name: value}, 400
    for name in HIDDEN:
        yield f"hidden {name}", {"fields": name}, 400
    yield "cursor", {"cursor": f".{token(place_of(record)[0], 5)}"}, 200
    for place in (token(None, None), token({}, 1), token("\ud800", 1), token(10**30, 1), "AAAA"):
        yield "forged cursor", {"cursor": f".{place}"}, 400
        yield "cursor of another list", {"cursor": f"x.{place}"}, 400


def value(
    record: type[Record], declared: Field, world: World, organisation: int | None = None
) -> Any:
    """A right JSON value of the field."""
    kind = declared.kind
    stored = valid(world, record, declared, organisation)
    return [stored] if kind.widget == "choices" else plain(kind, stored)


def new_body(person: Person, record: type[Record], world: World) -> dict[str, Any]:
    """Every needed member of a new row but the one that says where it belongs."""
    fields = field_map(record).values()
    allowed = [f for f in fields if may_type(person, record, f.name, Action.CREATE)]
    chosen = allowed or [f for f in fields if f.typed] or list(fields)
    whose = person.organisation
    return {f.name: value(record, f, world, whose) for f in chosen if f.identity}


def change_body(person: Person, record: type[Record], world: World) -> dict[str, Any]:
    """One permitted member of a row."""
    fields = [f for f in field_map(record).values() if f.typed] or [*field_map(record).values()]
    allowed = [f for f in fields if may_type(person, record, f.name)] or fields
    simple = [f for f in allowed if not (f.identity or f.kind.target or f.kind.classifier)]
    chosen = next((f for f in simple if f.kind.name.startswith("string")), (simple or allowed)[0])
    return {chosen.name: value(record, chosen, world)}


def forged_members(
    person: Person, record: type[Record], action: Action, right: dict[str, Any], world: World
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bodies with one member that may not be sent; all of them are answered 422."""
    foreign, fields = world.schools["foreign"], field_map(record)
    owner = record.about.owner if action is Action.CREATE else ""
    for name, forged in (
        ("id", 1), ("uid", "0c5b2444-70a0-4932-980c-b4dc0d3f02b5"), ("version", 9),
        ("deleted_at", None), ("created_by", 1), ("source_id", "1"), ("search", "x"),
        ("about", "x"), ("no_such", 1), ("__class__", "x"), ("organisation_id", foreign),
        ("captions", {}), ("x/~y", 1), ("", 1),
    ):  # fmt: skip
        if name != owner and (name not in fields or not fields[name].typed):
            yield f"forged {name}", {**right, name: forged}
    for turn, declared in enumerate(fields.values()):
        if declared.name != owner:
            yield from _of_field(person, declared, turn, right, world, record, action)


def _of_field(
    person: Person, declared: Field, turn: int, right: dict[str, Any], world: World,
    record: type[Record], action: Action,
) -> Iterator[tuple[str, dict[str, Any]]]:  # fmt: skip
    name = declared.name
    if not may_type(person, record, name, action):
        yield f"locked {name}", {**right, name: value(record, declared, world)}
        return
    if declared.kind.target:
        for ident in outside(declared.kind.target, world):
            yield f"outside {name}", {**right, name: ident}
    odd = list(_odd(declared))
    for wrong in odd if FULL else odd[turn % len(odd) :][:1]:
        yield f"odd {name}", {**right, name: wrong}


def _odd(declared: Field) -> Iterator[Any]:
    """Values that no JSON value of the field may be."""
    for odd in ODD:
        right_truth = declared.kind.python is bool and odd is True
        right_truth |= declared.kind.python is Decimal and odd == 1.5
        long_text = declared.kind.name == "text" and isinstance(odd, str) and len(odd) < 20_000
        if not right_truth and not (long_text and odd.strip() and odd.isprintable()):
            yield odd


def outside(target: str, world: World) -> Iterator[int]:
    """Ids that are no row for anybody: in the trash, absent, larger than any."""
    trashed: dict[Any, Target] = world.rows.get(target, {}).get("trashed", {})
    yield from (row.id for row in list(trashed.values())[:1])
    yield from (999_999_999, 10**18, 10**40, 0, -1)


def written(body: dict[str, Any]) -> bytes:
    """The body as it travels; halves of surrogate pairs as escapes."""
    return json.dumps(body).encode()

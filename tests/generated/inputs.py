"""What is sent: every filter and order of every list, right and forged bodies of every form."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map
from app.security.roles import Action
from tests.generated.planting import valid
from tests.scope_model import asks_for, may_type, sees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from tests.generated.world import World
    from tests.scope_model import Person, Target

STRANGE = (  # names that are columns or attributes but no fields: nobody filters or orders by them
    "deleted_at__empty", "version__eq", "uid__eq", "source_id__eq", "search__contains",
    "created_by__eq", "password__eq", "organisation.inn__eq", "id__in", "__class__", "_parents",
)  # fmt: skip


def token(*values: object) -> str:
    """A place of a list, forged."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def lists(
    person: Person, record: type[Record], world: World, turn: int, *, every: bool, odd: bool
) -> Iterator[tuple[str, dict[str, str], int]]:
    """Parameters of a list: a name, the parameters, the status for one who may read.

    With ``every`` all operators of a field are tried, else one, another for each ``turn``; with
    ``odd`` also what is no parameter of any list.
    """
    yield "plain", {}, 200
    yield "search", {"q": f"школа ZZ {world.schools['foreign']}"}, 200
    for declared in field_map(record).values():
        seen = 200 if sees(person, declared) else 400
        operators = declared.kind.operators
        chosen = operators if every else operators[turn % len(operators) :][:1]
        for operator in chosen:
            name = f"{declared.name}__{operator}"
            yield f"filter {name}", {name: filter_value(declared, operator, world)}, seen
        yield f"where {declared.name}", {"where": tree(declared, turn, world)}, seen
        allowed = seen if declared.ordered else 400
        if declared.ordered or every:
            yield f"order {declared.name}", {"sort": f"-{declared.name}"}, allowed
    if odd:
        for name in STRANGE:
            yield f"strange {name}", {name: "1"}, 400
            yield f"strange order {name}", {"sort": name.partition("__")[0] or "__class__"}, 400
        yield "sizes", {"size": "100000"}, 400
        yield from _trees()
        yield from _columns(person, record)
        yield from _places(record)


def tree(declared: Field, turn: int, world: World) -> str:
    """Conditions with «and» and «or» on the field, by an operator that changes with each turn."""
    operators = declared.kind.comparisons
    operator = operators[turn % len(operators)]
    value = filter_value(declared, operator, world)
    value = "".join(f"~{sign}" if sign in "(),~" else sign for sign in value)
    name = declared.name
    return f"all({name}:{operator}:{value},any({name}:empty:1,{name}:empty:0))"


def _trees() -> Iterator[tuple[str, dict[str, str], int]]:
    for name in STRANGE:
        field, _, operator = name.rpartition("__")
        yield f"where {name}", {"where": f"any({field}:{operator or 'eq'}:1)"}, 400
    for text in (
        "all", "all(", "all()", "all)", "(", "none(id:eq:1)", "all(x)", "all(:eq:1)", "all(,)", "~",
        "all(all(all(id:empty:1)))", "all(~", "any(id:empty:1))", "[" * 3000, "all(" * 300,
        "all(" + "id:empty:1," * 30 + "id:empty:1)", "all(deleted_at:empty:0,any(uid:eq:1))",
    ):  # fmt: skip
        yield f"where {text[:9]}", {"where": text}, 400


def _columns(person: Person, record: type[Record]) -> Iterator[tuple[str, dict[str, str], int]]:
    names = [f.name for f in field_map(record).values() if sees(person, f)]
    yield "columns", {"cols": ",".join(names[:20])}, 200
    yield "columns twice", {"cols": f"{names[0]},{names[0]}"}, 200
    for cols in ("deleted_at", "version", "uid", "__class__", "search", f"{names[0]},password"):
        yield f"columns {cols}", {"cols": cols}, 400
    yield "a view", {"view": "1"}, 404
    yield "a view of words", {"view": "x"}, 404
    yield "based", {"based": "999999999"}, 200
    yield "based on words", {"based": "x"}, 400


def dialogs(field: str) -> Iterator[tuple[str, str, dict[str, list[str] | str], int]]:
    """What the dialogs of a list post: a name, the address, the body, the status."""
    yield "no columns", "columns", {"query": ""}, 422
    yield "strange columns", "columns", {"col": ["deleted_at", "version"]}, 400
    yield "many columns", "columns", {"col": [f"{field}{n}" for n in range(30)]}, 400
    yield "columns", "columns", {"col": [field], "query": "q=школа"}, 303
    yield "usual columns", "columns", {"reset": "1", "query": "colour=red"}, 400
    yield "usual columns again", "columns", {"reset": "1"}, 303
    yield "no name", "views", {"name": " \u200b ", "query": ""}, 422
    yield "long name", "views", {"name": "я" * 81}, 422
    yield "strange query", "views", {"name": "А", "query": "version__eq=1"}, 400
    yield "long query", "views", {"name": "А", "query": "q=" + "а" * 9000}, 400
    yield "strange whom", "views", {"name": "А", "shared": "world"}, 400
    yield "strange role", "views", {"name": "А", "shared": "role:nobody"}, 400
    yield "no role", "views", {"name": "А", "shared": "role"}, 400


def selections(numbers: str) -> Iterator[tuple[str, dict[str, str], int]]:
    """What the bar of chosen rows sends, right and forged: a name, the body, the status."""
    yield "rows", {"scope": "selected", "ids": numbers, "query": "q=школа"}, 200
    yield "all found", {"scope": "filter", "query": "q=школа&size=50", "ids": "1"}, 200
    yield "everything", {"scope": "all", "query": "q=школа"}, 200
    yield "all columns", {"scope": "selected", "ids": numbers, "columns": "all"}, 200
    yield "strange columns", {"scope": "filter", "columns": "chosen", "col": "deleted_at"}, 400
    yield "no columns", {"scope": "filter", "columns": "chosen"}, 422
    yield "another choice", {"scope": "filter", "columns": "every"}, 400
    yield "another form", {"scope": "filter", "format": "pdf"}, 400
    yield "none", {"scope": "selected", "ids": ""}, 422
    yield "too many", {"scope": "selected", "ids": ",".join(["1"] * 10_001)}, 422
    for ids in ("x", "1,,2", "-1", "1;2", "٣", "9" * 19, "9" * 40, "1\0"):
        yield f"ids {ids[:5]}", {"scope": "selected", "ids": ids}, 400
    yield "no scope", {"ids": "1"}, 400
    yield "another scope", {"scope": "everything"}, 400
    for query in ("version__eq=1", "colour=red", "sort=version", "size=7", "q=" + "а" * 9000):
        yield f"query {query[:9]}", {"scope": "filter", "query": query}, 400
    yield "many parameters", {"scope": "filter", "query": "&".join(["q=1"] * 200)}, 400


def _places(record: type[Record]) -> Iterator[tuple[str, dict[str, str], int]]:
    low, high = place_of(record)
    numeric = isinstance(low, int)
    yield "place", {"after": token(low, 5)}, 200
    yield "place before", {"before": token(high, 10**17)}, 200
    for name, value in (
        ("of another kind", token({"a": 1}, 5)),
        ("null", token(None, None)),
        ("truth", token(True, True)),  # noqa: FBT003 - what JSON may hold
        ("huge", token(10**30, 10**30)),
        ("beyond its type", token(2**63 if record.about.order == "id" else 2**31, 5)),
        ("negative", token(low if numeric or low[0] == "2" else "", -1)),
        ("lone surrogate", token("\ud800", 5)),
        ("zero byte", token("\0", 5)),
        ("nested", base64.urlsafe_b64encode(b"[" * 3000).decode().rstrip("=")),
        ("no base64", "%%%"),
        ("no json", "AAAA"),
    ):
        yield f"place {name}", {"after": value}, 400


def place_of(record: type[Record]) -> tuple[int, int] | tuple[str, str]:
    """A low and a high value of the field the list is ordered by, as a place holds them."""
    order = record.about.order
    kind = record.__table__.c[order].type.python_type if order in record.__table__.c else str
    if kind is int:
        return 5, 5
    return ("2026-09-01", "2026-09-01") if kind is dt.date else ("а", "я")


def filter_value(declared: Field, operator: str, world: World) -> str:
    """A text the operator understands."""
    if operator == "empty":
        return "1"
    if declared.kind.target == "organisation":
        return str(world.schools["foreign"])
    return declared.kind.samples[0]


def plain_body(
    person: Person, record: type[Record], action: Action, world: World, row: Target | None = None
) -> dict[str, str]:
    """A right form: every needed field when adding, one permitted field when editing."""
    fields = [f for f in field_map(record).values() if may_type(person, record, f.name, action)]
    fields = fields or [f for f in field_map(record).values() if f.typed]
    fields = fields or list(field_map(record).values())  # of what nobody types
    if action is Action.CREATE:
        whose = person.organisation
        return {f.name: f.kind.edit(valid(world, record, f, whose)) for f in fields if f.identity}
    simple = [f for f in fields if not (f.identity or f.kind.target or f.kind.classifier)]
    chosen = next((f for f in simple if f.kind.name.startswith("string")), (simple or fields)[0])
    version = world.version(record, row.id) if row else 1
    return {chosen.name: chosen.kind.edit(valid(world, record, chosen)), "version": str(version)}


def _tried(declared: Field, record: type[Record], world: World, *, asked: bool) -> str:
    """What is typed into a field that is not written: a known code where it may be asked for."""
    if asked and declared.kind.classifier:
        return declared.kind.edit(valid(world, record, declared))
    return str(world.schools["foreign"]) if declared.kind.target else declared.kind.samples[0]


def forged(
    person: Person, record: type[Record], action: Action, plain: dict[str, str], world: World
) -> Iterator[tuple[str, dict[str, str], int]]:
    """Bodies that try to write what the form does not offer: name, body, status for a writer."""
    foreign = str(world.schools["foreign"])
    fields = field_map(record)
    for name, value in (
        ("id", "1"), ("uid", "0c5b2444-70a0-4932-980c-b4dc0d3f02b5"), ("deleted_at", "2020-01-01"),
        ("created_by", "1"), ("source_id", "1"), ("search", "x"), ("about", "x"), ("no_such", "1"),
        ("__class__", "x"), ("organisation_id", foreign), ("parent", foreign),
    ):  # fmt: skip
        if name not in fields or not fields[name].typed:
            yield f"forged {name}", {**plain, name: value}, 422
    for declared in fields.values():
        if not may_type(person, record, declared.name, action):
            asked = action is Action.EDIT and asks_for(person, record, declared)
            value = _tried(declared, record, world, asked=asked)
            yield f"locked {declared.name}", {**plain, declared.name: value}, 200 if asked else 422
        elif declared.kind.target:
            for ident in _outside(declared.kind.target, world):
                yield f"outside {declared.name}", {**plain, declared.name: str(ident)}, 422
    if action is Action.EDIT:
        yield "no version", {k: v for k, v in plain.items() if k != "version"}, 400
        yield "version of words", {**plain, "version": "x"}, 400
        yield "huge version", {**plain, "version": "9" * 30}, 400


def _outside(target: str, world: World) -> Iterator[int]:
    if target == "file":
        yield from world.files
    trashed = world.rows.get(target, {}).get("trashed", {})
    yield from (row.id for row in list(trashed.values())[:1])
    yield from (999_999_999, 10**18, 10**40)

"""The matrix over the API: every address × method × person × row × body, with the canaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.kernel.catalogue import records
from app.security.roles import Action, RoleCode
from tests.generated import conftest
from tests.generated.api_inputs import (
    RAW,
    TAGS,
    change_body,
    forged_members,
    new_body,
    queries,
    written,
)
from tests.generated.asking import Asking, start
from tests.generated.cells import KINDS, kinds_for
from tests.generated.feed import ask_feed
from tests.generated.people import people
from tests.generated.planting import build
from tests.generated.turns import DEEP, EVERY, FULL, LOGINS, in_turn, shares
from tests.scope_model import Person, Target, holds, is_reserved, reads, writes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.record import Record
    from tests.conftest import Portal
    from tests.generated.world import World

ROBOT = "robot"  # a program in the capacity of the own school's clerk
EVERYBODY = (*LOGINS, ROBOT)
THOROUGH = {*DEEP, ROBOT} if FULL else DEEP
FLOOR = 60_000 if FULL else 20_000
JSON = "application/json"


class ApiAsking(Asking):
    """Asks as a program does: the token against forgery, or of access, in a header."""

    def signed(self, sent: dict[str, Any]) -> dict[str, Any]:
        headers = {"X-CSRFToken": self.token, **sent.get("headers", {})}
        return {**sent, "headers": headers}

    def accepted(self, method: str, status: int) -> bool:
        return (method, status) in {("POST", 201), ("PATCH", 200), ("DELETE", 204)}


@pytest.fixture(scope="module")
def world(portal: Portal) -> Iterator[World]:
    built = build(portal)
    yield built
    built.base.close()


@pytest.fixture(scope="module")
def covered() -> dict[str, set[tuple[str, str]]]:
    return {}


def robot(world: World) -> tuple[Person, str]:
    """A program with its access token."""
    run = world.portal.app.test_cli_runner()
    words = ["portal", "service-account", ROBOT, "--role", "clerk"]
    told = run.invoke(args=[*words, "--organisation", str(world.schools["own"])]).output.split()
    form = {"grant_type": "client_credentials", "client_id": told[1], "client_secret": told[3]}
    answer = world.portal.app.test_client().post("/api/v1/token", data=form)
    person = Person(ROBOT, RoleCode.CLERK, world.schools["own"], signed_in=True)
    return person, answer.get_json()["access_token"]


def begin(world: World, login: str) -> ApiAsking:
    """Whoever asks, signed in their own way."""
    if login == ROBOT:
        person, token = robot(world)
        nobody = next(p for p in people(world) if not p.signed_in)
        asking = start(world, nobody, ApiAsking)
        asking.person = person
        asking.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        clerk = start(world, next(p for p in people(world) if p.login == "clerk"), ApiAsking)
        asking.permitted = clerk.permitted
    else:
        person = next(p for p in people(world) if p.login == login)
        asking = start(world, person, ApiAsking)
    assert isinstance(asking, ApiAsking)
    return asking


def base(record: type[Record]) -> str:
    return f"/api/v1/{record.__tablename__.replace('_', '-')}/"


def gate(person: Person, record: type[Record], action: Action) -> int:
    """The status before any row is looked at; 200 lets pass."""
    if not person.signed_in:
        return 401
    return 200 if holds(person, record, action) else 403


def some(bodies: tuple[Any, ...], turn: int) -> tuple[Any, ...]:
    """A third of them, other ones for each record; all before a release."""
    return bodies if FULL else bodies[turn % 3 :: 3]


def ask_lists(asking: ApiAsking, record: type[Record]) -> None:
    """The list with every filter, order, place, choice of fields."""
    where, person = base(record), asking.person
    passed = gate(person, record, Action.LIST)
    turn = EVERYBODY.index(person.login)
    mine = in_turn(record, person.login)
    every = person.login in EVERY and passed == 200 and mine
    for note, arguments, status in queries(
        person, record, asking.world, turn, every=every, odd=every
    ):
        if note not in {"plain", "search", "captions"} and not mine:
            continue
        if passed != 200 and asking.cells % 8 and note != "plain":
            continue  # the gate looks at no parameter
        expected = {status if passed == 200 else passed}
        asking.ask(where, "GET", where, expected, note, query_string=arguments)
    asking.ask(where, "HEAD", where, {passed})


def row_status(person: Person, record: type[Record], action: Action, row: Target) -> int:
    """The status of a plain, right request about one row; 200 for what is done."""
    passed = gate(person, record, action)
    if passed != 200:
        return passed
    if not reads(person, record, row):
        return 404
    return 200 if action is Action.LIST or writes(person, record, row) else 403


def ask_row(asking: ApiAsking, record: type[Record], kind: str) -> None:
    """One row: read, changed, put into the trash, with every tag and body."""
    person, world = asking.person, asking.world
    row = world.target(record, kind, person.organisation or world.schools["own"])
    where, rule = f"{base(record)}{row.id}", f"{base(record)}<int:ident>"
    shown = {row_status(person, record, Action.LIST, row)}
    for method, arguments in (("GET", {}), ("GET", {"captions": "1"}), ("HEAD", {})):
        asking.ask(rule, method, where, shown, kind, query_string=arguments)
    if shown == {200}:
        tag = {"If-None-Match": f'"{world.version(record, row.id)}"'}
        asking.ask(rule, "GET", where, {304}, kind, headers=tag)
        wrong = ("fields", "captions", "limit", "x") if in_turn(record, person.login) else ()
        for name in wrong:
            asking.ask(rule, "GET", where, {400}, name, query_string={name: "zz"})
    ask_change(asking, record, row, kind)
    ask_trash(asking, record, row)


def ask_tags(
    asking: ApiAsking, method: str, record: type[Record], row: Target, passed: int
) -> None:
    """Without the version nothing is changed; what is wrong with it is said before the row."""
    action = Action.EDIT if method == "PATCH" else Action.ANNUL
    where, rule = f"{base(record)}{row.id}", f"{base(record)}<int:ident>"
    early = gate(asking.person, record, action)
    sent = {"json": change_body(asking.person, record, asking.world)} if method == "PATCH" else {}
    asking.ask(rule, method, where, {428 if early == 200 else early}, "no tag", **sent)
    thorough = asking.person.login in THOROUGH and in_turn(record, asking.person.login)
    for tag in TAGS if thorough else TAGS[:1]:
        wanted = {400 if early == 200 else early}
        asking.ask(rule, method, where, wanted, tag, headers={"If-Match": tag}, **sent)
    stale = f'"{asking.world.version(record, row.id) + 7}"'
    wanted = {409 if passed == 200 else passed}
    asking.ask(rule, method, where, wanted, "stale", headers={"If-Match": stale}, **sent)


def ask_change(asking: ApiAsking, record: type[Record], row: Target, kind: str) -> None:
    person, world = asking.person, asking.world
    where, rule = f"{base(record)}{row.id}", f"{base(record)}<int:ident>"
    passed = row_status(person, record, Action.EDIT, row)
    right = change_body(person, record, world)

    def send(note: str, status: int, **sent: Any) -> None:
        version = world.version(record, row.id)
        headers = {"If-Match": f'"{version}"'}
        wanted = {status if passed == 200 else passed}
        asking.ask(rule, "PATCH", where, wanted, f"{kind} {note}", headers=headers, **sent)

    ask_tags(asking, "PATCH", record, row, passed)
    deep = person.login in THOROUGH and passed == 200
    bodies = list(forged_members(person, record, Action.EDIT, right, world))
    if not (deep and (kind == "own" or FULL)):
        bodies = bodies[::20] if deep else bodies[:1]
    for note, body in bodies:
        send(note, 422, data=written(body), content_type=JSON)
    turn = records().index(record)
    for note, raw, status in some(RAW, turn) if deep and kind == "own" else ():
        send(note, status, data=raw, content_type=JSON)
    send("form", 415, data={"a": "1"})
    send("right", 200, json=right)


def ask_trash(asking: ApiAsking, record: type[Record], row: Target) -> None:
    where, rule = f"{base(record)}{row.id}", f"{base(record)}<int:ident>"
    passed = row_status(asking.person, record, Action.ANNUL, row)
    ask_tags(asking, "DELETE", record, row, passed)
    tag = {"If-Match": f'"{asking.world.version(record, row.id)}"'}
    full = {204, 409} if passed == 200 else {passed}  # 409 while its lists are not empty
    asking.ask(rule, "DELETE", where, full, row.label, headers=tag)


def ask_add(asking: ApiAsking, record: type[Record]) -> None:
    """New rows under every kind of parent, with every body."""
    where, person, world = base(record), asking.person, asking.world
    passed = gate(person, record, Action.CREATE)
    right = new_body(person, record, world)
    owner = record.about.owner if record.about.parent else ""
    for note, ident, status in parents(asking, record) if owner else [("", None, 201)]:
        body = {**right, owner: ident} if ident is not None else right
        wanted = {status if passed == 200 else passed}
        if wanted == {201} and is_reserved(person, record, right):
            wanted = {422}
        asking.ask(
            where, "POST", where, wanted, f"add {note}", data=written(body), content_type=JSON
        )
        if note not in {"", "own"}:
            continue
        deep = passed == 200 and person.login in THOROUGH
        bodies = [
            (name, written(forged), 422)
            for name, forged in forged_members(person, record, Action.CREATE, body, world)
        ]
        raws = some(RAW, records().index(record) + 1)
        for name, raw, answer in [*bodies, *raws] if deep else bodies[:1]:
            expected = {answer if passed == 200 else passed}
            asking.ask(where, "POST", where, expected, name, data=raw, content_type=JSON)


def parents(asking: ApiAsking, record: type[Record]) -> Iterator[tuple[str, Any, int]]:
    """What may stand as the parent: a name, the value, the status for one who may add."""
    person, world = asking.person, asking.world
    above = next(r for r in records() if r.__tablename__ == record.about.parent)
    for kind in KINDS:
        row = world.target(above, kind, person.organisation or world.schools["own"])
        mine = person.role in {RoleCode.OPERATOR, RoleCode.DEPARTMENT}
        mine = mine or (row.organisation is not None and row.organisation == person.organisation)
        seen = reads(person, above, row)
        yield kind, row.id, (201 if mine else 403) if seen else 422
    yield from (("missing", None, 422), ("truth", True, 422), ("text", "1", 422))


def ask_rest(asking: ApiAsking) -> None:
    """The token, the document, methods that are not declared, forgery."""
    signed_in = asking.person.signed_in
    for method in ("GET", "HEAD"):
        url = "/api/v1/openapi.json"
        asking.ask(url, method, url, {200 if signed_in else 401})
    ask_feed(asking)
    wrong = {"grant_type": "client_credentials", "client_id": "clerk", "client_secret": "x"}
    asking.ask("/api/v1/token", "POST", "/api/v1/token", {401}, data=wrong)
    asking.ask("/api/v1/token", "POST", "/api/v1/token", {400}, data={"grant_type": "password"})
    asking.ask("/api/v1/token", "POST", "/api/v1/token", {400}, json=wrong)
    for rule in api_rules(asking.world):
        url = str(rule).replace("<int:ident>", "1")
        asking.ask(str(rule), "OPTIONS", url, {200, 401, 403})
        for method in {"PUT", "TRACE"} - (rule.methods or set()):
            asking.ask(str(rule), method, url, {405})


def api_rules(world: World) -> list[Any]:
    rules = world.portal.app.url_map.iter_rules()
    return [rule for rule in rules if str(rule).startswith("/api/v1/")]


@pytest.mark.parametrize("login", EVERYBODY)
def test_api_matrix_of(login: str, world: World, covered: dict[str, set[tuple[str, str]]]) -> None:
    asking = begin(world, login)
    for record in filter(lambda one: shares(one, login), records()):
        ask_lists(asking, record)
        ask_add(asking, record)
        for kind in kinds_for(record, login):
            ask_row(asking, record, kind)
    ask_rest(asking)
    covered[login] = asking.seen
    conftest.CELLS[f"{login} (API)"] = asking.cells
    assert not asking.wrong, f"{len(asking.wrong)} wrong:\n" + "\n".join(asking.wrong[:40])


def test_no_rule_of_the_api_is_without_a_cell(
    world: World, covered: dict[str, set[tuple[str, str]]]
) -> None:
    if set(covered) != set(EVERYBODY):
        pytest.skip("only a part of the matrix was run")
    declared = {(str(r), method) for r in api_rules(world) for method in r.methods or ()}
    for login in EVERYBODY:
        left = tuple(base(record) for record in records() if not shares(record, login))
        assert not {cell for cell in declared - covered[login] if not cell[0].startswith(left)}, (
            login
        )
    cells = (number for name, number in conftest.CELLS.items() if name.endswith("(API)"))
    assert sum(cells) >= FLOOR

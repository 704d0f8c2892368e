"""Cells of requests: forms that ask for changes, the queue, its pages and their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map, record_named
from app.security.roles import Action, RoleCode, grants
from tests.generated.turns import in_turn
from tests.scope_model import REGION, asks_for, gate, holds, reads

if TYPE_CHECKING:
    from app.kernel.record import Record
    from tests.generated.asking import Asking
    from tests.generated.world import World
    from tests.scope_model import Person

MADE = (
    "insert into edit_request (organisation_id, author_id, state, reason, target_table, target_id,"
    " submitted_at) select %s, id, 'submitted', 'ZZ', 'organisation', %s, now() from ab_user"
    " where username = 'clerk2'"
    " returning id"
)
LINE = (
    "insert into edit_request_line (request_id, organisation_id, op, target_table, target_id,"
    " field, wanted, open) values (%s, %s, 'U', 'organisation', %s, 'short_name', '\"ZZ\"', true)"
)
EFFECTIVE = "request.effective_on"
STEPS = {  # who takes which: the organisation's side, its author, its signer, the office
    "submit": "signer", "take": "office", "ask": "office", "answer": "school",
    "decide": "office", "recall": "author", "assign": "office",
}  # fmt: skip


def may_ask(person: Person, record: type[Record], organisation: int | None) -> bool:
    """Whether the person may ask for changes in rows of the organisation."""
    if person.role is None or organisation is None or organisation != person.organisation:
        return False
    return any(asks_for(person, record, f) for f in field_map(record).values())


def ask_for_change(asking: Asking, record: type[Record], kind: str, base: str) -> None:
    """The form about one row: looked at, sent empty, forged, and once rightly."""
    person, world = asking.person, asking.world
    row = world.target(record, kind, person.organisation or world.schools["own"])
    rule, where = f"{base}<int:ident>/request", f"{base}{row.id}/request"
    for method in ("GET", "POST"):
        passed = gate(person, record, "list", method)
        if passed == 200 and not reads(person, record, row):
            passed = 404
        elif passed == 200 and not may_ask(person, record, row.organisation):
            passed = 403
        if method == "GET":
            asking.ask(rule, "GET", where, {passed}, kind)
            continue
        bodies = {
            "no version": ({}, 400),
            "nothing": ({"version": "1"}, 422),
            "forged": ({"version": "1", "reason": "ZZ", "inn": "6717002451"}, 422),
            "day": ({"version": "1", "reason": "ZZ", "effective_on": "31.02.2026"}, 422),
        }
        for note, (body, status) in bodies.items():
            wanted = {status if passed == 200 else passed}
            asking.ask(rule, "POST", where, wanted, f"{kind} {note}", data=body)
            if passed != 200:
                break


def ask_to_end(asking: Asking, record: type[Record], kind: str, base: str) -> None:
    """The form that asks for the end of a row: looked at, sent empty, forged, for a wrong day."""
    person, world = asking.person, asking.world
    row = world.target(record, kind, person.organisation or world.schools["own"])
    rule, where = f"{base}<int:ident>/request-end", f"{base}{row.id}/request-end"
    asks = bool(record.about.parent) and may_ask(person, record, row.organisation)
    for method in ("GET", "POST"):
        passed = gate(person, record, "list", method)
        if passed == 200 and not reads(person, record, row):
            passed = 404
        elif passed == 200 and (not asks or holds(person, record, Action.ANNUL)):
            passed = 403
        if method == "GET":
            asking.ask(rule, "GET", where, {passed}, kind)
            continue
        bodies = {
            "no version": ({}, 400),
            "nothing": ({"version": "1"}, 422),
            "forged": ({"version": "1", "request.reason": "ZZ", "inn": "6717002451"}, 422),
            "day": ({"version": "1", "request.reason": "ZZ", EFFECTIVE: "31.02.2026"}, 422),
            "file": ({"version": "1", "request.reason": "ZZ", "request.file": "999999999"}, 422),
        }
        for note, (body, status) in bodies.items():
            wanted = {status if passed == 200 else passed}
            asking.ask(rule, "POST", where, wanted, f"{kind} {note}", data=body)
            if passed != 200:
                break


def ask_for_row(asking: Asking, record: type[Record], base: str) -> None:
    """The form of a new row: under the own parent, a foreign one, none."""
    person, world = asking.person, asking.world
    rule = f"{base}request"
    passed = gate(person, record, "list", "GET")
    asking.ask(rule, "GET", rule, {400 if passed == 200 else passed}, "no parent")
    if not record.about.parent or not in_turn(record, person.login, of=2):
        refused = gate(person, record, "list", "POST")
        asking.ask(rule, "POST", rule, {400 if refused == 200 else refused}, "no parent")
        return
    above = record_named(record.about.parent)
    for kind in ("own", "foreign", "trashed", "huge"):
        row = world.target(above, kind, person.organisation or world.schools["own"])
        new = may_ask(person, record, row.organisation) and not holds(person, record, Action.CREATE)
        found = 200 if new else 403
        found = found if reads(person, above, row) else 404
        found = 400 if kind == "huge" else found
        url = f"{rule}?parent={row.id}"
        asking.ask(rule, "GET", url, {found if passed == 200 else passed}, kind)
        refused = gate(person, record, "list", "POST")
        sent = 422 if found == 200 else found
        wanted = {sent if refused == 200 else refused}
        asking.ask(rule, "POST", url, wanted, kind, data={"reason": ""})


def planted(world: World) -> int:
    """A request that the clerk of the second school has sent, made once."""
    number = world.one("select id from edit_request where reason = 'ZZ' and state = 'submitted'")
    if number is None:
        school = world.schools["second"]
        number = world.one(MADE, school, school)
        world.base.execute(LINE, (number, school, school))
    return int(number)


def ask_requests(asking: Asking) -> None:
    """The lists, the pages and every step, each in a version that is gone."""
    person, world = asking.person, asking.world
    number, school = planted(world), world.schools["second"]
    reader = person.role is not None and any(
        Action.LIST in g.actions for g in grants("registry_requests", person.role)
    )
    inside = (200 if reader else 403) if person.signed_in else 302
    for more in (
        *("", "?state=done&before=x", "?after=2026-13-01.5", "?after=9999-12-31.1"),
        *("?state=rejected&whose=free", "?field=ab_user.*&late=1", "?q=%00&field=organisation.inn"),
    ):
        asking.ask("/requests/", "GET", f"/requests/{more}", {inside})
    asking.ask("/requests/", "HEAD", "/requests/", {inside})
    sees = reader and (person.role in REGION or person.organisation == school)
    for ident in (number, 999_999_999, 2**63 + 7):
        there = sees and ident == number
        wanted = (200 if there else 404) if inside == 200 else inside
        where = f"/requests/{ident}"
        asking.ask("/requests/<int:number>", "GET", where, {wanted}, f"{there}")
        documents(asking, where, inside, there=there, own=person.organisation == school)
        for name in (*STEPS, "explode"):
            status = stepped(person, name, school) if there else 404
            refused = 403 if person.signed_in else 401
            wanted = status if inside == 200 else refused
            rule, url = "/requests/<int:number>/<string:name>", f"{where}/{name}"
            for version, expected in (("0", wanted), ("x", 400 if inside == 200 else refused)):
                data = {"version": version, "comment": "ZZ", "choice-1": "approve"}
                asking.ask(rule, "POST", url, {expected}, f"{version} {there}", data=data)
        _say(asking, where, there=there, inside=inside)
    _ask_at_once(asking, number)


def _ask_at_once(asking: Asking, number: int) -> None:
    """The page of many requests: looked at, sent empty, forged, in a version that is gone."""
    person, rule = asking.person, "/requests/at-once"
    decides = person.role is RoleCode.OPERATOR or bool(person.add_ons)
    outside = (403, 403) if person.signed_in else (302, 401)
    for query, status in (
        ("?field=organisation.short_name", 200),
        ("?field=organisation.*", 404),
        ("", 404),
    ):
        asking.ask(rule, "GET", f"{rule}{query}", {status if decides else outside[0]}, query)
    url = f"{rule}?field=organisation.short_name"
    for note, data, status in (
        ("nothing", {"choice": "approve"}, 422),
        ("forged", {"choice": "approve", "pick": "1.1"}, 400),
        ("choice", {"choice": "over", "pick": f"{number}.1.1"}, 400),
        ("gone", {"choice": "approve", "pick": f"{number}.1.0"}, 200),
    ):
        asking.ask(rule, "POST", url, {status if decides else outside[1]}, note, data=data)


def _say(asking: Asking, where: str, *, there: bool, inside: int) -> None:
    """A message without a word: refused as such only to those who may say one."""
    person = asking.person
    talks = {"office", "school"} & parts_of(person, asking.world.schools["second"])
    wanted = (422 if talks else 403) if there else 404
    refused = 403 if person.signed_in else 401
    rule = "/requests/<int:number>/<string:name>"
    data = {"comment": " "}
    asking.ask(rule, "POST", f"{where}/comment", {wanted if inside == 200 else refused}, data=data)


def documents(asking: Asking, where: str, inside: int, *, there: bool, own: bool) -> None:
    """What lies with a request: nothing is added, one is looked for that is not there."""
    rule, refused = "/requests/<int:number>/files", 403 if asking.person.signed_in else 401
    added = (303 if own else 403) if there else 404
    wanted = added if inside == 200 else refused
    asking.ask(rule, "POST", f"{where}/files", {wanted}, f"{there}")
    one = f"{where}/files/999999999"
    wanted = 404 if inside == 200 else inside
    asking.ask(f"{rule}/<int:ident>", "GET", one, {wanted}, f"{there}")
    wanted = 404 if inside == 200 else refused
    asking.ask(f"{rule}/<int:ident>/remove", "POST", f"{one}/remove", {wanted}, f"{there}")


def stepped(person: Person, name: str, school: int) -> int:
    """The status of a step in a version that is gone: 409 for whoever may take it."""
    if name not in STEPS:
        return 404
    return 409 if STEPS[name] in parts_of(person, school) else 403


def parts_of(person: Person, school: int) -> set[str]:
    """The parts that the person plays in a request of the school."""
    own = person.organisation == school
    parts = {"office"} if person.role is RoleCode.OPERATOR or person.add_ons else set()
    parts |= {"school"} if own else set()
    parts |= {"author"} if person.login == "clerk2" else set()
    parts |= {"signer"} if own and person.role is RoleCode.HEAD else set()
    return parts

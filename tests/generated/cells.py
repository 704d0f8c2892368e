"""The generated matrix: every address × method × person × row × input, before anything is released.

What must come is worked out by ``tests/scope_model`` from the matrix of roles; nothing that a
person may not see may be in an answer, nothing that a person may not write may change.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.kernel.catalogue import records
from app.security.roles import Action
from tests.generated import conftest
from tests.generated.asked import ask_for_change, ask_for_row, ask_requests, ask_to_end
from tests.generated.asking import Asking, start
from tests.generated.attached import ask_files, plant
from tests.generated.dialogs import ask_dialogs, ask_selections
from tests.generated.drafts import ask_drafts
from tests.generated.filling import ask_filling
from tests.generated.hooks import ask_confirming, ask_hooks
from tests.generated.inputs import forged, lists, plain_body
from tests.generated.many import ask_many
from tests.generated.notices import ask_letters, ask_notices
from tests.generated.past import ask_past
from tests.generated.people import people
from tests.generated.planting import build
from tests.generated.reveals import ask_readings, ask_reveals, ask_who
from tests.generated.rules import ask_rules
from tests.generated.second import ask_second
from tests.generated.steps import ask_steps
from tests.generated.tables import ask_sent
from tests.generated.turns import DEEP, EVERY, FULL, LOGINS, ROUND, STANDING, in_turn, shares
from tests.generated.work import ask_work
from tests.scope_model import Target, gate, holds, is_reserved, keeps, reads, row_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from werkzeug.routing import Rule

    from app.kernel.record import Record
    from tests.conftest import Portal
    from tests.generated.world import World

KINDS = ("own", "foreign", "trashed", "absent", "huge")
FLOOR = 500  # cells of one person; the matrix only grows
FLOORS = {"operator": 4_000, "clerk": 6_000}
TYPED = ("", "ZZ", "школа 3", "'\"\\ %_", "\u202e\U0001f3eb", "а" * 5000, "\ufffd")
ALL_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


def build_pages(portal: Portal) -> Iterator[World]:
    """The world with its files; for a fixture of each test file."""
    built = build(portal)
    plant(built)
    yield built
    built.base.close()


def home(record: type[Record]) -> str:
    return f"/{record.about.module}/{record.__tablename__.replace('_', '-')}/"


def ask_lists(asking: Asking, record: type[Record], turn: int) -> None:
    """The list, its files and the choices of pickers."""
    base, person = home(record), asking.person
    every = person.login in EVERY and in_turn(record, person.login, of=6)
    passed = gate(person, record, "list", "GET")
    files = gate(person, record, "export", "GET")
    every = every and passed == 200
    mine = in_turn(record, person.login)
    odd = mine and passed == 200 and person.login in EVERY
    for note, arguments, status in lists(person, record, asking.world, turn, every=every, odd=odd):
        if note not in {"plain", "search"} and not (every or mine):
            continue
        if passed != 200 and asking.cells % 8 and note != "plain":
            continue  # the gate looks at no parameter
        expected = {passed if passed != 200 else status}
        asking.ask(base, "GET", base, expected, note, query_string=arguments)
        if note in {"plain", "search"} or (note.startswith("filter") and asking.cells % 9 == 0):
            rule = f"{base}export/<string:form>"
            for form in ("csv", "xlsx") if note == "plain" else ("csv",):
                asking.ask(
                    rule, "GET", f"{base}export/{form}", {files}, note, query_string=arguments
                )
    asking.ask(base, "HEAD", base, {passed}, "head")
    ask_selections(asking, record)
    ask_dialogs(asking, record)
    missing = {404 if files == 200 else files}
    asking.ask(f"{base}export/<string:form>", "GET", f"{base}export/pdf", missing, "no such form")
    for typed in TYPED if person.login in EVERY else TYPED[turn % len(TYPED) :][:1]:
        asking.ask(f"{base}options", "GET", f"{base}options", {passed}, query_string={"q": typed})


def ask_rows(asking: Asking, record: type[Record], kind: str) -> None:
    """One row through every address that names one."""
    base, person, world = home(record), asking.person, asking.world
    row = world.target(record, kind, person.organisation or world.schools["own"])
    where = f"{base}{row.id}"
    rule = f"{base}<int:ident>"

    def expected(endpoint: str, method: str) -> int:
        return row_status(person, record, endpoint, method, row)

    asking.ask(rule, "GET", where, {expected("show", "GET")}, kind)
    deep = person.login in DEEP and kind == "own"
    ask_past(asking, record, row, where, deep)
    asking.ask(f"{rule}/edit", "GET", f"{where}/edit", {expected("edit", "GET")}, kind)
    passed = expected("edit", "POST")
    plain = plain_body(person, record, Action.EDIT, world, row)
    bodies = list(forged(person, record, Action.EDIT, plain, world))
    if kind != "own" or not holds(person, record, Action.EDIT):
        half = bodies[:: len(bodies) // 2]  # refused before any body is looked at
        bodies = half if person.login in DEEP else half[:1]
    if deep:
        for end in ("", "/edit", "/history"):
            wanted = {expected(end[1:] or "show", "GET")}
            asking.ask(f"{rule}{end}", "HEAD", f"{where}{end}", wanted, kind)
    for note, body, status in bodies:
        wanted = {status if passed == 303 else passed} | STANDING.get((person.login, note), set())
        asking.ask(f"{rule}/edit", "POST", f"{where}/edit", wanted, f"{kind} {note}", data=body)
    asking.ask(f"{rule}/edit", "POST", f"{where}/edit", {passed}, kind, data=plain)
    stale = {303, 409} if passed == 303 else {passed}
    asking.ask(
        f"{rule}/edit",
        "POST",
        f"{where}/edit",
        stale,
        f"{kind} stale",
        data={**plain, "version": "0"},
    )
    ask_trash(asking, record, row, where)


def ask_trash(asking: Asking, record: type[Record], row: Target, where: str) -> None:
    """The trash: wrong versions, then the right one."""
    rule = f"{home(record)}<int:ident>/trash"
    passed = row_status(asking.person, record, "trash", "POST", row)
    version = asking.world.version(record, row.id)
    let_in = holds(asking.person, record, Action.ANNUL) and row.label != "huge"
    for note, given, status in (
        ("no version", {}, 400),
        ("words", {"version": "-1"}, 400),
        ("stale", {"version": str(version + 7)}, 409),
    ):
        early = status == 400 and let_in
        wanted = {status} if passed == 303 or early else {passed}
        asking.ask(rule, "POST", f"{where}/trash", wanted, f"{row.label} {note}", data=given)
    full = {303, 403} if passed == 303 else {passed}  # refused while its lists are not empty
    data = {"version": str(version)}
    asking.ask(rule, "POST", f"{where}/trash", full, row.label, data=data)


def ask_add(asking: Asking, record: type[Record]) -> None:
    """New rows: without, with and under every kind of parent."""
    base, person, world = home(record), asking.person, asking.world
    passed = gate(person, record, "add", "GET")
    plain = plain_body(person, record, Action.CREATE, world)
    addresses = parents(asking, record)
    first = addresses[4 % len(addresses)][0]  # under the own parent, where there are parents
    asking.ask(f"{base}add", "HEAD", first, {passed}, "add")
    for url, expected in addresses if passed == 200 else addresses[:2]:
        asking.ask(f"{base}add", "GET", url, {expected if passed == 200 else passed}, "add")
        if passed == 200:
            accepted = {200: {303}}.get(expected, {expected})
            if accepted == {303} and is_reserved(person, record, plain):
                accepted = {422}
        else:
            accepted = {gate(person, record, "add", "POST")}
        asking.ask(f"{base}add", "POST", url, accepted, "add", data=plain)
        more = {**plain, "then": "more"}
        asking.ask(f"{base}add", "POST", url, accepted, "add and more", data=more)
        bodies = list(forged(person, record, Action.CREATE, plain, world))
        for note, body, status in bodies if passed == 200 and url == first else bodies[:1]:
            wanted = {status} if accepted == {303} else accepted
            asking.ask(f"{base}add", "POST", url, wanted, f"add {note}", data=body)


def parents(asking: Asking, record: type[Record]) -> list[tuple[str, int]]:
    """Addresses of the empty form with the status for one who may add."""
    base, world = f"{home(record)}add", asking.world
    if not record.about.parent:
        return [(base, 200)]
    above = next(r for r in records() if r.__tablename__ == record.about.parent)
    found = [
        (base, 400),
        (f"{base}?parent=", 400),
        (f"{base}?parent=-1", 400),
        (f"{base}?parent=1%00", 400),
    ]
    for kind in KINDS:
        row = world.target(above, kind, asking.person.organisation or world.schools["own"])
        within = keeps(asking.person, record, row.organisation)
        status = (200 if within else 403) if reads(asking.person, above, row) else 404
        found.append((f"{base}?parent={row.id}", 400 if kind == "huge" else status))
    return found


def ask_fixed(asking: Asking) -> None:
    """The addresses that are about no record."""
    inside, home_status = asking.person.signed_in, 200 if asking.person.signed_in else 302
    asking.ask("/", "GET", "/", {home_status})
    asking.ask("/", "HEAD", "/", {home_status})
    for method in ("GET", "HEAD"):
        asking.ask("/api/", method, "/api/", {home_status})
    posted = 200 if inside else 401
    asking.ask("/keepalive", "POST", "/keepalive", {posted})
    for capacity in ("", "1", "999999999", "9" * 40, "x", "٣", "-1"):
        wanted = {422 if inside else 401}
        if asking.owns(capacity):
            continue
        asking.ask("/capacity", "POST", "/capacity", wanted, capacity, data={"capacity": capacity})
    for chosen in ("en", "ru", "xx"):
        asking.ask("/language", "POST", "/language", {303}, chosen, data={"language": chosen})
    for typed in TYPED:
        asking.ask("/find", "GET", "/find", {home_status}, "found", query_string={"q": typed})
    asking.ask("/find", "HEAD", "/find", {home_status})
    for theme in ("dark", "system", "xx"):
        wanted = {303 if inside else 401}
        asking.ask("/look", "POST", "/look", wanted, theme, data={"theme": theme})
    for path, status in (("/login/", 200), ("/healthz", 503), ("/static/none.js", 404)):
        rule = "/static/<path:filename>" if "static" in path else path
        asking.ask(rule, "GET", path, {status})
        asking.ask(rule, "HEAD", path, {status})
    asking.ask("/static/<path:filename>", "GET", "/static/../config.py", {404})
    asking.ask("/static/<path:filename>", "GET", "/static/%2e%2e/%2e%2e/config.py", {404})
    wrong = {"username": "nobody", "password": "x", "next": "//evil.example"}
    asking.ask("/login/", "POST", "/login/", {401}, "wrong", data=wrong)


def pages(world: World) -> list[Rule]:
    """All rules but those of the API, which has a matrix of its own."""
    rules = world.portal.app.url_map.iter_rules()
    return [rule for rule in rules if not str(rule).startswith("/api/v1/")]


def ask_methods(asking: Asking) -> None:
    """Methods a rule does not declare are refused; OPTIONS goes through the gate as well."""
    declared: dict[str, set[str]] = {}
    for rule in pages(asking.world):
        declared.setdefault(str(rule), set()).update(rule.methods or ())
    for place, rule in enumerate(pages(asking.world)):
        url = re.sub(r"<[^>]+>", "1", str(rule))
        undeclared = ALL_METHODS - declared[str(rule)]
        tried = asking.person.login in EVERY and (FULL or place % ROUND == 0)
        for method in undeclared if tried else ():
            asking.ask(str(rule), method, url, {405, 404}, "undeclared")
        if asking.person.login in {*DEEP, "anonymous"}:
            asking.ask(str(rule), "OPTIONS", url, {200, 302, 403}, "options")


def kinds_for(record: type[Record], login: str) -> Sequence[str]:
    """The kinds of rows a login tries of a record: all, or own and foreign ones, or foreign."""
    if login in DEEP:
        return KINDS if in_turn(record, login, of=5) else KINDS[:2]
    return KINDS[:2] if in_turn(record, login, of=2) else KINDS[1:2]


def try_all(login: str, world: World) -> None:
    """Everything one person may send; no address is left out, and their number only grows."""
    person = next(p for p in people(world) if p.login == login)
    asking = start(world, person)
    for record in filter(lambda one: shares(one, login), records()):
        ask_lists(asking, record, LOGINS.index(login))
        ask_add(asking, record)
        ask_many(asking, record)
        ask_for_row(asking, record, home(record))
        for kind in kinds_for(record, login):
            ask_rows(asking, record, kind)
            ask_files(asking, record, kind, home(record))
            ask_reveals(asking, record, kind, home(record))
            ask_steps(asking, record, kind, home(record))
            ask_who(asking, record, kind, home(record))
            ask_for_change(asking, record, kind, home(record))
            ask_to_end(asking, record, kind, home(record))
    ask_fixed(asking)
    ask_work(asking)
    ask_drafts(asking, parents, KINDS if login in DEEP else KINDS[:2])
    ask_requests(asking)
    ask_notices(asking)
    ask_letters(asking)
    ask_sent(asking)
    ask_hooks(asking)
    ask_rules(asking)
    ask_second(asking)
    ask_confirming(asking)
    ask_filling(asking, KINDS if login in DEEP else KINDS[:2])
    ask_readings(asking)
    ask_methods(asking)
    asking.ask("/logout", "POST", "/logout", {303 if person.signed_in else 401})
    conftest.CELLS[login] = asking.cells
    assert not asking.wrong, f"{len(asking.wrong)} wrong:\n" + "\n".join(asking.wrong[:40])
    left = tuple(home(record) for record in records() if not shares(record, login))
    rules = [rule for rule in pages(world) if not str(rule).startswith(left)]
    declared = {(str(rule), method) for rule in rules for method in rule.methods or ()}
    implied = {"HEAD"} if login in DEEP else {"HEAD", "OPTIONS"}  # HEAD is served by GET
    assert not {cell for cell in declared - asking.seen if cell[1] not in implied}
    assert asking.cells >= FLOORS.get(login, FLOOR)

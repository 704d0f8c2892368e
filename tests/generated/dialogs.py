"""Chosen rows and the dialogs of lists: conditions, columns, saved views, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map
from app.security.roles import RoleCode
from tests.generated.inputs import dialogs, selections
from tests.generated.turns import in_turn
from tests.scope_model import REGION, gate

if TYPE_CHECKING:
    from app.kernel.record import Record
    from tests.generated.asking import Asking
    from tests.generated.world import World

KINDS = ("own", "foreign", "trashed", "absent")


def home(record: type[Record]) -> str:
    """The address of a list."""
    return f"/{record.about.module}/{record.__tablename__.replace('_', '-')}/"


def ask_selections(asking: Asking, record: type[Record]) -> None:
    """Files of chosen rows: own, foreign, trashed and made up ones, and everything of a filter."""
    base, world = home(record), asking.world
    rule = f"{base}export"
    dialog = gate(asking.person, record, "export", "GET")
    asking.ask(rule, "GET", rule, {dialog}, "dialog")
    may = gate(asking.person, record, "export", "POST")
    own = asking.person.organisation or world.schools["own"]
    numbers = ",".join(str(world.target(record, kind, own).id) for kind in KINDS)
    for note, body, status in selections(numbers):
        wanted = {status if may == 200 else may}
        data = {"format": "csv", "columns": "shown", **body}
        asking.ask(rule, "POST", rule, wanted, f"chosen {note}", data=data)
        if may != 200 or not in_turn(record, asking.person.login):
            return  # the gate looks at no body; the bar is read alike for all records


def ask_dialogs(asking: Asking, record: type[Record]) -> None:
    """Conditions, columns and saved views: one's own, and those of others, which nobody changes."""
    base, person = home(record), asking.person
    mine = in_turn(record, person.login)
    passed, posted = (gate(person, record, "list", method) for method in ("GET", "POST"))
    for name in ("filter", "columns", "views"):
        queries = (("plain", {}, 200), ("strange", {"version__eq": "1"}, 400))
        for note, given, status in queries[: 2 if mine else 1]:
            wanted = {status if passed == 200 else passed}
            asking.ask(f"{base}{name}", "GET", f"{base}{name}", wanted, note, query_string=given)
    field = next(iter(field_map(record)))
    for note, name, body, status in dialogs(field):
        if not (mine or note in {"columns", "no name"}):
            continue
        wanted = {status if posted == 200 else posted}
        asking.ask(f"{base}{name}", "POST", f"{base}{name}", wanted, note, data=body)
    ask_views(asking, record, posted, whole=mine)


def ask_views(asking: Asking, record: type[Record], posted: int, *, whole: bool) -> None:
    """A view of one's own is kept, changed, begun with and deleted; another's is not."""
    base, person, world = home(record), asking.person, asking.world
    wide, widest = person.role in REGION, person.role == RoleCode.OPERATOR
    for shared, may in (("own", True), ("role:clerk", wide), ("all", widest))[: 3 if whole else 1]:
        body = {"name": f"Мой {shared}", "shared": shared, "query": "q=школа"}
        wanted = posted if posted != 200 else 303 if may else 403
        asking.ask(f"{base}views", "POST", f"{base}views", {wanted}, shared, data=body)
    for kind, ident in saved_views(world, record, person.login).items():
        if not (whole or kind in {"hidden", "own"}):
            continue
        refused = {"shown": 403, "hidden": 404, "absent": 404, "huge": 404, "own": 303}[kind]
        wanted = posted if posted != 200 else refused
        rule, where = f"{base}views/<int:ident>", f"{base}views/{ident}"
        name = {"name": f"Новое {kind}", "query": ""}
        asking.ask(rule, "POST", where, {wanted}, kind, data=name)
        first = 303 if kind == "shown" and posted == 200 else wanted
        asking.ask(f"{rule}/first", "POST", f"{where}/first", {first}, kind)
        asking.ask(f"{rule}/first", "POST", f"{where}/first", {first}, f"{kind} again")
        asking.ask(f"{rule}/delete", "POST", f"{where}/delete", {wanted}, kind)


def saved_views(world: World, record: type[Record], login: str) -> dict[str, int]:
    """Saved views of a list: the own one, and others that the login sees and does not see."""
    insert = (
        "insert into saved_view (user_id, record, name, query, shared)"
        " select id, %s, gen_random_uuid()::text, '', %s from ab_user where username = %s"
        " returning id"
    )
    other = "clerk2" if login != "clerk2" else "clerk"
    own = world.one(
        "select v.id from saved_view v join ab_user u on u.id = v.user_id"
        " where u.username = %s and v.record = %s and v.shared = 'own'",
        login,
        record.__tablename__,
    )
    found = {
        "shown": world.one(insert, record.__tablename__, "all", other),
        "hidden": world.one(insert, record.__tablename__, "own", other),
        "absent": 999_999_999,
        "huge": 10**25,
    }
    return found | ({"own": own} if own else {})

"""Cells of tables loaded into lists: whoever may fill nothing of a list meets no page of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map
from app.kernel.kinds import FILE
from tests.generated.dialogs import home
from tests.generated.loads import ask_loads
from tests.scope_model import gate, may_type

if TYPE_CHECKING:
    from app.kernel.record import Record
    from tests.generated.asking import Asking
    from tests.generated.world import World

SENT = "/imports/<int:number>"
OWNER = "clerk"
FILE_OF_CLERK = (
    "insert into data_import (kind, record, file_hash, file_name, file_size, user_id,"
    " organisation_id) select 'table', 'student', repeat('1', 64), 'Класс.xlsx', 1, u.id,"
    " (select organisation_id from role_assignment a where a.user_id = u.id order by a.id limit 1)"
    " from ab_user u where username = 'clerk' returning id"
)


def loads(asking: Asking, record: type[Record]) -> bool:
    """Whether the person may fill anything of the record that can stand in a cell."""
    own = record.about.owner
    names = (n for n, f in field_map(record).items() if f.kind is not FILE and n != own)
    return any(may_type(asking.person, record, name) for name in names)


def ask_tables(asking: Asking, record: type[Record]) -> None:
    """The page, a form without a file, the templates."""
    base = home(record)
    rule = f"{base}import"
    read, write = (gate(asking.person, record, "edit", method) for method in ("GET", "POST"))
    may = read == 200 and loads(asking, record)
    shut = 403 if read == 200 else read
    asking.ask(rule, "GET", rule, {200 if may else shut})
    refused = 403 if write == 200 else write
    asking.ask(rule, "POST", rule, {422 if may else refused}, "no file", data={"file": "x"})
    rule = f"{base}import/template"
    asking.ask(rule, "GET", rule, {200 if may else 404 if read == 200 else read})
    exports = gate(asking.person, record, "export", "GET") == 200
    asking.ask(rule, "GET", f"{rule}?fill=1", {200 if exports else 403} if may else {404, read})


def planted(world: World) -> int:
    """A table of a clerk, made once."""
    found = world.one("select id from data_import where file_name = 'Класс.xlsx'")
    return int(found or world.one(FILE_OF_CLERK))


def ask_sent(asking: Asking) -> None:
    """Files that were sent, of registers and of lists: own ones, others', and none at all."""
    ask_loads(asking)
    person = asking.person
    number = planted(asking.world)
    read, write = (200, 200) if person.signed_in else (302, 401)
    for ident in (number, 999_999_999, 2**63 + 7):
        mine = ident == number and person.login == OWNER
        where = f"/imports/{ident}"
        for part in ("", "?part=columns", "?part=problems&page=9"):
            wanted = {(200 if mine else 404) if read == 200 else read}
            asking.ask(SENT, "GET", f"{where}{part}", wanted, str(mine))
        asking.ask(SENT, "HEAD", where, wanted)
        for name in ("report", "errors"):
            asking.ask(f"{SENT}/{name}", "GET", f"{where}/{name}", {404 if read == 200 else read})
        acts = ("apply", "undo", "check", "stop") if mine else ("apply", "again", "stop", "x")
        for act in acts:
            wanted = {(303 if mine else 404) if write == 200 else write}
            asking.ask(f"{SENT}/<string:act>", "POST", f"{where}/{act}", wanted, act)
        wanted = {(403 if mine else 404) if write == 200 else write}
        data = {"col.0": "last_name", "clear": "1"}
        asking.ask(f"{SENT}/columns", "POST", f"{where}/columns", wanted, data=data)

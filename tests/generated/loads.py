"""Cells of the pages of imports: nobody but those who may add organisations sees any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.registry import Organisation
from tests.scope_model import gate

if TYPE_CHECKING:
    from tests.generated.asking import Asking
    from tests.generated.world import World

HOME = "/registry/import/"
ACTS = ("check", "apply", "undo", "again", "stop", "answer")
FILE = (
    "insert into data_import (kind, file_hash, file_name, file_size, user_id)"
    " select 'accreditation', repeat('0', 64), 'Реестр.xml', 1, id from ab_user"
    " where username = 'operator' returning id"
)


def planted(world: World) -> int:
    """An uploaded file of the operator, made once."""
    found = world.one("select id from data_import where file_name = 'Реестр.xml'")
    return int(found or world.one(FILE))


def ask_loads(asking: Asking) -> None:
    """The list, the form, a file that is there and ones that are not."""
    read, write = (gate(asking.person, Organisation, "add", method) for method in ("GET", "POST"))
    number = planted(asking.world)
    opens, writes = read == 200, write == 200
    for more in ("", "?before=x", f"?before={'9' * 40}"):
        asking.ask(HOME, "GET", f"{HOME}{more}", {read})
    asking.ask(HOME, "HEAD", HOME, {read})
    refused = {422} if writes else {write}
    rule = f"{HOME}upload"
    asking.ask(rule, "POST", rule, refused, "no file")
    asking.ask(rule, "POST", rule, refused, "no file", data={"file": "x"})
    for ident in (number, 999_999_999, 2**63 + 7):
        there = ident == number
        rule, where = f"{HOME}<int:number>", f"{HOME}{ident}"
        wanted = (200 if there else 404) if opens else read
        for part in ("", "?part=questions", "?part=new&record=x&page=-1", "?part=x&page=9"):
            asking.ask(rule, "GET", f"{where}{part}", {wanted}, f"{there}")
        asking.ask(rule, "HEAD", where, {wanted})
        asking.ask(f"{rule}/report", "GET", f"{where}/report", {404 if opens else read})
        for act in ACTS if asking.person.login != "operator" else ("apply", "undo", "stop"):
            wanted = (303 if there else 404) if writes else write
            asking.ask(f"{rule}/{act}", "POST", f"{where}/{act}", {wanted}, f"{there}")
        if asking.person.login == "operator":
            _act(asking, rule, where, there=there)


def _act(asking: Asking, rule: str, where: str, *, there: bool) -> None:
    """What begins something: checks are stopped before their turn."""
    missing = {404}
    said = {"answer.level-0": "04", "row.holder-0": "9" * 40, "topic": "level", "code": "x"}
    asking.ask(f"{rule}/answer", "POST", f"{where}/answer", {403} if there else missing, data=said)
    for act in ("check", "again"):
        asking.ask(f"{rule}/{act}", "POST", f"{where}/{act}", {303} if there else missing)
        if there:
            asking.ask(f"{rule}/stop", "POST", f"{where}/stop", {303})

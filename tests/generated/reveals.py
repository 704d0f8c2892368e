"""Cells of what is behind masks: a GET tells nothing, a POST what it says the purpose of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map
from app.security.access import masks_anything
from app.security.roles import RoleCode
from tests.scope_model import masks, reads, reveals, row_status

if TYPE_CHECKING:
    from app.kernel.record import Record
    from tests.generated.asking import Asking

WHY = {"reason": "check", "words": "ZZ"}
BODIES: tuple[dict[str, object], ...] = (
    {},
    {"field": "id", **WHY},
    {"field": "ZZ", "reason": "ZZ", "words": "\0" + "Z" * 3000},
)


def ask_reveals(asking: Asking, record: type[Record], kind: str, home: str) -> None:
    """Without and with a purpose, of values that are masked and of others."""
    if not masks_anything(record):
        return
    person, world = asking.person, asking.world
    row = world.target(record, kind, person.organisation or world.schools["own"])
    rule, where = f"{home}<int:ident>/reveal", f"{home}{row.id}/reveal"
    there = 200 if reads(person, record, row) else 404
    may = reveals(person, record)
    shut = {"GET": 403, "POST": 403} if person.signed_in else {"GET": 302, "POST": 401}
    for query in ("", "?field=phone&reason=check&words=ZZ"):
        asking.ask(rule, "GET", f"{where}{query}", {there if may else shut["GET"]}, kind)
    for number, body in enumerate(BODIES):
        refused = 422 if there == 200 else 404
        wanted = {refused if may else shut["POST"]}
        asking.ask(rule, "POST", where, wanted, f"{kind} {number}", data=body)
    masked = [f for f in field_map(record).values() if masks(person, f)]
    if not masked:
        return
    before = asking.permitted
    asking.permitted = before | {(row.organisation, f.group) for f in masked}
    body = {"field": [f.name for f in masked], **WHY}
    asking.ask(rule, "POST", where, {there if may else shut["POST"]}, f"{kind} shown", data=body)
    asking.permitted = before


def ask_readings(asking: Asking) -> None:
    """The access log, which the operator and the head read, by parameters of every kind."""
    person = asking.person
    reads_it = person.role in {RoleCode.OPERATOR, RoleCode.HEAD}
    wanted = {200 if reads_it else 403 if person.signed_in else 302}
    for query in ("", "?who=1&what=card&from=01.01.2020&to=31.12.2199", "?learner=9999999999999999",
                  "?before=-1&from=ZZ&what=ZZ&who=%00"):  # fmt: skip
        asking.ask("/readings/", "GET", f"/readings/{query}", wanted, query)
    asking.ask("/readings/", "HEAD", "/readings/", wanted)
    asking.ask("/readings/xlsx", "GET", "/readings/xlsx?what=card", wanted)


def ask_who(asking: Asking, record: type[Record], kind: str, home: str) -> None:
    """Who sees a learner: for whoever sees the learner."""
    if record.about.learner != "id":
        return
    person, world = asking.person, asking.world
    row = world.target(record, kind, person.organisation or world.schools["own"])
    wanted = {row_status(person, record, "show", "GET", row)}
    for method in ("GET", "HEAD"):
        asking.ask(f"{home}<int:ident>/who", method, f"{home}{row.id}/who", wanted, kind)

"""Cells of workflows: every step of every row by everybody, without and with a stale version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.security.roles import Action, grants
from tests.scope_model import holds, keeps, reads

if TYPE_CHECKING:
    from app.kernel.record import Record
    from tests.generated.asking import Asking
    from tests.scope_model import Person

WRITERS = {"send", "cancel"}  # steps of whoever writes the row; the others are for the head
ANOTHERS = {"confirm", "refuse", "enrol"}  # steps of the school a learner goes to
FIRST = 0  # planted rows are in the first state of their workflow


def ask_steps(asking: Asking, record: type[Record], kind: str, home: str) -> None:
    """Pages that ask before a step, and steps that may not be taken as they are sent."""
    flow = record.about.flow
    if flow is None:
        return
    person, world = asking.person, asking.world
    row = world.target(record, kind, person.organisation or world.schools["own"])
    rule, there = f"{home}<int:ident>/step/<name>", reads(person, record, row)
    state = flow.states[FIRST].code
    for name in (*(step.name for step in flow.steps), "no-such"):
        where = f"{home}{row.id}/step/{name}"
        opens = any(s.name == name and state in s.origins for s in flow.steps)
        may = opens and takes(person, record, name) and keeps(person, record, row.organisation)
        known = any(step.name == name for step in flow.steps)
        inside = 200 if may else 403 if known else 404
        wanted = inside if there else 404
        if not holds(person, record, Action.LIST):
            shut = 403 if person.signed_in else 302
            asking.ask(rule, "GET", where, {shut}, f"{kind} {name}")
            posted = 403 if person.signed_in else 401
            asking.ask(rule, "POST", where, {posted}, f"{kind} {name}", data={"version": "1"})
            continue
        asking.ask(rule, "GET", where, {wanted}, f"{kind} {name}")
        for version, status in (("ZZ", 400), ("999999", 409)):
            sent = {status if wanted == 200 else wanted}
            body = {"version": version}
            asking.ask(rule, "POST", where, sent, f"{kind} {name} {version}", data=body)


def takes(person: Person, record: type[Record], name: str) -> bool:
    """Whether the matrix lets the person take the step in rows of the own organisation."""
    if person.role is None or name in ANOTHERS:
        return False
    if name in WRITERS and holds(person, record, Action.CREATE):
        return True
    cells = grants(record.about.matrix["direct"], person.role, person.add_ons)
    return any(Action.APPROVE in cell.actions and not cell.aggregate for cell in cells)

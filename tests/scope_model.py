"""Who may do what, worked out anew from the role matrix and the declarations.

Nothing here asks the gate, the identity, the services or the database: a mistake there must show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.kernel.catalogue import field_map
from app.kernel.fields import Policy
from app.kernel.kinds import FILE
from app.kernel.record import Reading, Writing
from app.security.roles import FIELD_GROUPS, Action, Level, RoleCode, grants

if TYPE_CHECKING:
    from app.kernel.fields import Field
    from app.kernel.record import Record

REGION = {RoleCode.OPERATOR, RoleCode.DEPARTMENT}
TOLD = {
    RoleCode.CLASS_TEACHER, RoleCode.SUBJECT_TEACHER, RoleCode.APPLICANT, RoleCode.EMPLOYEE,
}  # fmt: skip
BOUND = {RoleCode.MUNICIPAL, RoleCode.HEAD, RoleCode.CLERK}
ASKS = {
    "list": Action.LIST,
    "options": Action.LIST,
    "show": Action.LIST,
    "history": Action.LIST,
    "history_file": Action.EXPORT,
    "file": Action.LIST,
    "export": Action.EXPORT,
    "add": Action.CREATE,
    "edit": Action.EDIT,
    "trash": Action.ANNUL,
    "restore": Action.ANNUL,
}


@dataclass(frozen=True)
class Person:
    """Somebody who asks: a login and what the tests know of the capacity."""

    login: str
    role: RoleCode | None = None
    organisation: int | None = None  # the own one
    overseen: frozenset[int] = frozenset()  # organisations of the own municipality
    add_ons: tuple[str, ...] = ()
    signed_in: bool = True


@dataclass(frozen=True)
class Target:
    """A row as the tests know it; without one, ``exists`` is false and the id is made up."""

    label: str
    id: int
    organisation: int | None = None
    exists: bool = True
    trashed: bool = False


def holds(person: Person, record: type[Record], action: Action) -> bool:
    """Whether some cell of the matrix grants the action on rows of the record."""
    if not any(declared.typed for declared in field_map(record).values()):
        return action in {Action.LIST, Action.EXPORT} and reads_what_nobody_types(
            person, record, action
        )
    return any(may_type(person, record, name, action) for name in field_map(record))


def reads_what_nobody_types(person: Person, record: type[Record], action: Action) -> bool:
    """Rows that the database writes by itself are read and exported, never typed."""
    if person.role is None or (person.role in TOLD and action is not Action.LIST):
        return False
    cells = grants(record.about.matrix["direct"], person.role, person.add_ons)
    return any(action in cell.actions and not cell.aggregate for cell in cells)


def may_type(person: Person, record: type[Record], name: str, action: Action = Action.EDIT) -> bool:
    """Whether the matrix grants the action on this attribute; nobody types computed ones."""
    about, declared = record.about, field_map(record)[name]
    if person.role is None or not declared.typed:
        return False
    if FIELD_GROUPS[about.group].get(person.role, Level.NONE) is Level.NONE:
        return False
    if action is not Action.LIST and not sees(person, declared):
        return False
    if action is not Action.LIST and about.reading is Reading.LEARNER and person.role in TOLD:
        return False  # nobody writes about learners they are told of one by one yet
    row = about.matrix[declared.policy.value if declared.policy else "direct"]
    cells = grants(row, person.role, person.add_ons)
    return any(action in cell.actions and not cell.aggregate for cell in cells)


def sees(person: Person, declared: Field) -> bool:
    """Whether the person is shown the values of the field in full."""
    if person.role is None:
        return False
    return FIELD_GROUPS[declared.group].get(person.role, Level.NONE) is Level.FULL


def masks(person: Person, declared: Field) -> bool:
    """Whether the person is shown what is left of the values of the field."""
    if person.role is None:
        return False
    return FIELD_GROUPS[declared.group].get(person.role, Level.NONE) is Level.MASKED


def reveals(person: Person, record: type[Record]) -> bool:
    """Whether the person may ask what is behind masks, in rows that are read one by one."""
    masked = any(masks(person, declared) for declared in field_map(record).values())
    return masked and holds(person, record, Action.LIST)


def is_reserved(person: Person, record: type[Record], values: dict[str, Any]) -> bool:
    """Whether a row of these values is written upon request only, and not by this person."""
    if record.about.reserved is None or person.role is None:
        return False
    name, value = record.about.reserved
    cells = grants(record.about.matrix["request"], person.role, person.add_ons)
    decides = any(Action.EDIT in cell.actions and not cell.aggregate for cell in cells)
    return values.get(name) == value and not decides


def reads(person: Person, record: type[Record], row: Target) -> bool:
    """Whether the row is within the read scope and not in the trash."""
    if not row.exists or row.trashed:
        return False
    if record.about.reading is Reading.EVERYBODY or person.role in REGION:
        return True
    return oversees(person, row)


def oversees(person: Person, row: Target) -> bool:
    """Whether the row belongs to the own organisation or to one of the own municipality."""
    if person.role in REGION:
        return True
    return person.role in BOUND and row.organisation in {person.organisation, *person.overseen}


def bins(person: Person, record: type[Record], row: Target) -> bool:
    """Whether the row is in the trash and the person may bring it back."""
    binned = row.exists and row.trashed and holds(person, record, Action.ANNUL)
    return binned and keeps(person, record, row.organisation)


def writes(person: Person, record: type[Record], row: Target) -> bool:
    """Whether any attribute of the row may be changed."""
    return holds(person, record, Action.EDIT) and keeps(person, record, row.organisation)


def may_follow(person: Person, record: type[Record], row: Target) -> bool:
    """Whether the row may be written by what the person does: itself, or what follows from it."""
    if any(declared.typed for declared in field_map(record).values()):
        return writes(person, record, row)
    return keeps(person, record, row.organisation)


def keeps(person: Person, record: type[Record], organisation: int | None) -> bool:
    """Whether rows of the organisation are within the write scope."""
    if person.role in REGION:
        return True
    if organisation is None or person.role not in BOUND:
        return False
    if record.about.writing is Writing.OVERSEEN:
        overseen = {person.organisation, *person.overseen}
        return person.role is RoleCode.MUNICIPAL and organisation in overseen
    return organisation == person.organisation


def gate(person: Person, record: type[Record], endpoint: str, method: str) -> int:
    """The status before any row is looked at; 200 lets pass."""
    if not person.signed_in:
        return 401 if method == "POST" else 302
    return 200 if holds(person, record, ASKS[endpoint]) else 403


def row_status(
    person: Person, record: type[Record], endpoint: str, method: str, row: Target
) -> int:
    """The status of a plain, right request about one row."""
    passed = gate(person, record, endpoint, method)
    if passed != 200:
        return passed
    past = endpoint in {"history", "history_file"}
    if not reads(person, record, row) and not (past and bins(person, record, row)):
        return 404
    if past:
        return 200 if oversees(person, row) else 403
    if endpoint in {"edit", "trash"} and not writes(person, record, row):
        return 403
    return 303 if method == "POST" else 200


def asks_for(person: Person, record: type[Record], declared: Field) -> bool:
    """Whether the person may ask for another value of the field in rows of the own organisation."""
    if person.role is None or record.about.reserved is not None:
        return False
    creates = any(Action.CREATE in g.actions for g in grants("registry_requests", person.role))
    full = FIELD_GROUPS[record.about.group].get(person.role, Level.NONE) is Level.FULL
    asked = declared.policy is Policy.REQUEST and declared.kind is not FILE
    return creates and full and asked and not may_type(person, record, declared.name)

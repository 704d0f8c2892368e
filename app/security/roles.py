"""Roles, what a cell of the matrix grants, and who sees which group of fields (domain.md 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from app.security.database import DatabaseRole
from app.security.matrix import ADDITIONS, MATRIX, RoleCode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = [
    "ADD_ONS",
    "FIELD_GROUPS",
    "ROLES",
    "Action",
    "AddOn",
    "Grant",
    "Level",
    "Role",
    "RoleCode",
    "ScopeCode",
    "ScopeKind",
    "grants",
    "parse_cell",
]


class ScopeKind(StrEnum):
    """What a role assignment is bound to."""

    REGION = "region"
    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"
    PERSON = "person"
    CASE = "case"  # cases of a commission the person sits in
    TEACHING = "teaching"  # own class or groups, derived and never typed by hand


class AddOn(StrEnum):
    """A duty given beside a role; it opens the actions whose cell names it."""

    EXAM_OFFICER = "exam_officer"
    ATTESTATION_SECRETARY = "attestation_secretary"
    OLYMPIAD_OFFICER = "olympiad_officer"
    REGISTRY_APPROVER = "registry_approver"


ADD_ONS = tuple(AddOn)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of domain.md 4.1: Russian title, what it is bound to, who it is in the database."""

    code: RoleCode
    title: str
    scope: ScopeKind
    database: DatabaseRole


ROLES: Mapping[RoleCode, Role] = {
    role.code: role
    for role in (
        Role(RoleCode.OPERATOR, "Оператор АИС", ScopeKind.REGION, DatabaseRole.REGION),
        Role(
            RoleCode.DEPARTMENT,
            "Сотрудник Министерства (Департамента)",
            ScopeKind.REGION,
            DatabaseRole.REGION,
        ),
        Role(
            RoleCode.MUNICIPAL,
            "Муниципальный орган управления образованием",
            ScopeKind.MUNICIPALITY,
            DatabaseRole.ORG,
        ),
        Role(RoleCode.HEAD, "Руководитель ОО", ScopeKind.ORGANISATION, DatabaseRole.ORG),
        Role(
            RoleCode.CLERK, "Делопроизводитель / кадры ОО", ScopeKind.ORGANISATION, DatabaseRole.ORG
        ),
        Role(
            RoleCode.CLASS_TEACHER,
            "Классный руководитель",
            ScopeKind.TEACHING,
            DatabaseRole.TEACHER,
        ),
        Role(
            RoleCode.SUBJECT_TEACHER,
            "Учитель-предметник",
            ScopeKind.TEACHING,
            DatabaseRole.TEACHER,
        ),
        Role(
            RoleCode.COMMISSION,
            "Член комиссии (аттестационная, конфликтная, жюри)",
            ScopeKind.CASE,
            DatabaseRole.CASE,
        ),
        Role(
            RoleCode.APPLICANT,
            "Заявитель / родитель (ученик ≥ 14, абитуриент)",
            ScopeKind.PERSON,
            DatabaseRole.PERSON,
        ),
        Role(
            RoleCode.EMPLOYEE,
            "Сотрудник (личное портфолио)",
            ScopeKind.PERSON,
            DatabaseRole.PERSON,
        ),
    )
}


class Action(StrEnum):
    """What may be done with a row."""

    LIST = "list"
    CREATE = "create"
    EDIT = "edit"
    ANNUL = "annul"
    APPROVE = "approve"
    EXPORT = "export"
    PROPOSE = "propose"  # a change that takes effect only when somebody else accepts it


class ScopeCode(StrEnum):
    """Which rows a grant speaks of."""

    REGION = "r"
    MUNICIPALITY = "m"
    ORGANISATION = "o"
    CLASS = "c"
    GROUP = "g"
    OWN = "w"
    CASE = "case"
    ANY = ""  # whatever the capacity reaches


@dataclass(frozen=True, slots=True)
class Grant:
    """What a cell, or a part of it, allows.

    ``masked``: values are shown masked; ``aggregate``: sums only, never a row; ``note``: a
    condition in the table's words, which the verb concerned must check; ``add_on``: held only by
    a capacity with this duty.
    """

    actions: frozenset[Action]
    scope: ScopeCode
    masked: bool = False
    aggregate: bool = False
    note: str = ""
    add_on: AddOn | None = None


_LETTERS = dict(zip("LCEDAX", Action, strict=False))
_ADD_ON_NAMES: Mapping[str, AddOn] = {
    **{add_on.value: add_on for add_on in AddOn},
    "eo": AddOn.EXAM_OFFICER,
    "as": AddOn.ATTESTATION_SECRETARY,
    "att. secretary": AddOn.ATTESTATION_SECRETARY,
    "oo": AddOn.OLYMPIAD_OFFICER,
    "ra": AddOn.REGISTRY_APPROVER,
}
_PARTS = re.compile(r", (?=[LCEDAXΣ]|propose$|vote$)")
_BRACKETS = re.compile(r"\(([^)]*)\)")
_PART = re.compile(
    r"(?P<letters>Σ|[LCEDAX]*)(?P<masked>\*?)"
    r"(?:(?:^|[ +])(?P<note>[a-z]{2,}(?:,? [a-z]{2,})*?))??"
    r"(?: ?(?P<scope>[rmocgw]|case))?"
)


@cache
def parse_cell(text: str) -> tuple[Grant, ...]:
    """Read a cell of the matrix.

    Only what is written as a letter is allowed: "needs only" and "grant only" allow nothing by
    themselves. Of a cell with an add-on everybody of the role lists, its holders do the rest.

    Raises ``ValueError`` for what is not in the table's notation.
    """
    parts: list[Grant] = []
    for part in _PARTS.split(text):
        parts += _grants_of(part, parts[-1].scope if parts else ScopeCode.ANY)
    return tuple(parts)


def _grants_of(part: str, before: ScopeCode) -> Iterator[Grant]:
    """Read what stands between commas; without a scope it has that of the part before."""
    brackets = _BRACKETS.findall(part)
    found = _PART.fullmatch(" ".join(_BRACKETS.sub("", part).split()))
    if found is None:
        raise ValueError(f"not a cell of the matrix: {part!r}")
    add_on = next((_ADD_ON_NAMES[name] for name in brackets if name in _ADD_ON_NAMES), None)
    words = [found["note"] or "", *(b for b in brackets if b not in _ADD_ON_NAMES)]
    note = ", ".join(filter(None, words))
    actions = _actions(found["letters"], proposed="propose" in words)
    scope = ScopeCode(found["scope"] or ("w" if note.startswith("own") else before))
    masked, aggregate = bool(found["masked"]), found["letters"] == "Σ"
    if add_on is None:
        yield Grant(actions, scope, masked, aggregate, note)
        return
    yield Grant(actions & {Action.LIST}, scope, masked, aggregate)
    yield Grant(actions - {Action.LIST}, scope, masked, aggregate, note, add_on)


def _actions(letters: str, *, proposed: bool) -> frozenset[Action]:
    if letters == "Σ":
        return frozenset({Action.LIST})
    named = frozenset(_LETTERS[letter] for letter in letters)
    return named & {Action.LIST} | {Action.PROPOSE} if proposed else named


def grants(row: str, role: RoleCode, add_ons: Collection[str] = ()) -> tuple[Grant, ...]:
    """What a role with its add-ons may do with the records of a row of the matrix.

    Empty where the table has nothing. Raises ``KeyError`` for a row that does not exist.
    """
    if row not in MATRIX and row not in ADDITIONS:
        raise KeyError(row)
    cells = (table[row][role] for table in (MATRIX, ADDITIONS) if role in table.get(row, {}))
    return tuple(
        grant
        for cell in cells
        for grant in parse_cell(cell)
        if grant.actions and (grant.add_on is None or grant.add_on in add_ons)
    )


class Level(StrEnum):
    """How a role sees the values of a group of fields; a role that is not named sees none."""

    NONE = "none"
    MASKED = "masked"
    FULL = "full"


def _levels(full: str, masked: str = "") -> dict[RoleCode, Level]:
    return {
        **{RoleCode(code): Level.MASKED for code in masked.split()},
        **{RoleCode(code): Level.FULL for code in full.split()},
    }


# Whose rows these are is decided by the row scope; "own" people see all they said of themselves.
FIELD_GROUPS: Mapping[str, Mapping[RoleCode, Level]] = {
    "open": _levels(" ".join(RoleCode)),
    "bank": _levels("operator department head clerk"),
    "personal": _levels(
        "operator head clerk class_teacher subject_teacher applicant employee",
        masked="department municipal",
    ),
    "contact": _levels(
        "operator head clerk class_teacher applicant employee", masked="department municipal"
    ),
    "document": _levels(
        "operator head clerk applicant employee", masked="department municipal class_teacher"
    ),
    "health": _levels("head clerk applicant"),
    "social": _levels("head clerk class_teacher"),
}

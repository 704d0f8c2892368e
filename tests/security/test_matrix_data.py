"""The matrix says what the specification says, and a cell grants what is written in it."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from app.kernel.rights import LOGS, READ, REVEAL
from app.security.access import permissions_of
from app.security.database import DatabaseRole
from app.security.matrix import ADDITIONS, MATRIX, NOTHING
from app.security.roles import (
    ADD_ONS,
    FIELD_GROUPS,
    ROLES,
    Action,
    AddOn,
    Grant,
    Level,
    RoleCode,
    ScopeCode,
    ScopeKind,
    grants,
    parse_cell,
)

DOMAIN = Path(__file__).resolve().parents[3] / "shared" / "domain" / "domain.md"
ROWS = sorted({*MATRIX, *ADDITIONS})


def table(heading: str) -> list[list[str]]:
    """The rows of the table below a heading, without the line of dashes."""
    if not DOMAIN.exists():
        pytest.skip(f"{DOMAIN} is not here: the matrix cannot be compared with its source")
    text = DOMAIN.read_text()
    part = re.split(r"\n#{2,4} ", text[text.index(f"\n### {heading}") + 1 :], maxsplit=1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    rows = [[cell.strip().replace("**", "") for cell in line[1:-1].split("|")] for line in lines]
    return [row for row in rows if not set(row[0]) <= {"-"}]


def actions(row: str, role: RoleCode, add_ons: tuple[str, ...] = ()) -> set[Action]:
    return {a for grant in grants(row, role, add_ons) for a in grant.actions}


def holders(row: str, action: Action) -> set[RoleCode]:
    return {role for role in RoleCode if action in actions(row, role, ADD_ONS)}


def test_every_cell_is_the_one_of_the_table() -> None:
    _heading, *source = table("4.2")
    ours = [[cells.get(role, NOTHING) for role in RoleCode] for cells in MATRIX.values()]
    assert len(source) == len(MATRIX)
    for name, (title, *cells), own in zip(MATRIX, source, ours, strict=True):
        assert own == cells, f"{name} is not «{title}»"


def test_roles_carry_the_titles_of_the_table() -> None:
    _heading, *source = table("4.1")
    assert [role.title for role in ROLES.values()] == [row[1] for row in source]
    codes = [row[0].split()[0].removesuffix("_self") for row in source]
    assert list(ROLES) == codes


def test_every_cell_can_be_read() -> None:
    for cells in (*MATRIX.values(), *ADDITIONS.values()):
        for cell in cells.values():
            assert parse_cell(cell), cell


@pytest.mark.parametrize("cell", ["Q", "Lr!", "ZZZ", "Lr (eo", "Lz", "Lnotes"])
def test_an_unknown_notation_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="not a cell"):
        parse_cell(cell)


def _grant(letters: str, scope: str, **more: object) -> Grant:
    names = dict(zip("LCEDAXP", Action, strict=True))
    return Grant(frozenset(names[x] for x in letters), ScopeCode(scope), **more)  # type: ignore[arg-type]  # masked, note …


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("LCEXo", [_grant("LCEX", "o")]),
        ("L*r", [_grant("L", "r", masked=True)]),
        ("Σr", [_grant("L", "r", aggregate=True)]),
        ("L", [_grant("L", "")]),
        ("LA case", [_grant("LA", "case")]),
        ("LE own authority, Lm", [_grant("LE", "w", note="own authority"), _grant("L", "m")]),
        ("LC teachers, clerks o", [_grant("LC", "o", note="teachers, clerks")]),
        ("LCE own text g", [_grant("LCE", "g", note="own text")]),
        ("LEw (propose)", [_grant("LP", "w", note="propose")]),
        ("Lw, propose", [_grant("L", "w"), _grant("P", "w", note="propose")]),
        ("needs only c", [_grant("", "c", note="needs only")]),
        ("grant only", [_grant("", "", note="grant only")]),
        ("LCEg (PE)", [_grant("LCE", "g", note="PE")]),
        ("LE(logged)r", [_grant("LE", "r", note="logged")]),
        (
            "LCEAr (eo)",
            [_grant("L", "r"), _grant("CEA", "r", add_on=AddOn.EXAM_OFFICER)],
        ),
    ],
)
def test_a_cell_grants_what_it_says(cell: str, expected: list[Grant]) -> None:
    assert list(parse_cell(cell)) == expected


def test_what_is_not_in_the_table_is_not_granted() -> None:
    assert grants("logs", RoleCode.CLERK) == ()
    assert grants("users", RoleCode.COMMISSION, ADD_ONS) == ()
    with pytest.raises(KeyError):
        grants("organisations", RoleCode.OPERATOR)


def test_only_the_operator_changes_classifiers() -> None:
    for action in (Action.CREATE, Action.EDIT, Action.ANNUL):
        assert holders("classifiers", action) == {RoleCode.OPERATOR}
    assert holders("classifiers", Action.LIST) == set(RoleCode)


def test_fields_decided_by_the_operator_are_typed_by_no_school() -> None:
    assert holders("organisation_request", Action.EDIT) == {
        RoleCode.OPERATOR,
        RoleCode.DEPARTMENT,
    }
    assert Action.EDIT not in actions("organisation_request", RoleCode.DEPARTMENT)
    assert Action.EDIT in actions(
        "organisation_request", RoleCode.DEPARTMENT, (AddOn.REGISTRY_APPROVER,)
    )


def test_a_school_edits_and_exports_itself_but_neither_adds_nor_ends_organisations() -> None:
    for role in (RoleCode.HEAD, RoleCode.CLERK):
        assert actions("organisation_direct", role) == {Action.LIST, Action.EDIT, Action.EXPORT}
        assert {Action.CREATE, Action.ANNUL} <= actions("organisation_child_direct", role)
    assert {Action.CREATE, Action.ANNUL, Action.EXPORT} <= actions(
        "organisation_direct", RoleCode.OPERATOR
    )


def test_everybody_signed_in_reads_the_register() -> None:
    for row in ("organisation_direct", "organisation_request", "organisation_child_direct"):
        assert holders(row, Action.LIST) == set(RoleCode)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("role", RoleCode)
def test_an_add_on_only_ever_adds(row: str, role: RoleCode) -> None:
    base = set(grants(row, role))
    for add_on in ADD_ONS:
        more = set(grants(row, role, (add_on,))) - base
        assert base <= set(grants(row, role, (add_on,)))
        assert all(grant.add_on == add_on for grant in more)


@pytest.mark.parametrize("pair", list(combinations(ADD_ONS, 2)), ids="+".join)
def test_add_ons_do_not_open_each_other(pair: tuple[AddOn, AddOn]) -> None:
    for row in ROWS:
        for role in RoleCode:
            together = set(grants(row, role, pair))
            assert together == set(grants(row, role, pair[:1])) | set(grants(row, role, pair[1:]))


def test_the_portfolio_is_the_class_teachers_alone() -> None:
    assert holders("portfolio_view", Action.LIST) == {RoleCode.CLASS_TEACHER}


REACH = {
    ScopeKind.REGION: {"r", ""},
    ScopeKind.MUNICIPALITY: {"m", "w", ""},
    ScopeKind.ORGANISATION: {"o", ""},
    ScopeKind.TEACHING: {"c", "g", ""},
    ScopeKind.CASE: {"case", ""},
    ScopeKind.PERSON: {"w", ""},
}


@pytest.mark.parametrize("role", RoleCode)
def test_no_cell_reaches_beyond_what_the_role_is_bound_to(role: RoleCode) -> None:
    for row in ROWS:
        for grant in grants(row, role, ADD_ONS):
            assert grant.scope in REACH[ROLES[role].scope], row


def test_sums_and_masks_never_come_with_a_right_to_change() -> None:
    for row in ROWS:
        for role in RoleCode:
            for grant in grants(row, role, ADD_ONS):
                if grant.masked or grant.aggregate:
                    assert grant.actions == {Action.LIST}, (row, role)


def test_database_roles_follow_what_the_role_is_bound_to() -> None:
    assert {role.scope: role.database for role in ROLES.values()} == {
        ScopeKind.REGION: DatabaseRole.REGION,
        ScopeKind.MUNICIPALITY: DatabaseRole.ORG,
        ScopeKind.ORGANISATION: DatabaseRole.ORG,
        ScopeKind.TEACHING: DatabaseRole.TEACHER,
        ScopeKind.CASE: DatabaseRole.CASE,
        ScopeKind.PERSON: DatabaseRole.PERSON,
    }


GUARDED = {
    "contact": ("student_contacts", "employee_private"),
    "document": ("student_documents", "employee_private"),
    "health": ("student_health",),
    "social": ("student_family",),
}
RANK = [Level.NONE, Level.MASKED, Level.FULL]


@pytest.mark.parametrize("group", GUARDED)
@pytest.mark.parametrize("role", RoleCode)
def test_groups_show_what_their_rows_of_the_table_show(group: str, role: RoleCode) -> None:
    levels = [
        Level.MASKED if grant.masked else Level.FULL
        for row in GUARDED[group]
        for grant in grants(row, role)
        if Action.LIST in grant.actions and not grant.aggregate
    ]
    expected = max(levels, key=RANK.index, default=Level.NONE)
    assert FIELD_GROUPS[group].get(role, Level.NONE) is expected


def test_bank_details_are_for_region_and_own_school() -> None:
    assert {role for role, level in FIELD_GROUPS["bank"].items() if level is Level.FULL} == {
        RoleCode.OPERATOR,
        RoleCode.DEPARTMENT,
        RoleCode.HEAD,
        RoleCode.CLERK,
    }
    assert set(FIELD_GROUPS["open"]) == set(RoleCode)


def test_whoever_is_shown_a_mask_may_lift_it_and_nobody_else() -> None:
    """The star of the table: an office, an authority, a class teacher for documents."""
    holders = {
        record: {role for role in RoleCode if (REVEAL, record) in permissions_of(role)}
        for record in ("student", "student_address", "student_identity_document", "student_ovz")
    }
    offices = {RoleCode.DEPARTMENT, RoleCode.MUNICIPAL}
    assert holders["student_address"] == offices
    assert holders["student"] == offices | {RoleCode.CLASS_TEACHER}
    assert holders["student_identity_document"] == offices | {RoleCode.CLASS_TEACHER}
    assert holders["student_ovz"] == set(), "of health there are sums only"


def test_the_log_is_read_by_whom_the_table_names() -> None:
    readers = {role for role in RoleCode if (READ, LOGS) in permissions_of(role)}
    assert readers == holders("logs", Action.LIST) == {RoleCode.OPERATOR, RoleCode.HEAD}

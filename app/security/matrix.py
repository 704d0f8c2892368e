"""The role matrix as data: every cell of domain.md 4.2 in the table's notation (decree 5.1–5.8).

A cell reads: letters L list and show, C create, E edit, D annul, A approve, X export; then the
scope r region, m municipality, o organisation, c class, g group, w own, or ``case``; ``*`` values
are masked, ``Σ`` sums only; in brackets an add-on or a condition; ``–`` nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class RoleCode(StrEnum):
    """The ten roles, in the order of the table's columns."""

    OPERATOR = "operator"
    DEPARTMENT = "department"
    MUNICIPAL = "municipal"
    HEAD = "head"
    CLERK = "clerk"
    CLASS_TEACHER = "class_teacher"
    SUBJECT_TEACHER = "subject_teacher"
    COMMISSION = "commission"
    APPLICANT = "applicant"
    EMPLOYEE = "employee"


NOTHING = "–"


def _row(line: str) -> dict[RoleCode, str]:
    """Cut a line of the table into cells; empty ones are left out."""
    cells = zip(RoleCode, (cell.strip() for cell in line.split("|")), strict=True)
    return {role: cell for role, cell in cells if cell != NOTHING}


# OP | DEP | MUN | HEAD | CLERK | CT | ST | COM | APP | EMP
MATRIX: Mapping[str, Mapping[RoleCode, str]] = {
    name: _row(line)
    for name, line in {
        # Learners
        "student_base": "LEr | Lr | Lm | Lo | LCEXo | Lc | Lg | – | Lw | –",
        "student_contacts": "LEr | L*r | L*m | Lo | LCEXo | LEc | – | – | LEw (propose) | –",
        "student_documents": "LEr | L*r | L*m | Lo | LCEo | L*c | – | – | Lw | –",
        "student_health": "– | Σr | Σm | Lo | LCEDo | needs only c | – | – | Lw | –",
        "student_family": "– | Σr | Σm | Lo | LCEo | LCEc | – | – | – | –",
        "student_history": "LE(logged)r | Lr | Lm | LAo | LCEo | Lc | – | – | Lw | –",
        # Journal and portfolio
        "timetable": "Lr | – | – | LAo | LCEDo | Lc | Lg | – | Lw | –",
        "lessons": "– | Σr | Σm | LXo | Lo | LXc | LCEDg | – | Lw | –",
        "period_marks": "– | Σr | Σm | LAXo | LXo | Lc | LCEg | – | Lw | –",
        "reviews": "– | – | – | Lo | – | LCEDXc | LCE own text g | – | L published w | –",
        "portfolio_view": "– | – | – | grant only | – | LXc | – | – | – | –",
        "fitness": "– | Σr | Σm | Lo | Lo | Lc | LCEg (PE) | – | Lw | –",
        "achievements": (
            "LEr | Lr | Lm | Lo | LCEo | LCEDc | C (propose) g | – | Lw, C (propose) | –"
        ),
        # Exams and appeals
        "exam_campaigns": "Er | LCEA r (exam_officer) | Lm | Lo | Lo | – | – | – | L | –",
        "exam_registrations": "– | LEAXr (eo) | LXm | LAo | LCEo | Lc | – | – | LCEw | –",
        "exam_results": "– | LC(import)Ar (eo) | Lm | Lo | Lo | Lc | – | L case | Lw | –",
        "appeals": "– | LCEAr (eo) | – | Lo | LC o | – | – | LA case | LCw | –",
        # Enrolment
        "enrolment_campaigns": "Er | Lr | LEAm | LEAo | LCEo | – | – | – | L published | –",
        "territories": "Er | Lr | LCEDm | Lo | Lo | – | – | – | L | –",
        "school_applications": "– | L*r | L*m | LAo | LCEo | – | – | – | LCEw | –",
        "orders": "– | – | Lm | LCAo | LCo | Lc | – | – | – | –",
        "transfers": "– | Σr | Σm | LAo | LCEo | LC c | – | – | LCw (transfer) | –",
        "vocational_applications": "Er | LX r | – | LAo | LCEAo | – | – | – | LCEw | –",
        # Staff and attestation
        "employee_public": "LEr | LXr | LXm | Lo | LCEXo | – | – | L case | – | Lw, propose",
        "employee_private": "– | L*r | L*m | Lo | LCEo | – | – | – | – | Lw, propose",
        "staff_slots": "– | LXr | LXm | LAo | LCEDo | – | – | – | L published | L",
        "attestation_applications": (
            "– | LEAXr (att. secretary) | Lm | L+petition o | Lo | – | – | L case, vote | – | LCEw"
        ),
        "commissions": "Er | LCEAr (as) | – | – | – | – | – | LA case | – | Lw",
        # Register of organisations
        "organisation_direct": (
            "LEr | Lr | LE own authority, Lm | LEo | LEo | L | L | – | L published | L"
        ),
        "organisation_request": (
            "LEA r | LEr (registry_approver) | Lm | Lo | Lo | L | L | – | L published | L"
        ),
        "registry_requests": "LAr | LAr (ra) | LC own | LCAo | LCEo | – | – | – | – | –",
        "classifiers": "LCEDr | L | L | L | L | L | L | L | L | L",
        # Olympiads
        "olympiad_early_stages": (
            "Lr | Lr | LCEAm | LEo (S) | LEo (S) | – | – | LE case (jury) | L | –"
        ),
        "olympiad_late_stages": "Lr | LCEAr (oo) | Lm | Lo | Lo | – | – | LE case | L | –",
        "olympiad_applications": (
            "– | LEAXr (oo) | LEAXm | Lo | LCEo | LCc | Lg | LE points case | LCw | –"
        ),
        "olympiad_appeals": "– | LAr (oo) | LAm | Lo | Lo | – | – | LA case | LCw | –",
        # The portal itself
        "dashboards": "Lr | LXr | LXm | LXo | Lo | Lc | Lg | – | – | –",
        "users": (
            "LCEDr | – | – | LC teachers, clerks o | – | – | – | – | E own profile | E own profile"
        ),
        "logs": "L r | – | – | L o | – | – | – | – | – | –",
        "jobs": "LCr | LXr | LXm | LXo | LCXo | Xc | Xg | – | – | –",
    }.items()
}

# What is granted beyond the table (decisions 11): the operator adds, ends and exports
# organisations, a school exports them and keeps its own lists of direct fields. The register is
# readable by everybody signed in (decisions 12), members of commissions too.
ADDITIONS: Mapping[str, Mapping[RoleCode, str]] = {
    name: _row(line)
    for name, line in {
        "organisation_direct": "CDXr | – | – | Xo | Xo | – | – | L | – | –",
        "organisation_request": "CDXr | – | – | – | – | – | – | L | – | –",
        "organisation_child_direct": (
            "LCEDXr | Lr | LE own authority, Lm | LCEDXo | LCEDXo | L | L | L | L published | L"
        ),
        "orders": "– | – | – | EDXo | EDXo | – | – | – | – | –",
        "field_policies": "LEr | Lr | – | – | – | – | – | – | – | –",
        "territories": "LCDXr | – | X | Xo | Xo | L | L | L | – | L",
    }.items()
}

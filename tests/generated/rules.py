"""Cells of the rules of fields: the operator sets them, the department looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.security.roles import RoleCode

if TYPE_CHECKING:
    from tests.generated.asking import Asking

HOME, RULES = "/policies/", "/policies/<string:name>"
SEES = {RoleCode.OPERATOR, RoleCode.DEPARTMENT}
BODIES: tuple[tuple[dict[str, str], int], ...] = (
    ({}, 400),
    ({"seen": "0"}, 422),
    ({"seen": "999", "reason": "ZZ", "policy-phone": "operator"}, 409),
    ({"seen": "0", "reason": "ZZ", "policy-phone": "whatever"}, 400),
    ({"seen": "0", "reason": "ZZ", "policy-inn": "direct"}, 422),
    ({"seen": "0", "reason": "ZZ", "reviewer-inn": "clerk"}, 422),
    ({"seen": "0", "reason": "\0" + "Z" * 3000, "policy-phone": "operator"}, 422),
)


def ask_rules(asking: Asking) -> None:
    """The pages for all organisations and for one, of records without rules, and every body."""
    person = asking.person
    looks, sets = person.role in SEES, person.role is RoleCode.OPERATOR
    shut = 403 if person.signed_in else 302
    schools = (*asking.world.schools.values(), 999_999_999, 2**63 + 7)
    for method in ("GET", "HEAD"):
        for school in schools:
            there = 200 if school < 999_999_999 else 404
            wanted = {there if looks else shut}
            asking.ask(HOME, method, f"{HOME}?organisation={school}", wanted, str(there))
        for name in ("organisation", "organisation_bank_account", "municipality", "ab_user"):
            there = 200 if name.startswith("organisation") else 404
            asking.ask(RULES, method, f"{HOME}{name}", {there if looks else shut}, name)
    closed = 403 if person.signed_in else 401
    for number, (body, answer) in enumerate(BODIES):
        wanted = answer if sets or (looks and answer == 400) else closed
        asking.ask(RULES, "POST", f"{HOME}organisation", {wanted}, str(number), data=body)

"""Cells of the second step of signing in: one's own for everybody, others' for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.security.roles import RoleCode

if TYPE_CHECKING:
    from tests.generated.asking import Asking

STEP, HOME = "/login/second", "/second/"
CODES = ("", "123456", "\0" + "9" * 300)


def ask_second(asking: Asking) -> None:
    """Every address with codes that fit nothing, and a reset of accounts that have no such step."""
    inside = asking.person.signed_in
    for method in ("GET", "HEAD"):
        asking.ask(STEP, method, STEP, {303})
        asking.ask(HOME, method, HOME, {200 if inside else 302})
    asking.ask(STEP, "POST", STEP, {401}, data={"code": "123456", "next": "//evil.example"})
    asking.ask("/second/begin", "POST", "/second/begin", {200 if inside else 401})
    for number, code in enumerate(CODES):
        for path in ("/second/confirm", "/second/codes", "/second/end"):
            wanted = {422 if inside else 401}
            asking.ask(path, "POST", path, wanted, str(number), data={"code": code})
    helps = asking.person.role is RoleCode.OPERATOR
    for number, login in enumerate(("clerk", "nobody", "\0" + "я" * 300)):
        wanted = {303 if helps else 403 if inside else 401}
        path = "/second/reset"
        asking.ask(path, "POST", path, wanted, str(number), data={"username": login})

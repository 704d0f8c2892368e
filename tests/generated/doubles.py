"""Cells of people entered twice: told to whoever adds people, decided by the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import record_named
from app.security.roles import Action, RoleCode
from tests.scope_model import holds

if TYPE_CHECKING:
    from tests.generated.asking import Asking

ALIKE = "/doubles/alike/<string:name>"
BODIES: tuple[dict[str, str], ...] = (
    {},
    {"last_name": "Z\0" * 300, "first_name": "'", "birth_date": "31.02.2015", "snils": "x"},
    {"last_name": "ZZ", "first_name": "ZZ", "birth_date": "01.01.2015", "snils": "11223344595"},
)
HOME, PAIR = "/doubles/", "/doubles/<int:ident>"
NUMBERS = (999_999_999, 2**63 + 7)


def ask_doubles(asking: Asking) -> None:
    """What the form of a new person asks, of every kind of record."""
    person = asking.person
    for name in ("student", "guardian", "organisation", "ab_user"):
        for number, body in enumerate(BODIES):
            known = name in {"student", "guardian"}
            adds = known and holds(person, record_named(name), Action.CREATE)
            answer = (200 if adds else 403) if known else 400
            wanted = {answer if person.signed_in else 401}
            asking.ask(ALIKE, "POST", f"/doubles/alike/{name}", wanted, str(number), data=body)
    ask_pairs(asking)


def ask_pairs(asking: Asking) -> None:
    """The queue, pairs that are not there, and every step about them."""
    person = asking.person
    operator = person.role is RoleCode.OPERATOR
    shut, closed = (403, 403) if person.signed_in else (302, 401)
    for method in ("GET", "HEAD"):
        for asked, there in (("", 200), ("?state=different&before=x", 200), ("?state=zz", 400)):
            wanted = {there if operator or (there == 400 and person.signed_in) else shut}
            asking.ask(HOME, method, f"{HOME}{asked}", wanted, asked)
        for number in NUMBERS:
            asking.ask(PAIR, method, f"{HOME}{number}", {404 if operator else shut}, "pair")
    for number in NUMBERS:
        for body, there in (({}, 400), ({"verdict": "same", "seen": "open"}, 404)):
            where, wanted = f"{HOME}{number}/decide", {there if operator else closed}
            asking.ask(f"{PAIR}/decide", "POST", where, wanted, str(there), data=body)
        where, wanted = f"{HOME}{number}/back", {404 if operator else closed}
        asking.ask(f"{PAIR}/back", "POST", where, wanted)

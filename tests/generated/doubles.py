"""Cells of people entered twice: whoever adds people is told who is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import record_named
from app.security.roles import Action
from tests.scope_model import holds

if TYPE_CHECKING:
    from tests.generated.asking import Asking

ALIKE = "/doubles/alike/<string:name>"
BODIES: tuple[dict[str, str], ...] = (
    {},
    {"last_name": "Z\0" * 300, "first_name": "'", "birth_date": "31.02.2015", "snils": "x"},
    {"last_name": "ZZ", "first_name": "ZZ", "birth_date": "01.01.2015", "snils": "11223344595"},
)


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

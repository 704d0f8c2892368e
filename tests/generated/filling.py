"""Cells of adding a whole class: the own school's classes, for whoever adds its learners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.enrolment import Student
from app.models.enrolment_classes import SchoolClass
from tests.generated.doubles import ask_doubles
from tests.scope_model import gate, keeps, reads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.generated.asking import Asking
    from tests.scope_model import Target

RULE = "/enrolment/class/<int:ident>"
WRONG = {"last_name": "ZZ" * 2000, "birth_date": "31.02.2015", "admitted_on": "ZZ", "sex": "ZZ"}
PASTED = {"pasted": "ZZ\t31.02.2015\t'\x00\n\tZZ" * 20, "admitted_on": "01.09.2026"}


def ask_filling(asking: Asking, kinds: Sequence[str]) -> None:
    """The form, what is wrong with it, its draft, who is alike; nothing is saved."""
    ask_doubles(asking)
    person, world = asking.person, asking.world
    for kind in kinds:
        row = world.target(SchoolClass, kind, person.organisation or world.schools["own"])
        where = f"/enrolment/class/{row.id}"
        looks = _status(asking, row, "GET")
        asking.ask(f"{RULE}/fill", "GET", f"{where}/fill", {looks}, kind)
        asking.ask(f"{RULE}/fill", "HEAD", f"{where}/fill", {looks}, kind)
        odd = {404 if looks == 200 else looks}
        asking.ask(f"{RULE}/fill", "GET", f"{where}/fill?draft=ZZ", odd, kind)
        saves = _status(asking, row, "POST")
        for number, body in enumerate(({}, WRONG)):
            wanted = {422 if saves == 200 else saves}
            asking.ask(f"{RULE}/fill", "POST", f"{where}/fill", wanted, f"{number}", data=body)
        for number, body in enumerate((PASTED, {**PASTED, "admitted_on": "ZZ", "step": "all"})):
            answer = 422 if number else 200
            wanted = {answer if saves == 200 else saves}
            asking.ask(f"{RULE}/paste", "POST", f"{where}/paste", wanted, f"{number}", data=body)
        asking.ask(f"{RULE}/paste", "GET", f"{where}/paste", {looks}, kind)
        asking.ask(f"{RULE}/paste", "GET", f"{where}/paste?draft=ZZ", odd, kind)
        wanted = {400 if saves == 200 else saves}
        asking.ask(f"{RULE}/fill/keep", "POST", f"{where}/fill/keep", wanted, kind, data=WRONG)


def _status(asking: Asking, row: Target, method: str) -> int:
    person = asking.person
    passed = gate(person, Student, "add", method)
    if passed != 200:
        return passed
    if not reads(person, SchoolClass, row):
        return 404
    own = person.organisation == row.organisation and keeps(person, SchoolClass, row.organisation)
    return 200 if own else 403

"""Cases that Schemathesis makes from our own document: no answer is a failure of the portal.

PORTAL_TEST_CASES says how many are sent in each role: some hundreds in `make test`, 5,000 before a
release.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.kernel.catalogue import record_named
from tests.rest.programs import Program, program, school

if TYPE_CHECKING:
    from tests.conftest import Portal

CASES = int(os.environ.get("PORTAL_TEST_CASES", "300"))
SEED = int(os.environ.get("PORTAL_TEST_SEED", "493"))
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
ROLES = {
    "operator": (),
    "department": (),
    "municipal": ("--municipality", "66701000"),
    "head": ("--organisation", "own"),
    "clerk": ("--organisation", "own"),
    "commission": (),
    "employee": (),
}
BUSY = {"operator", "clerk"}  # the others send fewer, unless the number is said
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def own_rows(portal: Portal, name: str, organisation: int) -> list[int]:
    """Some rows that are there, the own ones first: an id at random is a row of nobody."""
    if name == "changes":
        return []
    record = record_named(name)
    column = "organisation_id" if "organisation_id" in record.__table__.c else "id"
    query = f"select id from {name} order by {column} = %s desc, id limit 5"  # noqa: S608 - a table's name
    with portal.cluster.connect(portal.database) as base:
        return [row[0] for row in base.execute(query.encode(), (organisation,))]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("role", ROLES)
def test_no_generated_case_breaks_the_portal(portal: Portal, role: str) -> None:
    organisation = school(portal)
    scope = [str(organisation) if word == "own" else word for word in ROLES[role]]
    who = program(portal, f"cases of {role}", role, *scope)
    document = who("GET", "/api/v1/openapi.json").get_json()
    document["paths"].pop("/api/v1/token")  # a wrong secret closes the door for the rest
    schema = schemathesis.openapi.from_dict(document)
    schema.app = portal.app
    operations = [found.ok() for found in schema.get_all_operations()]
    # Codes are what the document itself says of values: answers are checked against them.
    operations = [o for o in operations if o.method == "get" or "classifier-item" not in o.path]
    wanted = CASES if "PORTAL_TEST_CASES" in os.environ or role in BUSY else CASES // 5
    if "PORTAL_TEST_CASES" not in os.environ:  # operations take turns, another share for each role
        share = 2 if role in BUSY else 6
        operations = operations[list(ROLES).index(role) % share :: share]
    each = max(1, -(-wanted // (len(operations) * len(MODES))))
    answers: Counter[int] = Counter()
    for operation in operations:
        rows = own_rows(portal, operation.tags[0], organisation)
        who.renew()  # a token lives for 15 minutes, the whole run may not
        for mode in MODES:
            send(who, operation, mode, each, rows, answers)
    sys.stdout.write(f"{role}: {answers.total()} cases, {dict(sorted(answers.items()))}\n")
    assert answers.total() >= min(wanted, 50)
    assert not [status for status in answers if status >= 500]


def send(
    who: Program, operation: Any, mode: GenerationMode, number: int, rows: list[int],
    answers: Counter[int],
) -> None:  # fmt: skip
    """So many cases of one operation; every answer is what the document says."""

    @seed(SEED)
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def run(case: Any, data: st.DataObject) -> None:
        if rows and case.path_parameters and data.draw(st.booleans()):
            case.path_parameters["id"] = data.draw(st.sampled_from(rows))
        if "If-Match" in case.headers and data.draw(st.booleans()):
            case.headers["If-Match"] = f'"{data.draw(st.integers(1, 3))}"'
        answer = case.call(headers=who.headers)
        answers[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    run()

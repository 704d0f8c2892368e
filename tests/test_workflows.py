"""The diagrams in the docs are those of the declared workflows; every step is guarded."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import app.models  # noqa: F401 - enters the records into the catalogue
from app.kernel.catalogue import records
from app.kernel.errors import Missing, Refused
from app.models.registry_requests import REQUEST_FLOW, WORKFLOWS

if TYPE_CHECKING:
    from app.kernel.workflow import State, Step

DOCS = Path(__file__).resolve().parents[1] / "docs"
CASES = tuple(
    product(REQUEST_FLOW.steps, REQUEST_FLOW.states, REQUEST_FLOW.parts)
)  # every step from every state by everybody


@pytest.mark.parametrize("name", ["workflows.ru.md", "workflows.en.md"])
def test_the_diagrams_are_those_of_the_declarations(name: str) -> None:
    text = (DOCS / name).read_text()
    flows = (record.about.flow for record in records())
    for flow in (*WORKFLOWS, *filter(None, flows)):
        assert flow.diagram() in text


@pytest.mark.parametrize(
    ("step", "state", "part"), CASES, ids=lambda it: getattr(it, "name", getattr(it, "code", it))
)
def test_a_step_is_taken_by_its_part_from_its_states_only(
    step: Step, state: State, part: str
) -> None:
    open_now = step in REQUEST_FLOW.open_to(state.code, {part})
    assert open_now == (state.code in step.origins and part == step.by)
    if open_now:
        assert REQUEST_FLOW.admit(step.name, state.code, {part}, "слово") is step
    else:
        with pytest.raises(Refused):
            REQUEST_FLOW.admit(step.name, state.code, {part}, "слово")


def test_nothing_follows_on_a_final_state() -> None:
    for state in REQUEST_FLOW.states:
        follows = bool(REQUEST_FLOW.open_to(state.code, REQUEST_FLOW.parts))
        assert follows != state.final


def test_an_unknown_step_is_no_step() -> None:
    with pytest.raises(Missing):
        REQUEST_FLOW.admit("explode", "draft", set(REQUEST_FLOW.parts), "")

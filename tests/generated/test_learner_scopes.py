"""No value of a learner reaches whoever may not have it: record × person × channel, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.kernel.kinds import FILE
from app.security.roles import Action
from tests.generated import conftest, learner_byways, learner_channels
from tests.generated.asking import start
from tests.generated.attached import plant
from tests.generated.learner_asking import LearnerAsking
from tests.generated.learner_marks import PLACES, Marks, learners, permitted, plant_marks
from tests.generated.people import people
from tests.generated.planting import build
from tests.generated.turns import FULL, LOGINS
from tests.scope_model import holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.kernel.record import Record
    from tests.conftest import Portal
    from tests.generated.world import World

CHANNELS: dict[str, Callable[[LearnerAsking], None]] = {
    "list": learner_channels.ask_list,
    "card": learner_channels.ask_card,
    "form": learner_channels.ask_form,
    "picker": learner_channels.ask_picker,
    "search": learner_channels.ask_search,
    "hidden column": learner_channels.ask_hidden,
    "export": learner_channels.ask_export,
    "import": learner_byways.ask_import,
    "API": learner_channels.ask_api,
    "history": learner_channels.ask_history,
    "attachments": learner_channels.ask_attachments,
    "counts": learner_channels.ask_counts,
    "alike": learner_byways.ask_alike,
    "drafts": learner_byways.ask_drafts,
    "views": learner_byways.ask_views,
    "many": learner_byways.ask_many,
    "steps": learner_byways.ask_steps,
    "batches": learner_byways.ask_batches,
    "other pages": learner_byways.ask_others,
}
NAMED = tuple(CHANNELS)[:12]  # each has a cell for every record and person
SOME = {  # channels of a few records alone
    "alike": {"student", "guardian"},
    "steps": {"transfer_request"},
    "other pages": {"student"},
}
SHOW = ("list", "card", "export", "API", "history")  # where a clerk meets marks of the own school
ROUND = 16  # each record meets every sixteenth person over a channel, other ones over the next
OF_SCHOOLS = {"clerk", "clerk2", "head"}
LISTED = 100  # rows of the longest page


@pytest.fixture(scope="module")
def world(portal: Portal) -> Iterator[World]:
    built = build(portal)
    plant(built)
    yield built
    built.base.close()


@pytest.fixture(scope="module")
def marks(world: World) -> Marks:
    return plant_marks(world)


def asked(record: type[Record], login: str, channel: str) -> bool:
    """Whether this run asks: before a release it asks everything."""
    if record.__tablename__ not in SOME.get(channel, {record.__tablename__}):
        return False
    place = learners().index(record) + LOGINS.index(login) * 3 + list(CHANNELS).index(channel)
    return FULL or place % ROUND == 0


@pytest.mark.parametrize("login", LOGINS)
def test_learners_as_met_by(login: str, world: World, marks: Marks) -> None:
    person = next(p for p in people(world) if p.login == login)
    asking = start(world, person, LearnerAsking)
    asking.marks = marks
    for record in learners():
        for channel, ask in CHANNELS.items():
            if asked(record, login, channel):
                asking.record, asking.channel = record, channel
                ask(asking)
    conftest.CELLS[f"learners of {login}"] = asking.cells
    for (_record, channel), number in asking.counted.items():
        conftest.CHANNELS[channel] += number
    assert not asking.wrong, f"{len(asking.wrong)} wrong:\n" + "\n".join(asking.wrong[:40])
    _whole(asking)


def _whole(asking: LearnerAsking) -> None:
    """No cell is empty; and what may be met was met, or the marks would prove nothing."""
    person = asking.person
    for record in learners():
        name = record.__tablename__
        due = {channel for channel in NAMED if asked(record, person.login, channel)}
        assert all(asking.counted[(name, channel)] for channel in due), (name, due)
        marks = [m for place in PLACES for m in asking.marks.of(record, place)]
        shown = any(permitted(person, mark) and mark.declared.kind is not FILE for mark in marks)
        asking.record = record
        shown = shown and person.login in OF_SCHOOLS and asking.visible_rows() <= LISTED
        may = {"export": holds(person, record, Action.EXPORT)}
        for channel in due & set(SHOW) if shown and holds(person, record, Action.LIST) else ():
            met = (name, channel) in asking.met
            assert met or not may.get(channel, True), (name, channel)


def test_every_field_with_room_for_a_mark_has_one(marks: Marks) -> None:
    made = {"guardian.full_name", "student.full_name"}  # from the names
    assert set(marks.left) == made | {"student_family_status.valid_from"}

"""Steps of rows that have a workflow: who may take which, and what each of them does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from app.kernel.errors import Conflict, Missing, Refused
from app.services import keep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.errors import Message
    from app.kernel.record import Record
    from app.kernel.workflow import Step, Workflow

    Effect = Callable[[Session, Any, Actor, Sequence[str]], None]
    Parts = Callable[[Any, Actor], frozenset[str]]

    class Portions(Protocol):
        """Gives the pieces of a row."""

        def __call__(self, session: Session, row: Any, /, *, brief: bool) -> tuple[Portion, ...]:
            """All of them, or ``brief``: without lines and keys."""


@dataclass(frozen=True, slots=True)
class PortionLine:
    """A line of a portion: whom it is about, what will be written, whether something is wrong."""

    id: int
    name: str
    words: Message | None
    wrong: bool


@dataclass(frozen=True, slots=True)
class Portion:
    """A piece of a row that its steps are taken for one by one: a class of an order.

    ``key`` names it as it was looked at; ``step``: the one that may be taken for it next;
    ``record``: what its lines are rows of. Key and lines are empty where it was asked in brief.
    """

    key: str
    title: str | Message
    step: str
    record: str
    batch: int | None
    number: int
    problems: tuple[Message, ...]
    lines: tuple[PortionLine, ...]


@dataclass(frozen=True, slots=True)
class Affair:
    """What a module says of its workflow: the parts an actor plays in a row, effects of steps.

    ``portions``: the pieces of a row for which its steps are taken, where there are any.
    """

    parts: Parts
    effects: Mapping[str, Effect] = field(default_factory=dict)
    portions: Portions | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A step as it was sent: what was typed for it, the version looked at, chosen portions."""

    name: str
    values: Mapping[str, Any]
    version: int
    chosen: Sequence[str] = ()


_affairs: dict[str, Affair] = {}


def enter(record: str, affair: Affair) -> None:
    """Say how the steps of a record are taken. Raises ``ValueError`` for a second word."""
    if record in _affairs:
        message = f"steps of {record} are told twice"
        raise ValueError(message)
    _affairs[record] = affair


def flow_of(row: Record) -> Workflow:
    """The workflow of a row's record. Raises ``Missing`` where it has none."""
    if row.about.flow is None:
        raise Missing("Такого действия нет.")
    return row.about.flow


def open_steps(row: Record, actor: Actor) -> tuple[Step, ...]:
    """The steps the actor may take now: the buttons of the row's page."""
    if row.about.flow is None:
        return ()
    parts = _affairs[row.__tablename__].parts(row, actor)
    return row.about.flow.open_to(row.state, parts)


def portions(session: Session, row: Record, *, brief: bool = False) -> tuple[Portion, ...]:
    """The pieces of a row that its steps are taken for; none where it is taken whole.

    ``brief``: how each of them stands, without its lines and without a key to take it by.
    """
    affair = _affairs.get(row.__tablename__)
    return affair.portions(session, row, brief=brief) if affair and affair.portions else ()


def admitted(row: Record, name: str, actor: Actor) -> Step:
    """The step, if the actor may take it now. Raises ``Missing`` or ``Refused``."""
    step = flow_of(row).step(name)
    if step not in open_steps(row, actor):
        raise Refused("Состояние изменилось или это действие вам не разрешено.")
    return step


def take(
    session: Session,
    record: type[Record],
    ident: int,
    given: Given,
    actor: Actor,
) -> Record:
    """Take a step with what is typed for it; its effects come in the same transaction.

    Raises:
        Missing: no such row within the scope, or no such step.
        Refused: the step is not the actor's, or cannot be taken as things stand.
        Conflict: the row was changed since it was looked at.
        Problems: a value is wrong, or the database refuses it.
    """
    admitted(keep.fetch(session, record, ident), given.name, actor)
    row = keep.fetch(session, record, ident, lock=True)
    step = admitted(row, given.name, actor)
    if row.version != given.version:
        raise Conflict("Пока вы смотрели, эту запись изменили.", version=row.version)
    for key, value in given.values.items():
        setattr(row, key, value)
    keep.store(session, row, set(given.values), actor)
    if effect := _affairs[row.__tablename__].effects.get(step.name):
        effect(session, row, actor, given.chosen)
    if row.state not in step.goals:  # of several the effect has chosen one
        row.state = step.goals[0]
        keep.store(session, row, set(), actor)
    return row

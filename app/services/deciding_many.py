"""One decision about lines of many requests that ask for the same field (п. 5.5).

Every request is decided by the rules of a single one, in a savepoint of its own: what is refused
in one of them leaves the others as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from app.kernel.catalogue import record_named
from app.kernel.errors import Conflict, Invalid, Message, PortalError, Refused
from app.models.registry_requests import EditRequest, EditRequestLine
from app.services.deciding import REASON, Choice, Verdict, decide
from app.services.keep import Problems
from app.services.requests import STALE, find, take_step, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.services.request_sieve import Asked

MOST = 100  # lines decided at once
NONE = Message("Отметьте хотя бы одну строку.")
TOO_MANY = Message("Отмечено больше %(most)s строк: решите по ним частями.", most=MOST)
GONE = Message("Этой строки среди нерешённых больше нет.")


class Outcome(StrEnum):
    """What became of a line."""

    APPROVED = "approved"
    SCHEDULED = "scheduled"  # approved for the day it takes effect on
    REJECTED = "rejected"
    CONFLICT = "conflict"  # the value is no more the one the author saw
    REFUSED = "refused"


class Pick(NamedTuple):
    """A chosen line, with its request in the version that was shown."""

    request: int
    line: int
    version: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a chosen line, and why where it was refused."""

    pick: Pick
    outcome: Outcome
    why: Message | None = None


def decide_many(
    session: Session,
    asked: Asked,
    picks: Sequence[Pick],
    choice: Choice,
    actor: Actor,
    comment: str = "",
) -> tuple[Done, ...]:
    """Approve or reject the chosen lines; requests that nobody has taken are taken first.

    Raises:
        Invalid, Problems: nothing or too much is chosen, a rejection says no reason.
    """
    if not picks:
        raise Invalid(NONE)
    if len(picks) > MOST:
        raise Invalid(TOO_MANY)
    comment = told(comment, "comment")
    if choice is Choice.REJECT and not comment.strip():
        raise Invalid(REASON, field="comment")
    of_request: dict[int, list[Pick]] = {}
    for pick in sorted(set(picks)):
        of_request.setdefault(pick.request, []).append(pick)
    _hold(session, asked, list(of_request), [pick.line for pick in picks])
    found: list[Done] = []
    for chosen in of_request.values():
        verdict = Verdict(choice, comment)
        try:
            with session.begin_nested():
                found += _decided(session, asked, chosen, verdict, actor)
        except Problems as error:
            found += [Done(pick, Outcome.REFUSED, error.problems[0].message) for pick in chosen]
        except PortalError as error:
            found += [Done(pick, Outcome.REFUSED, error.message) for pick in chosen]
    return tuple(found)


def _hold(session: Session, asked: Asked, requests: list[int], lines: list[int]) -> None:
    """Hold all requests, then all rows, each in the order of numbers, as single decisions do."""
    request, line, record = EditRequest, EditRequestLine, record_named(asked.table)
    held = select(request.id).where(request.id.in_(requests)).order_by(request.id)
    session.execute(held.with_for_update())
    targets = select(line.target_id).where(line.id.in_(lines), line.target_table == asked.table)
    rows = select(record.id).where(record.id.in_(targets)).order_by(record.id)
    session.execute(rows.with_for_update())


def _decided(
    session: Session, asked: Asked, chosen: Sequence[Pick], verdict: Verdict, actor: Actor
) -> Iterator[Done]:
    """Decide the chosen lines of one request; the others of it go on waiting."""
    number, version = chosen[0].request, chosen[0].version
    request = find(session, number)
    if request.version != version:
        raise Conflict(STALE, version=request.version)
    lines = _lines(session, asked, chosen)
    if request.state == "submitted":
        version = take_step(session, number, "take", actor, version, "").version
    decide(
        *(session, number, dict.fromkeys(lines, verdict), actor, version),
        partly=True,
    )
    return (Done(pick, Outcome(lines[pick.line].line_state)) for pick in chosen)


def _lines(session: Session, asked: Asked, chosen: Sequence[Pick]) -> dict[int, EditRequestLine]:
    """The chosen lines of a request. Raises ``Refused`` where one does not ask for the field."""
    line = EditRequestLine
    rows = session.scalars(
        select(line).where(
            line.id.in_([pick.line for pick in chosen]),
            line.request_id == chosen[0].request,
            line.target_table == asked.table,
            line.field == asked.field,
            line.open,
            line.line_state == "pending",
        )
    )
    found = {one.id: one for one in rows}
    if len(found) != len({pick.line for pick in chosen}):
        raise Refused(GONE)
    return found

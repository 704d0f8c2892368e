"""Decisions on requests, line by line, never over a value that changed meanwhile (п. 5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.kernel.canonical import canonical, restored
from app.kernel.catalogue import field_map, record_named
from app.kernel.clock import now, today
from app.kernel.errors import Invalid, Message, Refused
from app.models.registry_requests import REQUEST_FLOW
from app.services import keep
from app.services.deciding_rows import NO_FIELD, add_row, at_lines, end_row, held, refuse_new
from app.services.request_batch import into_batch
from app.services.requests import admit, count, lines_of, move, note, parts_of, told
from app.services.reviewing import own_lines
from app.services.row_ends import END

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.models.registry_requests import EditRequest, EditRequestLine

EVERY = Message("Решите по каждой строке: принять или отклонить.")
REASON = Message("Напишите, почему отклонено: автор увидит это пояснение.")
NOT_YOURS_ANY_MORE = Message("Полномочия того, кто принял решение, закончились: решите ещё раз.")


class Choice(StrEnum):
    """What the office says about a line; ``OVER`` applies it although the value has changed."""

    APPROVE = "approve"
    REJECT = "reject"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The choice about one line, with what the author is told."""

    choice: Choice
    comment: str = ""
    seen: int = 0  # the version of the row whose present value was shown

    @property
    def passed_over(self) -> int | None:
        """The version of the row whose change is known and passed over, if it is."""
        return self.seen if self.choice is Choice.OVER else None


def decide(
    session: Session,
    number: int,
    verdicts: Mapping[int, Verdict],
    actor: Actor,
    version: int,
    comment: str = "",
    *,
    partly: bool = False,
) -> EditRequest:
    """Apply what is approved, all in this transaction; conflicts are left for a second look.

    Lines whose value is no more the one the author saw become conflicts and the request stays
    under review; the others are done. Lines about fields that another role considers wait for it.
    Once every line is decided, the request is. ``partly``: only
    the lines that the verdicts are about are decided, the others go on waiting.

    Raises:
        Refused: the request is not the actor's to decide, or not under review.
        Conflict: the request changed meanwhile.
        Problems: a line without a choice, a rejection without a reason, a value the row refuses.
    """
    comment = told(comment)
    request = admit(session, number, "decide", actor, version)
    REQUEST_FLOW.admit("decide", request.state, parts_of(request, actor), "decided")
    lines = [line for line in lines_of(session, request, lock=True) if line.open]
    lines = own_lines(lines, set(verdicts) if partly else None, actor)
    _check(lines, verdicts)
    wanted = _without_rejected(lines, verdicts)
    ahead = lies_ahead(request)
    for line in wanted:
        line.scheduled_at = now() if ahead else None
    if wanted and ahead:
        _schedule(session, request, wanted, verdicts, actor)
    elif wanted:
        apply(session, request, wanted, verdicts, actor)
    close(session, request, actor, comment)
    return request


def lies_ahead(request: EditRequest) -> bool:
    """Whether what is approved takes effect on a later day."""
    return request.effective_on is not None and request.effective_on > today()


def close(session: Session, request: EditRequest, actor: Actor, comment: str) -> None:
    """End the request where every line is decided; otherwise say what it waits for."""
    session.flush()
    lines = lines_of(session, request)
    waiting = [line for line in lines if line.open]
    request.decided_as = None
    if waiting and all(line.line_state == "scheduled" for line in waiting):
        request.decided_by, request.decided_as = actor.user_id, actor.capacity_id
        request.due_on = request.effective_on
        session.flush()
        note(session, request, actor, "scheduled", request.state, comment)
    elif waiting:
        action = "conflict" if any(one.line_state == "conflict" for one in waiting) else "decide"
        count(session, request)
        note(session, request, actor, action, request.state, comment)
    else:
        request.decided_by, request.decided_at = actor.user_id, now()
        goal = outcome({line.line_state for line in lines})
        move(session, request, REQUEST_FLOW.step("decide"), goal, actor, comment)


def outcome(states: set[str]) -> str:
    """The state of a request whose lines ended in these (domain.md 3.5.3)."""
    if states == {"approved"}:
        return "approved"
    return "partially_approved" if "approved" in states else "rejected"


def _schedule(
    session: Session,
    request: EditRequest,
    lines: Iterable[EditRequestLine],
    verdicts: Mapping[int, Verdict],
    actor: Actor,
) -> None:
    """Keep what is approved for its day; what has changed since it was asked for is a conflict."""
    for (table, ident), of_row in _by_row(lines).items():
        for line in of_row:
            if line.op == "I":
                refuse_new(line, actor)
                line.line_state = "scheduled"
            elif line.op == END:
                seen = verdicts[line.id].passed_over
                end_row(session, request, line, actor, seen, later=True)
        changes = [line for line in of_row if line.op == "U"]
        if not changes:
            continue
        values = _agreed(session, table, ident, changes, verdicts)
        row = keep.fetch(session, record_named(table), ident)
        for line in changes:
            if line.field in values:
                # Approved over what is there now: that is what has to be there on the day.
                line.base = canonical(getattr(row, line.field))
                line.line_state, line.open = "scheduled", True


def _without_rejected(
    lines: Sequence[EditRequestLine], verdicts: Mapping[int, Verdict]
) -> list[EditRequestLine]:
    """Close what is rejected and keep what is said about each line; gives the others."""
    for line in lines:
        if verdicts[line.id].choice is Choice.REJECT:
            line.line_state, line.open = "rejected", False
        line.comment = told(verdicts[line.id].comment, f"comment-{line.id}") or None
    return [line for line in lines if verdicts[line.id].choice is not Choice.REJECT]


def _check(lines: Sequence[EditRequestLine], verdicts: Mapping[int, Verdict]) -> None:
    """Every line has a choice, and every rejection a reason; all that lack one are named."""
    if {line.id for line in lines} != set(verdicts):
        raise keep.Problems([Invalid(EVERY)])
    mute = [
        Invalid(REASON, field=f"comment-{line.id}")
        for line in lines
        if verdicts[line.id].choice is Choice.REJECT and not verdicts[line.id].comment.strip()
    ]
    if mute:
        raise keep.Problems(mute)
    for line in lines:
        if verdicts[line.id].choice is Choice.OVER and line.line_state != "conflict":
            raise Refused("Записать поверх можно только после того, как показано расхождение.")


def apply(
    session: Session,
    request: EditRequest,
    lines: Iterable[EditRequestLine],
    verdicts: Mapping[int, Verdict],
    actor: Actor,
) -> None:
    """Write the approved lines: whole rows first, then fields of rows in a fixed order."""
    lines = list(lines)
    for line in lines:
        if line.op == "I":
            add_row(session, request, line, actor)
        elif line.op == END:
            end_row(session, request, line, actor, verdicts[line.id].passed_over)
    for (table, ident), of_row in _by_row(line for line in lines if line.op == "U").items():
        values = _agreed(session, table, ident, of_row, verdicts)
        if values:
            into_batch(session, request, [one for one in of_row if one.field in values])
            row = keep.fetch(session, record_named(table), ident)
            try:
                keep.change(session, type(row), ident, values, row.version, actor)
            except keep.Problems as error:
                raise at_lines(error, {line.field: line.id for line in of_row}) from error


def _by_row(
    lines: Iterable[EditRequestLine],
) -> dict[tuple[str, int], list[EditRequestLine]]:
    """The lines of each row, in a fixed order of the rows; those of new rows under number 0."""
    rows: dict[tuple[str, int], list[EditRequestLine]] = {}
    for line in lines:
        rows.setdefault((line.target_table, line.target_id or 0), []).append(line)
    return dict(sorted(rows.items()))


def _agreed(
    session: Session,
    table: str,
    ident: int,
    lines: Sequence[EditRequestLine],
    verdicts: Mapping[int, Verdict],
) -> dict[str, Any]:
    """The values to be written into a row, which is held; what changed meanwhile is a conflict."""
    record = record_named(table)
    row = held(session, record, ident)
    if getattr(row, "organisation_id", None) != lines[0].organisation_id:
        raise Refused(keep.NOT_YOURS)
    values: dict[str, Any] = {}
    for line in lines:
        name = line.field or ""
        if name not in field_map(record):
            raise keep.Problems([Invalid(NO_FIELD, field=f"comment-{line.id}")])
        present = canonical(getattr(row, name))
        verdict = verdicts[line.id]
        known = verdict.choice is Choice.OVER and name not in keep.changed_since(
            session, row, verdict.seen
        )
        stands = present == line.base or known
        if present != line.wanted and not stands:
            line.line_state = "conflict"
            continue
        line.line_state, line.open = "approved", False
        if present != line.wanted:
            values[name] = restored(record, name, line.wanted)
    return values

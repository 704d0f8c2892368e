"""Whose a line of a request is to decide: of some fields one role does (domain.md 3.5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import record_named
from app.kernel.errors import Message, Refused
from app.kernel.rights import decides
from app.services.row_ends import written_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from app.kernel.actor import Actor
    from app.models.registry_requests import EditRequestLine

FOR_OTHERS = Message("По этим полям решают другие: передайте запрос тому, кто по ним решает.")


def is_own(line: EditRequestLine, actor: Actor) -> bool:
    """Whether the line is the actor's to decide."""
    name = written_by(line)
    return not name or decides(record_named(line.target_table), name, actor)


def own_lines(
    lines: Sequence[EditRequestLine], chosen: AbstractSet[int] | None, actor: Actor
) -> list[EditRequestLine]:
    """The lines the actor decides, or the ``chosen`` ones of them; the others go on waiting.

    Raises ``Refused`` where there is none, or where one of the chosen is not among them.
    """
    own = [line for line in lines if is_own(line, actor)]
    if chosen is None:
        wrong = bool(lines) and not own
    else:
        own = [line for line in own if line.id in chosen]
        wrong = {line.id for line in own} != chosen & {line.id for line in lines}
    if wrong:
        raise Refused(FOR_OTHERS)
    return own

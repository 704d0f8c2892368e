"""Pieces of a row that steps are taken for one by one: on its card and before a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.catalogue import record_named
from app.services import stepping
from app.views.base import addresses
from app.views.base.pages_portions import PortionLine, PortionRow
from app.views.base.words import say

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from app.kernel.record import Record
    from app.kernel.workflow import Step
    from app.services.stepping import Portion


def portions_of(session: Session, row: Record) -> tuple[PortionRow, ...]:
    """How it stands with each piece; nothing for rows whose steps are taken whole."""
    return tuple(_row(one) for one in stepping.portions(session, row, brief=True))


def portions_for(
    session: Session, row: Record, step: Step, chosen: Collection[str] | None
) -> tuple[PortionRow, ...]:
    """The pieces a step may be taken for, each with what will be written.

    ``chosen``: those ticked before, none at first: then all that nothing stands in the way of.
    """
    pieces = [one for one in stepping.portions(session, row) if one.step == step.name]
    return tuple(_offered(one, chosen) for one in pieces)


def _offered(one: Portion, chosen: Collection[str] | None) -> PortionRow:
    offered = not one.problems
    picked = offered and (chosen is None or one.key in chosen)
    lines = tuple(
        PortionLine(
            line.name,
            addresses.card(record_named(one.record), line.id),
            say(line.words) if line.words else "",
            line.wrong,
        )
        for line in one.lines
    )
    return _row(one, lines=lines, offered=offered, picked=picked)


def _row(
    one: Portion,
    lines: tuple[PortionLine, ...] = (),
    *,
    offered: bool = False,
    picked: bool = False,
) -> PortionRow:
    words, tone = _state(one)
    return PortionRow(
        one.key,
        say(one.title),
        words,
        tone,
        one.number,
        tuple(map(say, one.problems)),
        lines,
        addresses.batch(one.batch) if one.batch else "",
        offered,
        picked,
    )


def _state(one: Portion) -> tuple[str, str]:
    if one.batch:
        return _("Исполнено"), "ok"
    if one.problems:
        return _("Есть замечания"), "bad"
    return _("Готово к исполнению"), "warn"

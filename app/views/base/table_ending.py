"""What is said and asked where a table would end many rows that are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.errors import Message
from app.kernel.kinds.numbers import grouped
from app.services.table_ends import ENDS, STOPPED, stopping
from app.views.base.pages_imports import Ending
from app.views.base.words import say

if TYPE_CHECKING:
    from app.models.imports import DataImport


def where(number: int) -> str:
    """The page of a table."""
    return f"/imports/{number}"


def ending_of(file: DataImport, counts: dict[str, Any]) -> Ending | None:
    """What must be declared before the table is loaded."""
    told = stopping(counts)
    if not told:
        return None
    ended, in_force = grouped(told["ended"]), grouped(told["open"])
    return Ending(
        told["ended"],
        say(Message(STOPPED.text, ended=ended, open=in_force)),
        f"{where(file.id)}?part={ENDS}#part",
        _("Подтверждаю: закончить записей — %(ended)s из %(open)s", ended=ended, open=in_force),
    )

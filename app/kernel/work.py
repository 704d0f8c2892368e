"""Work in the background as those who do it see it: a task, its outcome, who does which kind.

Whoever can do a kind of work says so with ``handles``; the worker only calls it. So a job may be
done by any layer without the jobs knowing that layer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import IO

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.errors import Message


@dataclass(frozen=True, slots=True)
class Task:
    """One run of a job.

    ``session`` acts in the row scope of whoever asked, as of now; what it writes is committed
    together with the end of the job, or not at all. ``progress(done, total)`` may be called as
    often as one likes; it raises ``Cancelled`` when somebody wants the job to stop.
    """

    id: int
    kind: str
    params: Mapping[str, Any]
    session: Session
    actor: Actor
    language: str
    progress: Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: a sentence, figures, and perhaps a file that the asker may fetch.

    ``file``, which has no name (``kernel/scratch``), is put into the store of files and closed.
    """

    message: Message | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    file: IO[bytes] | None = None
    file_name: str = ""
    file_type: str = "application/octet-stream"


_handlers: dict[str, Callable[[Task], Outcome]] = {}


def handles(
    kind: str,
) -> Callable[[Callable[[Task], Outcome]], Callable[[Task], Outcome]]:
    """Decorator: this function does jobs of the kind. Raises ``ValueError`` for a second one."""

    def enter(handler: Callable[[Task], Outcome]) -> Callable[[Task], Outcome]:
        if kind in _handlers:
            message = f"jobs of kind {kind} are done by two"
            raise ValueError(message)
        _handlers[kind] = handler
        return handler

    return enter


def handler_of(kind: str) -> Callable[[Task], Outcome] | None:
    """Who does jobs of the kind, if anybody."""
    return _handlers.get(kind)

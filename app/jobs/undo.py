"""Taking a batch back in the background: an import may have written hundreds of thousands rows."""

from __future__ import annotations

from app.kernel.errors import Message
from app.kernel.work import Outcome, Task, handles
from app.services.undoing import undo

UNDONE = Message("Что изменила отмена")


@handles("undo")
def take_back(task: Task) -> Outcome:
    """Undo the batch ``params["batch"]``; tells how many rows and how many were left."""
    done = undo(task.session, task.params["batch"], task.actor, progress=task.progress)
    left = done.left.total()
    message = Message("Отменено, строк: %(rows)s.", rows=done.total)
    if left:
        message = Message(
            "Отменено, строк: %(rows)s. С тех пор менялось и оставлено как есть: %(left)s.",
            rows=done.total,
            left=left,
        )
    links = [[UNDONE.text, f"/batches/{done.batch}"]]
    return Outcome(message, {"batch": done.batch, "left": left, "links": links})

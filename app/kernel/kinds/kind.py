"""What is known about every value of one kind: store, check, show, mask, search, export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.types import TypeEngine

    from app.kernel.errors import Message

OPAQUE = "•••"
BY_TEXT = ("contains", "starts", "eq", "empty")
BY_NUMBER = ("eq", "starts", "empty")
BY_RANGE = ("eq", "from", "to", "empty")
BY_CHOICE = ("in", "empty")
OPPOSITE = {"eq": "ne", "contains": "lacks", "in": "out"}


def _opaque(_value: object) -> str:
    return OPAQUE


def _no_doubt(_value: object) -> Message | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """One kind of value; two kinds are equal only if they are the same object.

    ``parse`` takes a typed, pasted or imported text that is not blank and gives the stored normal
    form; it raises ``Invalid`` with a sentence that says what to do. ``show`` gives the text for
    people, ``edit`` the text of the form input (``parse(edit(value)) == value``), ``hidden`` what
    is left for those who may not see the value. ``warn`` gives a doubt that does not stop saving,
    ``proof`` says what ``parse`` has made sure of, where a person would want to do it by hand.

    ``sealed``: kept encrypted, so that only equal values can be looked for.

    ``mask`` is a pattern of the front end: "phone", "snils", "date", "time", "datetime",
    "digits:N" or "pattern:000-000", where 0 is a digit. ``width`` is of a grid of 12 columns,
    ``excel`` the number format of an export cell, ``operators`` are the filters: eq, contains,
    starts, from, to, in, empty. ``samples`` are right texts, ``bad`` ones that ``parse`` refuses.
    """

    name: str
    python: type
    column: TypeEngine[Any]
    parse: Callable[[str], Any]
    show: Callable[[Any], str] = str
    edit: Callable[[Any], str] = str
    hidden: Callable[[Any], str] = _opaque
    widget: str = "text"
    mask: str = ""
    inputmode: str = ""
    help: str = ""
    width: int = 4
    excel: str = "@"
    operators: tuple[str, ...] = BY_TEXT
    group: str = "open"
    classifier: str = ""
    target: str = ""
    warn: Callable[[Any], Message | None] = _no_doubt
    proof: Message | None = None
    sealed: bool = False
    samples: tuple[str, ...]
    bad: tuple[str, ...] = ()

    @property
    def comparisons(self) -> tuple[str, ...]:
        """The operators and their opposites: ne, lacks, out; yes is the opposite of no itself."""
        if self.python is bool:
            return self.operators
        opposites = (OPPOSITE[name] for name in self.operators if name in OPPOSITE)
        return (*self.operators, *opposites)

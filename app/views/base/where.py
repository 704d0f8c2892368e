"""Conditions with «and» and «or» in the address of a list, read and written.

``where=all(inn:starts:67,any(phone:empty:1,email:empty:1))``: a group is ``all`` or ``any`` of
conditions and of groups of conditions; a condition is ``field:operator:value``. In a value the
signs ``( ) , ~`` have a ``~`` before them; several codes have ``|`` between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.exceptions import BadRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = {"all": False, "any": True}
SIGNS = frozenset("(),~")
LONGEST = 2_000
MOST = 20  # conditions
DEEPEST = 2  # the group itself and one inside it
PARTS = 2  # colons of a condition


@dataclass(frozen=True, slots=True)
class Typed:
    """A condition as it stands in the address."""

    field: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class TypedGroup:
    """A group as it stands in the address."""

    any: bool
    parts: tuple[Typed | TypedGroup, ...]

    def conditions(self) -> Iterator[Typed]:
        """All conditions, those of inner groups too."""
        for part in self.parts:
            if isinstance(part, TypedGroup):
                yield from part.conditions()
            else:
                yield part


def parse(text: str) -> TypedGroup | None:
    """The group of an address; none for an empty text. Raises ``BadRequest`` for anything else."""
    if not text:
        return None
    if len(text) > LONGEST:
        raise BadRequest("where")
    reader = _Reader(text)
    found = reader.group(1)
    if reader.rest or sum(1 for _ in found.conditions()) > MOST:
        raise BadRequest("where")
    return found


def write(group: TypedGroup) -> str:
    """The text that ``parse`` reads; inner groups without conditions are left out."""
    parts = [
        write(part) if isinstance(part, TypedGroup) else _written(part)
        for part in group.parts
        if not isinstance(part, TypedGroup) or part.parts
    ]
    return f"{'any' if group.any else 'all'}({','.join(parts)})" if parts else ""


def _written(part: Typed) -> str:
    value = "".join(f"~{sign}" if sign in SIGNS else sign for sign in part.value)
    return f"{part.field}:{part.operator}:{value}"


class _Reader:
    """Reads the text from left to right, each sign once."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    @property
    def rest(self) -> str:
        return self._text[self._at :]

    def group(self, depth: int) -> TypedGroup:
        word, found, _ = self.rest.partition("(")
        if depth > DEEPEST or not found or word not in WORDS:
            raise BadRequest("where")
        self._at += len(word) + 1
        parts = [self._part(depth)]
        while self._take() == ",":
            parts.append(self._part(depth))
        if self._text[self._at - 1] != ")":
            raise BadRequest("where")
        return TypedGroup(WORDS[word], tuple(parts))

    def _part(self, depth: int) -> Typed | TypedGroup:
        if self.rest.startswith(("all(", "any(")):
            return self.group(depth + 1)
        field, operator, value = [*self._plain().split(":", PARTS), "", ""][: PARTS + 1]
        if not field or not operator:
            raise BadRequest("where")
        return Typed(field, operator, value)

    def _take(self) -> str:
        if self._at >= len(self._text):
            raise BadRequest("where")
        self._at += 1
        return self._text[self._at - 1]

    def _plain(self) -> str:
        """The text up to a comma or a bracket, the signs behind ``~`` taken as they are."""
        found = []
        while self._at < len(self._text) and self._text[self._at] not in "(),":
            sign = self._take()
            found.append(self._take() if sign == "~" else sign)
        return "".join(found)


def on_day(tree: TypedGroup | None, span: tuple[str, str], day: str) -> TypedGroup:
    """The conditions that a row holds on a day, with those there are; another day replaces it.

    A row without a last day holds still. Of conditions with «or» only plain ones can go along.
    """
    first, last = span
    until = TypedGroup(any=True, parts=(Typed(last, "empty", "1"), Typed(last, "from", day)))
    there = (Typed(first, "to", day), until)
    if tree is None:
        return TypedGroup(any=False, parts=there)
    if tree.any:
        plain = tuple(part for part in tree.parts if isinstance(part, Typed))
        return TypedGroup(any=False, parts=(*there, TypedGroup(any=True, parts=plain)))
    kept = (part for part in tree.parts if not _about(part, span))
    return TypedGroup(any=False, parts=(*there, *kept))


def day_of(tree: TypedGroup | None, span: tuple[str, str]) -> str:
    """The day that the conditions of ``on_day`` are about, as typed; empty where there is none."""
    if tree is None or tree.any:
        return ""
    for part in tree.parts:
        if isinstance(part, Typed) and (part.field, part.operator) == (span[0], "to"):
            there = on_day(None, span, part.value)
            if set(there.parts) <= set(tree.parts):
                return part.value
    return ""


def _about(part: Typed | TypedGroup, span: tuple[str, str]) -> bool:
    named = part.conditions() if isinstance(part, TypedGroup) else (part,)
    return all(one.field in span for one in named)

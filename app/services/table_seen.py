"""What earlier rows of a table have meant, kept as small numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Key = tuple[str, ...]
Values = tuple[Any, ...]


class Seen:
    """Marks of rows, each with the number of the first row that has it.

    A key of one attribute (СНИЛС) tells rows apart for certain. What several attributes say (a name
    and a birth date) means the same row only where one of the two rows gives no such number.
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        """Begin with nothing seen."""
        self.single: list[Key] = [key for key in keys if len(key) == 1]
        self.several: list[Key] = [key for key in keys if len(key) > 1]
        self.first: dict[int, int] = {}

    def row(self, number: int, ident: int) -> int | None:
        """The earlier row of the file that means this row of the portal."""
        return self._met(number, "id", ident)

    def values(self, number: int, told: Mapping[Key, Values | None]) -> tuple[int | None, bool]:
        """The earlier row that means the same new one, and whether that is sure."""
        numbers = [key for key in self.single if told[key] is not None]
        for key in numbers:
            if first := self._met(number, key, told[key]):
                return first, True
        for key in self.several:
            value = told[key]
            first, surely = None, False
            if value is not None:
                first, surely = self._named(number, key, value, numbered=bool(numbers))
            if first:
                return first, surely
        return None, False

    def _named(
        self, number: int, key: Key, value: Values, *, numbered: bool
    ) -> tuple[int | None, bool]:
        """The earlier row with these values, where one of the two has no number of its own."""
        bare = self.first.get(hash(((key, "bare"), value)))
        first = self._met(number, key, value)
        if numbered:
            return bare, False
        self._met(number, (key, "bare"), value)
        return bare or first, bare is not None

    def _met(self, number: int, mark: object, value: object) -> int | None:
        first = self.first.setdefault(hash((mark, value)), number)
        return first if first != number else None

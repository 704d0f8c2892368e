"""A row of a table on its way into the portal: what it says, what it means, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.kernel.errors import Invalid, Message
from app.services.table_columns import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from app.imports.spreadsheets import Cell
    from app.kernel.record import Record
    from app.services.table_matching import Standing

NEW, CHANGED, SAME, SKIPPED = "new", "changed", "same", "skipped"
NO_SUCH_KEY = Message("Записи с таким ключом нет. Очистите ключ, чтобы добавить новую запись.")
NO_PARENT = Message("Такой записи нет: проверьте, к чему относится строка.")
WHOSE = Message("Заполните, к чему относится строка: без этого запись не сохранить.")
AMBIGUOUS = Message("Подходит несколько записей портала. Укажите ключ нужной: он есть в выгрузке.")
TWICE = Message("Это та же запись, что в строке %(row)s. Оставьте одну из них.")
ALIKE = Message(
    "Похоже, это та же запись, что в строке %(row)s: всё, по чему записи узнают, совпадает, кроме "
    "номера, которого в одной из строк нет. Оставьте одну строку или укажите номер в обеих."
)
CANNOT_ADD = Message("Такой записи на портале нет, а добавлять их вам нельзя.")
NO_CELL = Message("Такого значения нет: «%(typed)s». Проверьте название или укажите ключ.")
SEVERAL = Message("Под этим названием несколько записей. Укажите ключ нужной вместо названия.")
MOVED = Message("Пока шла загрузка, эту запись изменили. Загрузите файл ещё раз.")


@dataclass(slots=True)
class Draft:
    """One row. ``values`` are what its cells say, ``named`` what names its parent.

    ``present`` is the row of the portal it means, ``row`` that row as it is to be, not in any
    session; ``changes`` are the attributes that differ, each before and after.
    """

    number: int
    cells: Sequence[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)
    problems: list[Invalid] = field(default_factory=list)
    uid: UUID | None = None
    parent: Standing | None = None
    present: Standing | None = None
    row: Record | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    pointed: dict[str, int] = field(default_factory=dict)  # rows that cells name beyond doubt
    facts: dict[str, Any] | None = None  # what it says as keys take it, once it is known
    told: dict[tuple[str, ...], tuple[Any, ...] | None] = field(default_factory=dict)  # its keys
    sealed: dict[str, str] = field(default_factory=dict)  # restricted texts as they were written
    ident: int | None = None  # of the written row

    @property
    def state(self) -> str:
        """What becomes of it."""
        if self.problems:
            return SKIPPED
        if self.present is None:
            return NEW
        return CHANGED if self.changes else SAME

    @property
    def organisation(self) -> int | None:
        """Whose row it is, as far as is known."""
        for row in (self.present, self.parent):
            if row is not None and "organisation_id" in row:
                found: int | None = row["organisation_id"]
                return found
        return None

    def refuse(self, why: Message | Invalid, code: str = KEY, **values: object) -> None:
        """Note what is wrong, with the code of the column it is about."""
        if isinstance(why, Message):
            why = Invalid(why.text, field=code, **(dict(why.values) | values))
        self.problems.append(why)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is read: which column fills what, and what an empty cell means."""

    record: type[Record]
    columns: Mapping[int, str]  # place in the file → code of a target
    clear: bool = False  # an empty cell empties the value

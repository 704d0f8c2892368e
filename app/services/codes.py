"""Codes of classifiers as they are sent, by a form, a program or a file: those in force only.

A code that has ended stays in the rows that have it, which may be saved with it as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.kernel.choices import Choices
from app.kernel.clock import today
from app.kernel.errors import Invalid, Message
from app.models.reference import ClassifierItem
from app.services.validity import CHOOSE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record

ENDED = Message("Это значение больше не действует. Выберите другое.")


def accepted(field: Field, stored: Any, book: Choices, row: Record | None = None) -> Any:
    """The value, if its codes may be chosen today or are those of the row. Raises ``Invalid``."""
    classifier = field.kind.classifier
    if not classifier:
        return stored
    present = set() if row is None else set(_codes(field, getattr(row, field.name)))
    for code in _codes(field, stored):
        if code not in present and not book.stands(classifier, code, today()):
            raise Invalid(ENDED if book.find(classifier, code) else CHOOSE)
    return stored


def read_choices(session: Session) -> Choices:
    """All classifiers as they stand, ended values too."""
    item = ClassifierItem
    rows = session.execute(
        select(
            item.classifier,
            item.code,
            item.name_ru,
            item.name_en,
            item.name_short,
            item.sort,
            item.parent_code,
            item.extra,
            item.valid_to,
        ).order_by(item.classifier, item.sort, item.name_ru)
    ).all()
    return Choices.of_rows([_dated(*row) for row in rows])


def _dated(*row: Any) -> tuple[Any, ...]:
    """A row for ``Choices``: the last day of a closed value goes into its extras."""
    *values, extra, until = row
    return (*values, {**(extra or {}), "until": until.isoformat()} if until else extra)


def _codes(field: Field, stored: Any) -> list[str]:
    if stored is None:
        return []
    return str(stored).split(";") if field.kind.widget == "choices" else [str(stored)]

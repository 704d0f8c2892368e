"""Rules between the values of a row that the database itself keeps, with words for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from app.kernel.record import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Constraint

    from app.kernel.errors import Message
    from app.kernel.record import Record


def rule(name: str, condition: str, field: str, message: Message) -> CheckConstraint:
    """A condition over the columns of one row; without a value it holds."""
    refusal = Refusal(name, field, message)
    return CheckConstraint(text(condition), name=name, info={"refusal": refusal})


def apart(
    name: str, pairs: tuple[tuple[str, str], ...], where: str, field: str, message: Message
) -> Constraint:
    """Rows of which no two may overlap in all these expressions at once."""
    constraint: Any = ExcludeConstraint(
        *((text(expression), operator) for expression, operator in pairs),
        name=name,
        using="gist",
        where=text(where),
    )
    constraint.info["refusal"] = Refusal(name, field, message)
    return constraint  # type: ignore[no-any-return]  # what SQLAlchemy leaves untyped


def refusals_of(record: type[Record]) -> Iterator[Refusal]:
    """All rules of a record, by the names the database reports them under."""
    for constraint in record.__table__.constraints:
        declared = constraint.info.get("refusal")
        if declared is not None:
            yield Refusal(str(constraint.name), declared.field, declared.message)
    yield from record.about.refusals

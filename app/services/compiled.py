"""Large statements that are asked for with one value only: made into text once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Select
    from sqlalchemy.orm import Session


class Compiled:
    """A statement over twenty tables; to look its text up costs more than to ask the database.

    It must name tables, not records: what hides the trash in queries of records does not see it.
    """

    def __init__(self, statement: Select[Any]) -> None:
        """Keep the statement until it is first asked for: the dialect is not known before."""
        self._statement = statement
        self._text = ""
        self._values: dict[str, Any] = {}

    def ask(self, session: Session, **values: int) -> CursorResult[Any]:
        """Send it with the values of its parameters."""
        connection = session.connection()
        if not self._text:
            compiled = self._statement.compile(dialect=connection.dialect)
            self._values = dict(compiled.construct_params(values))
            self._text = str(compiled)
        return connection.exec_driver_sql(self._text, {**self._values, **values})

"""Many rows as one parameter: thousands of parameters are slow to send and to plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, cast, column, func
from sqlalchemy.dialects.postgresql import JSON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import FromClause
    from sqlalchemy.types import TypeEngine


def given(types: Mapping[str, TypeEngine[Any]]) -> FromClause:
    """The rows of the parameter ``given`` as a table with these columns."""
    rows = func.json_to_recordset(cast(bindparam("given", type_=Text), JSON))
    columns = (column(name, kind) for name, kind in types.items())
    return rows.table_valued(*columns).render_derived(name="given", with_types=True)


def given_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """The parameter: what JSON does not know is written as text, which the columns read.

    What is absent from a row is null there, so that nothing need be sent for it.
    """
    told = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return json.dumps(told, default=str, ensure_ascii=False, separators=(",", ":"))

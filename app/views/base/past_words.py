"""Everything that lines of the log name, asked for in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map, record_named
from app.services.past import field_values
from app.services.timeline import PERSON, named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.services.timeline import Asked, Words
    from app.views.base.words import Presenter

    Named = dict[str, dict[int, Words]]


def learn_lines(
    session: Session,
    lines: Sequence[Row[Any]],
    show: Presenter,
    *,
    rows: bool = False,
    asked: Asked | None = None,
) -> Named:
    """Teach the presenter the words of all rows the lines point to, and give them.

    ``rows``: the rows that were written as well; ``asked``: the people who wrote its newest lines.
    """
    wanted: dict[str, set[int]] = {}
    for one in lines:
        fields = field_map(record_named(one.table_name))
        for name, *values in field_values(one):
            target = fields[name].kind.target if name in fields else ""
            if target:
                wanted.setdefault(target, set()).update(v for v in values if v is not None)
        if rows:
            wanted.setdefault(one.table_name, set()).add(one.row_id)
    wanted[PERSON] = {one.user_id for one in lines if one.user_id}
    found = named(session, wanted, asked)
    for target, ids in wanted.items():
        words = found.get(target, {})
        show.know({target: {i: words[i].text if i in words else "" for i in ids}})
    return found

"""A line of a request in words: what stood, stands and is asked, what differs, what was checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.canonical import canonical, restored
from app.kernel.catalogue import field_map, record_named
from app.kernel.proofs import proof_of
from app.security.roles import RoleCode
from app.services.reviewing import is_own
from app.services.row_ends import END, moved_since, written_by
from app.views.base.guard import identity
from app.views.base.pages import Cell
from app.views.base.pages_requests import LineView
from app.views.base.pasts import compared
from app.views.base.words import label, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.models.registry_requests import EditRequestLine
    from app.views.base.words import Presenter

BIK = "bik"  # of the record that accounts are kept in
NONE = Cell(empty=True)
ROW: dict[str, Any] = {"id": 0, "state": NONE}  # a further value of a new row
LINE_STATES = {
    "pending": ("Ждёт решения", "warn"),
    "approved": ("Принято", "ok"),
    "rejected": ("Отклонено", "bad"),
    "conflict": ("Значение изменилось", "bad"),
    "scheduled": ("Принято, ждёт дня вступления", "ok"),
    "stale": ("Изменено напрямую", "off"),
}


@dataclass(slots=True)
class Typed:
    """What somebody typed into the decision before it was refused."""

    choices: Mapping[int, str] = field(default_factory=dict)
    comments: Mapping[int, str] = field(default_factory=dict)
    errors: Mapping[int, str] = field(default_factory=dict)
    comment: str = ""
    step: str = ""
    problems: tuple[str, ...] = ()


def beside(
    declared: Field, base: Cell, wanted: Cell, value: Any, around: Mapping[str, Any]
) -> dict[str, Any]:
    """What a line says beside its cells: the same word by word, what its digits prove.

    ``around``: the values that the row would have together with this one.
    """
    was, now = compared(declared, base, wanted)
    proof = proof_of(declared.kind, value, around.get(BIK))
    return {
        "was": was,
        "now": now,
        "proof": say(proof.message) if proof else "",
        "proven": proof is not None and proof.right,
    }


def around(lines: Iterable[EditRequestLine], row: Record | None) -> dict[str, Any]:
    """Values of the row as it would be: those that are asked for over those that stand."""
    found = {BIK: getattr(row, BIK, None)}
    for line in lines:
        if line.op == "U" and line.field == BIK and row is not None:
            found[BIK] = restored(type(row), BIK, line.wanted)
    return found


def line_views(
    line: EditRequestLine,
    row: Record | None,
    show: Presenter,
    typed: Typed,
    said: Mapping[str, str],
    values: Mapping[str, Any],
) -> list[LineView]:
    """A line as the page shows it; of a new row one for each of its values.

    ``said``: who changed a field meanwhile; ``values``: what the row would be.
    """
    record, common = record_named(line.target_table), common_of(line, typed)
    if line.op == "I":
        return _of_new(line, record, show, common)
    declared = field_map(record).get(line.field or "")
    if declared is None:
        return [_of_old(line, common)]
    moved = row is not None and bool(moved_of([line], row))
    base, wanted = (_cell(record, declared, kept, show) for kept in (line.base, line.wanted))
    return [
        LineView(
            label=label(record, declared.label),
            base=base,
            wanted=wanted,
            **common,
            **beside(declared, base, wanted, restored(record, declared.name, line.wanted), values),
            open=line.open,
            disputed=line.line_state == "conflict",
            present=show.cell(declared, getattr(row, declared.name)) if moved else None,
            moved=said.get(declared.name, "") if moved else "",
            version=row.version if row is not None else 0,
        )
    ]


def common_of(line: EditRequestLine, typed: Typed) -> dict[str, Any]:
    """What is said of any line, with what was typed beside it before it was refused."""
    words, tone = LINE_STATES[line.line_state]
    return {
        "id": line.id,
        "state": Cell(_(words), tone=tone),
        "comment": typed.comments.get(line.id, line.comment or ""),
        "choice": typed.choices.get(line.id, _held_choice(line)),
        "error": typed.errors.get(line.id, ""),
        "elsewhere": "" if is_own(line, identity()) else others_decide(line),
    }


def others_decide(line: EditRequestLine) -> str:
    """Who decides the line, where its reader does not."""
    reviewer = identity().reviewer(line.target_table, written_by(line))
    return _("Решает министерство") if reviewer is RoleCode.DEPARTMENT else _("Решает оператор")


def _held_choice(line: EditRequestLine) -> str:
    """What was decided about a line already, while it waits for its day."""
    return "approve" if line.line_state == "scheduled" else ""


def _of_old(line: EditRequestLine, common: dict[str, Any]) -> LineView:
    """A field of an earlier release: its values as they were kept."""
    base, wanted = (Cell(str(v)) if v else Cell(empty=True) for v in (line.base, line.wanted))
    return LineView(
        **common,
        label=line.field or "",
        base=base,
        present=None,
        wanted=wanted,
        open=line.open,
        disputed=False,
    )


def _of_new(
    line: EditRequestLine, record: type[Record], show: Presenter, common: dict[str, Any]
) -> list[LineView]:
    """The values of a new row, decided as one: only the first has a choice beside it."""
    fields = field_map(record)
    found = []
    for place, (name, kept) in enumerate(line.wanted.items()):
        more: dict[str, Any] = ROW if place else common
        f, wanted = fields.get(name), Cell(str(kept))
        if f is not None:
            wanted = _cell(record, f, kept, show)
            more = more | beside(f, NONE, wanted, restored(record, name, kept), line.wanted)
        found.append(
            LineView(
                label=label(record, f.label) if f else name,
                base=NONE,
                present=None,
                wanted=wanted,
                whole=not place,
                **more,
                open=line.open and not place,
                disputed=False,
            )
        )
    return found


def moved_of(lines: Sequence[EditRequestLine], row: Record) -> set[str]:
    """Attributes whose value is no more what the author saw."""
    ends = (moved_since(line, row) for line in lines if line.open and line.op == END)
    return set().union(*ends) | {
        line.field
        for line in lines
        if line.open
        and line.field in field_map(type(row))
        and canonical(getattr(row, line.field)) != line.base
    }


def _cell(record: type[Record], declared: Field, kept: Any, show: Presenter) -> Cell:
    return show.cell(declared, restored(record, declared.name, kept))

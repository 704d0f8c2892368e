"""Two rows of people in words, side by side; masks as the rights say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import record_named
from app.kernel.clock import local
from app.kernel.rights import shown
from app.services import joining
from app.services.past import user_names
from app.views.base import addresses
from app.views.base.guard import identity
from app.views.base.pages import Cell, Link
from app.views.base.pages_doubles import DecisionLine, DoublePage, Said
from app.views.base.words import Presenter, choices, label

if TYPE_CHECKING:
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.services.joining import Pair

NO_CELL = Cell(empty=True)
PAPER = ("doc_type_code", "series", "number")


def kind_of(name: str) -> str:
    """What somebody is: a learner, a parent."""
    record = record_named(name)
    return label(record, record.about.title)


def pair_page(pair: Pair, *, problem: str = "", reason: str = "") -> DoublePage:
    """Everything both rows say, with what differs marked."""
    show = Presenter(choices(identity().stamp))
    rows = (pair.first, pair.second)
    gone = any(row.deleted_at for row in rows)
    return DoublePage(
        title=show.named(pair.first),
        home_href="/doubles/",
        action=f"/doubles/{pair.candidate.id}",
        state=pair.candidate.state,
        first=_link(pair.first),
        second=_link(pair.second),
        lines=(*_fields(pair, show), _papers(pair, show)),
        merges=pair.merges,
        joined=pair.joined,
        gone=gone,
        returns=joining.can_return(pair),
        past=_past(pair),
        problem=problem,
        reason=reason,
    )


def _link(row: Record) -> Link:
    where = "" if row.deleted_at else addresses.card(type(row), row.id)
    return Link(f"{kind_of(row.__tablename__)} № {row.id}", where)


def _fields(pair: Pair, show: Presenter) -> tuple[Said, ...]:
    """A line for every attribute that either row has a value of."""
    sides: list[dict[str, Cell]] = []
    titles: dict[str, str] = {}
    for row in (pair.first, pair.second):
        fields = shown(type(row), identity())
        show.learn(fields, [[getattr(row, f.name) for f in fields]])
        titles = {f.name: label(type(row), f.label) for f in fields} | titles
        sides.append({f.name: show.cell(f, getattr(row, f.name)) for f in fields})
    found = []
    for name, title in titles.items():
        first, second = (side.get(name, NO_CELL) for side in sides)
        if not (first.empty and second.empty):
            raw = (getattr(row, name, None) for row in (pair.first, pair.second))
            found.append(Said(title, first, second, len(set(raw)) > 1))
    return tuple(found)


def _papers(pair: Pair, show: Presenter) -> Said:
    """The identity documents of both."""
    first, second = (_papers_of(row, show) for row in (pair.first, pair.second))
    return Said(_("Документы"), first, second, first.text != second.text)


def _papers_of(row: Record, show: Presenter) -> Cell:
    record = record_named(f"{row.__tablename__}_identity_document")
    fields: dict[str, Field] = {f.name: f for f in shown(record, identity())}
    rows = joining.papers(db.session(), row)
    texts = [
        " ".join(
            show.cell(fields[name], getattr(paper, name)).text
            for name in PAPER
            if name in fields and getattr(paper, name) is not None
        )
        for paper in rows
    ]
    return Cell("; ".join(texts)) if texts else NO_CELL


def _past(pair: Pair) -> tuple[DecisionLine, ...]:
    words = {
        "same": _("Один человек"),
        "different": _("Разные люди"),
        "back": _("Решение отменено"),
    }
    found = joining.past(db.session(), pair.candidate.id)
    names = user_names(db.session(), {one.decided_by for one in found})
    return tuple(
        DecisionLine(
            local(one.decided_at).strftime("%d.%m.%Y %H:%M"),
            names.get(one.decided_by or 0, "") or _("портал: совпали имя, день рождения, документ"),
            words[one.decision],
            one.reason or "",
        )
        for one in found
    )

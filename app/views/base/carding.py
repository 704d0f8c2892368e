"""The page of one record: sections of facts, its lists, completeness, what may be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.appendix3 import ITEMS
from app.kernel.catalogue import record_named
from app.kernel.clock import local
from app.kernel.completeness import missing, weigh
from app.kernel.rights import askable_in_new, requestable, revealable, shown, writable_in
from app.services.keep import may_trash
from app.services.lists import first_rows
from app.services.past import user_names
from app.services.stepping import open_steps
from app.views.base import addresses
from app.views.base.class_card import learners_of
from app.views.base.columns import columns_of
from app.views.base.end_words import way_to_end
from app.views.base.facts import sections, source
from app.views.base.guard import identity
from app.views.base.items import items_panel
from app.views.base.listing import child_records, may_add_child, rows_of
from app.views.base.pages import (
    Cell,
    ChildList,
    Column,
    Completeness,
    Link,
    RecordPage,
)
from app.views.base.portioning import portions_of
from app.views.base.words import Presenter, choices, label, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.browse import Page

    Shown = tuple[type[Record], tuple[Field, ...], Page]

CHILD_ROWS = 25


def record_page(
    session: Session,
    row: Record,
    actor: Identity,
    show: Presenter,
    revealed: frozenset[str] = frozenset(),
) -> RecordPage:
    """Everything the capacity may see of one row; ``revealed``: masked values of this answer."""
    record = type(row)
    organisation, may_write = getattr(row, "organisation_id", None), writable_in(row, actor)
    fields = shown(record, actor, revealed)
    masks = {f.name for f in revealable(record, actor)} - revealed
    lists = _lists(session, row, actor)
    _learn(show, row, fields, lists)
    past = oversees(actor, organisation)
    panel = items_panel(session, row, actor, may_write, dated=past)
    edit = Link(_("Изменить"), addresses.edit(record, row.id), "pencil", "primary")
    return RecordPage(
        title=show.named(row),
        kind=label(record, record.about.title),
        crumbs=crumbs(session, row),
        sections=sections(row, fields, show, masks),
        children=learners_of(session, row, actor, show)
        + tuple(_child(*one, row, actor, show) for one in lists),
        status=_status(row, fields, show),
        edit=edit if may_write else None,
        ask=None if may_write else _asking(row, actor, organisation),
        history_href=addresses.history(record, row.id) if past else "",
        trash_href=f"{addresses.card(record, row.id)}/trash" if may_trash(row, actor) else "",
        end_href=way_to_end(row, actor),
        steps=tuple(_steps(row, actor)),
        portions=portions_of(session, row),
        version=row.version,
        read_only="" if may_write else say(why_read_only(record, actor)),
        completeness=None if panel else _completeness(row, fields, may_write),
        items=panel,
        stamp=_stamp(session, row),
        who_href=addresses.who(record, row.id) if about_learner(record) else "",
        revealed=", ".join(label(record, f.label) for f in fields if f.name in revealed),
    )


def about_learner(record: type[Record]) -> bool:
    """Whether a row of the record is a learner, and not something about one."""
    return record.about.learner == "id"


def _steps(row: Record, actor: Identity) -> Iterator[Link]:
    for step in open_steps(row, actor):
        href = addresses.step(type(row), row.id, step.name)
        icon = step.icon or ("close" if step.tone == "danger" else "check")
        yield Link(label(type(row), step.title), href, icon, step.tone)


def _asking(row: Record, actor: Identity, organisation: int | None) -> Link | None:
    """The way to a request, where there is something to ask for."""
    if not requestable(type(row), actor, organisation):
        return None
    where = f"{addresses.card(type(row), row.id)}/request"
    return Link(_("Запросить изменение"), where, "inbox")


def why_read_only(record: type[Record], actor: Identity) -> str:
    """The reason nothing can be changed here, as a sentence."""
    if any(
        actor.may(f"can_write_{policy}", record.__tablename__)
        for policy in ("direct", "request", "operator")
    ):
        return "Только просмотр: эту запись меняет другая организация или оператор."
    return "Только просмотр: эти сведения меняет оператор."


def oversees(actor: Identity, organisation_id: int | None) -> bool:
    """Whether the capacity may read who changed what in this organisation's rows."""
    if actor.scope.role == "region":
        return True
    return actor.scope.role == "org" and organisation_id in actor.scope.orgs


def caption(row: Record) -> str:
    """The words that name a row, in the language of the request."""
    return Presenter(choices(identity().stamp)).named(row)


def crumbs(
    session: Session,
    row: Record | None,
    record: type[Record] | None = None,
    parent: Record | None = None,
) -> tuple[Link, ...]:
    """The way from the list down to the parent of this row."""
    record = type(row) if row is not None else record
    assert record is not None  # noqa: S101 - one of both is given
    if parent is None and row is not None and record.about.parent:
        parent = session.get(record_named(record.about.parent), getattr(row, record.about.owner))
    if parent is None:
        return (Link(label(record, record.about.title_many), addresses.home(record)),)
    above = Link(caption(parent), addresses.card(type(parent), parent.id))
    return (*crumbs(session, parent), above)


def _status(row: Record, fields: tuple[Field, ...], show: Presenter) -> Cell | None:
    found = next((f for f in fields if f.name in {"status", "status_code"}), None)
    return show.cell(found, getattr(row, found.name)) if found else None


def _lists(session: Session, parent: Record, actor: Identity) -> list[Shown]:
    """Everything that belongs to the row, asked for in one statement."""
    asked = [(child, _child_fields(child, actor)) for child in child_records(type(parent), actor)]
    found = first_rows(session, parent.id, asked, CHILD_ROWS)
    return [(child, fields, page) for (child, fields), page in zip(asked, found, strict=True)]


def _learn(show: Presenter, row: Record, fields: tuple[Field, ...], lists: list[Shown]) -> None:
    """The words of all rows that the page names, those of its lists included, in one statement."""
    named = [(f, getattr(row, f.name)) for f in fields]
    for _record, columns, page in lists:
        named += [(f, getattr(line, f"f_{f.name}")) for line in page.rows for f in columns]
    pairs = [(f, value) for f, value in named if f.kind.target]
    show.learn([f for f, _value in pairs], [[value for _field, value in pairs]])


def _child_fields(child: type[Record], actor: Identity) -> tuple[Field, ...]:
    hidden = {child.about.owner, "" if child.about.holder else "organisation_id"}
    return tuple(f for f in columns_of(child, actor) if f.name not in hidden)


def _child(
    child: type[Record],
    fields: tuple[Field, ...],
    page: Page,
    parent: Record,
    actor: Identity,
    show: Presenter,
) -> ChildList:
    item = ITEMS.get(child.about.item)
    return ChildList(
        child.__tablename__,
        label(child, child.about.title_many),
        _heads(child, fields),
        rows_of(child, fields, page, actor, show),
        f"{len(page.rows)}{'+' if page.more_after else ''}",
        _adding(child, parent, actor),
        f"{addresses.home(child)}?{child.about.owner}__in={parent.id}" if page.more_after else "",
        item.code if item else "",
        source(item),
        _shelf(type(parent), child.about.shelf),
    )


def _adding(child: type[Record], parent: Record, actor: Identity) -> Link | None:
    """The way to a new row of a list: the form that adds it, or the one that asks for it."""
    organisation = getattr(parent, "organisation_id", None)
    if may_add_child(child, actor, organisation):
        return Link(_("Добавить"), f"{addresses.base(child)}/add?parent={parent.id}", "plus")
    if askable_in_new(child, actor, organisation):
        where = f"{addresses.base(child)}/request?parent={parent.id}"
        return Link(_("Запросить добавление"), where, "inbox")
    return None


def _shelf(parent: type[Record], name: str) -> str:
    titles = (shelf.title for shelf in parent.about.shelves if shelf.id == name)
    return label(parent, next(titles, "")) if name else ""


def _heads(child: type[Record], fields: tuple[Field, ...]) -> tuple[Column, ...]:
    words = child.about.caption_label
    first = (Column("caption", label(child, words)),) if words else ()
    return (*first, *(Column(f.name, label(child, f.label)) for f in fields))


def _completeness(
    row: Record, fields: tuple[Field, ...], may_write: frozenset[str]
) -> Completeness | None:
    filled, total = weigh(row, fields)
    if not total:
        return None
    record = type(row)
    where = addresses.edit(record, row.id) if may_write else addresses.card(record, row.id)
    return Completeness(
        100 * filled // total,
        filled,
        total,
        tuple(Link(label(record, f.label), f"{where}#{f.name}") for f in missing(row, fields)),
    )


def _stamp(session: Session, row: Record) -> str:
    when = local(row.updated_at).strftime("%d.%m.%Y %H:%M")
    who = user_names(session, {row.updated_by}).get(row.updated_by or 0, "")
    return (
        _("Изменено %(when)s, %(who)s", when=when, who=who)
        if who
        else _("Изменено %(when)s", when=when)
    )

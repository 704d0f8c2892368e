"""The list page of a record, made from its declarations."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask_babel import gettext as _

from app.kernel.catalogue import CAPTION, children_of, field_map
from app.kernel.record import Reading
from app.kernel.rights import DELETE, EXPORT, addable, may_add, reaches, writable
from app.services.browse import browse, count, totals_of
from app.services.seeking import exact
from app.services.table_columns import loadable
from app.views.base import addresses
from app.views.base.ask import dated
from app.views.base.columns import shown_columns
from app.views.base.daily import day_totals, with_day
from app.views.base.emptiness import empty
from app.views.base.filters import chips_of, filtered, inputs
from app.views.base.pages import Cell, Column, Link, ListPage, Row
from app.views.base.pages_list import Tools, ViewChip
from app.views.base.placing import token
from app.views.base.selecting import bar
from app.views.base.switching import switcher
from app.views.base.words import Presenter, label, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.browse import Count, Page
    from app.views.base.ask import Asked
    from app.views.base.saved import Opened

NARROW_SPACE = "\u202f"


def list_page(session: Session, found: Opened, actor: Identity, show: Presenter) -> ListPage:
    """Ask the database for one page and its count, and put them into words."""
    asked = found.asked
    record, query = asked.query.record, asked.query
    path = addresses.home(record)
    reset = f"{path}?based=0" if found.personal.first else path
    fields = shown_columns(asked, actor)
    classes = switcher(session, asked, path, actor, show)  # before others ask for the same words
    number = count(session, query)
    page = browse(session, query, fields, few=number.few)
    rows = rows_of(record, fields, page, actor, show)
    columns, rows = with_day(query, _headers(record, fields, asked, path), rows, page)
    add = _adding(record, actor)
    chips = chips_of(asked, path, show)
    return ListPage(
        title=label(record, record.about.title_many),
        count=counted(number),
        columns=columns,
        rows=rows,
        search=query.search,
        search_hint=_search_hint(record, actor),
        filters=inputs(filtered(record, actor, fields), asked, show),
        chips=chips,
        action=path,
        hidden=_hidden(asked),
        reset_href=reset,
        problems=tuple(say(problem) for problem in asked.problems),
        first_href=asked.address(path) if query.place else "",
        previous_href=asked.address(path, before=token(page.first)) if page.more_before else "",
        next_href=asked.address(path, after=token(page.last)) if page.more_after else "",
        add=add,
        exports=_exports(record, actor, asked),
        empty=None if rows else empty(asked, path, chips, actor, add),
        tools=_tools(found, actor, reset),
        switcher=classes,
        dated=dated(record) is not None,
        totals=day_totals(query, totals_of(session, query)),
        bin_href=addresses.bin_of(record) if actor.may(DELETE, record.__tablename__) else "",
        selection=bar(asked, number, actor, more=page.more_before or page.more_after),
    )


def _search_hint(record: type[Record], actor: Identity) -> str:
    about = record.about
    if not about.search:
        return ""
    whole = about.exact_hint and exact(record, actor) == about.exact
    return label(record, about.exact_hint if whole else about.search_hint)


def rows_of(
    record: type[Record], fields: Sequence[Field], page: Page, actor: Identity, show: Presenter
) -> tuple[Row, ...]:
    """Rows with their addresses; the pencil is there only where something may be changed."""
    pencil = any(writable(record, actor, org) for org in _reached(record, page, actor))
    return tuple(
        Row(
            row.id,
            addresses.card(record, row.id),
            (Cell(row.words), *cells) if record.about.caption_label else cells,
            addresses.edit(record, row.id)
            if pencil and reaches(record, actor, row.organisation)
            else "",
        )
        for row, cells in zip(page.rows, show.table(fields, page.rows), strict=True)
    )


def _reached(record: type[Record], page: Page, actor: Identity) -> set[int | None]:
    """One organisation of the page whose rows the capacity may write, if there is any.

    Which attributes may be typed depends on the organisation only by whether it is reached.
    """
    of = (row.organisation for row in page.rows)
    reached = (organisation for organisation in of if reaches(record, actor, organisation))
    return set(islice(reached, 1))


def counted(number: Count) -> str:
    """A count in words: exact, «≈», or «более»."""
    text = f"{number.number:,}".replace(",", NARROW_SPACE)
    if not number.exact:
        return _("≈ %(number)s записей", number=text)
    if number.capped:
        return _("более %(number)s записей", number=text)
    return _("Записей: %(number)s", number=text)


def _tools(found: Opened, actor: Identity, plain: str) -> Tools:
    """Saved views as chips, and the addresses of the dialogs with the list as it stands."""
    asked = found.asked
    base = addresses.base(asked.query.record)
    own = found.view is not None and found.view.user_id == actor.user_id
    return Tools(
        filter_href=asked.address(f"{base}/filter"),
        columns_href=asked.address(f"{base}/columns"),
        views_href=asked.address(f"{base}/views"),
        export_href=asked.address(f"{base}/export")
        if actor.may(EXPORT, asked.query.record.__tablename__)
        else "",
        load_href=f"{base}/import" if loadable(asked.query.record, actor) else "",
        views=_chips(found, actor, plain),
        savable=bool(asked.query.narrow or asked.cols) and (found.view is None or found.changed),
        update=f"{base}/views/{found.view.id}" if found.view and own and found.changed else "",
        query=asked.text(based=None),
    )


def _own(actor: Identity) -> int | None:
    """The organisation the capacity is of."""
    return actor.capacity.organisation_id if actor.capacity else None


def _adding(record: type[Record], actor: Identity) -> Link | None:
    """The way to a new row: of the own organisation, where rows are entered under one."""
    base, parent, own = addresses.base(record), record.about.parent, _own(actor)
    if not may_add(record, actor):
        return None
    if not parent:
        return Link(_("Добавить"), f"{base}/add", "plus", "primary")
    if own is not None and parent == "organisation" and reaches(record, actor, own):
        return Link(_("Добавить"), f"{base}/add?parent={own}", "plus", "primary")
    return None


def _chips(found: Opened, actor: Identity, plain: str) -> tuple[ViewChip, ...]:
    """All rows, those of the own organisation where a list has others as well, saved views."""
    asked, chips = found.asked, []
    record = asked.query.record
    own = _own(actor)
    shared = "organisation_id" in field_map(record) and record.about.reading is Reading.EVERYBODY
    mine = ("organisation_id__in", str(own))
    only = found.view is None and asked.typed == (mine,) and asked.where is None
    if own is not None and shared:
        where = f"{addresses.home(record)}?{mine[0]}={mine[1]}"
        chips.append(ViewChip(_("Моя организация"), where, current=only))
    base = addresses.base(record)
    chips += [
        ViewChip(view.name, f"{base}/?view={view.id}", current=view == found.view)
        for view in found.personal.views
    ]
    every = ViewChip(_("Все записи"), plain, current=found.view is None and not only)
    return (every, *chips) if chips else ()


def _headers(
    record: type[Record], fields: Sequence[Field], asked: Asked, path: str
) -> tuple[Column, ...]:
    columns = [_header(record, f.name, f.label, asked, path, ordered=f.ordered) for f in fields]
    if record.about.caption_label:
        words = record.about.caption_label
        columns.insert(0, _header(record, CAPTION, words, asked, path, ordered=True))
    return tuple(columns)


def _header(
    record: type[Record], name: str, text: str, asked: Asked, path: str, *, ordered: bool
) -> Column:
    query = asked.query
    direction = ("desc" if query.descending else "asc") if name == query.order else ""
    turned = f"-{name}" if direction == "asc" else name
    where = asked.address(path, sort=turned) if ordered else ""
    return Column(name, label(record, text), where, direction)


def _hidden(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What the form of search and quick filters keeps: order, size, conditions, columns."""
    filters = dict.fromkeys(name for name, _value in asked.typed)
    return tuple(parse_qsl(asked.text(q=None, **filters)))


def _exports(record: type[Record], actor: Identity, asked: Asked) -> tuple[Link, ...]:
    if not actor.may(EXPORT, record.__tablename__):
        return ()
    where = addresses.base(record)
    return (
        Link("Excel (.xlsx)", asked.address(f"{where}/export/xlsx"), "download"),
        Link("CSV", asked.address(f"{where}/export/csv"), "download"),
    )


def child_records(record: type[Record], actor: Identity) -> tuple[type[Record], ...]:
    """Lists of a record that the capacity may read: by their groups, then by items of the law."""
    shelves = [shelf.id for shelf in record.about.shelves]

    def place(child: type[Record]) -> tuple[int, str]:
        about = child.about
        return (shelves.index(about.shelf) if about.shelf in shelves else len(shelves), about.item)

    readable = (
        c for c in children_of(record.__tablename__) if actor.may("can_read", c.__tablename__)
    )
    return tuple(sorted(readable, key=place))


def may_add_child(child: type[Record], actor: Identity, organisation_id: int | None) -> bool:
    """Whether a row of a list may be added under this organisation."""
    return reaches(child, actor, organisation_id) and bool(addable(child, actor))

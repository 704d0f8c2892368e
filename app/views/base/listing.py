"""The list page of a record, made from its declarations."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.catalogue import CAPTION, children_of
from app.kernel.rights import CREATE, EXPORT, addable, visible, writable
from app.services.browse import SIZES, browse, captions, count
from app.views.base import addresses
from app.views.base.ask import Asked, token
from app.views.base.emptiness import empty
from app.views.base.pages import (
    Cell,
    Chip,
    Column,
    FilterInput,
    Link,
    ListPage,
    Option,
    Row,
)
from app.views.base.selecting import bar
from app.views.base.words import Presenter, label, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.browse import Count, Criterion, Page

MOST_COLUMNS = 8
NARROW_SPACE = "\u202f"
OPERATOR_WORDS = {"contains": "содержит", "from": "с", "to": "по", "starts": "начинается с"}


def columns_of(record: type[Record], actor: Identity) -> tuple[Field, ...]:
    """Fields shown in lists: those declared ``listed``, else the first ones a person types."""
    seen = visible(record, actor)
    listed = [f for f in seen if f.listed] or [f for f in seen if f.typed]
    listed.sort(key=lambda f: f.name not in record.about.caption)  # what names the row, first
    return tuple(listed[:MOST_COLUMNS])


def list_page(session: Session, asked: Asked, actor: Identity, show: Presenter) -> ListPage:
    """Ask the database for one page and its count, and put them into words."""
    record, query = asked.query.record, asked.query
    path = addresses.home(record)
    fields = columns_of(record, actor)
    number = count(session, query)
    page = browse(session, query, fields, few=number.few)
    rows = rows_of(record, fields, page, actor, show)
    add = Link(_("Добавить"), f"{addresses.base(record)}/add", "plus", "primary")
    may_add = actor.may(CREATE, record.__tablename__) and not record.about.parent
    chips = _chips(record, asked, path, show)
    return ListPage(
        title=label(record, record.about.title_many),
        count=counted(number),
        columns=_headers(record, fields, asked, path),
        rows=rows,
        search=query.search,
        search_hint=label(record, record.about.search_hint) if record.about.search else "",
        filters=_inputs(session, record, actor, asked, show),
        chips=chips,
        action=path,
        hidden=_hidden(asked),
        reset_href=path,
        problems=tuple(say(problem) for problem in asked.problems),
        first_href=asked.address(path) if query.place else "",
        previous_href=asked.address(path, before=token(page.first)) if page.more_before else "",
        next_href=asked.address(path, after=token(page.last)) if page.more_after else "",
        add=add if may_add else None,
        exports=_exports(record, actor, asked),
        empty=None if rows else empty(asked, path, chips, actor, add if may_add else None),
        selection=bar(asked, number, actor, more=page.more_before or page.more_after),
    )


def rows_of(
    record: type[Record], fields: Sequence[Field], page: Page, actor: Identity, show: Presenter
) -> tuple[Row, ...]:
    """Rows with their addresses; the pencil is there only where something may be changed."""
    pencil = any(writable(record, actor, org) for org in _reached(page, actor))
    return tuple(
        Row(
            row.id,
            addresses.card(record, row.id),
            (Cell(row.words), *cells) if record.about.caption_label else cells,
            addresses.edit(record, row.id) if pencil and actor.reaches(row.organisation) else "",
        )
        for row, cells in zip(page.rows, show.table(fields, page.rows), strict=True)
    )


def _reached(page: Page, actor: Identity) -> set[int | None]:
    """One organisation of the page whose rows the capacity may write, if there is any.

    Which attributes may be typed depends on the organisation only by whether it is reached.
    """
    reached = (row.organisation for row in page.rows if actor.reaches(row.organisation))
    return set(islice(reached, 1))


def counted(number: Count) -> str:
    """A count in words: exact, «≈», or «более»."""
    text = f"{number.number:,}".replace(",", NARROW_SPACE)
    if not number.exact:
        return _("≈ %(number)s записей", number=text)
    if number.capped:
        return _("более %(number)s записей", number=text)
    return _("Записей: %(number)s", number=text)


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
    query = asked.query
    hidden = []
    if (query.order, query.descending) != (query.record.about.order, False):
        hidden.append(("sort", f"{'-' if query.descending else ''}{query.order}"))
    if query.size != SIZES[0]:
        hidden.append(("size", str(query.size)))
    return tuple(hidden)


def filtered(record: type[Record], actor: Identity) -> tuple[Field, ...]:
    """Fields with an input in the filter panel: those declared, else the columns of the list."""
    declared = tuple(f for f in visible(record, actor) if f.filtered and f.kind.operators)
    return declared or tuple(f for f in columns_of(record, actor) if f.kind.operators)


def _inputs(
    session: Session, record: type[Record], actor: Identity, asked: Asked, show: Presenter
) -> tuple[FilterInput, ...]:
    given = dict(asked.typed)
    inputs = []
    for f in filtered(record, actor):
        for operator in _panel(f):
            name = f"{f.name}__{operator}"
            value = given.get(name, "")
            inputs.append(
                FilterInput(
                    name,
                    _named(record, f, operator),
                    "text" if operator in {"contains", "starts"} else f.kind.widget,
                    value,
                    _picked(session, f, value),
                    tuple(Option(c, t, c == value) for c, t in show.options(f))
                    if f.kind.classifier
                    else (),
                    addresses.picker(f.kind.target) if f.kind.target else "",
                )
            )
    return tuple(inputs)


def _panel(f: Field) -> tuple[str, ...]:
    """The operators of a field that have an input; the rest are for addresses."""
    if "from" in f.kind.operators:
        return ("from", "to")
    spoken = f.kind.inputmode == "tel"  # a phone is compared whole: people write it in many ways
    preferred = ("contains", "in", *(() if spoken else ("starts",)), "eq")
    return next(((name,) for name in preferred if name in f.kind.operators), ())


def _named(record: type[Record], f: Field, operator: str) -> str:
    word = OPERATOR_WORDS.get(operator, "") if operator in {"from", "to"} else ""
    return f"{label(record, f.label)}, {_(word)}" if word else label(record, f.label)


def _picked(session: Session, f: Field, value: str) -> str:
    if f.kind.target and value.isascii() and value.isdigit() and len(value) <= 18:  # noqa: PLR2004
        return captions(session, f.kind.target, {int(value)}).get(int(value), "")
    return ""


def _chips(record: type[Record], asked: Asked, path: str, show: Presenter) -> tuple[Chip, ...]:
    return tuple(
        Chip(
            condition_words(record, criterion, show),
            asked.address(path, **{f"{criterion.field.name}__{criterion.operator}": None}),
        )
        for criterion in asked.query.criteria
    )


def condition_words(record: type[Record], criterion: Criterion, show: Presenter) -> str:
    """A filter in force in words, e.g. «ИНН: начинается с 67»."""
    word = OPERATOR_WORDS.get(criterion.operator, "")
    if criterion.operator == "empty":
        value = _("не заполнено") if criterion.value else _("заполнено")
    else:
        value = _value(criterion.field, criterion.operator, criterion.value, show)
    return f"{label(record, criterion.field.label)}: {_(word) + ' ' if word else ''}{value}"


def _value(f: Field, operator: str, value: Any, show: Presenter) -> str:
    if operator == "in":
        return ", ".join(show.text(f, one) for one in value)
    return str(value) if operator in {"contains", "starts"} else show.text(f, value)


def _exports(record: type[Record], actor: Identity, asked: Asked) -> tuple[Link, ...]:
    if not actor.may(EXPORT, record.__tablename__):
        return ()
    where = addresses.base(record)
    return (
        Link("Excel (.xlsx)", asked.address(f"{where}/export/xlsx"), "download"),
        Link("CSV", asked.address(f"{where}/export/csv"), "download"),
    )


def child_records(record: type[Record], actor: Identity) -> tuple[type[Record], ...]:
    """Lists of a record that the capacity may read."""
    return tuple(
        c for c in children_of(record.__tablename__) if actor.may("can_read", c.__tablename__)
    )


def may_add_child(child: type[Record], actor: Identity, organisation_id: int | None) -> bool:
    """Whether a row of a list may be added under this organisation."""
    return actor.reaches(organisation_id) and bool(addable(child, actor))

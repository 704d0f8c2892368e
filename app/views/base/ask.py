"""The address of a list, read and written: search, filters, order, columns; it sets no field.

Wrong names answer 400; a value that is not understood is shown with a sentence and not applied.
What a saved view names and the capacity does not see is left out, with a sentence as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from werkzeug.exceptions import BadRequest

from app.kernel.catalogue import CAPTION, field_map
from app.kernel.errors import Invalid, Label, Labels, Message
from app.kernel.rights import READ, shown, visible
from app.kernel.seeking import sought
from app.services.browse import SIZES, Query
from app.services.conditions import Criterion, Group
from app.services.seeking import exact
from app.views.base import where
from app.views.base.placing import placed
from app.views.base.words import label

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.datastructures import MultiDict

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.views.base.where import Typed, TypedGroup

KNOWN = {"q", "sort", "size", "after", "before", "parent", "where", "cols", "based", "on"}
LONGEST = 200
MOST_COLUMNS = 20
OWNER = "organisation_id"
SAFE = "(),:~|*"  # signs that stay readable in an address


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as asked for: the query, the filter texts as typed, and what was not understood.

    ``where``: the conditions as typed; ``cols``: the columns asked for, none for the usual ones;
    ``usual``: those the person has chosen before; ``based``: the saved view the list was made
    from, 0 for none in a list that would begin with one.
    """

    query: Query
    typed: tuple[tuple[str, str], ...]  # (field__operator, text) of every filter given
    problems: tuple[Message, ...]
    where: TypedGroup | None = None
    parts: tuple[tuple[int, Criterion | Group], ...] = ()  # which of them are understood
    cols: tuple[Field, ...] = ()
    usual: tuple[Field, ...] = ()
    based: int | None = None

    def address(self, path: str, **changes: str | None) -> str:
        """The address of this list with some parameters changed; the place is dropped."""
        text = self.text(**changes)
        return f"{path}?{text}" if text else path

    def text(self, **changes: str | None) -> str:
        """The parameters of this list as they stand in its address, the place left out."""
        values = dict(self.typed)
        if self.query.search:
            values["q"] = self.query.search
        if self.where:
            values["where"] = where.write(self.where)
        default = (self.query.record.about.order, False)
        if (self.query.order, self.query.descending) != default:
            values["sort"] = f"{'-' if self.query.descending else ''}{self.query.order}"
        if self.query.size != SIZES[0]:
            values["size"] = str(self.query.size)
        if self.cols:
            values["cols"] = ",".join(f.name for f in self.cols)
        if self.based:
            values["based"] = str(self.based)
        merged = {k: v for k, v in {**values, **changes}.items() if v}
        if not merged and self.based == 0 and "based" not in changes:
            merged["based"] = "0"
        return urlencode(merged, safe=SAFE, quote_via=quote)


def read(
    record: type[Record], actor: Actor, arguments: MultiDict[str, str], *, stale: bool = False
) -> Asked:
    """Understand the parameters of a list.

    ``stale``: they were kept in a saved view; what they name and is not there any more, or not
    for this capacity, is left out. Otherwise raises ``BadRequest`` for names that do not exist.
    """
    reader = _Reader(record, actor, stale=stale)
    typed = tuple(
        (name, value)
        for name in dict.fromkeys(arguments)
        if name not in KNOWN
        if (value := arguments[name].strip()[:LONGEST]) and reader.knows(*_parts(name))
    )
    criteria = [reader.criterion(*_parts(name), value) for name, value in typed]
    tree = reader.known_of(where.parse(arguments.get("where", "").strip()))
    if day := _plain(arguments.get("on", "")).strip()[:LONGEST]:
        tree = where.on_day(tree, dated(record) or _unknown("on"), day)
        tree = _at_own_school(tree, record, actor, arguments)
    parts = reader.parts(tree) if tree else ()
    order, descending = reader.order(arguments.get("sort", ""))
    query = Query(
        record,
        search=reader.search(_plain(arguments.get("q", ""))[:LONGEST]),
        exact=exact(record, actor),
        criteria=tuple(filter(None, criteria)),
        where=Group(tree.any, tuple(part for _at, part in parts)) if tree and parts else None,
        day=reader.day(tree),
        order=order,
        descending=descending,
        size=_size(arguments.get("size", "")),
    )
    cols = reader.columns(arguments.get("cols", ""))
    based = _based(arguments.get("based", ""))
    return Asked(placed(query, arguments), typed, reader.said(), tree, parts, cols, based=based)


def dated(record: type[Record]) -> tuple[str, str] | None:
    """The first and last day of rows that a list may show as of a day: spells and classes."""
    return record.about.spans[0] if record.about.holder and record.about.spans else None


def _at_own_school(
    tree: TypedGroup, record: type[Record], actor: Actor, arguments: MultiDict[str, str]
) -> TypedGroup:
    """A school asks who was there that day: not who was elsewhere and is there now.

    Whoever oversees schools teaches nobody, and asks about all of them.
    """
    said = {part.field for part in tree.conditions()} | {_parts(name)[0] for name in arguments}
    own = actor.organisation_id
    if own is None or actor.oversees(own) or OWNER in said or OWNER not in field_map(record):
        return tree
    return replace(tree, parts=(*tree.parts, where.Typed(OWNER, "in", str(own))))


def _unknown(name: str) -> tuple[str, str]:
    raise BadRequest(name)


class _Reader:
    """Looks names up among the fields the capacity sees and gathers what is to be said."""

    def __init__(self, record: type[Record], actor: Actor, *, stale: bool) -> None:
        self._record, self._actor, self._stale = record, actor, stale
        self._seen = {f.name: f for f in visible(record, actor)}
        self._shown = {f.name: f for f in shown(record, actor)}
        self._problems: list[Message] = []
        self._gone: dict[str, None] = {}

    def said(self) -> tuple[Message, ...]:
        if not self._gone:
            return tuple(self._problems)
        known = field_map(self._record)
        names = (known[name].label if name in known else name for name in self._gone)
        fields = Labels(Label(self._record.__tablename__, name) for name in names)
        gone = Message(
            "Представление открыто не целиком: этих полей в нём больше нет или вам их не видно:"
            " %(fields)s. Остальное применено.",
            fields=fields,
        )
        return (gone, *self._problems)

    def day(self, tree: TypedGroup | None) -> dt.date | None:
        """The day of a list whose rows say what they were part of, for who may read that."""
        about, span = self._record.about, dated(self._record)
        if not about.daily or span is None or not self._actor.may(READ, about.daily):
            return None
        try:
            return self._seen[span[0]].kind.parse(where.day_of(tree, span)) or None
        except Invalid:
            return None

    def search(self, typed: str) -> str:
        """The text of the search box; what of it is behind a mask is not looked for."""
        if behind := [n for n, _v in sought(self._record, typed).values if n not in self._seen]:
            known = field_map(self._record)
            labels = Labels(Label(self._record.__tablename__, known[n].label) for n in behind)
            words = "Вам это видно не целиком, поэтому поиск этого не учитывает: %(fields)s."
            self._problems.append(Message(words, fields=labels))
        return typed

    def knows(self, name: str, operator: str) -> bool:
        """Whether there is such a comparison; what a saved view has too much is remembered."""
        field = self._seen.get(name)
        if field is not None and operator in field.kind.comparisons:
            return True
        if not self._stale:
            raise BadRequest(name)
        self._gone[name] = None
        return False

    def criterion(self, name: str, operator: str, value: str) -> Criterion | None:
        field = self._seen[name]
        try:
            return Criterion(field, operator, _parsed(field, operator, value))
        except Invalid as error:
            self._problems.append(
                Message(
                    "Фильтр «%(label)s» не применён. %(why)s",
                    label=label(self._record, field.label),
                    why=error.message,
                )
            )
            return None

    def known_of(self, typed: TypedGroup | None) -> TypedGroup | None:
        """The group without what is not known."""
        if typed is None:
            return None
        parts = (
            self.known_of(part)
            if isinstance(part, where.TypedGroup)
            else (part if self.knows(part.field, part.operator) else None)
            for part in typed.parts
        )
        left = tuple(part for part in parts if part is not None)
        return where.TypedGroup(typed.any, left) if left else None

    def parts(self, typed: TypedGroup) -> tuple[tuple[int, Criterion | Group], ...]:
        """The parts of a group whose values are understood, each with its place among all."""
        found = enumerate(map(self._part, typed.parts))
        return tuple((at, part) for at, part in found if part is not None)

    def _part(self, part: Typed | TypedGroup) -> Criterion | Group | None:
        if isinstance(part, where.TypedGroup):
            parts = tuple(inner for _at, inner in self.parts(part))
            return Group(part.any, parts) if parts else None
        return self.criterion(part.field, part.operator, part.value.strip()[:LONGEST])

    def order(self, value: str) -> tuple[str, bool]:
        descending = value.startswith("-")
        name = value.removeprefix("-")
        if not name:
            return self._record.about.order, False
        if name == CAPTION and self._record.about.caption_label:
            return name, descending
        if name not in self._seen or not self._seen[name].ordered:
            if not self._stale:
                raise BadRequest(name)
            self._gone[name] = None
            return self._record.about.order, False
        return name, descending

    def columns(self, value: str) -> tuple[Field, ...]:
        names = list(dict.fromkeys(filter(None, value.split(","))))
        unknown = [name for name in names if name not in self._shown]
        if not self._stale and (unknown or len(names) > MOST_COLUMNS):
            raise BadRequest("cols")
        self._gone.update(dict.fromkeys(unknown))
        return tuple(self._shown[n] for n in names if n in self._shown)[:MOST_COLUMNS]


def _parts(name: str) -> tuple[str, str]:
    field, _, operator = name.rpartition("__")
    return field, operator


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()


def _parsed(field: Field, operator: str, value: str) -> Any:
    if operator == "empty":
        return value not in {"0", "no", "false"}
    if not value:
        raise Invalid("Введите, с чем сравнивать.")
    if operator in {"contains", "starts", "lacks"}:
        return _plain(value)
    if operator in {"in", "out"}:
        parts = value.replace("|", ",").split(",")
        return tuple(field.kind.parse(part) for part in parts if part.strip())
    return field.kind.parse(value)


def _size(value: str) -> int:
    if not value:
        return SIZES[0]
    if value not in {str(size) for size in SIZES}:
        raise BadRequest(value)
    return int(value)


def _based(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 18):  # noqa: PLR2004 - fits a bigint
        raise BadRequest("based")
    return int(value)

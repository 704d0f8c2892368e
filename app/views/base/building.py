"""The builder of conditions: what may be asked of each field, and the tree as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl

from flask import request
from flask_appbuilder import BaseView
from flask_babel import gettext as _

from app.kernel.rights import READ, visible
from app.views.base import addresses, where
from app.views.base.ask import read
from app.views.base.filters import learn
from app.views.base.guard import identity, route
from app.views.base.pages import Link
from app.views.base.pages_list import FieldChoice, FilterPage
from app.views.base.shell import render
from app.views.base.words import Presenter, choices, label

if TYPE_CHECKING:
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.views.base.ask import Asked
    from app.views.base.where import Typed, TypedGroup

# What people choose among; «filled» is written as ``empty:0``.
COMPARISONS = {
    "contains": "содержит",
    "lacks": "не содержит",
    "starts": "начинается с",
    "eq": "равно",
    "ne": "не равно",
    "from": "не раньше",
    "to": "не позже",
    "in": "одно из",
    "out": "ни одно из",
    "empty": "не заполнено",
}
OF_NUMBERS = {"from": "не меньше", "to": "не больше"}
FIRST = ("contains", "in", "starts", "eq", "from")  # what a new condition starts with


class Filters(BaseView):
    """The builder of one record's list."""

    record: ClassVar[type[Record]]

    @route("/filter", needs=READ)
    def filter(self) -> str:
        """Conditions with «and» and «or» for the list whose parameters are given."""
        actor = identity()
        asked = read(self.record, actor, request.args)
        show = Presenter(choices(actor.stamp))
        fields = tuple(f for f in visible(self.record, actor) if f.kind.comparisons)
        return render("filter.html", _page(asked, fields, show))


def _page(asked: Asked, fields: tuple[Field, ...], show: Presenter) -> FilterPage:
    record = asked.query.record
    path = addresses.home(record)
    learn(asked, show)
    coded = {f.kind.classifier: f for f in fields if f.kind.classifier}
    return FilterPage(
        title=_("Условия отбора"),
        crumbs=(Link(label(record, record.about.title_many), asked.address(path)),),
        action=path,
        kept=tuple(parse_qsl(asked.text(where=None))),
        fields=tuple(_choice(record, f) for f in fields),
        values=tuple((name, tuple(show.options(f))) for name, f in coded.items()),
        tree=_tree(asked.where or where.TypedGroup(any=False, parts=()), record, show),
        most=where.MOST,
    )


def _choice(record: type[Record], f: Field) -> FieldChoice:
    sections = {section.id: section.title for section in record.about.sections}
    section = sections.get(f.section, record.about.sections[0].title)
    words = {**COMPARISONS, **(OF_NUMBERS if f.kind.widget == "number" else {})}
    known = f.kind.comparisons
    order = sorted(known, key=lambda name: name != next((n for n in FIRST if n in known), ""))
    operators = [(name, _(words[name])) for name in order]
    if "empty" in known:
        operators.append(("filled", _("заполнено")))
    return FieldChoice(
        f.name,
        label(record, f.label),
        label(record, section),
        "text" if "contains" in known else f.kind.widget,
        tuple(operators),
        addresses.picker(f.kind.target) if f.kind.target else "",
        f.kind.classifier,
    )


def _tree(typed: TypedGroup, record: type[Record], show: Presenter) -> dict[str, object]:
    """The conditions as the script of the page takes them, related rows with their words."""
    fields = {f.name: f for f in visible(record, identity())}
    return {
        "any": typed.any,
        "parts": [
            _tree(part, record, show)
            if isinstance(part, where.TypedGroup)
            else _leaf(part, fields[part.field], show)
            for part in typed.parts
        ],
    }


def _leaf(part: Typed, f: Field, show: Presenter) -> dict[str, object]:
    many = part.operator in {"in", "out"}
    values = part.value.replace("|", ",").split(",") if many else [part.value]
    filled = part.operator == "empty" and part.value in {"0", "no", "false"}
    return {
        "field": part.field,
        "operator": "filled" if filled else part.operator,
        "values": [(value, _words(f, value, show)) for value in values if value],
    }


def _words(f: Field, value: str, show: Presenter) -> str:
    if f.kind.target and value.isascii() and value.isdigit() and len(value) <= 18:  # noqa: PLR2004
        return show.words(f, int(value)) or value
    return value

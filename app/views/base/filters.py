"""Filters of a list in words: the quick panel, and the chips of what is in force."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.rights import visible
from app.services.conditions import Criterion, Group
from app.views.base import addresses, where
from app.views.base.pages import Chip, FilterInput, Option
from app.views.base.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.views.base.ask import Asked
    from app.views.base.words import Presenter

OPERATOR_WORDS = {
    "contains": "содержит",
    "lacks": "не содержит",
    "from": "с",
    "to": "по",
    "starts": "начинается с",
    "ne": "не равно",
    "out": "кроме",
}
BY_TEXT = {"contains", "starts", "lacks"}


def filtered(
    record: type[Record], actor: Identity, columns: tuple[Field, ...]
) -> tuple[Field, ...]:
    """Fields with an input in the filter panel: those declared, else the columns of the list."""
    declared = tuple(f for f in visible(record, actor) if f.filtered and f.kind.operators)
    return declared or tuple(f for f in columns if f.kind.operators)


def inputs(fields: tuple[Field, ...], asked: Asked, show: Presenter) -> tuple[FilterInput, ...]:
    """The inputs of the quick panel with what was typed into them."""
    given = dict(asked.typed)
    return tuple(
        _input(asked.query.record, f, operator, given.get(f"{f.name}__{operator}", ""), show)
        for f in fields
        for operator in _panel(f)
    )


def _input(
    record: type[Record], f: Field, operator: str, value: str, show: Presenter
) -> FilterInput:
    chosen = [(c, t, c == value) for c, t in show.options(f)] if f.kind.classifier else []
    return FilterInput(
        f"{f.name}__{operator}",
        _named(record, f, operator),
        "text" if operator in BY_TEXT else f.kind.widget,
        value,
        _picked(f, value, show),
        tuple(Option(*one) for one in chosen),
        addresses.picker(f.kind.target) if f.kind.target else "",
    )


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


def _picked(f: Field, value: str, show: Presenter) -> str:
    if f.kind.target and value.isascii() and value.isdigit() and len(value) <= 18:  # noqa: PLR2004
        return show.words(f, int(value))
    return ""


def learn(asked: Asked, show: Presenter) -> None:
    """Ask at once for the words of all related rows that the filters name."""
    inner = asked.query.where.criteria() if asked.query.where else ()
    pairs = [
        (criterion.field, value)
        for criterion in (*asked.query.criteria, *inner)
        if criterion.field.kind.target and criterion.operator != "empty"
        for value in criterion.value
    ]
    show.learn([f for f, _value in pairs], [[value for _f, value in pairs]])


def chips_of(asked: Asked, path: str, show: Presenter) -> tuple[Chip, ...]:
    """Each filter in force with the address of the list without it."""
    learn(asked, show)
    record = asked.query.record
    simple = (
        Chip(
            condition_words(record, criterion, show),
            asked.address(path, **{f"{criterion.field.name}__{criterion.operator}": None}),
        )
        for criterion in asked.query.criteria
    )
    return (*simple, *_tree_chips(asked, path, show))


def _tree_chips(asked: Asked, path: str, show: Presenter) -> Iterator[Chip]:
    typed, group = asked.where, asked.query.where
    if typed is None or group is None:
        return
    if group.any:
        yield Chip(condition_words(asked.query.record, group, show), asked.address(path, where=""))
        return
    for at, part in asked.parts:
        left = replace(typed, parts=(*typed.parts[:at], *typed.parts[at + 1 :]))
        words = condition_words(asked.query.record, part, show)
        yield Chip(words, asked.address(path, where=where.write(left)))


def condition_words(record: type[Record], part: Criterion | Group, show: Presenter) -> str:
    """A filter in force in words, e.g. «ИНН: начинается с 67», «Факс: заполнено или …»."""
    if isinstance(part, Group):
        joined = f" {_('или') if part.any else _('и')} "
        return joined.join(
            f"({words})" if isinstance(inner, Group) and len(inner.parts) > 1 else words
            for inner in part.parts
            for words in (condition_words(record, inner, show),)
        )
    word = OPERATOR_WORDS.get(part.operator, "")
    if part.operator == "empty":
        value = _("не заполнено") if part.value else _("заполнено")
    else:
        value = _value(part.field, part.operator, part.value, show)
    return f"{label(record, part.field.label)}: {_(word) + ' ' if word else ''}{value}"


def _value(f: Field, operator: str, value: Any, show: Presenter) -> str:
    if operator in {"in", "out"}:
        return ", ".join(show.text(f, one) for one in value)
    return str(value) if operator in BY_TEXT else show.text(f, value)

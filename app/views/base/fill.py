"""A form filled in: typed texts become values through the kinds, and nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.kernel.catalogue import field_map
from app.kernel.errors import Invalid, Message
from app.kernel.kinds import FILE
from app.services.actualising import BASIS
from app.services.codes import accepted
from app.views.base.formkeys import KEY
from app.views.base.words import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.datastructures import MultiDict

    from app.kernel.choices import Choices
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.views.base.words import Presenter

# What goes with a form whose values partly become a request: names that no field can have.
REASON, EFFECTIVE, EVIDENCE = "request.reason", "request.effective_on", "request.file"
GO = "request.go"  # what is done with it: sign, send, or back to the form
ASKED = frozenset({REASON, EFFECTIVE, EVIDENCE, BASIS, GO})
PORTION = "step.portion"  # a piece that a step is taken for, as often as there are such
CARRIED = {"csrf_token", "version", "then", KEY, PORTION}  # what a form carries beside its inputs


@dataclass(slots=True)
class Filled:
    """What came with a form: texts as typed, values understood, sentences for the rest."""

    typed: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Message] = field(default_factory=dict)
    general: list[Message] = field(default_factory=list)
    beside: dict[str, list[str]] = field(default_factory=dict)  # of ``ASKED``
    unkept: Message | None = None  # why a document of ``EVIDENCE`` was not taken

    def refuse(self, problems: Iterable[Invalid]) -> None:
        """Add what a service found wrong."""
        for problem in problems:
            if problem.field in self.typed or problem.field in ASKED:
                self.errors.setdefault(problem.field, problem.message)
            else:
                self.general.append(problem.message)

    @property
    def wrong(self) -> bool:
        """Whether something must be mended before saving."""
        return bool(self.errors or self.general)


def fill(
    record: type[Record],
    allowed: frozenset[str],
    form: MultiDict[str, str],
    book: Choices,
    row: Record | None = None,
) -> Filled:
    """Read the allowed inputs; an absent one stays as it was, a blank one becomes «not entered».

    ``row`` is the one the form is of; none for a new one or for many.
    """
    filled = Filled()
    filled.beside = {name: form.getlist(name) for name in ASKED if name in form}
    if strange := sorted(set(form) - allowed - CARRIED - ASKED):
        filled.general.append(
            Message(
                "В форме есть поля, которые вам менять нельзя: %(names)s.",
                names=_named(record, strange),
            )
        )
    for name, declared in field_map(record).items():
        if name not in allowed or name not in form:
            continue
        text = form[name]
        if declared.kind.widget == "choices":  # boxes of one name, each ticked one sends its code
            text = ";".join(filter(None, map(str.strip, form.getlist(name))))
        filled.typed[name] = text
        if not text.strip():
            filled.values[name] = None
            continue
        try:
            filled.values[name] = accepted(declared, parse(declared, text), book, row)
        except Invalid as error:
            filled.errors[name] = error.message
    return filled


def _named(record: type[Record], names: list[str]) -> str:
    known = field_map(record)
    shown = (label(record, known[n].label) if n in known else n[:40] for n in names[:5])
    return ", ".join(shown)


def parse(declared: Field, text: str) -> Any:
    """One typed text as a stored value. Raises ``Invalid``."""
    if declared.kind.target and declared.kind is not FILE:
        digits = text.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):  # noqa: PLR2004 - fits a bigint
            raise Invalid("Выберите значение из списка: такого в нём нет.")
        return int(digits)
    return declared.kind.parse(text)


def texts(record: type[Record], row: Record, names: Iterable[str]) -> dict[str, str]:
    """Stored values as the texts of the inputs."""
    result = {}
    for name in names:
        value = getattr(row, name)
        declared = field_map(record)[name]
        if value is None:
            result[name] = ""
        else:
            result[name] = str(value) if declared.kind.target else declared.kind.edit(value)
    return result


def picked(show: Presenter, fields: Iterable[Field], typed: dict[str, str]) -> dict[str, str]:
    """Words of the rows picked in relation inputs, asked for at once."""
    chosen = []
    for declared in fields:
        text = typed.get(declared.name, "")
        if declared.kind.target and text.isascii() and text.isdigit() and len(text) <= 18:  # noqa: PLR2004
            chosen.append((declared, int(text)))
    show.learn([declared for declared, _ in chosen], [[ident for _, ident in chosen]])
    return {declared.name: show.words(declared, ident) for declared, ident in chosen}

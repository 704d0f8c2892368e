"""The form of one value for many rows: a field changes only where its box is ticked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.kernel.catalogue import field_map
from app.kernel.errors import Message
from app.services.browse import Count, count
from app.services.bulk_edit import editable
from app.views.base import addresses
from app.views.base.fill import Filled, fill
from app.views.base.forming import Draft, form_page
from app.views.base.guard import identity
from app.views.base.listing import counted
from app.views.base.pages import Link
from app.views.base.pages_bulk import BulkForm, BulkInput
from app.views.base.words import choices, label, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.browse import Query
    from app.views.base.pages_bulk import Kept
    from app.views.base.pages_form import FormField
    from app.views.base.words import Presenter

VALUE, CHANGE, CLEAR = "to-", "change-", "clear-"  # prefixes of the inputs of a field
CHOSEN = ("scope", "ids", "query")


@dataclass(slots=True)
class Typed:
    """What came with the form: boxes, texts, and the values of the ticked fields."""

    changed: frozenset[str] = frozenset()
    cleared: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)
    filled: Filled = field(default_factory=Filled)


def typed_of(
    record: type[Record], actor: Identity, form: MultiDict[str, str], *, fresh: bool = False
) -> Typed:
    """Read the form; ``fresh``: it was not yet filled in, so nothing is wrong with it."""
    if fresh:
        return Typed()
    allowed = editable(record, actor)
    changed, cleared = _named(form, CHANGE), _named(form, CLEAR)
    # Boxes of one name, each ticked one sends its code.
    texts = {name: ";".join(filter(None, form.getlist(f"{VALUE}{name}"))) for name in allowed}
    wanted = MultiDict((name, texts.get(name, "")) for name in sorted(changed))
    filled = fill(record, allowed, wanted, choices(actor.stamp))
    for name in sorted(allowed):
        problem = _doubtful(texts[name].strip(), name in changed, name in cleared)
        if problem is not None:
            filled.typed.setdefault(name, texts[name])
            filled.errors[name] = problem
    if not changed and not filled.errors:
        filled.general.append(Message("Отметьте «изменить» хотя бы у одного поля."))
    return Typed(changed, cleared, texts, filled)


def _doubtful(text: str, changed: bool, cleared: bool) -> Message | None:  # noqa: FBT001 - two boxes
    """What is not clear about the boxes of a field."""
    if changed and not text and not cleared:
        return Message("Введите новое значение или отметьте «очистить».")
    if changed and text and cleared:
        return Message("Отмечено «очистить», а значение введено: оставьте что-то одно.")
    if not changed and (text or cleared):
        return Message("Отметьте «изменить», чтобы это записать, или сотрите введённое.")
    return None


def _named(form: Mapping[str, str], prefix: str) -> frozenset[str]:
    return frozenset(name.removeprefix(prefix) for name in form if name.startswith(prefix))


def kept_of(form: MultiDict[str, str], *, typed: bool = False) -> Kept:
    """Which rows, and with ``typed`` also what was typed, as hidden inputs."""
    prefixes = (VALUE, CHANGE, CLEAR) if typed else ()
    return tuple(
        (name, value)
        for name, value in form.items(multi=True)
        if name in CHOSEN or (prefixes and name.startswith(prefixes))
    )


def form_of(
    session: Session, query: Query, typed: Typed, form: MultiDict[str, str], show: Presenter
) -> BulkForm:
    """The form with everything typed still in it."""
    actor, record = identity(), query.record
    allowed = editable(record, actor)
    filled = typed.filled
    texts = {name: typed.texts.get(name, "") for name in allowed}
    draft = Draft(record, allowed, filled=Filled(texts, errors=filled.errors))
    sections = tuple(
        (section.title, tuple(_input(record, f, typed) for f in section.fields))
        for section in form_page(session, draft, actor, show).sections
    )
    shown = [line.field for _title, lines in sections for line in lines]
    home = addresses.home(record)
    title = label(record, record.about.title_many)
    back = f"{home}?{form['query']}" if form.get("query") else home
    number = count(session, query) if query.ids is None else Count(len(query.ids))
    return BulkForm(
        title=_("Изменить выбранное"),
        said=counted(number),
        crumbs=(Link(title, back),),
        action=f"{addresses.base(record)}/bulk",
        back_href=back,
        kept=kept_of(form),
        sections=sections,
        errors=tuple((f.id, f.label, f.error) for f in shown if f.error),
        notice=" ".join(say(message) for message in filled.general),
    )


def _input(record: type[Record], shown: FormField, typed: Typed) -> BulkInput:
    name, sent = shown.name, f"{VALUE}{shown.name}"
    return BulkInput(
        name,
        replace(shown, id=sent, name=sent, needed=False, required=False, width=12),
        name in typed.changed,
        name in typed.cleared,
        not field_map(record)[name].identity,
    )

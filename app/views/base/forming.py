"""The form of one record, empty, from the row, or as typed with everything that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.errors import Invalid, Message
from app.kernel.fields import Policy
from app.kernel.kinds import FILE
from app.kernel.media import ACCEPTED
from app.kernel.rights import policy_of, visible
from app.services.doubles import is_person
from app.services.files import LARGEST
from app.views.base import addresses
from app.views.base.asking_words import basis, beside, decided_by, lead
from app.views.base.carding import caption, crumbs
from app.views.base.facts import source
from app.views.base.fill import Filled, parse, picked, texts
from app.views.base.guard import identity
from app.views.base.pages import Link, Option
from app.views.base.pages_form import FormField, FormPage, FormSection
from app.views.base.words import Presenter, label, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity

LOCKED = {
    Policy.REQUEST: "Меняется по запросу: решает оператор",
    Policy.OPERATOR: "Меняет оператор",
    Policy.SYSTEM: "Заполняется автоматически",
}

ENDINGS = ",".join(ending for media in ACCEPTED for ending in media.endings)


@dataclass(slots=True)
class Draft:
    """What a form is made from."""

    record: type[Record]
    allowed: frozenset[str]
    row: Record | None = None
    parent: Record | None = None
    filled: Filled | None = None
    theirs: dict[str, str] | None = None  # after a conflict: what stands now
    conflict: str = ""
    version: int = 0
    pending: tuple[tuple[int, dt.datetime], ...] = ()  # drafts that could be continued
    key: str = ""  # of the draft that is continued, with its number and moment
    kept: int = 0
    kept_at: dt.datetime | None = None
    asked: frozenset[str] = frozenset()  # inputs of ``allowed`` whose change becomes a request
    claimed: Mapping[str, int] = field(default_factory=dict)  # inputs the office is asked about
    waiting: Mapping[str, int] = field(default_factory=dict)  # inputs that stand in open requests
    narrow: bool = False  # only the inputs, nothing that is locked


def form_page(session: Session, draft: Draft, actor: Identity, show: Presenter) -> FormPage:
    """Put a draft into words; typed texts win over stored ones."""
    record, row = draft.record, draft.row
    fields = tuple(f for f in visible(record, actor) if _shown(f, draft))
    typed = _typed(draft, fields)
    if row is not None:
        show.learn(fields, [[getattr(row, f.name) for f in fields]])
    words = picked(show, fields, typed)
    where = addresses.base(record)
    if row is None:
        action = f"{where}/add" + (f"?parent={draft.parent.id}" if draft.parent else "")
        back = (
            addresses.card(type(draft.parent), draft.parent.id)
            if draft.parent
            else addresses.home(record)
        )
        title = label(record, record.about.new_title or record.about.title)
        way = crumbs(session, None, record, draft.parent)
    else:
        action, back = addresses.edit(record, row.id), addresses.card(record, row.id)
        title = caption(row)
        way = (*crumbs(session, row), Link(title, back))
    sections = _sections(draft, fields, typed, words, show)
    filled = draft.filled or Filled()
    return FormPage(
        title=title,
        crumbs=way,
        action=action,
        back_href=back,
        sections=sections,
        version=draft.version or (row.version if row else 0),
        adding=row is None,
        multipart=any(f.kind is FILE and f.name in draft.allowed for f in fields),
        errors=tuple((f.id, f.label, f.error) for s in sections for f in s.fields if f.error),
        notice=" ".join(say(message) for message in filled.general),
        conflict=draft.conflict,
        lead=lead(draft, sections),
        alike_href=f"/doubles/alike/{record.__tablename__}" if asks_alike(draft) else "",
        beside=beside(filled) if draft.asked else (),
    )


def asks_alike(draft: Draft) -> bool:
    """Whether the form is about a new person, who may be there already."""
    return draft.row is None and is_person(draft.record)


def _shown(f: Field, draft: Draft) -> bool:
    if draft.row is None or draft.narrow:
        return f.name in draft.allowed
    return f.name != draft.record.about.owner and (
        f.typed or getattr(draft.row, f.name) is not None
    )


def _typed(draft: Draft, fields: tuple[Field, ...]) -> dict[str, str]:
    if draft.row is not None:
        typed = texts(draft.record, draft.row, (f.name for f in fields))
    else:
        typed = {f.name: f.kind.edit(f.default) for f in fields if f.default is not None}
    return {**typed, **(draft.filled.typed if draft.filled else {})}


def _sections(
    draft: Draft,
    fields: tuple[Field, ...],
    typed: dict[str, str],
    words: dict[str, str],
    show: Presenter,
) -> tuple[FormSection, ...]:
    sections = []
    first = draft.record.about.sections[0].id
    for section in draft.record.about.sections:
        own = [f for f in fields if (f.section or first) == section.id]
        inputs = tuple(
            _input(draft, f, typed.get(f.name, ""), words.get(f.name, ""), show) for f in own
        )
        if inputs:
            sections.append(
                FormSection(
                    section.id,
                    label(draft.record, section.title),
                    inputs,
                    sum(1 for i in inputs if i.value.strip()),
                    len(inputs),
                    sum(1 for i in inputs if i.error),
                )
            )
    if draft.claimed:
        sections.append(basis(draft))
    return tuple(sections)


def _input(draft: Draft, f: Field, value: str, words: str, show: Presenter) -> FormField:
    """One input; that of a file knows what is in it and what may be put there."""
    if f.kind is not FILE:
        return _plain_input(draft, f, value, words, show)
    value, words = _filed(draft, f, value, show)
    return replace(
        _plain_input(draft, f, value, words, show),
        href=_file_address(draft, f, value),
        accept=ENDINGS,
        largest=LARGEST,
    )


def _plain_input(draft: Draft, f: Field, value: str, words: str, show: Presenter) -> FormField:
    locked = _locked(draft, f)
    error = draft.filled.errors.get(f.name) if draft.filled else None
    theirs = draft.theirs.get(f.name) if draft.theirs else None
    shown = _locked_text(draft, f, show) if locked else value
    return FormField(
        id=f.name,
        name=f.name,
        label=label(draft.record, f.label),
        widget=f.kind.widget,
        value=shown,
        value_label=words,
        needed=bool(f.item and f.required),
        required=f.identity,
        error=say(error) if error else "",
        warning=_doubt(f, value) if not error and not locked else "",
        help=_(f.help) if f.help else "",
        why=source(f.item),
        width=f.width,
        mask=f.kind.mask,
        inputmode=f.kind.inputmode,
        maxlength=_longest(f),
        options=_options(f, value, show) if f.kind.classifier and not locked else (),
        picker_href=_picker(draft, f) if f.kind.target and not locked else "",
        locked=locked,
        asked=f.name in draft.asked and not locked,
        decided_by=decided_by(draft.record, f),
        waits_href=_waits(draft, f),
        theirs=theirs,
        theirs_label=_theirs_words(draft, f, show) if theirs else "",
    )


def _waits(draft: Draft, f: Field) -> str:
    """Where the open request about the field is."""
    number = draft.waiting.get(f.name) or draft.claimed.get(f.name)
    return f"/requests/{number}" if number else ""


def _locked(draft: Draft, f: Field) -> str:
    """Why the field cannot be changed here; empty where it can."""
    if f.name in draft.waiting:
        return _("Уже в запросе № %(number)s: ждёт решения.", number=draft.waiting[f.name])
    if f.name in draft.allowed:
        return ""
    policy = policy_of(draft.record, f, identity())
    return _(LOCKED.get(policy, LOCKED[Policy.OPERATOR]))


def _picker(draft: Draft, f: Field) -> str:
    """Where the choices come from; an own relation offers rows of the same organisation only."""
    where = addresses.picker(f.kind.target)
    holder = draft.row or draft.parent
    organisation = getattr(holder, "organisation_id", None) if f.own else None
    return f"{where}?organisation={organisation}" if organisation else where


def _filed(draft: Draft, f: Field, value: str, show: Presenter) -> tuple[str, str]:
    """The number and the words of a file in a form; of the row's own where the other is no file."""
    present = None if draft.row is None else getattr(draft.row, f.name)
    for ident in (int(value) if value.isdecimal() else None, present if value else None):
        if words := show.file(ident):
            return str(ident), words
    return "", ""


def _file_address(draft: Draft, f: Field, value: str) -> str:
    """Where the content is; a file that is not saved yet has no address."""
    if f.kind is not FILE or draft.row is None or value != str(getattr(draft.row, f.name)):
        return ""
    return addresses.file(draft.record, draft.row.id, f.name)


def _locked_text(draft: Draft, f: Field, show: Presenter) -> str:
    return "" if draft.row is None else show.text(f, getattr(draft.row, f.name))


def _theirs_words(draft: Draft, f: Field, show: Presenter) -> str:
    """What somebody else saved, in words, where the stored value is a number or a code."""
    if draft.row is None or not (f.kind.target or f.kind.classifier):
        return ""
    return show.text(f, getattr(draft.row, f.name))


def _doubt(f: Field, value: str) -> str:
    """What is doubtful about a value, in a sentence that does not stop saving."""
    if not value.strip():
        return ""
    try:
        message: Message | None = f.kind.warn(parse(f, value))
    except Invalid:
        return ""
    return say(message) if message else ""


def _longest(f: Field) -> int:
    """No limit while typing: pasted text is cut by nobody, the check says what is too long."""
    return 0 if f.kind.widget == "textarea" else 2000


def _options(f: Field, value: str, show: Presenter) -> tuple[Option, ...]:
    known = show.options(f)
    chosen = {one.strip() for one in value.split(";")} if f.kind.widget == "choices" else {value}
    extra = [(one, one) for one in sorted(chosen - {code for code, _name in known}) if one]
    return tuple(Option(code, name, code in chosen) for code, name in (*known, *extra))

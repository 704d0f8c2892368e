"""The form that adds one learner of a class after another: what is common to all stays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.kernel.kinds import DATE
from app.kernel.rights import addable
from app.models.enrolment import Student
from app.models.enrolment_spells import StudentEnrolment
from app.services import drafts
from app.services.classes import learners_in
from app.services.enrolling import OF_SPELL
from app.views.base import addresses
from app.views.base.drafting import keeping, moment, place_of
from app.views.base.fill import Filled, fill
from app.views.base.forming import Draft, form_page
from app.views.base.guard import identity
from app.views.base.numbers import earlier_than
from app.views.base.pages_form import FormPage, FormSection
from app.views.base.words import Presenter, choices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from app.kernel.errors import Invalid
    from app.kernel.record import Record
    from app.services.enrolling import Room
    from app.views.base.pages_form import FormField

LANGUAGES = (
    "native_language_code",
    "studied_native_language_code",
    "instruction_language_code",
)
COMMON = (*OF_SPELL, *LANGUAGES)
OWN = (
    "last_name",
    "first_name",
    "middle_name",
    "birth_date",
    "sex",
    "snils",
    "citizenship_kind",
)
FIRST_GRADE, ADMITTED = 1, "01"  # ADMISSION_KIND: into the first grade


@dataclass(slots=True)
class Typing:
    """What was typed about a learner and the spell, as two forms in one."""

    learner: Filled = field(default_factory=Filled)
    spell: Filled = field(default_factory=Filled)
    key: str = ""
    kept: int = 0
    kept_at: str = ""

    @property
    def wrong(self) -> bool:
        """Whether something must be mended before saving."""
        return self.learner.wrong or self.spell.wrong

    @property
    def values(self) -> dict[str, Any]:
        """All values understood."""
        return {**self.spell.values, **self.learner.values}

    @property
    def typed(self) -> dict[str, str]:
        """All texts as they were typed."""
        return {**self.spell.typed, **self.learner.typed}

    def refuse(self, problems: list[Invalid]) -> None:
        """Add what a service found wrong, each to its own part."""
        for problem in problems:
            part = self.spell if problem.field in self.spell.typed else self.learner
            part.refuse([problem])


def typing(given: Mapping[str, str], names: tuple[str, ...] = (*COMMON, *OWN)) -> Typing:
    """Understand the texts of those inputs; others are not looked at."""
    actor = identity()
    book = choices(actor.stamp)

    def part(record: type[Record]) -> Filled:
        allowed = addable(record, actor) & frozenset(names)
        texts = MultiDict({name: given[name] for name in allowed if name in given})
        return fill(record, allowed, texts, book)

    return Typing(part(Student), part(StudentEnrolment))


def fresh(room: Room, given: Mapping[str, str]) -> Typing:
    """An empty form with what is common as it was for the learner before, or as is usual."""
    usual = {"admitted_on": DATE.show(room.year.start_date)}
    if room.row.grade == FIRST_GRADE:
        usual["admission_kind"] = ADMITTED
    found = typing({**usual, **{name: given[name] for name in COMMON if name in given}}, COMMON)
    for part in (found.learner, found.spell):
        part.errors.clear()
        part.general.clear()
    return found


def recalled(room: Room, number: str) -> tuple[Typing, dict[str, str]]:
    """The draft that the address names, with all it keeps. Raises ``Missing``."""
    ident = earlier_than(number)
    person, place = identity(), place_of(_draft(room, Filled()))
    kept, typed = drafts.fetch(db.session(), person.user_id, ident or 0, place)
    found = typing(typed)
    found.key, found.kept, found.kept_at = kept.key, kept.id, moment(kept.saved_at)
    return found, typed


def address(room: Room, typed: Mapping[str, str]) -> str:
    """The empty form of the next learner: what is common is in the address."""
    common = {name: typed[name] for name in COMMON if typed.get(name)}
    return f"{addresses.filling(room.row.id)}?{urlencode(common)}#last_name"


def filling_page(room: Room, found: Typing, show: Presenter) -> FormPage:
    """Both parts in one form."""
    session, actor = db.session(), identity()
    draft = _draft(room, found.learner)
    draft.key, draft.kept = found.key, found.kept
    if not found.kept:
        offered = drafts.of_form(session, actor.user_id, place_of(draft), 3)
        draft.pending = tuple((one.id, one.saved_at) for one in offered)
    spell_allowed = addable(StudentEnrolment, actor) & frozenset(OF_SPELL)
    spell = Draft(StudentEnrolment, spell_allowed, filled=found.spell)
    page = form_page(session, draft, actor, show)
    beside = form_page(session, spell, actor, show)
    inputs = _inputs(page) | _inputs(beside)
    where = addresses.filling(room.row.id)
    sections = (
        _section("common", _("Для всех: остаётся для следующего"), COMMON, inputs),
        _section("learner", _("Ученик"), OWN, inputs),
    )
    return replace(
        page,
        **{**keeping(draft), "keep_href": f"{where}/keep", "draft_at": found.kept_at},
        whole=True,
        title=_("Добавить учеников: %(room)s", room=show.named(room.row)),
        lead=places(room),
        action=where,
        paste_href=addresses.pasting(room.row.id),
        sections=sections,
        errors=tuple((f.id, f.label, f.error) for s in sections for f in s.fields if f.error),
        notice=" ".join(filter(None, (page.notice, beside.notice))),
    )


def places(room: Room) -> str:
    """How many of the places of the class are taken."""
    number = learners_in(db.session(), room.row.id)
    if not room.row.capacity:
        return _("В классе учеников: %(number)s.", number=number)
    return _("Занято мест: %(number)s из %(places)s.", number=number, places=room.row.capacity)


def _draft(room: Room, filled: Filled) -> Draft:
    allowed = addable(Student, identity()) & frozenset((*LANGUAGES, *OWN))
    return Draft(Student, allowed, parent=room.row, filled=filled)


def _inputs(page: FormPage) -> dict[str, FormField]:
    return {f.name: f for section in page.sections for f in section.fields}


def _section(
    ident: str, title: str, names: tuple[str, ...], inputs: Mapping[str, FormField]
) -> FormSection:
    found = tuple(inputs[name] for name in names if name in inputs)
    filled = sum(1 for f in found if f.value.strip())
    errors = sum(1 for f in found if f.error)
    return FormSection(ident, title, found, filled, len(found), errors)

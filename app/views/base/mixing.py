"""One form, two ways: what may be changed is saved at once, the rest is asked for (п. 5.5).

Between the form and its saving stands a page that tells the two apart; it carries everything
typed, so that nothing is written before it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import field_map
from app.kernel.errors import Conflict, Invalid
from app.kernel.kinds import DATE
from app.kernel.rights import DECIDE, REQUESTS, SUBMIT, requestable, writable_in
from app.services import files, keep, request_drafts, request_files, requests
from app.views.base import addresses
from app.views.base.carding import caption, crumbs
from app.views.base.drafting import sent_before, settled
from app.views.base.fill import EFFECTIVE, EVIDENCE, GO, REASON, Filled
from app.views.base.forming import ENDINGS, Draft
from app.views.base.formkeys import KEY
from app.views.base.guard import identity
from app.views.base.numbers import earlier_than
from app.views.base.pages import Link
from app.views.base.pages_asking import AskingPage, Change
from app.views.base.shell import render
from app.views.base.term_words import usual_term
from app.views.base.words import Presenter, choices, label, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from werkzeug.wrappers import Response

    from app.kernel.actor import Actor
    from app.kernel.record import Record

SIGN, SEND, BACK = "sign", "send", "back"  # what the buttons of the page do


@dataclass(slots=True)
class Said:
    """What goes with a request beside its values, and what is wrong with it."""

    reason: str = ""
    day: dt.date | None = None
    files: tuple[int, ...] = ()
    problems: list[Invalid] = field(default_factory=list)


def draft_of(record: type[Record], row: Record, actor: Actor) -> Draft:
    """The form of a row: with what the actor may write, and what may be asked for."""
    allowed = writable_in(row, actor)
    asked = frozenset(f.name for f in requestable(record, actor, requests.organisation_of(row)))
    return Draft(record, allowed | (asked if allowed else frozenset()), row, asked=asked)


def look_for_requests(draft: Draft, actor: Actor) -> None:
    """Learn which inputs stand in open requests: those who ask wait, the office sees them."""
    if draft.row is None:
        return
    if draft.asked:
        # What was typed into one of them before it was refused stays in its input.
        typed = asked_in(draft, draft.filled) if draft.filled else {}
        found = request_drafts.waiting_for(db.session(), draft.row)
        draft.waiting = {
            name: n for name, n in found.items() if name in draft.asked and name not in typed
        }
    elif actor.may(DECIDE, REQUESTS):
        draft.claimed = request_drafts.claimed_in(db.session(), draft.row)


def asked_in(draft: Draft, filled: Filled) -> dict[str, Any]:
    """The values typed into inputs whose change is asked for, where they differ."""
    assert draft.row is not None  # noqa: S101 - forms of rows only
    typed = {name: v for name, v in filled.values.items() if name in draft.asked}
    return request_drafts.differing(draft.row, typed)


def goes_back(filled: Filled) -> bool:
    """Whether the page that tells apart leads back to its form."""
    return filled.beside.get(GO, [""])[-1] == BACK


class Mixing(BaseView):
    """Saving a form of which a part becomes a request."""

    record: ClassVar[type[Record]]

    def ask_and_save(
        self, draft: Draft, filled: Filled, asked: Mapping[str, Any], version: int
    ) -> Response | str | tuple[str, int]:
        """Tell apart what was typed; once that was seen, save the one and ask for the other.

        Raises ``keep.Problems`` for values, ``Conflict`` where somebody saved them meanwhile.
        """
        go, said = filled.beside.get(GO, [""])[-1], said_in(filled)
        at_once = {n: v for n, v in filled.values.items() if n not in draft.asked}
        page = _page(draft, filled, asked, at_once, said)
        row = self._save_at_once(draft, at_once, asked, version)
        if go not in {SIGN, SEND}:
            if problems := request_drafts.wrong_with(db.session(), row, asked, identity()):
                raise keep.Problems(problems)
            db.session.rollback()
            return render("asking.html", page)
        if said.problems:
            db.session.rollback()
            return sent_before() or (render("asking.html", page), 422)
        return _done(row, asked, said, sends=go == SEND, saved=bool(page.at_once))

    def _save_at_once(
        self, draft: Draft, at_once: Mapping[str, Any], asked: Mapping[str, Any], version: int
    ) -> Record:
        """Write what may be written; what is asked for must still stand as it was shown."""
        session, row = db.session(), draft.row
        assert row is not None  # noqa: S101 - forms of rows only
        stale = row.version != version
        if stale and keep.changed_since(session, row, version) & set(asked):
            raise Conflict("Пока вы правили, эту запись изменили.", version=row.version)
        return keep.change(session, self.record, row.id, at_once, version, identity())


def _done(
    row: Record, asked: Mapping[str, Any], said: Said, *, sends: bool, saved: bool
) -> Response:
    session, actor = db.session(), identity()
    number = request_drafts.ask_for_change(session, row, asked, actor, said.reason, said.day)
    return handed_in(number, said, sends=sends, saved=saved)


def handed_in(number: int, said: Said, *, sends: bool, saved: bool = False) -> Response:
    """Put the documents to a draft, send it where that is wanted and allowed, and tell of it.

    Raises ``keep.Problems`` for documents, or where another request stands in its way.
    """
    session, actor = db.session(), identity()
    if said.files:
        request_files.attach(session, number, said.files, actor)
    sends = sends and actor.may(SUBMIT, REQUESTS)
    if sends:
        requests.take_step(session, number, "submit", actor, 1, "")
    if earlier := settled(f"/requests/{number}"):
        return earlier
    flash(_("Запрос отправлен") if sends else _("Запрос ждёт подписи руководителя"))
    if saved:
        flash(_("Остальное сохранено"))
    return redirect(f"/requests/{number}", 303)


def said_in(filled: Filled) -> Said:
    """What was typed about the request itself."""
    said = Said(filled.beside.get(REASON, [""])[-1])
    day = filled.beside.get(EFFECTIVE, [""])[-1]
    if day.strip():
        try:
            said.day = DATE.parse(day)
        except Invalid as error:
            said.problems.append(Invalid(error.message, field=EFFECTIVE))
    names = {"reason": REASON, "effective_on": EFFECTIVE}
    for problem in request_drafts.check_said(said.reason, said.day):
        said.problems.append(Invalid(problem.message, field=names[problem.field or ""]))
    if filled.unkept is not None:
        said.problems.append(Invalid(filled.unkept, field=EVIDENCE))
    numbers = (earlier_than(text) for text in filled.beside.get(EVIDENCE, []))
    said.files = tuple(dict.fromkeys(n for n in numbers if n is not None))
    if len(said.files) > request_files.MOST:
        said.problems.append(Invalid(request_files.TOO_MANY, field=EVIDENCE))
    return said


def _page(
    draft: Draft,
    filled: Filled,
    asked: Mapping[str, Any],
    at_once: Mapping[str, Any],
    said: Said,
) -> AskingPage:
    record, row, session = draft.record, draft.row, db.session()
    assert row is not None  # noqa: S101 - forms of rows only
    show = Presenter(choices(identity().stamp))
    changed = {**request_drafts.differing(row, at_once), **asked}
    shown = [field_map(record)[name] for name in changed]
    show.learn(shown, [[getattr(row, f.name) for f in shown], [changed[f.name] for f in shown]])
    show.learn_files(set(said.files))
    told = filled.beside.get(GO, [""])[-1] in {SIGN, SEND}
    back = addresses.card(record, row.id)
    return AskingPage(
        title=caption(row),
        crumbs=(*crumbs(session, row), Link(caption(row), back)),
        action=addresses.edit(record, row.id),
        back_href=back,
        at_once=_changes(draft, [f for f in changed if f not in asked], changed, show),
        asked=_changes(draft, asked, changed, show),
        typed=_carried(draft, filled),
        term=usual_term(),
        signs=identity().may(SUBMIT, REQUESTS),
        reason=said.reason,
        effective_on=filled.beside.get(EFFECTIVE, [""])[-1],
        files=tuple((str(n), words) for n in said.files if (words := show.file(n))),
        accept=ENDINGS,
        largest=files.LARGEST,
        errors=errors_of(said, {}) if told else (),
    )


def errors_of(said: Said, named: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """What is wrong with what goes with a request; ``named``: other words of some inputs."""
    words = {**_titles(), **named}
    return tuple(
        ((p.field or "").replace(".", "-"), words[p.field or REASON], say(p)) for p in said.problems
    )


def _carried(draft: Draft, filled: Filled) -> tuple[tuple[str, str], ...]:
    """The form as it came, for the next page to send again."""
    beside = ((KEY, request.form.get(KEY, "")), ("version", str(draft.version)))
    return (*beside, *filled.typed.items())


def _titles() -> dict[str, str]:
    return {
        REASON: _("Почему нужно изменить"),
        EFFECTIVE: _("С какого дня действует"),
        EVIDENCE: _("Подтверждающие документы"),
    }


def _changes(
    draft: Draft, names: Iterable[str], values: Mapping[str, Any], show: Presenter
) -> tuple[Change, ...]:
    found = []
    for name in names:
        declared = field_map(draft.record)[name]
        before = show.cell(declared, getattr(draft.row, name))
        found.append(
            Change(label(draft.record, declared.label), before, show.cell(declared, values[name]))
        )
    return tuple(found)

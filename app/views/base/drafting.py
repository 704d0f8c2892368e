"""Forms that lose nothing: drafts offered and continued, and each form saved once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.catalogue import field_map, record_named
from app.kernel.clock import local, now
from app.kernel.errors import Missing, Refused
from app.kernel.kinds import FILE
from app.kernel.rights import reaches
from app.services import drafts, keep
from app.views.base import addresses
from app.views.base.carding import why_read_only
from app.views.base.filing import REMOVE
from app.views.base.fill import fill, texts
from app.views.base.formkeys import KEY, digest, new_key, owner_of, posted_key, signed
from app.views.base.guard import identity
from app.views.base.numbers import earlier_than
from app.views.base.pages_form import DraftLine
from app.views.base.words import choices

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.views.base.forming import Draft

HOME = "/drafts/"
KEEP = f"{HOME}keep"
MOST_OFFERED = 3  # drafts of one form that are offered above it
LONGEST_PLACE = 2_000


def recall(draft: Draft) -> bool:
    """Put into the form the draft that the address names, or learn which could be continued.

    Says whether somebody has since saved other values in fields of the draft: the person chooses.
    """
    person, session, place = identity(), db.session(), place_of(draft)
    if "draft" not in request.args:
        found = drafts.of_form(session, person.user_id, place, MOST_OFFERED)
        draft.pending = tuple((one.id, one.saved_at) for one in found)
        return False
    number = earlier_than(request.args["draft"])
    if number is None:
        raise Missing(drafts.NO_SUCH)
    kept, typed = drafts.fetch(session, person.user_id, number, place)
    mine = MultiDict({name: text for name, text in typed.items() if name in draft.allowed})
    draft.filled = fill(draft.record, draft.allowed, mine, choices(person.stamp), draft.row)
    draft.key, draft.kept, draft.kept_at = kept.key, kept.id, kept.saved_at
    if draft.row is None or draft.row.version == kept.version:
        return False
    changed = keep.changed_since(session, draft.row, kept.version)
    values = draft.filled.values
    draft.version = kept.version
    if changed & {name for name, value in values.items() if getattr(draft.row, name) != value}:
        return True
    draft.version = draft.row.version
    return False


def place_of(draft: Draft) -> drafts.Place:
    """Which form it is."""
    return drafts.Place(
        draft.record.__tablename__,
        None if draft.row is None else draft.row.id,
        None if draft.parent is None else draft.parent.id,
    )


def keeping(draft: Draft) -> dict[str, Any]:
    """What the page of a form says about its key and its drafts."""
    person, place = identity(), place_of(draft)
    posted = request.form.get(KEY, "")
    if owner_of(posted) == person.user_id:
        key = posted
    else:
        key = signed(person.user_id, draft.key) if draft.key else new_key(person.user_id)
    where = f"&row={place.row_id}" if place.row_id else ""
    where += f"&parent={place.parent_id}" if place.parent_id else ""
    return {
        "key": key,
        "keep_href": f"{KEEP}?record={place.record}{where}",
        "draft": draft.kept,
        "draft_at": moment(draft.kept_at) if draft.kept_at else "",
        "drafts": tuple(
            DraftLine(ident, moment(at), href=address(place, ident)) for ident, at in draft.pending
        ),
    }


def address(place: drafts.Place, ident: int) -> str:
    """Where a draft is continued."""
    record = record_named(place.record)
    if place.row_id is not None:
        return f"{addresses.edit(record, place.row_id)}?draft={ident}"
    if place.parent_id is not None and not record.about.parent:
        return f"{addresses.filling(place.parent_id)}?draft={ident}"
    parent = f"parent={place.parent_id}&" if place.parent_id is not None else ""
    return f"{addresses.base(record)}/add?{parent}draft={ident}"


def moment(at: dt.datetime) -> str:
    """The time, with its day unless that is today."""
    here = local(at)
    return here.strftime("%H:%M" if here.date() == local(now()).date() else "%d.%m.%Y %H:%M")


def typed_in(draft: Draft) -> dict[str, str]:
    """The posted texts that a draft keeps: of fields the person may type, where they differ."""
    form, found = request.form, {}
    stands = texts(draft.record, draft.row, draft.allowed) if draft.row is not None else {}
    for name, declared in field_map(draft.record).items():
        removed = declared.kind is FILE and form.get(name + REMOVE)
        if name not in draft.allowed or not (removed or name in form):
            continue
        text = "" if removed else form[name]
        if declared.kind.widget == "choices":
            text = ";".join(filter(None, map(str.strip, form.getlist(name))))
        if text != stands.get(name, ""):
            found[name] = text
    return found


def parent_given(record: type[Record]) -> Record | None:
    """The row a new one belongs to; prefilled from this parameter only, within the scope."""
    if not record.about.parent:
        return None
    given = earlier_than(request.args.get("parent", ""))
    if given is None:
        raise BadRequest("parent")
    parent = keep.fetch(db.session(), record_named(record.about.parent), given)
    if not reaches(record, identity(), getattr(parent, "organisation_id", None)):
        raise Refused(why_read_only(record, identity()))
    return parent


def settled(place: str) -> Response | None:
    """End a save that leads to this place; the way to the earlier answer if it is the second one.

    What the second one wrote is rolled back.
    """
    person = identity()
    key = posted_key(person.user_id)
    place = place if len(place) <= LONGEST_PLACE else request.path
    if not key or drafts.settle(db.session(), person.user_id, key, digest(), place):
        return None
    db.session.rollback()
    return sent_before()


def sent_before() -> Response | None:
    """The way to the earlier answer when this very form was saved before."""
    person = identity()
    key = posted_key(person.user_id)
    if not key:
        return None
    place = drafts.led_to(db.session(), person.user_id, key, digest())
    if place is None:
        return None
    flash(_("Уже сохранено"))
    return redirect(place, 303)

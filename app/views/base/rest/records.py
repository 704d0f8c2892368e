"""The API of one record: a list and new rows, one row, its change, its way to the trash."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from flask import Response, request
from flask_appbuilder.api import BaseApi
from werkzeug.datastructures import MultiDict

from app.extensions import API, db
from app.kernel.catalogue import field_map, record_named
from app.kernel.errors import Conflict, Missing, Refused
from app.kernel.plain import plain
from app.kernel.rights import CREATE, DELETE, READ, addable, typable, writable
from app.services import actualising, keep
from app.services.browse import count
from app.services.plain_rows import json_page, json_row
from app.services.validity import CHOOSE
from app.views.base.guard import WRITE, identity, route
from app.views.base.noting import note_list, note_told
from app.views.base.rest.ask import Wanted, cursor, read_list, read_row
from app.views.base.rest.body import Unreadable, Wrong, read_object, read_values
from app.views.base.rest.problem import at, json_text, problem
from app.views.base.words import choices

if TYPE_CHECKING:
    from app.kernel.record import Record
    from app.services.browse import Count

LARGEST_ID = 2**63 - 1
JSON = "application/json"
VERSION = re.compile(r'"([0-9]{1,9})"')
STALE = "Пока вы готовили изменение, эту запись изменил кто-то другой. Сравните значения."


class RecordApi(BaseApi):
    """The addresses of one record. Subclasses made from the catalogue say only which record."""

    record: ClassVar[type[Record]]
    csrf_exempt = False

    @route("/", needs=READ)
    def rows(self) -> Response:
        """Rows in order, a part at a time."""
        actor = identity()
        query, wanted = read_list(self.record, actor, request.args)
        number = count(db.session(), query) if wanted.count or query.narrow else None
        found = json_page(
            db.session(),
            query,
            wanted.fields,
            captions=wanted.captions,
            few=number.few if number else False,
        )
        after = cursor(found.last, request.args)
        following = self._following(after)
        names = (f.name for f in wanted.fields)
        note_list(self.record, names, len(found.rows), "api", query.sought)
        members = [f'"items":[{",".join(found.rows)}]', f'"cursor":{json_text(after)}']
        members.append(f'"next":{json_text(following)}')
        if wanted.count and number is not None:
            members.append(f'"count":{json_text(_counted(number))}')
        answer = Response(f"{{{','.join(members)}}}".encode(), mimetype=JSON)
        if following:
            answer.headers["Link"] = f'<{following}>; rel="next"'
        return answer

    @route("/", needs=CREATE, methods=("POST",))
    def add(self) -> Response:
        """A new row; a list of another record says in its body which row it belongs to."""
        actor, about = identity(), self.record.about
        allowed = addable(self.record, actor)
        sent = read_object()
        owned = frozenset({about.owner} if about.parent else ())
        book = choices(actor.stamp)
        values = read_values(self.record, allowed | owned, sent, book)
        parent = self._parent(values.pop(about.owner, None)) if about.parent else None
        row = keep.add(db.session(), self.record, values, actor, parent)
        answer = self._answer(row.id, 201)
        answer.headers["Location"] = f"{self.route_base}/{row.id}"
        return answer

    @route("/<int:ident>", needs=READ)
    def row(self, ident: int) -> Response:
        """One row; 304 where the program has this version already."""
        wanted = read_row(self.record, identity(), request.args)
        return self._answer(small(ident), wanted=wanted)

    @route("/<int:ident>", needs=WRITE, methods=("PATCH",))
    def change(self, ident: int) -> Response:
        """Write the members of the body; what is not in it stays as it was."""
        actor = identity()
        if not typable(self.record, actor):  # of no row, whichever version stands
            raise Refused(keep.NOT_YOURS)
        version = version_given()
        row = keep.fetch(db.session(), self.record, small(ident))
        allowed = writable(self.record, actor, getattr(row, "organisation_id", None))
        if not allowed:
            raise Refused(keep.NOT_YOURS)
        values = read_values(self.record, allowed, read_object(), choices(actor.stamp), row)
        try:
            actualising.change(db.session(), self.record, ident, values, version, actor)
        except Conflict:
            return self._stale(ident, values)
        return self._answer(ident)

    @route("/<int:ident>", needs=DELETE, methods=("DELETE",))
    def trash(self, ident: int) -> Response:
        """Move the row to the trash; one that others point to stays (409)."""
        version = version_given()
        try:
            actualising.trash(db.session(), self.record, small(ident), version, identity())
        except keep.Held as error:
            db.session.rollback()
            return problem(409, error.message)
        except Conflict:
            return self._stale(ident, {})
        gone = Response(status=204)
        del gone.headers["Content-Type"]  # there is no content
        return gone

    def _answer(self, ident: int, status: int = 200, wanted: Wanted | None = None) -> Response:
        """The row as it stands now, with its version as entity tag."""
        wanted = wanted or read_row(self.record, identity(), MultiDict())
        found = json_row(db.session(), self.record, ident, wanted.fields, captions=wanted.captions)
        if request.method == "GET":
            note_told(self.record, ident, found.organisation, found.learner)
        answer = Response(found.text.encode(), status, mimetype=JSON)
        answer.set_etag(str(found.version))
        if request.method == "GET" and not wanted.captions:  # these are other rows' words
            answer.make_conditional(request)
        return answer

    def _stale(self, ident: int, values: dict[str, Any]) -> Response:
        """What stands now beside what was sent."""
        db.session.rollback()
        row = keep.fetch(db.session(), self.record, ident)
        known = field_map(self.record)
        conflicts = [
            {
                "pointer": f"/{name}",
                "yours": plain(known[name].kind, value),
                "theirs": plain(known[name].kind, getattr(row, name)),
            }
            for name, value in values.items()
            if value != getattr(row, name)
        ]
        answer = problem(409, STALE, version=row.version, conflicts=conflicts)
        answer.set_etag(str(row.version))
        return answer

    def _following(self, after: str | None) -> str | None:
        if after is None:
            return None
        arguments = {**request.args.to_dict(), "cursor": after}
        return f"{self.route_base}/?{urlencode(arguments)}"

    def _parent(self, ident: int | None) -> Record:
        """The row that a new one belongs to, in the scope; others are not told from absent ones."""
        about = self.record.about
        if ident is None:
            raise Wrong([at(about.owner, "Заполните это поле: без него запись не сохранить.")])
        try:
            return keep.fetch(db.session(), record_named(about.parent), ident)
        except Missing as error:
            raise Wrong([at(about.owner, CHOOSE)]) from error


def version_given() -> int:
    """The version that the program has seen. Raises ``Unreadable`` without or with a wrong one."""
    tag = request.headers.get("If-Match")
    if tag is None:
        raise Unreadable(428, "Передайте If-Match с меткой версии из заголовка ETag этой записи.")
    found = VERSION.fullmatch(tag.strip())
    if found is None:
        raise Unreadable(400, 'If-Match не понят: это одна метка из ETag в кавычках, как "7".')
    return int(found[1])


def small(ident: int) -> int:
    """The id if it can exist. Raises ``Missing`` as for any absent row."""
    if ident > LARGEST_ID:
        raise Missing("Такой записи нет.")
    return ident


def address(record: type[Record]) -> str:
    """The root of a record's addresses in the API, e.g. ``/api/v1/organisation-licence``."""
    return f"{API}{record.__tablename__.replace('_', '-')}"


def _counted(number: Count) -> dict[str, Any]:
    """A count that never counts a big table: ``exact``, about, or ``more`` than the number."""
    return {
        "number": number.number,
        "exact": number.exact and not number.capped,
        "more": number.capped,
    }


def api_of(record: type[Record]) -> type[RecordApi]:
    """The API class of a record, for Flask-AppBuilder to register."""
    return type(
        f"{record.__name__}Api",
        (RecordApi,),
        {
            "record": record,
            "route_base": address(record),
            "class_permission_name": record.__tablename__,
            "base_permissions": [],
        },
    )

"""Files of records: what a form brings is stored at once, so that nothing loses it; downloads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from flask import current_app, request, send_file
from flask_appbuilder import BaseView
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.kernel.blobs import CHUNK, Blobs
from app.kernel.catalogue import field_map, record_named
from app.kernel.errors import Invalid, Missing, Unavailable
from app.kernel.kinds import FILE
from app.kernel.rights import CREATE, READ, visible
from app.security.database import DatabaseRole
from app.security.scopes import Scope, bind_scope
from app.services import files, keep
from app.views.base.fill import EVIDENCE, Filled, fill
from app.views.base.guard import WRITE, accounts, identity, needs_of, release, route
from app.views.base.noting import note_row
from app.views.base.words import choices

if TYPE_CHECKING:
    from typing import IO

    from werkzeug.datastructures import FileStorage
    from werkzeug.wrappers import Response

    from app.kernel.errors import Message
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.models.files import File

UPLOAD = ".upload"  # follows the name of a field: the input that brings a new file
REMOVE = ".remove"  # the box that takes the present one away
ENCLOSED = EVIDENCE + UPLOAD  # documents that go with a request
LOST = "0"  # stands for a file that could not be kept: saving it says so
# A document is shown by a program of the reader's own; should a browser show it, then without any
# right to the portal.
SANDBOX = "default-src 'none'; sandbox"


class Files(BaseView):
    """The address of the files in the fields of a record's rows."""

    record: ClassVar[type[Record]]

    @route("/<int:ident>/file/<string:name>", needs=READ)
    def file(self, ident: int, name: str) -> Response:
        """The file in a field, for those who may read the row and see the field."""
        actor = identity()
        declared = next((f for f in visible(self.record, actor) if f.name == name), None)
        if declared is None or declared.kind is not FILE or ident >= 2**63:
            raise Missing(files.NO_SUCH)
        row = keep.fetch(db.session(), self.record, ident)
        found = files.file_of(db.session(), row, declared)
        note_row("download", row, f"{self.record.__tablename__} {ident} {name}")
        return sent(found)


def sent(found: File) -> Response:
    """The content of a file; that it is read has been written down."""
    content = _whole(found.sha256)
    answer = send_file(
        content,
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=found.sha256,
        conditional=False,
    )
    answer.content_length = found.size
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=found.size)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _whole(sha256: str) -> IO[bytes]:
    """The content for reading, looked through before any of it is sent.

    Raises ``Unavailable`` when it is not there or damaged: a person never gets a part of it.
    """
    content = blobs().open(sha256)
    try:
        while content.read(CHUNK):
            pass
        content.seek(0)
    except BaseException:
        content.close()
        raise
    return content


def blobs() -> Blobs:
    """The store of this installation."""
    return Blobs(Path(current_app.config["PORTAL_DATA"]) / "files")


def filled_in(record: type[Record], allowed: frozenset[str], row: Record | None = None) -> Filled:
    """The posted form with its files stored; a file that was refused is an error of its field."""
    fields = tuple(f for f in _file_fields(record) if f.name in allowed)
    form, errors = _received(fields)
    filled = fill(record, allowed, form, choices(identity().stamp), row)
    filled.unkept = errors.pop(EVIDENCE, None)
    filled.errors.update(errors)
    return filled


def kept(whose: int | None) -> tuple[tuple[str, str], ...]:
    """A posted form whose session has ended, to be carried through the sign-in page.

    Files are stored for the account ``whose`` the form is, who alone gets it back.
    """
    form = MultiDict(request.form)
    needs, name = needs_of(current_app, request.endpoint) if request.endpoint else (None, "")
    if not name or needs is None or needs.permission not in {WRITE, CREATE}:
        return tuple(form.items(multi=True))
    fields = tuple(f for f in _file_fields(record_named(name)) if _chosen(f))
    if (fields or ENCLOSED in request.files) and whose is not None and accounts().is_active(whose):
        bind_scope(db.session(), Scope(DatabaseRole.PERSON, user_id=whose))
        form, errors = _received(fields)
        release()
        lost = set(errors)
    else:
        lost = {f.name for f in fields}
    for field in lost:
        form[field] = LOST
    return tuple(form.items(multi=True))


def _file_fields(record: type[Record]) -> tuple[Field, ...]:
    return tuple(f for f in field_map(record).values() if f.kind is FILE)


def _chosen(declared: Field) -> bool:
    upload = request.files.get(declared.name + UPLOAD)
    return upload is not None and bool(upload.filename)


def _received(fields: tuple[Field, ...]) -> tuple[MultiDict[str, str], dict[str, Message]]:
    """The form with the number of the stored file in each field of these, and what was refused."""
    form = MultiDict(request.form)
    inputs = {ENCLOSED, *(f.name + UPLOAD for f in fields)}
    for strange in request.files.keys() - inputs:
        form[strange] = ""  # refused like any other input that the form does not offer
    errors: dict[str, Message] = {}
    for declared in fields:
        removed = form.pop(declared.name + REMOVE, "")
        upload = request.files.get(declared.name + UPLOAD)
        if upload is not None and upload.filename:
            if number := _stored(upload, declared.name, errors):
                form[declared.name] = number
        elif removed:
            form[declared.name] = ""
    for upload in request.files.getlist(ENCLOSED):
        if upload.filename and (number := _stored(upload, EVIDENCE, errors)):
            form.add(EVIDENCE, number)
    return form, errors


def _stored(upload: FileStorage, name: str, errors: dict[str, Message]) -> str:
    """The number of the stored file; empty, with an error of the input, where it was refused.

    What is stored is committed at once: it must outlive a form that cannot be saved yet.
    """
    try:
        file = files.stage(db.session(), blobs(), upload.stream, upload.filename or "")
    except (Invalid, Unavailable) as error:
        errors[name] = error.message
        return ""
    number = str(file.id)
    db.session.commit()
    return number

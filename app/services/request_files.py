"""Documents that speak for a request (подтверждения): attached, listed, taken out of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from app.kernel.errors import Invalid, Message, Missing, Refused
from app.models.files import File
from app.models.registry_requests import FINAL, SCHOOL, EditRequestFile
from app.services.files import NO_SUCH, NO_SUCH_FILE
from app.services.keep import Problems
from app.services.requests import find, parts_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor

MOST = 20  # documents of one request
NOT_NOW = Message("К этому запросу документов больше не приложить: решение принято.")
TOO_MANY = Message("К запросу можно приложить не больше %(limit)s документов.", limit=MOST)
ONLY_DRAFTS = Message("Документ отправленного запроса убрать нельзя: его уже рассматривают.")


def attach(session: Session, number: int, files: Collection[int], actor: Actor) -> None:
    """Put staged files to a request.

    Raises:
        Missing: no such request within the scope.
        Refused: the request is another's, or decided.
        Problems: too many of them, or a file that is not the actor's.
    """
    request = find(session, number)
    if SCHOOL not in parts_of(request, actor) or request.state in FINAL:
        raise Refused(NOT_NOW)
    lies = select(func.count()).where(EditRequestFile.request_id == number)
    if (session.scalar(lies) or 0) + len(files) > MOST:
        raise Problems([Invalid(TOO_MANY)])
    row = {"request_id": number, "organisation_id": request.organisation_id}
    try:
        for ident in files:
            session.execute(insert(EditRequestFile).values(**row, file_id=ident))
    except IntegrityError as error:
        raise Problems([Invalid(NO_SUCH_FILE)]) from error


def file_in(session: Session, number: int, ident: int) -> File:
    """One document of a request within the scope. Raises ``Missing``."""
    found = session.scalars(
        select(File)
        .join(EditRequestFile, EditRequestFile.file_id == File.id)
        .where(EditRequestFile.request_id == find(session, number).id, File.id == ident)
    ).one_or_none()
    if found is None or found.deleted_at is not None:
        raise Missing(NO_SUCH)
    return found


def take_out(session: Session, number: int, ident: int, actor: Actor) -> None:
    """Take a document out of a draft.

    Raises:
        Missing: no such request or document within the scope.
        Refused: the request is another's, or was sent.
    """
    request, file = find(session, number), file_in(session, number, ident)
    if SCHOOL not in parts_of(request, actor) or request.state != "draft":
        raise Refused(ONLY_DRAFTS)
    mine = (EditRequestFile.request_id == number) & (EditRequestFile.file_id == file.id)
    session.execute(delete(EditRequestFile).where(mine))

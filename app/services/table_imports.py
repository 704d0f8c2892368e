"""Tables that were sent: entered, their columns chosen and remembered, found again by their sender.

A table belongs to the capacity it was sent in: another capacity of the same person does not meet
it, for its rows mean other rows there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel.catalogue import records
from app.kernel.errors import Invalid, Message, Missing, Refused
from app.models.imports import DataImport, TableColumns
from app.services import data_imports
from app.services.data_imports import Stage
from app.services.importers import TABLE
from app.services.table_columns import lacking, loadable, normal, targets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.imports.spreadsheets import Cell
    from app.kernel.actor import Actor
    from app.kernel.blobs import Blob
    from app.kernel.record import Record
    from app.services.data_imports import Standing

MOST_REMEMBERED = 400  # headers of a record
NO_TABLE = Message("Такой загрузки нет.")
NOTHING_CHOSEN = Message("Выберите хотя бы один столбец: пока загружать нечего.")


def may_load(record: type[Record], actor: Actor) -> bool:
    """Whether the actor may fill anything of the record by a table."""
    return bool(loadable(record, actor))


@dataclass(frozen=True, slots=True)
class Sent:
    """A table as it came: its content and name, the paged file with its first rows, guesses.

    ``bare``: its first row seems to be data already.
    """

    blob: Blob
    name: str
    told: str
    columns: Mapping[int, str]
    bare: bool = False


def enter(session: Session, record: type[Record], sent: Sent, actor: Actor) -> DataImport:
    """Note a table that was sent."""
    file = DataImport(
        kind=TABLE.code,
        record=record.__tablename__,
        file_hash=sent.blob.sha256,
        file_name=sent.name,
        file_size=sent.blob.size,
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        check_file=sent.told,
        columns=_columns(sent.columns, clear=False, bare=sent.bare),
    )
    session.add(file)
    session.flush()
    return file


def _columns(chosen: Mapping[int, str], *, clear: bool, bare: bool) -> dict[str, Any]:
    return {"map": {str(at): c for at, c in chosen.items()}, "clear": clear, "bare": bare}


def record_of(file: DataImport, actor: Actor) -> type[Record]:
    """The record of a table. Raises ``Missing`` where the actor may fill nothing of it any more."""
    found = next((r for r in records() if r.__tablename__ == file.record), None)
    if found is None or not may_load(found, actor):
        raise Missing(NO_TABLE)
    return found


def find(session: Session, number: int, actor: Actor) -> Standing:
    """A table of the actor in this capacity. Raises ``Missing``."""
    standing = data_imports.find(session, number)
    file = standing.file
    if file.kind != TABLE.code or file.organisation_id != actor.organisation_id:
        raise Missing(NO_TABLE)
    record_of(file, actor)
    return standing


def recent(session: Session, record: type[Record], actor: Actor) -> Sequence[Standing]:
    """The last tables of a record that the actor has sent in this capacity."""
    of = DataImport.organisation_id.is_not_distinct_from(actor.organisation_id)
    return data_imports.recent(
        session, None, DataImport.kind == TABLE.code, DataImport.record == record.__tablename__, of
    )


def choose(
    session: Session,
    number: int,
    actor: Actor,
    columns: Mapping[int, str],
    headers: Sequence[Cell],
    *,
    clear: bool,
    bare: bool = False,
) -> DataImport:
    """Say what the columns fill; what an earlier check has told counts no more.

    ``clear``: an empty cell empties the value. ``bare``: the first row is data, not headers.

    Raises:
        Missing: there is no such table.
        Refused: a job of it goes on, or it is loaded already.
        Invalid: a column is chosen twice, cannot be filled, or one is lacking.
    """
    find(session, number, actor)
    file = data_imports.lock(session, number).file
    if file.state == Stage.APPLIED:
        raise Refused("Этот файл уже загружен.")
    record = record_of(file, actor)
    known = targets(record, actor)
    codes = {target.code for target in known}
    chosen = {place: code for place, code in columns.items() if code}
    if not set(chosen.values()) <= codes or not all(0 <= at < len(headers) for at in chosen):
        raise Invalid("Такого поля в этом списке нет. Обновите страницу и выберите снова.")
    if len(set(chosen.values())) < len(chosen):
        raise Invalid("Одно поле выбрано для двух столбцов. Оставьте его у одного из них.")
    if not chosen:
        raise Invalid(NOTHING_CHOSEN)
    file.columns = _columns(chosen, clear=clear, bare=bare)
    file.state, file.check_counts = Stage.UPLOADED, {}
    session.flush()
    if not bare:
        said = {normal(headers[at]): chosen.get(at, "") for at in chosen}
        _remember(session, record, actor, said)
    return file


def remembered(session: Session, record: type[Record], actor: Actor) -> dict[str, str]:
    """What headers have meant in tables of the organisation: normal form → code."""
    found: dict[str, Any] | None = session.scalar(
        select(TableColumns.columns).where(
            TableColumns.record == record.__tablename__,
            TableColumns.organisation_id.is_not_distinct_from(actor.organisation_id),
        )
    )
    return dict(found or {})


def _remember(
    session: Session, record: type[Record], actor: Actor, said: Mapping[str, str]
) -> None:
    """Keep what headers mean; a name that is a field's own needs no remembering."""
    known = {header: code for header, code in said.items() if header and not header.isdigit()}
    earlier = remembered(session, record, actor)
    if known.items() <= earlier.items():
        return
    merged = dict(list((earlier | known).items())[-MOST_REMEMBERED:])
    statement = insert(TableColumns).values(
        organisation_id=actor.organisation_id, record=record.__tablename__, columns=merged
    )
    session.execute(
        statement.on_conflict_do_update(
            constraint="uq_table_columns_organisation_id_record",
            set_={"columns": statement.excluded.columns, "changed_at": func.now()},
        )
    )


def missing_columns(file: DataImport, actor: Actor) -> tuple[str, ...]:
    """Codes that new rows cannot do without and no column fills."""
    known = targets(record_of(file, actor), actor)
    chosen = file.columns.get("map", {}).values()
    return tuple(target.code for target in lacking(known, chosen))

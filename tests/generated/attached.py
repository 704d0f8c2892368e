"""Files of the rows of the matrix: each row with a field of files has one, some are nobody's."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from app.kernel.blobs import Blobs
from app.kernel.catalogue import field_map, records
from app.kernel.kinds import FILE
from tests.documents import PDF
from tests.generated.turns import in_turn
from tests.generated.world import TRASH_CANARY
from tests.scope_model import row_status, sees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.record import Record
    from tests.generated.asking import Asking
    from tests.generated.world import World
    from tests.scope_model import Target

INSERT = (
    "insert into file (uid, sha256, size, media_type, name, staged_by)"
    " values (gen_random_uuid(), %s, %s, 'application/pdf', %s, %s) returning id"
)
SOMEBODY = 2**40  # an account that is none of those who ask


def plant(world: World) -> None:
    """Give every row its files, those in the trash with a canary; and stage two for nobody."""
    for record in records():
        for name in fields_of_files(record):
            for target in targets(world, record):
                words = TRASH_CANARY if target.trashed else "shown"
                attach(world, record, name, target, words)
    world.files = [stage(world, TRASH_CANARY, SOMEBODY) for _ in range(2)]
    world.keep()


def fields_of_files(record: type[Record]) -> list[str]:
    """Names of the fields that hold files."""
    return [f.name for f in field_map(record).values() if f.kind is FILE]


def targets(world: World, record: type[Record]) -> Iterator[Target]:
    """The rows that are there."""
    for rows in world.rows[record.__tablename__].values():
        yield from (target for target in rows.values() if target.exists)


def stage(world: World, words: str, account: int | None) -> int:
    """A file that belongs to no row yet, its words in name and content."""
    blobs = Blobs(Path(world.portal.app.config["PORTAL_DATA"]) / "files")
    blob = blobs.put(io.BytesIO(PDF + words.encode()), 1000)
    ident: int = world.one(INSERT, blob.sha256, blob.size, f"{words}.pdf", account)
    return ident


def attach(world: World, record: type[Record], name: str, target: Target, words: str) -> None:
    """A file of its own for one row."""
    change = sql.SQL("update {} set {} = %s where id = %s").format(
        sql.Identifier(record.__tablename__), sql.Identifier(name)
    )
    world.base.execute(change, (stage(world, words, None), target.id))


def ask_files(asking: Asking, record: type[Record], kind: str, base: str) -> None:
    """The addresses of files: of every field of files, of other fields, of fields that are none."""
    world = asking.world
    row = world.target(record, kind, asking.person.organisation or world.schools["own"])
    rule = f"{base}<int:ident>/file/<string:name>"
    status = row_status(asking.person, record, "file", "GET", row)
    held = fields_of_files(record)
    for name in held:
        hidden = not sees(asking.person, field_map(record)[name])
        found = 404 if status == 200 and hidden else status
        asking.ask(rule, "GET", f"{base}{row.id}/file/{name}", {found}, f"{kind} {name}")
        asking.ask(rule, "HEAD", f"{base}{row.id}/file/{name}", {found}, f"{kind} {name}")
    none = {404 if status == 200 else status}
    others = ("no_such", "id", record.about.order, *(() if held else ("file_id",)))
    whole = in_turn(record, asking.person.login)
    for name in others if whole else others[:1]:
        asking.ask(rule, "GET", f"{base}{row.id}/file/{name}", none, f"{kind} {name}")
    asking.ask(rule, "HEAD", f"{base}{row.id}/file/no_such", none, kind)

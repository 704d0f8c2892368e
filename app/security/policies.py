"""Statements that put a table under row security, for migrations and for the test that compares.

Form of every policy: one indexed column against one array setting (security.md 3). The names of
the roles carry the prefix of the installation, which migrations read from the configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.record import Reading, Writing
from app.security.database import DatabaseRole, role_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.kernel.record import Record
    from app.security.scopes import Scope

ORGS = "organisation_id = any (nullif(current_setting('app.orgs', true), '')::bigint[])"
WRITABLE = "organisation_id = any (nullif(current_setting('app.writable', true), '')::bigint[])"
OVERSEEN = "organisation_id = any (nullif(current_setting('app.overseen', true), '')::bigint[])"
STUDENTS = "{} = any (nullif(current_setting('app.students', true), '')::bigint[])"
MAY_WRITE = "current_setting('app.write', true) = 'on'"
SCOPED = (
    DatabaseRole.REGION,
    DatabaseRole.ORG,
    DatabaseRole.TEACHER,
    DatabaseRole.PERSON,
    DatabaseRole.CASE,
)
WIDE = (DatabaseRole.REGION, DatabaseRole.SYSTEM)
TOLD = (DatabaseRole.TEACHER, DatabaseRole.PERSON)  # which learners they may read about


def in_group(group: str) -> str:
    """The condition that the capacity holds an access group."""
    return f"'{group}' = any (nullif(current_setting('app.groups', true), '')::text[])"


def protect(  # noqa: PLR0913 - all that is said of one table, each by its name
    table: str,
    prefix: str,
    *,
    reading: Reading,
    writing: Writing,
    group: str = "open",
    direct_columns: Sequence[str] = (),
    reserved: str = "",
    learner: str = "",
    holder: str = "",
    holder_writes: bool = False,
) -> Iterator[str]:
    """Grants and policies of one record's table.

    ``direct_columns`` are those a capacity bound to organisations may update itself: the grant is
    by column, so that a field decided by the operator cannot be written by a school in any way.
    ``reserved`` is the condition of the rows that such a capacity may not write at all. ``learner``
    is the column that teachers and families are told the values of, where they read rows at all;
    ``holder`` a second column with an organisation that reads the row: a policy of its own, so that
    each compares one column with one setting.
    """
    names = {role: role_name(role, prefix) for role in DatabaseRole}
    guard = "" if group == "open" else f" and {in_group(group)}"
    yield from _open(table, names[DatabaseRole.OWNER])
    yield from _reads(table, names, reading, guard, learner)
    yield from _holders(table, names[DatabaseRole.ORG], holder, guard, writes=holder_writes)
    yield from _wide_writes(table, names)
    rows = OVERSEEN if writing is Writing.OVERSEEN else WRITABLE
    rows += f" and not ({reserved})" if reserved else ""
    yield from _own_writes(table, names[DatabaseRole.ORG], writing, direct_columns, rows)


def show_words(table: str, prefix: str, *, reading: Reading, learner: str = "") -> Iterator[str]:
    """Grants and policies of a record's table of words: read like the record, written by triggers.

    ``learner`` is the column that teachers and families are told the values of.
    """
    names = {role: role_name(role, prefix) for role in DatabaseRole}
    yield from _open(table, names[DatabaseRole.OWNER])
    yield from _reads(table, names, reading, "", learner)


def _reads(
    table: str, names: Mapping[DatabaseRole, str], reading: Reading, guard: str, learner: str
) -> Iterator[str]:
    for role in (*SCOPED, DatabaseRole.SYSTEM):
        whole = reading is Reading.EVERYBODY or role in WIDE
        rows = "true" if whole else _rows(reading, role, learner)
        guarded = f"{rows}{guard}".replace("true and ", "")
        condition = "true" if role is DatabaseRole.SYSTEM else guarded
        yield f"grant select on {table} to {names[role]}"
        yield (
            f"create policy {table}_read_{role} on {table} for select to {names[role]}"
            f" using ({condition})"
        )


def _holders(table: str, org: str, holder: str, guard: str, *, writes: bool) -> Iterator[str]:
    if not holder:
        return
    rows = ORGS.replace("organisation_id", holder) + guard
    yield f"create policy {table}_read_holder on {table} for select to {org} using ({rows})"
    if writes:
        rows = WRITABLE.replace("organisation_id", holder) + guard
        yield (
            f"create policy {table}_change_holder on {table} for update to {org}"
            f" using ({rows}) with check ({rows})"
        )


def _rows(reading: Reading, role: DatabaseRole, learner: str) -> str:
    """Which rows a role reads that does not read all."""
    if reading is Reading.OWN or role is DatabaseRole.ORG:
        return ORGS
    return STUDENTS.format(learner) if learner and role in TOLD else "false"


def shows(record: type[Record], scope: Scope, organisation: int | None, learner: int) -> bool:
    """Whether the policies that ``protect`` makes show the scope a row, said once more for people.

    ``organisation`` is the one the row belongs to, ``learner`` the one it is about.
    """
    about = record.about
    if about.group != "open" and about.group not in scope.groups:
        return False
    if about.reading is Reading.EVERYBODY or scope.role in WIDE:
        return True
    if about.reading is Reading.OWN or scope.role is DatabaseRole.ORG:
        return organisation in scope.orgs
    return bool(about.learner) and scope.role in TOLD and learner in scope.students


def _wide_writes(table: str, names: Mapping[DatabaseRole, str]) -> Iterator[str]:
    for role in WIDE:
        condition = MAY_WRITE if role is DatabaseRole.REGION else "true"
        yield f"grant insert, update on {table} to {names[role]}"
        yield (
            f"create policy {table}_add_{role} on {table} for insert to {names[role]}"
            f" with check ({condition})"
        )
        yield (
            f"create policy {table}_change_{role} on {table} for update to {names[role]}"
            f" using ({condition}) with check ({condition})"
        )


def _open(table: str, owner: str) -> Iterator[str]:
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    yield f"create policy {table}_owner on {table} to {owner} using (true) with check (true)"


def _own_writes(
    table: str, org: str, writing: Writing, columns: Sequence[str], rows: str
) -> Iterator[str]:
    if columns:
        yield f"grant update ({', '.join(columns)}) on {table} to {org}"
        yield (
            f"create policy {table}_change_org on {table} for update to {org}"
            f" using ({rows}) with check ({rows})"
        )
    if writing is not Writing.NOBODY:
        yield f"grant insert on {table} to {org}"
        yield f"create policy {table}_add_org on {table} for insert to {org} with check ({rows})"


def track(
    table: str,
    parent: str = "",
    owner: str = "",
    organisation: str = "organisation_id",
    group: str = "open",
) -> Iterator[str]:
    """Triggers of one record's table: stamps and version, the log, the version of its parent."""
    yield (
        f"create trigger {table}_stamp before insert or update on {table}"
        " for each row execute function portal_stamp()"
    )
    for event, tables in (
        ("insert", "referencing new table as new_rows"),
        ("update", "referencing old table as old_rows new table as new_rows"),
        ("delete", "referencing old table as old_rows"),
    ):
        yield (
            f"create trigger {table}_log_{event} after {event} on {table} {tables}"
            f" for each statement execute function portal_log('{organisation}', '{group}')"
        )
        if parent and event != "delete":
            yield (
                f"create trigger {table}_touch_{event} after {event} on {table} {tables}"
                f" for each statement execute function portal_touch('{parent}', '{owner}')"
            )


def attach(
    table: str, column: str, *, shared: bool, group: str, organisation: str = "organisation_id"
) -> Iterator[str]:
    """Triggers that tie the files of a column to their rows, and let go of those replaced.

    ``shared``: whoever may read the record at all reads its files; else the organisation does.
    """
    values = f"'{column}', '{organisation}', '{str(shared).lower()}', '{group}'"
    moved = f" or old.{organisation} is distinct from new.{organisation}"
    owned = organisation != "none"
    for event, when, changed in (
        ("insert", "insert", f"new.{column} is not null"),
        (
            "update",
            f"update of {column}{f', {organisation}' if owned else ''}",
            f"old.{column} is distinct from new.{column}{moved if owned else ''}",
        ),
        ("delete", "delete", f"old.{column} is not null"),
    ):
        yield (
            f"create trigger {table}_{column}_{event} after {when} on {table}"
            f" for each row when ({changed}) execute function portal_attach({values})"
        )


def keep_policy(table: str, prefix: str) -> str:
    """The trigger that keeps what the operator has set, for capacities bound to organisations."""
    org = role_name(DatabaseRole.ORG, prefix)
    return (
        f"create trigger {table}_keep_policy after insert or update on {table}"
        f" for each row when (current_user = '{org}') execute function portal_keep_policy()"
    )

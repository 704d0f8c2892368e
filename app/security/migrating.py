"""Steps of migrations that put records under row security, written by ``flask db revision`` itself.

A new record's table gets its policies, triggers and grants; a new column that the organisation
may type gets its grant: so one line of declaration plus the generated migration is all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import MigrateOperation, Operations, ops
from flask import current_app

from app.kernel.catalogue import field_map, records
from app.kernel.fields import Policy
from app.kernel.kinds import FILE
from app.kernel.record import Reading, Writing
from app.kernel.rights import has_policies
from app.kernel.sealing import SealedText, print_of
from app.security.database import DatabaseRole, role_name
from app.security.policies import attach, keep_policy, protect, track

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.autogenerate.api import AutogenContext

    from app.kernel.record import Record


@Operations.register_operation("guard_record")
@dataclass
class GuardRecord(MigrateOperation):
    """Policies, triggers and grants of a new record's table."""

    table: str
    reading: str
    writing: str
    group: str
    direct: tuple[str, ...]
    parent: str
    owner: str
    organisation: str
    reserved: str = ""
    learner: str = ""
    holder: str = ""
    holder_writes: bool = False

    @classmethod
    def guard_record(cls, operations: Operations, **values: Any) -> None:
        """Run the step; what the values mean is said in ``policies``."""
        operations.invoke(cls(**values))

    def reverse(self) -> MigrateOperation:
        """Nothing: policies and triggers go with their table."""
        return ops.ExecuteSQLOp("select 1")


@Operations.register_operation("allow_direct")
@dataclass
class AllowDirect(MigrateOperation):
    """Let capacities bound to organisations write a new column."""

    table: str
    columns: tuple[str, ...]

    @classmethod
    def allow_direct(cls, operations: Operations, table: str, columns: tuple[str, ...]) -> None:
        """Run the step."""
        operations.invoke(cls(table, columns))

    def reverse(self) -> MigrateOperation:
        """Nothing: the grant goes with its column."""
        return ops.ExecuteSQLOp("select 1")


@Operations.register_operation("attach_files")
@dataclass
class AttachFiles(MigrateOperation):
    """Triggers of a new column of files."""

    table: str
    column: str
    shared: bool
    group: str
    organisation: str

    @classmethod
    def attach_files(cls, operations: Operations, **values: Any) -> None:
        """Run the step; what the values mean is said in ``policies``."""
        operations.invoke(cls(**values))

    def reverse(self) -> MigrateOperation:
        """Nothing: ``drops`` come before the column goes."""
        return ops.ExecuteSQLOp("select 1")

    def drops(self) -> Iterator[MigrateOperation]:
        """Steps that take the triggers away: PostgreSQL keeps a column that a trigger names."""
        for event in ("insert", "update", "delete"):
            yield ops.ExecuteSQLOp(
                f"drop trigger {self.table}_{self.column}_{event} on {self.table}"
            )


@Operations.register_operation("keep_policy")
@dataclass
class KeepPolicy(MigrateOperation):
    """The trigger that keeps what the operator has set for the fields of a record."""

    table: str

    @classmethod
    def keep_policy(cls, operations: Operations, table: str) -> None:
        """Run the step."""
        operations.invoke(cls(table))

    def reverse(self) -> MigrateOperation:
        """Nothing: the trigger goes with its table."""
        return ops.ExecuteSQLOp("select 1")


@Operations.implementation_for(GuardRecord)
def _guard(operations: Operations, step: GuardRecord) -> None:
    statements = (
        *protection(step, current_app.config["DB_ROLE_PREFIX"]),
        *track(step.table, step.parent, step.owner, step.organisation, step.group),
    )
    for statement in statements:
        operations.get_bind().exec_driver_sql(statement.replace("%", "%%"))


def protection(step: GuardRecord, prefix: str) -> Iterator[str]:
    """The statements that put the table under the declared policies and grants."""
    yield from protect(
        step.table,
        prefix,
        reading=Reading(step.reading),
        writing=Writing(step.writing),
        group=step.group,
        direct_columns=step.direct,
        reserved=step.reserved,
        learner=step.learner,
        holder=step.holder,
        holder_writes=step.holder_writes,
    )


@Operations.implementation_for(AllowDirect)
def _allow(operations: Operations, step: AllowDirect) -> None:
    role = role_name(DatabaseRole.ORG, current_app.config["DB_ROLE_PREFIX"])
    operations.get_bind().exec_driver_sql(
        f"grant update ({', '.join(step.columns)}) on {step.table} to {role}"
    )


@Operations.implementation_for(AttachFiles)
def _attach(operations: Operations, step: AttachFiles) -> None:
    for statement in attach(
        step.table,
        step.column,
        shared=step.shared,
        group=step.group,
        organisation=step.organisation,
    ):
        operations.get_bind().exec_driver_sql(statement)


@Operations.implementation_for(KeepPolicy)
def _keep(operations: Operations, step: KeepPolicy) -> None:
    prefix = current_app.config["DB_ROLE_PREFIX"]
    operations.get_bind().exec_driver_sql(keep_policy(step.table, prefix))


@renderers.dispatch_for(KeepPolicy)
def _render_keep(_context: AutogenContext, step: KeepPolicy) -> str:
    return f"op.keep_policy({step.table!r})"


@renderers.dispatch_for(GuardRecord)
def _render_guard(_context: AutogenContext, step: GuardRecord) -> str:
    values = ", ".join(f"{name}={value!r}" for name, value in vars(step).items())
    return f"op.guard_record({values})"


@renderers.dispatch_for(AllowDirect)
def _render_allow(_context: AutogenContext, step: AllowDirect) -> str:
    return f"op.allow_direct({step.table!r}, {step.columns!r})"


@renderers.dispatch_for(AttachFiles)
def _render_attach(_context: AutogenContext, step: AttachFiles) -> str:
    values = ", ".join(f"{name}={value!r}" for name, value in vars(step).items())
    return f"op.attach_files({values})"


def add_guards(_context: object, _revision: object, directives: list[Any]) -> None:
    """Alembic's ``process_revision_directives``: put the steps behind what they are about."""
    known = {record.__tablename__: record for record in records()}
    for script in directives:
        upgrade, downgrade = script.upgrade_ops, script.downgrade_ops
        guards = _guards(upgrade.ops, known)
        upgrade.ops = [*upgrade.ops, *guards]
        attached = (step for step in guards if isinstance(step, AttachFiles))
        made = {s.table_name for s in upgrade.ops if isinstance(s, ops.CreateTableOp)}
        drops = (drop for step in attached if step.table not in made for drop in step.drops())
        downgrade.ops = [*drops, *downgrade.ops]


def rendered(kind: str, found: object, _context: AutogenContext) -> str | bool:
    """Alembic's ``render_item``: a migration names what the database knows."""
    return "sa.Text()" if kind == "type" and isinstance(found, SealedText) else False


def _guards(steps: Iterable[Any], known: dict[str, type[Record]]) -> list[MigrateOperation]:
    found: list[MigrateOperation] = []
    for step in steps:
        if isinstance(step, ops.CreateTableOp) and step.table_name in known:
            record = known[step.table_name]
            found += [guard_of(record), *attachments_of(record, set(field_map(record)))]
            found += [KeepPolicy(step.table_name)] if has_policies(record) else []
        if isinstance(step, ops.ModifyTableOps) and step.table_name in known:
            direct = direct_columns(known[step.table_name])
            added = [i.column.name for i in step.ops if isinstance(i, ops.AddColumnOp)]
            if allowed := tuple(name for name in added if name in direct):
                found.append(AllowDirect(step.table_name, allowed))
            found += attachments_of(known[step.table_name], set(added))
    return found


def guard_of(record: type[Record]) -> GuardRecord:
    """The step a record's declaration asks for."""
    about = record.about
    has_organisation = "organisation_id" in record.__table__.c
    return GuardRecord(
        record.__tablename__,
        about.reading.value,
        about.writing.value,
        about.group,
        direct_columns(record),
        about.parent,
        about.owner,
        "organisation_id" if has_organisation else "none",
        _reserved(record),
        about.learner,
        about.holder,
        about.holder_writes,
    )


def _reserved(record: type[Record]) -> str:
    """The condition of rows that only region-wide capacities write."""
    if record.about.reserved is None:
        return ""
    name, value = record.about.reserved
    return f"{name} = '{value}'"


def attachments_of(record: type[Record], columns: set[str]) -> list[AttachFiles]:
    """The steps which the fields of files among these columns ask for."""
    about = record.about
    return [
        AttachFiles(
            record.__tablename__,
            declared.name,
            about.reading is Reading.EVERYBODY,
            about.group if declared.group == "open" else declared.group,
            "organisation_id" if "organisation_id" in record.__table__.c else "none",
        )
        for declared in field_map(record).values()
        if declared.kind is FILE and declared.name in columns
    ]


def direct_columns(record: type[Record]) -> tuple[str, ...]:
    """Columns a capacity bound to organisations may write in its own rows."""
    if "organisation_id" not in record.__table__.c:
        return ()
    fields, nobody = field_map(record), record.about.writing is Writing.NOBODY
    named = tuple(n for n, f in fields.items() if f.policy is Policy.DIRECT)
    if not (nobody or {f.policy for f in fields.values()} - {None, Policy.SYSTEM}):
        # No field says by what policy it changes: all but whose the row is, what is worked out too.
        own = (n for n, f in fields.items() if f.typed or not (f.computed or f.kind.target))
        named = (*own, *map(print_of, record.sealed))
    return named if nobody else (*named, "deleted_at")

"""The rows the matrix asks about: own, foreign, in the trash; canaries; and what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from app.kernel.catalogue import record_named, records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.kernel.record import Record
    from tests.conftest import Portal
    from tests.scope_model import Target

CANARY = "ZZCANARY"
TRASH_CANARY = "ZZINTRASHZZ"
RIGHTS = ("ab_user", "ab_role", "ab_permission_view_role", "role_assignment", "classifier_seed")


@dataclass
class World:
    """The database as its superuser sees it, beside the portal."""

    portal: Portal
    base: psycopg.Connection
    schools: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[int | None, Target]]] = field(default_factory=dict)
    known: dict[str, dict[int, str]] = field(default_factory=dict)
    mark: tuple[Any, ...] = ()
    last: str = ""  # where the numbers of transactions stood
    sums: tuple[Any, ...] = ()
    files: list[int] = field(default_factory=list)  # staged by somebody who does not ask
    accounts: dict[str, int] = field(default_factory=dict)  # account number → organisation

    def one(self, query: str, *values: object) -> Any:
        """The first column of the first row."""
        found = self.base.execute(query, values).fetchone()
        return found[0] if found else None

    def version(self, record: type[Record], ident: int) -> int:
        """The version that stands now; 1 where there is no such row."""
        if ident >= 2**63:
            return 1
        query = sql.SQL("select version from {} where id = %s").format(table(record))
        row = self.base.execute(query, (ident,)).fetchone()
        return row[0] if row else 1

    def organisation_of(self, record: type[Record], ident: int) -> int | None:
        """The organisation a row belongs to."""
        query = sql.SQL("select organisation_id from {} where id = %s").format(table(record))
        found = self.base.execute(query, (ident,)).fetchone()
        return found[0] if found else None

    def constraints(self) -> frozenset[str]:
        """The names of all constraints and indexes of our tables."""
        names = self.base.execute(
            "select conname from pg_constraint where connamespace = 'public'::regnamespace union"
            " select indexname from pg_indexes where schemaname = 'public'"
        ).fetchall()
        return frozenset(name[0] for name in names)

    def fingerprint(self) -> tuple[Any, ...]:
        """Changes whenever any row of a record or of the rights is written, however little.

        Where no transaction at all has written since the last time, nothing is counted again.
        """
        last = self.one("select pg_snapshot_xmax(pg_current_snapshot())::text")
        if last != self.last:
            self.last = last
            self.sums = self.base.execute(self._fingerprint).fetchone() or ()
        return self.sums

    @property
    def _fingerprint(self) -> sql.Composed:
        if not hasattr(self, "_sums"):
            part = sql.SQL("(select (count(*), sum(xmin::text::bigint))::text from {})")
            names = [*(r.__tablename__ for r in records()), *RIGHTS]
            parts = sql.SQL(", ").join(part.format(sql.Identifier(n)) for n in names)
            self._sums = sql.SQL("select ") + parts
        return self._sums

    def stamps(self, names: Iterable[str]) -> dict[str, dict[int, str]]:
        """The transaction that last wrote each row of the tables."""
        query = sql.SQL("select id, xmin::text from {}")
        return {
            name: dict(self.base.execute(query.format(sql.Identifier(name))).fetchall())
            for name in names
        }

    def settle(self) -> None:
        """Take the present content as the one nothing may change."""
        self.known.update(self.stamps(self._touched()))
        self.mark = self.fingerprint()

    def _touched(self) -> list[str]:
        """The tables of records that were written in any way since the last ``settle``."""
        names = [record.__tablename__ for record in records()]
        now = self.fingerprint()[: len(names)]
        before = self.mark[: len(names)] or [None] * len(names)
        return [name for name, *both in zip(names, now, before, strict=True) if both[0] != both[1]]

    def written(self) -> set[tuple[str, int]]:
        """Rows written, added or removed since the last ``settle``."""
        return {
            (name, ident)
            for name, now in self.stamps(self._touched()).items()
            for ident in now.keys() | self.known[name].keys()
            if now.get(ident) != self.known[name].get(ident)
        }

    def keep(self) -> None:
        """Remember every row as it stands: what a request changes is put back to this."""
        self.base.execute("drop schema if exists kept cascade")
        self.base.execute("create schema kept")
        copy = sql.SQL("create table {} as table {}")
        for record in records():
            self.base.execute(copy.format(kept(record.__tablename__), table(record)))
        self.settle()

    def restore(self, written: Iterable[tuple[str, int]]) -> None:
        """Put back, value by value, the rows that a permitted request wrote, past all triggers."""
        changed: dict[str, list[int]] = {}
        for name, ident in written:
            changed.setdefault(name, []).append(ident)
        with self.base.transaction():
            self.base.execute("set local session_replication_role = replica")
            for name, idents in changed.items():
                self._put_back(name, idents)
        self.settle()

    def _put_back(self, name: str, idents: list[int]) -> None:
        places = {"own": sql.Identifier(name), "kept": kept(name)}
        columns = sql.SQL(", ").join(
            sql.Identifier(column.name)
            for column in record_named(name).__table__.c
            if column.computed is None
        )
        remove = sql.SQL("delete from {own} where id = any(%s)").format(**places)
        insert = sql.SQL(
            "insert into {own} ({columns}) overriding system value"
            " select {columns} from {kept} where id = any(%s)"
        ).format(**places, columns=columns)
        self.base.execute(remove, (idents,))
        self.base.execute(insert, (idents,))

    def target(self, record: type[Record], kind: str, organisation: int | None) -> Target:
        """The row of this kind as seen from the organisation."""
        kinds = self.rows[record.__tablename__]
        if kind in {"own", "trashed"}:
            chosen = kinds[kind]
            return chosen.get(organisation) or chosen[next(iter(chosen))]
        return kinds[kind][None]


def kept(name: str) -> sql.Identifier:
    """The copy of a table as everything stood before anybody asked."""
    return sql.Identifier("kept", name)


def table(record: type[Record]) -> sql.Identifier:
    """The table of a record."""
    return sql.Identifier(record.__tablename__)

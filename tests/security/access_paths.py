"""Ways to reach a row through SQLAlchemy and the driver below it; each gives what it saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    String,
    case,
    cast,
    column,
    delete,
    except_all,
    exists,
    func,
    insert,
    intersect,
    lateral,
    literal,
    select,
    text,
    true,
    tuple_,
    union,
    union_all,
    update,
    values,
)
from sqlalchemy.orm import Bundle, aliased, defer, load_only, make_transient_to_detached, undefer

from app.models.registry import Organisation
from app.models.registry_bank import OrganisationBankAccount as Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy.orm import Session

TABLE = Account.__table__
READ: dict[str, Callable[[Session, int], Iterable[Any]]] = {}
WRITE: dict[str, Callable[[Session, int], Any]] = {}
OWNER = Account.organisation_id
Other, School = aliased(Account), aliased(Organisation)
QUERIES: dict[str, Any] = {
    "entity": select(Account),
    "column": select(OWNER),
    "columns": select(OWNER, Account.id, Account.account_number),
    "bundle": select(Bundle("b", OWNER, Account.id)),
    "expression": select(OWNER + 0),
    "alias": select(Other),
    "column of an alias": select(Other.organisation_id),
    "join": select(OWNER).join(Organisation, Organisation.id == OWNER),
    "join from the parent": select(OWNER, Organisation.id).join(Account, Organisation.id == OWNER),
    "outer join": select(OWNER)
    .select_from(Organisation)
    .outerjoin(Account, Organisation.id == OWNER),
    "full join": select(OWNER)
    .select_from(Organisation)
    .join(Account, Organisation.id == OWNER, full=True),
    "self-join": select(Other.organisation_id).join(Account, Account.id >= Other.id),
    "join of aliases": select(Other.organisation_id).join(
        School, School.id == Other.organisation_id
    ),
    "cross join": select(OWNER, School.id).select_from(Account).join(School, true()),
    "scalar subquery": select(select(func.max(OWNER)).scalar_subquery()),
    "subquery": select(select(OWNER).subquery().c.organisation_id),
    "subquery of an entity": select(select(Account).subquery().c.organisation_id),
    "alias of a subquery": select(aliased(Account, select(Account).subquery())),
    "in": select(Organisation.id).where(Organisation.id.in_(select(OWNER))),
    "exists": select(Organisation.id).where(exists().where(Organisation.id == OWNER)),
    "not exists": select(OWNER).where(~exists().where(Other.id == Account.id + 10**6)),
    "cte": select(select(OWNER).cte("c").c.organisation_id),
    "cte of a cte": select(select(select(OWNER).cte("a").c.organisation_id).cte("b")),
    "union": union(select(OWNER), select(Other.organisation_id)),
    "union all": union_all(select(OWNER), select(Other.organisation_id)),
    "except": except_all(select(OWNER), select(literal(0))),
    "intersect": intersect(select(OWNER), select(Organisation.id)),
    "maximum": select(func.max(OWNER)),
    "minimum": select(func.min(OWNER)),
    "group": select(OWNER, func.count()).group_by(OWNER),
    "having": select(OWNER).group_by(OWNER).having(func.count() > 0),
    "distinct": select(OWNER).distinct(),
    "array": select(func.unnest(select(func.array_agg(OWNER)).scalar_subquery())),
    "window": select(func.first_value(OWNER).over(order_by=OWNER)),
    "case": select(case((OWNER > 0, OWNER), else_=0)),
    "cast": select(cast(cast(OWNER, String), BigInteger)),
    "tuple": select(OWNER).where(tuple_(Account.id, OWNER) > (0, 0)),
    "order and limit": select(OWNER).order_by(OWNER.desc()).limit(1),
    "for update of the parent": select(OWNER).join(Organisation, Organisation.id == OWNER),
    "values": select(OWNER).join(
        values(column("n", BigInteger), name="v").data([(1,), (2,)]), true()
    ),
    "lateral": select(lateral(select(OWNER)).c.organisation_id),
    "deferred": select(Account).options(defer(OWNER)),
    "undeferred": select(Account).options(undefer("*")),
    "some columns": select(Account).options(load_only(Account.id)),
    "core table": select(TABLE.c.organisation_id),
    "core alias": select(TABLE.alias("x").c.organisation_id),
    "core table and trash": select(TABLE.c.organisation_id).execution_options(include_trash=True),
    "entity and trash": select(Account).execution_options(include_trash=True),
    "text": text("select organisation_id from organisation_bank_account"),
    "text as entity": select(Account).from_statement(
        text("select * from organisation_bank_account")
    ),
    "text as columns": text("select organisation_id, id from organisation_bank_account").columns(
        OWNER, Account.id
    ),
    "table command": text("select organisation_id from (table organisation_bank_account) t"),
    "whole row": text(
        "select (to_jsonb(t) ->> 'organisation_id')::bigint from organisation_bank_account t"
    ),
    "only": text("select organisation_id from only organisation_bank_account"),
    "sample": text("select organisation_id from organisation_bank_account tablesample system(100)"),
}


def _query(statement: Any) -> Callable[[Session, int], Iterable[Any]]:
    return lambda session, _foreign: session.execute(statement).all()


READ.update({name: _query(statement) for name, statement in QUERIES.items()})
READ.update(
    {
        "scalars": lambda s, _: s.scalars(select(Account)),
        "query": lambda s, _: s.query(Account).all(),
        "query of a column": lambda s, _: s.query(OWNER).all(),
        "query with a filter": lambda s, _: s.query(Account).filter(OWNER > 0).all(),
        "partitions": lambda s, _: [
            row for part in s.execute(select(Account)).partitions(5) for row in part
        ],
        "stream": lambda s, _: s.execute(
            select(Account), execution_options={"yield_per": 3, "stream_results": True}
        ).all(),
        "savepoint": lambda s, _: _nested(s),
        "second transaction": lambda s, _: _again(s),
        "connection": lambda s, _: s.connection().execute(select(OWNER)).all(),
        "connection and text": lambda s, _: s.connection().execute(QUERIES["text"]).all(),
        "driver's SQL": lambda s, _: (
            s.connection()
            .exec_driver_sql("select organisation_id from organisation_bank_account")
            .all()
        ),
        "driver's cursor": lambda s, _: (
            _driver(s).execute("select organisation_id from organisation_bank_account").fetchall()
        ),
        "driver's prepared statement": lambda s, _: (
            _driver(s)
            .execute("select organisation_id from organisation_bank_account", prepare=True)
            .fetchall()
        ),
        "named cursor": lambda s, _: _named(s),
        "copy": lambda s, _: _copy(s, "copy organisation_bank_account (organisation_id) to stdout"),
        "copy of a query": lambda s, _: _copy(
            s, "copy (select organisation_id from organisation_bank_account) to stdout"
        ),
    }
)

# Ways that name the foreign row itself: nothing may come back.
NAMED: dict[str, Callable[[Session, int], Any]] = {
    "get": lambda s, ident: s.get(Account, ident),
    "get anew": lambda s, ident: s.get(Account, ident, populate_existing=True),
    "get locked": lambda s, ident: s.get(Organisation, ident + 10**9, with_for_update=True),
    "query get": lambda s, ident: s.query(Account).filter_by(id=ident).one_or_none(),
    "where": lambda s, ident: s.scalar(select(Account).where(Account.id == ident)),
    "where or true": lambda s, ident: s.scalar(
        select(Account).where((Account.id == ident) & (true() | (OWNER == 0)))
    ),
    "text": lambda s, ident: s.scalar(
        text("select id from organisation_bank_account where id = :id"), {"id": ident}
    ),
    "exists": lambda s, ident: s.scalar(select(exists().where(Account.id == ident))) or None,
    "count": lambda s, ident: s.scalar(select(func.count()).where(Account.id == ident)) or None,
    "statistics": lambda s, _: s.scalar(
        text("select tablename from pg_stats where tablename = 'organisation_bank_account' limit 1")
    ),
}


def _forged(session: Session, ident: int) -> Account:
    row = Account(id=ident, version=1)
    make_transient_to_detached(row)
    session.add(row)
    return row


def _flush_forged(session: Session, ident: int) -> None:
    _forged(session, ident).purpose = "чужое"
    session.flush()


def _delete_forged(session: Session, ident: int) -> None:
    session.delete(_forged(session, ident))
    session.flush()


def _merge(session: Session, ident: int) -> None:
    session.merge(Account(id=ident, purpose="чужое", organisation_id=1, account_number="4" * 20))
    session.flush()


def _add(session: Session, _ident: int) -> None:
    session.add(Account(organisation_id=1, account_number="4" * 20))
    session.flush()


WRITE.update(
    {
        "refresh": lambda s, ident: s.refresh(_forged(s, ident)),
        "expired attribute": lambda s, ident: _forged(s, ident).account_number,
        "flush of a forged object": _flush_forged,
        "delete of a forged object": _delete_forged,
        "merge": _merge,
        "add": _add,
        "update": lambda s, i: s.execute(
            update(Account).where(Account.id == i).values(purpose="чужое")
        ),
        "update of all": lambda s, _: s.execute(update(Account).values(purpose="чужое")),
        "update returning": lambda s, _: s.execute(
            update(Account).values(purpose="чужое").returning(OWNER)
        ),
        "update of core": lambda s, _: s.execute(update(TABLE).values(purpose="чужое")),
        "update from": lambda s, _: s.execute(
            update(Account).where(Organisation.id == OWNER).values(purpose=Organisation.full_name)
        ),
        "delete": lambda s, i: s.execute(delete(Account).where(Account.id == i)),
        "delete of core": lambda s, _: s.execute(delete(TABLE)),
        "bulk update": lambda s, i: s.bulk_update_mappings(
            Account, [{"id": i, "version": 1, "purpose": "ч"}]
        ),
        "bulk insert": lambda s, _: s.execute(
            insert(Account), [{"organisation_id": 1, "account_number": "4" * 20}]
        ),
        "insert from select": lambda s, _: s.execute(
            insert(TABLE).from_select(
                ["organisation_id", "account_number", "uid"],
                select(OWNER, func.reverse(Account.account_number), func.gen_random_uuid()),
            )
        ),
        "upsert": lambda s, i: s.execute(
            text(
                "insert into organisation_bank_account (id, uid, organisation_id, account_number)"
                " values (:id, gen_random_uuid(), 1, '4')"
                " on conflict (id) do update set purpose = 'чужое'"
            ),
            {"id": i},
        ),
        "merge command": lambda s, i: s.execute(
            text(
                "merge into organisation_bank_account t using (select cast(:id as bigint) id) n"
                " on t.id = n.id when matched then update set purpose = 'чужое'"
            ),
            {"id": i},
        ),
        "copy in": lambda s, _: _copy_in(s),
        "lock": lambda s, i: s.execute(select(Account).where(Account.id == i).with_for_update()),
        "lock of the table": lambda s, _: s.execute(
            text("lock table organisation_bank_account in access exclusive mode")
        ),
    }
)


def _driver(session: Session) -> Any:
    return session.connection().connection.driver_connection


def _nested(session: Session) -> Iterable[Any]:
    with session.begin_nested():
        return session.execute(select(OWNER)).all()


def _again(session: Session) -> Iterable[Any]:
    session.execute(select(OWNER)).all()
    session.rollback()
    return session.execute(select(OWNER)).all()


def _named(session: Session) -> Iterable[Any]:
    with _driver(session).cursor(name="c") as cursor:
        return list(
            cursor.execute("select organisation_id from organisation_bank_account").fetchall()
        )


def _copy(session: Session, statement: str) -> Iterable[Any]:
    with _driver(session).cursor() as cursor, cursor.copy(statement) as copied:
        return [(int(row[0]),) for row in copied.rows()]


def _copy_in(session: Session) -> None:
    statement = "copy organisation_bank_account (organisation_id, account_number) from stdin"
    with _driver(session).cursor() as cursor, cursor.copy(statement) as copied:
        copied.write_row((1, "4" * 20))

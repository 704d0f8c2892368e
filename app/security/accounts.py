"""Signing in and out: throttle, server-side sessions, capacities (security.md 5).

Everything here runs as the role ``auth``, in short transactions of its own, before the scope of
the request is known.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.kernel.clock import now, today
from app.security import throttle
from app.security.access_log import Line, write
from app.security.database import DatabaseRole, role_name
from app.security.look import KEEP
from app.security.matrix import RoleCode
from app.security.passwords import better_hash, is_right
from app.security.signed_in import SIGNED_IN, holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, Row

    from app.security.look import Look
    from app.security.signed_in import SignedIn

IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=10)
WAITING = dt.timedelta(minutes=10)  # for the second step
STEPPED = (RoleCode.OPERATOR, RoleCode.DEPARTMENT)  # who signs in by two steps always
PATIENCE = "15s"  # the door's own statements are small; one that takes longer will not end well

_ACT = text(
    "select set_config('role', :role, true), set_config('statement_timeout', :patience, true),"
    " set_config('idle_in_transaction_session_timeout', :patience, true)"
)
_CAPACITIES = text(
    "select a.id, a.role, a.add_ons, a.organisation_id, a.municipality_id,"
    " coalesce(o.display_name, o.short_name, o.full_name, m.name) as place"
    " from role_assignment a left join organisation o on o.id = a.organisation_id"
    " left join municipality m on m.id = a.municipality_id"
    " where a.user_id = :user_id"
    " and :today between coalesce(a.valid_from, :today) and coalesce(a.valid_to, :today)"
    " order by a.id"
)
_WAITS = text(
    "select exists (select from second_step where user_id = :user_id) or exists (select"
    " from role_assignment a where a.user_id = :user_id and a.role = any (:roles)"
    " and :today between coalesce(a.valid_from, :today) and coalesce(a.valid_to, :today))"
)


class Accounts:
    """The account book of one installation."""

    def __init__(self, engine: Engine, prefix: str, secret: str, *, demanding: bool = True) -> None:
        """Work on this database, whose roles carry the prefix; ``secret`` keys the throttle.

        ``demanding``: offices of the region sign in by two steps, and so must whoever takes
        personal data away in a file.
        """
        self.demanding = demanding
        self._engine = engine
        self._secret = secret
        self._role = role_name(DatabaseRole.AUTH, prefix)
        self._system = role_name(DatabaseRole.SYSTEM, prefix)

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """A transaction that may ask about accounts and capacities."""
        with self._engine.begin() as connection:
            connection.execute(_ACT, {"role": self._role, "patience": PATIENCE})
            yield connection

    @contextmanager
    def system(self) -> Iterator[Connection]:
        """A transaction of the portal itself, for questions about its own health."""
        with self._engine.begin() as connection:
            connection.execute(_ACT, {"role": self._system, "patience": PATIENCE})
            yield connection

    def sign_in(self, username: str, password: str, address: str | None) -> str | None:
        """Check the password; give the token of a new session, or nothing.

        Nothing is given as well while the account or the address is locked, right password or not.
        A session that waits for the second step opens nothing but that step (``second_steps``).
        """
        name = "".join(c for c in username if c.isprintable()).strip().lower()
        attempt = throttle.Try.of(name[:64], address, self._secret)
        with self.asking() as connection:
            locked = throttle.locked(connection, attempt)
            user = connection.execute(
                text("select id, password, active from ab_user where lower(username) = :name"),
                {"name": name},
            ).first()
            right = is_right(user.password if user else None, password)
            if right and not locked:
                locked = throttle.locked_meanwhile(connection, attempt)
            if locked or user is None or not right or not user.active:
                if not locked:
                    throttle.failed(connection, attempt)
                known = (user.id, name) if user else (None, "")  # perhaps a password: not kept
                write(connection, Line("login_failed", known[0], address, known[1]))
                return None
            throttle.succeeded(connection, attempt)
            _upgrade(connection, user, password)
            asked = {"user_id": user.id, "today": today(), "roles": self._demanded()}
            waiting = bool(connection.scalar(_WAITS, asked))
            token = new_session(connection, user.id, address, waiting=waiting)
            write(connection, Line("password" if waiting else "login", user.id, address, name))
            return token

    def _demanded(self) -> list[str]:
        return [role.value for role in STEPPED] if self.demanding else []

    def signed_in(self, token: str) -> SignedIn | None:
        """The holder of a session token while it is valid; extends its idle time once a minute."""
        moment = now()
        asked = {"token": digest(token), "now": moment, "idle": moment - IDLE, "today": today()}
        with self.asking() as connection:
            row = connection.execute(SIGNED_IN, asked).one_or_none()
            if row is None:
                return None
            if moment - row.seen_at > dt.timedelta(minutes=1):
                connection.execute(
                    text("update user_session set seen_at = :now where token_hash = :token"),
                    {"token": digest(token), "now": moment},
                )
        return holder(row)

    def switch(self, token: str, assignment_id: int) -> bool:
        """Act in another capacity of the account; ``False`` when it is not theirs or not valid.

        One that asks for two steps is not entered from a session of one.
        """
        with self.asking() as connection:
            changed = connection.execute(
                text(
                    "update user_session s set assignment_id = a.id from role_assignment a"
                    " where s.token_hash = :token and a.id = :id and a.user_id = s.user_id"
                    " and :today between coalesce(a.valid_from, :today)"
                    " and coalesce(a.valid_to, :today) and (a.role <> all (:roles)"
                    " or exists (select from second_step f where f.user_id = s.user_id))"
                ),
                {
                    "token": digest(token),
                    "id": assignment_id,
                    "today": today(),
                    "roles": self._demanded(),
                },
            )
            return changed.rowcount == 1

    def keep_look(self, user_id: int, look: Look) -> None:
        """Remember how the account wants the pages to look, on whatever computer it works."""
        with self.asking() as connection:
            for statement in KEEP:
                connection.execute(
                    statement, {"user_id": user_id, "theme": look.theme, "density": look.density}
                )

    def sign_out(self, token: str) -> None:
        """End the session; a copied cookie is worth nothing afterwards."""
        with self.asking() as connection:
            connection.execute(
                text("delete from user_session where token_hash = :token"),
                {"token": digest(token)},
            )

    def is_active(self, user_id: int) -> bool:
        """Whether the account is there and open."""
        with self.asking() as connection:
            asked = text("select active from ab_user where id = :id")
            return bool(connection.scalar(asked, {"id": user_id}))

    def permissions(self, role: str, add_ons: tuple[str, ...]) -> frozenset[tuple[str, str]]:
        """The permission pairs of a role with its add-ons, in one statement."""
        with self.asking() as connection:
            rows = connection.execute(
                text(
                    "select distinct p.name, v.name from ab_role r"
                    " join ab_permission_view_role rp on rp.role_id = r.id"
                    " join ab_permission_view pv on pv.id = rp.permission_view_id"
                    " join ab_permission p on p.id = pv.permission_id"
                    " join ab_view_menu v on v.id = pv.view_menu_id where r.name = any (:roles)"
                ),
                {"roles": [role, *(f"{role}+{add_on}" for add_on in add_ons)]},
            )
            return frozenset((row[0], row[1]) for row in rows)

    def note(self, line: Line) -> None:
        """Write a line of the access log for good, whatever becomes of the request after it.

        One statement, past the transaction of the request: that one may be read only, or roll back.
        """
        with self._engine.connect() as connection:
            write(connection.execution_options(isolation_level="AUTOCOMMIT"), line)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _upgrade(connection: Connection, user: Row[Any], password: str) -> None:
    values = {"id": user.id, "now": now().replace(tzinfo=None)}
    connection.execute(
        text(
            "update ab_user set last_login = :now, login_count = coalesce(login_count, 0) + 1"
            " where id = :id"
        ),
        values,
    )
    if better := better_hash(user.password, password):
        connection.execute(
            text("update ab_user set password = :hash where id = :id"),
            {**values, "hash": better},
        )


def new_session(
    connection: Connection, user_id: int, address: str | None, *, waiting: bool = False
) -> str:
    """A new session of the account in its first capacity; gives the token."""
    token = secrets.token_urlsafe(32)
    first = connection.execute(_CAPACITIES, {"user_id": user_id, "today": today()}).first()
    connection.execute(
        text(
            "insert into user_session"
            " (token_hash, user_id, assignment_id, expires_at, seen_at, address, waiting) values"
            " (:token, :user_id, :assignment, :expires, :now, cast(:address as inet), :waiting)"
        ),
        {
            "token": digest(token),
            "user_id": user_id,
            "assignment": first.id if first else None,
            "expires": now() + (WAITING if waiting else LONGEST),
            "now": now(),
            "address": address,
            "waiting": waiting,
        },
    )
    return token

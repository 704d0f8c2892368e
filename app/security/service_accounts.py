"""Accounts of programs: a client id with a secret, access tokens of 15 minutes (security.md 5).

An access token is a session of the program's account, found by its hash like a person's: ending
the row ends the token at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.kernel.clock import now, today
from app.security import throttle
from app.security.access_log import Line
from app.security.accounts import Accounts
from app.security.passwords import HASHER, is_right

if TYPE_CHECKING:
    from sqlalchemy import Connection

PREFIX = "psa_"  # every access token begins so, that scanners for lost secrets know it
LIFETIME = dt.timedelta(minutes=15)

_CLIENT = text(
    "select c.id, c.user_id, c.secret_hash, (select a.id from role_assignment a"
    "   where a.user_id = c.user_id and :today between coalesce(a.valid_from, :today)"
    "   and coalesce(a.valid_to, :today) order by a.id limit 1) as assignment_id"
    " from service_account c join ab_user u on u.id = c.user_id"
    " where c.client_id = :client_id and c.revoked_at is null and u.active"
)
_SESSION = text(
    "insert into user_session (token_hash, user_id, assignment_id, expires_at, seen_at, address)"
    " values (:hash, :user_id, :assignment_id, :expires, :now, cast(:address as inet))"
)
_USED = text("update service_account set used_at = :now where id = :id")
_USER = text(
    "insert into ab_user (id, first_name, last_name, username, email, active, password) values"
    " (nextval('ab_user_id_seq'), '', :name, :client_id, :email, true, :password) returning id"
)
_ACCOUNT = text(
    "insert into service_account (name, client_id, secret_hash, user_id)"
    " values (:name, :client_id, :hash, :user_id)"
)
_ASSIGNMENT = text(
    "insert into role_assignment"
    " (user_id, role, add_ons, organisation_id, municipality_id, basis)"
    " values (:user_id, :role, :add_ons, :organisation, :municipality, :basis)"
)
_FIND = text("select id, user_id, client_id from service_account where name = :name"
             " and revoked_at is null")  # fmt: skip
_RENEW = text("update service_account set secret_hash = :hash where id = :id")
_REVOKE = text("update service_account set revoked_at = :now where id = :id")
_CLOSE = text("update ab_user set active = false where id = :user_id")
_END = text("delete from user_session where user_id = :user_id")
_ALL = text(
    "select c.name, c.client_id, c.created_at, c.used_at, c.revoked_at, a.role,"
    " coalesce(o.display_name, o.short_name, o.full_name, m.name) as place"
    " from service_account c left join role_assignment a on a.user_id = c.user_id"
    " left join organisation o on o.id = a.organisation_id"
    " left join municipality m on m.id = a.municipality_id order by c.name, c.id"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a program signs in with; the secret is shown once and stored as a hash only."""

    client_id: str
    secret: str


def access_token(sent: str) -> str | None:
    """What a program sent, if it is an access token: the session of a person is none."""
    return sent if sent.startswith(PREFIX) else None


class ServiceAccounts(Accounts):
    """The door for programs."""

    def issue(self, client_id: str, secret: str, address: str | None) -> str | None:
        """A new access token for the right secret, or nothing.

        Nothing as well while the client or the address is locked after failures. Persons are not
        known here: neither their names nor their passwords open anything.
        """
        name = "".join(c for c in client_id if c.isprintable())[:64]
        attempt = throttle.Try.of(f"client {name}", f"client {address}", self._secret)
        with self.asking() as connection:
            locked = throttle.locked(connection, attempt)
            row = connection.execute(_CLIENT, {"client_id": name, "today": today()}).first()
            right = is_right(row.secret_hash if row else None, secret)
            if right and not locked:
                locked = throttle.locked_meanwhile(connection, attempt)
            if locked or row is None or not right:
                if not locked:
                    throttle.failed(connection, attempt)
                token = None
            else:
                throttle.succeeded(connection, attempt)
                token = _token(connection, row, address)
        action, whose = "token" if token else "token_failed", row.user_id if row else None
        self.note(Line(action, whose, address, name if row else ""))
        return token


def _token(connection: Connection, row: Any, address: str | None) -> str:
    token = PREFIX + secrets.token_urlsafe(32)
    moment = now()
    values = {
        "hash": hashlib.sha256(token.encode()).hexdigest(),
        "user_id": row.user_id,
        "assignment_id": row.assignment_id,
        "expires": moment + LIFETIME,
        "now": moment,
        "address": address,
    }
    connection.execute(_SESSION, values)
    connection.execute(_USED, {"id": row.id, "now": moment})
    return token


def create(
    connection: Connection, name: str, role: str, add_ons: list[str], **scope: Any
) -> Credentials:
    """A new account of a program in one capacity; the connection acts as the owner.

    ``scope``: organisation and municipality of the capacity, and its basis.
    """
    made = Credentials(f"svc_{secrets.token_hex(8)}", secrets.token_urlsafe(32))
    user_id = connection.scalar(
        _USER,
        {
            "name": name,
            "client_id": made.client_id,
            "email": f"{made.client_id}@localhost",
            "password": HASHER.hash(secrets.token_urlsafe(32)),  # nobody has ever seen it
        },
    )
    connection.execute(_ASSIGNMENT, {"user_id": user_id, "role": role, "add_ons": add_ons, **scope})
    values = {"name": name, "client_id": made.client_id, "user_id": user_id}
    connection.execute(_ACCOUNT, {**values, "hash": HASHER.hash(made.secret)})
    return made


def renew(connection: Connection, name: str) -> Credentials | None:
    """A new secret; the old one and all tokens end. Nothing where there is no such account."""
    found = connection.execute(_FIND, {"name": name}).first()
    if found is None:
        return None
    made = Credentials(found.client_id, secrets.token_urlsafe(32))
    connection.execute(_RENEW, {"id": found.id, "hash": HASHER.hash(made.secret)})
    connection.execute(_END, {"user_id": found.user_id})
    return made


def revoke(connection: Connection, name: str) -> bool:
    """End the account with all its tokens; ``False`` where there is no such account."""
    found = connection.execute(_FIND, {"name": name}).first()
    if found is None:
        return False
    connection.execute(_REVOKE, {"id": found.id, "now": now()})
    connection.execute(_CLOSE, {"user_id": found.user_id})
    connection.execute(_END, {"user_id": found.user_id})
    return True


def listed(connection: Connection) -> list[Any]:
    """All accounts of programs with their capacities, ended ones too."""
    return list(connection.execute(_ALL))

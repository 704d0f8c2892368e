"""Failed sign-ins slow down the next try, per account and per address (security.md 5).

What was typed as a name is kept as a keyed hash only: it may be a password in the wrong box.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.kernel.clock import now

if TYPE_CHECKING:
    from sqlalchemy import Connection

FREE_TRIES = 5  # of an account
FREE_TRIES_OF_ADDRESS = 50
FIRST_LOCK = dt.timedelta(seconds=30)
LONGEST_LOCK = dt.timedelta(minutes=15)
QUIET = 4 * LONGEST_LOCK  # after so long without a failure counting begins anew
AT_HOME = dt.timedelta(days=30)  # how long an address remembers who has signed in there

# Every try takes its rows in the order account, address, both: none waits for another in a ring.
_COUNT = text(
    "insert into login_throttle (key, failures, failed_at) values (:key, 1, :now)"
    " on conflict (key) do update set failed_at = :now, failures = case"
    " when login_throttle.failed_at < :old then 1 else login_throttle.failures + 1 end"
    " returning failures"
)
_LOCK = text("update login_throttle set locked_until = :until where key = :key")
_LOCKED = text(
    "select coalesce(bool_or(locked_until > :now) filter (where key = :user), false) as account,"
    " coalesce(bool_or(locked_until > :now) filter (where key = :address), false) as address,"
    " coalesce(bool_or(succeeded_at > :home) filter (where key = :pair), false) as at_home"
    " from login_throttle where key in (:user, :address, :pair)"
)
_MEANWHILE = text("select locked_until > :now from login_throttle where key = :user for update")
_FORGET = text("delete from login_throttle where key = :user")
# Only what this very account has missed at this very address: whoever tries the names of others
# wins nothing by signing in with an own one in between.
_FORGIVE = text(
    "update login_throttle set failures = greatest(0, failures - coalesce((select p.failures"
    " from login_throttle p where p.key = :pair and p.failed_at >= :old), 0))"
    " where key = :address"
)
_WELCOME = text(
    "insert into login_throttle (key, failures, failed_at, succeeded_at)"
    " values (:pair, 0, :now, :now)"
    " on conflict (key) do update set failures = 0, succeeded_at = :now"
)


@dataclass(frozen=True, slots=True)
class Try:
    """One try to sign in: the keys under which its account, its address and both are counted."""

    user: str
    address: str
    pair: str

    @classmethod
    def of(cls, name: str, address: str | None, secret: str) -> Try:
        """The keys of a folded name at an address; ``secret`` is the key of the installation."""
        where = str(address)
        return cls(
            f"user:{_keyed(secret, 'user', name)}",
            f"address:{_keyed(secret, 'address', where)}",
            f"pair:{_keyed(secret, 'pair', name, where)}",
        )

    def keys(self) -> dict[str, str]:
        """Values of the statements."""
        return {"user": self.user, "address": self.address, "pair": self.pair}


def _keyed(secret: str, *parts: str) -> str:
    told = "\0".join(("login-throttle", *parts)).encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()


def locked(connection: Connection, attempt: Try) -> bool:
    """Whether the door is closed: to this account, or to this address.

    The lock of an address spares the accounts that have signed in from it of late: a school whose
    people share one address is not shut out by a few of them, or by a guest. Each account's own
    lock holds everywhere.
    """
    moment = now()
    row = connection.execute(
        _LOCKED, {**attempt.keys(), "now": moment, "home": moment - AT_HOME}
    ).one()
    return bool(row.account or (row.address and not row.at_home))


def locked_meanwhile(connection: Connection, attempt: Try) -> bool:
    """Whether failures that ran beside this try have locked the account; waits for them.

    Without it a burst of parallel tries would all be let in before the first is counted.
    """
    return bool(connection.scalar(_MEANWHILE, {"user": attempt.user, "now": now()}))


def failed(connection: Connection, attempt: Try) -> None:
    """Count a failure and lock what has failed too often, each time for longer."""
    moment = now()
    values = {"now": moment, "old": moment - QUIET}
    limits = ((attempt.user, FREE_TRIES), (attempt.address, FREE_TRIES_OF_ADDRESS))
    for key, free in limits:
        failures = connection.scalar(_COUNT, {**values, "key": key})
        if failures and failures >= free:
            wait = min(FIRST_LOCK * 2 ** min(failures - free, 10), LONGEST_LOCK)
            connection.execute(_LOCK, {"key": key, "until": moment + wait})
    connection.execute(_COUNT, {**values, "key": attempt.pair})


def succeeded(connection: Connection, attempt: Try) -> None:
    """Forget what this account has missed, also in the count of this address."""
    moment = now()
    connection.execute(_FORGET, attempt.keys())
    connection.execute(_FORGIVE, {**attempt.keys(), "old": moment - QUIET})
    connection.execute(_WELCOME, {**attempt.keys(), "now": moment})

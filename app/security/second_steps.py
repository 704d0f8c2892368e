"""The second step of signing in: set up, taken, taken away (security.md 5).

Like ``accounts``, in short transactions as the role ``auth``. Wrong codes are counted by the
throttle of sign-ins under a key of their own: who knows the password cannot try codes at leisure.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import text

from app.kernel import totp
from app.kernel.clock import now
from app.kernel.sealing import UNREADABLE, Unreadable, cipher
from app.security import throttle
from app.security.access_log import Line, write
from app.security.accounts import IDLE, digest, new_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row

    from app.security.accounts import Accounts

KIND = "totp_seed"  # of what is sealed
_ASKED = text(
    "select s.user_id, u.username, s.waiting, s.assignment_id, s.seed as offered, f.seed,"
    " f.last_used, f.codes, f.set_up_at from user_session s join ab_user u on u.id = s.user_id"
    " left join second_step f on f.user_id = s.user_id"
    " where s.token_hash = :token and u.active and s.expires_at > :now and s.seen_at > :idle"
)
_OFFER = text("update user_session set seed = :seed where token_hash = :token")
_SET_UP = text(
    "insert into second_step (user_id, seed, last_used, codes)"
    " values (:user_id, :seed, :step, :codes) on conflict (user_id) do nothing"
)
# Both only where nobody was quicker: the same code opens once, also when sent twice at a time.
_USE = text(
    "update second_step set last_used = :step where user_id = :user_id and last_used < :step"
)
_SPEND = text(
    "update second_step set codes = array_remove(codes, :code)"
    " where user_id = :user_id and :code = any (codes)"
)
_RENEW = text("update second_step set codes = :codes where user_id = :user_id")
_REMOVE = text("delete from second_step where user_id = :user_id")
_SESSIONS = text("delete from user_session where user_id = :user_id")
_END = text("delete from user_session where token_hash = :token")
_WHO = text("select id from ab_user where lower(username) = :name")
_KEEP = text("update user_session set assignment_id = :assignment where token_hash = :token")


@dataclass(frozen=True, slots=True)
class Step:
    """How a session stands to the second step; ``offered`` is the seed that is being set up."""

    user_id: int
    username: str
    waiting: bool
    set_up: bool
    offered: str | None
    left: int  # recovery codes


class SecondSteps:
    """The second steps of one installation."""

    def __init__(self, book: Accounts, secret: str) -> None:
        """Work with this account book; ``secret`` keys the throttle."""
        self._book = book
        self._secret = secret

    def of(self, token: str) -> Step | None:
        """How the session stands to it; none where there is no such session."""
        with self._book.asking() as connection:
            row = connection.execute(_ASKED, _valid(token)).one_or_none()
        if row is None:
            return None
        offered = _opened(row.offered, row.user_id) if row.offered else None
        left = len(row.codes or ())
        return Step(
            row.user_id, row.username, row.waiting, row.set_up_at is not None, offered, left
        )

    def offer(self, token: str, user_id: int) -> str:
        """A new seed for this session to set up; an earlier one of it is void."""
        seed = totp.new_seed()
        with self._book.asking() as connection:
            sealed = cipher().seal(KIND, seed, _row(user_id))
            connection.execute(_OFFER, {"token": digest(token), "seed": sealed})
        return seed

    def set_up(
        self, token: str, typed: str, address: str | None
    ) -> tuple[str, Sequence[str]] | None:
        """Take the offered seed over when the code fits: a new session and the recovery codes."""
        with self._asked(token, address) as asked:
            if asked is None or asked.row.offered is None or asked.row.seed is not None:
                return None
            user_id = asked.row.user_id
            seed = _opened(asked.row.offered, user_id)
            step = totp.matching(seed, totp.plain(typed), totp.step_of(now()), 0)
            codes = totp.new_recovery_codes()
            values = {"user_id": user_id, "seed": asked.row.offered, "step": step}
            kept = {**values, "codes": totp.hashed(user_id, codes)}
            # Nothing is set up where another window has done it meanwhile.
            done = step is not None and asked.connection.execute(_SET_UP, kept).rowcount == 1
            if not asked.counted("second_set_up", right=done):
                return None
            # Whoever is signed in elsewhere by the password alone has not taken this step.
            asked.connection.execute(_SESSIONS, {"user_id": user_id})
            return asked.renewed(token), codes

    def take(self, token: str, typed: str, address: str | None) -> str | None:
        """A new session when the code fits, or is a recovery code that was not used yet."""
        with self._asked(token, address) as asked:
            if asked is None or not asked.row.waiting or asked.row.seed is None:
                return None
            if asked.counted("login", right=asked.uses(typed, "second_recovery")):
                return asked.renewed(token)
            return None

    def renew(self, token: str, typed: str, address: str | None) -> Sequence[str] | None:
        """New recovery codes in place of all former ones, for a code."""
        with self._asked(token, address) as asked:
            if asked is None or asked.row.waiting or asked.row.seed is None:
                return None
            if not asked.counted("second_codes", right=asked.uses(typed)):
                return None
            codes, user_id = totp.new_recovery_codes(), asked.row.user_id
            kept = {"user_id": user_id, "codes": totp.hashed(user_id, codes)}
            asked.connection.execute(_RENEW, kept)
            return codes

    def remove(self, token: str, typed: str, address: str | None) -> bool:
        """Sign in by the password alone from now on, for a code."""
        with self._asked(token, address) as asked:
            if asked is None or asked.row.waiting or asked.row.seed is None:
                return False
            if not asked.counted("second_removed", right=asked.uses(typed)):
                return False
            asked.connection.execute(_REMOVE, {"user_id": asked.row.user_id})
            return True

    def reset(self, login: str, by: Line) -> bool:
        """Take the second step of another account away; ``by`` is written down with its name."""
        with self._book.asking() as connection:
            user_id = reset(connection, login)
            if user_id is not None:
                write(connection, replace(by, target=login.strip().lower()))
        return user_id is not None

    @contextmanager
    def _asked(self, token: str, address: str | None) -> Iterator[_Asked | None]:
        """The session and its account while codes may be tried; none while they may not."""
        with self._book.asking() as connection:
            row = connection.execute(_ASKED, _valid(token)).one_or_none()
            if row is None:
                yield None
                return
            attempt = throttle.Try.of(f"second|{row.user_id}", address, self._secret)
            closed = throttle.locked(connection, attempt)
            closed = closed or throttle.locked_meanwhile(connection, attempt)
            yield None if closed else _Asked(connection, row, attempt, address)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A code that was typed in a session, in one transaction."""

    connection: Connection
    row: Row[Any]
    attempt: throttle.Try
    address: str | None

    def uses(self, typed: str, recovery: str = "second_recovery") -> bool:
        """Use up the code, if it fits."""
        code, user_id = totp.plain(typed), self.row.user_id
        if len(code) != totp.DIGITS:
            spent = {"user_id": user_id, "code": totp.hashed(user_id, [code])[0]}
            if self.connection.execute(_SPEND, spent).rowcount != 1:
                return False
            self.note(recovery)
            return True
        seed = _opened(self.row.seed, user_id)
        step = totp.matching(seed, code, totp.step_of(now()), self.row.last_used)
        used = {"user_id": user_id, "step": step}
        return step is not None and self.connection.execute(_USE, used).rowcount == 1

    def counted(self, action: str, *, right: bool) -> bool:
        """Count the try and write it down; gives ``right``."""
        if right:
            throttle.succeeded(self.connection, self.attempt)
        else:
            throttle.failed(self.connection, self.attempt)
        self.note(action if right else "second_failed")
        return right

    def renewed(self, token: str) -> str:
        """A new session of the same capacity in place of this one."""
        made = new_session(self.connection, self.row.user_id, self.address)
        kept = {"token": digest(made), "assignment": self.row.assignment_id}
        self.connection.execute(_KEEP, kept)
        self.connection.execute(_END, {"token": digest(token)})
        return made

    def note(self, action: str) -> None:
        """Write into the access log what was done."""
        line = Line(action, self.row.user_id, self.address, self.row.username)
        write(self.connection, line)


def reset(connection: Connection, login: str) -> int | None:
    """Take the second step of another account away and end its sessions; gives the account.

    None where there is no such account, or it has no second step. The caller writes it down.
    """
    name = "".join(c for c in login if c.isprintable()).strip().lower()
    user_id: int | None = connection.scalar(_WHO, {"name": name})
    if user_id is None or not connection.execute(_REMOVE, {"user_id": user_id}).rowcount:
        return None
    connection.execute(_SESSIONS, {"user_id": user_id})
    return user_id


def _valid(token: str) -> dict[str, Any]:
    return {"token": digest(token), "now": now(), "idle": now() - IDLE}


def _row(user_id: int) -> UUID:
    """What a sealed seed is tied to: its account."""
    return uuid5(NAMESPACE_OID, f"second|{user_id}")


def _opened(stored: str, user_id: int) -> str:
    seed = cipher().unseal(KIND, stored)
    if seed.uid != _row(user_id):  # of another account, put here by hand
        raise Unreadable(UNREADABLE)
    return seed

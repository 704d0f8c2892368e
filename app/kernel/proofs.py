"""What can be told of a number without asking anybody: whether its control digits are right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.kernel.bank import account_problem, correspondent_account_problem
from app.kernel.errors import Invalid, Message
from app.kernel.kinds import ACCOUNT, CORR_ACCOUNT

if TYPE_CHECKING:
    from app.kernel.kinds import Kind

NO_BANK = Message("без БИК контрольный ключ счёта не проверить")


class Proof(NamedTuple):
    """What was found, and whether it is as it should be."""

    message: Message
    right: bool


def proof_of(kind: Kind, value: Any, bik: str | None = None) -> Proof | None:
    """What the digits of a value say; nothing of a value that has none to check.

    ``bik``: of the bank that an account is kept in.
    """
    if value is None:
        return None
    if kind in {ACCOUNT, CORR_ACCOUNT}:
        return _of_account(kind, value, bik)
    if kind.proof is not None:
        try:
            kind.parse(kind.edit(value))
        except Invalid as error:
            return Proof(error.message, right=False)
    doubt = kind.warn(value)
    if doubt is not None:
        return Proof(doubt, right=False)
    return None if kind.proof is None else Proof(kind.proof, right=True)


def _of_account(kind: Kind, number: str, bik: str | None) -> Proof:
    if not bik:
        return Proof(NO_BANK, right=False)
    problem_of = account_problem if kind is ACCOUNT else correspondent_account_problem
    problem = problem_of(bik, number)
    if problem is not None:
        return Proof(problem, right=False)
    return Proof(Message("подходит к БИК %(bik)s", bik=bik), right=True)

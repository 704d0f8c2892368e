"""Who sends how much: a release is tried whole, otherwise people and records take turns."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.kernel.catalogue import records

if TYPE_CHECKING:
    from app.kernel.record import Record

# Three files of tests, so that processes can share them.
OFFICES = ("operator", "department", "municipal", "approver")
SCHOOLS = ("clerk", "head", "clerk2")
GUESTS = (
    "class_teacher", "subject_teacher", "commission", "applicant", "employee", "lapsed",
    "anonymous",
)  # fmt: skip
LOGINS = (*OFFICES, *SCHOOLS, *GUESTS)
SHARING = {
    **dict.fromkeys(GUESTS[:-1], 8),
    **dict.fromkeys(("clerk2", "approver", "head"), 6),
    **dict.fromkeys(("department", "municipal"), 3),
}
# With PORTAL_TEST_MATRIX=full everybody sends everything about every record.
FULL = os.environ.get("PORTAL_TEST_MATRIX") == "full"
EVERY = set(LOGINS) if FULL else {"clerk"}  # they try every operator of every field
DEEP = set(LOGINS) if FULL else {"clerk"}  # they try every kind of row and body
ROUND = 5
# A planted request of this person stands about the field: it cannot be asked about once more.
STANDING = {("clerk2", "locked short_name"): {422}}


def shares(record: type[Record], login: str) -> bool:
    """Whether the login looks at the record in this run.

    Guests, who write nothing, meet every eighth; those whose role somebody else has as well, and
    the head, who may what the clerk may and sign, every sixth; the offices beside the operator
    every third. The operator, the clerk and who is not signed in meet all of them.
    """
    return login not in SHARING or in_turn(record, login, of=SHARING[login])


def in_turn(record: type[Record], login: str = "", *, of: int = ROUND) -> bool:
    """Whether this login sends to this record what is read alike for all records.

    Every record is met by every fifth login and every login meets every fifth record.
    """
    place = LOGINS.index(login) if login in LOGINS else 0
    return FULL or (records().index(record) + place) % of == 0

"""What migrations have run is history: the statements they borrow from the source stay the same."""

from __future__ import annotations

from hashlib import sha256
from itertools import product

from app.kernel.record import Reading, Writing
from app.security.policies import protect, track

# Databases in use were made by these statements. Whoever has to change them leaves the old ones
# to the old migrations, writes a migration that changes the tables there are, and then this.
STANDS = "13c7c6c692760053cb551993cf9fa7f3a15189d38e6f8c848a7e2be11e380373"


def test_statements_that_migrations_borrow_have_not_changed() -> None:
    statements = [
        statement
        for reading, writing, group, columns in product(
            (Reading.EVERYBODY, Reading.OWN),
            (Writing.NOBODY, Writing.OWN),
            ("open", "bank"),
            ((), ("phone", "email")),
        )
        for statement in protect(
            "thing", "p_", reading=reading, writing=writing, group=group, direct_columns=columns
        )
    ]
    statements += [*track("thing"), *track("thing", "owner", "owner_id", "none")]
    assert sha256("\n".join(statements).encode()).hexdigest() == STANDS

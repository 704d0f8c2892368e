"""Words of a record, a row each: so that parts of names are found as quickly in any scope.

Row security holds `@@` back until a row may be seen, so no word index serves those who read some
rows of many; a beginning of a word and an organisation are compared by an index under any policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Index, Table, Text

if TYPE_CHECKING:
    from app.kernel.record import Record

BESIDE = ("row_id", "words")  # read from the index alone
_tables: dict[str, Table] = {}


def add_words(record: type[Record]) -> None:
    """Make the table of words of a record: all words of the row stand beside each of them.

    Triggers fill it with the rows that are not in the trash.
    """
    name = f"{record.__tablename__}_word"
    _tables[record.__tablename__] = table = Table(
        name,
        record.metadata,
        Column("row_id", BigInteger, primary_key=True, autoincrement=False),
        Column("word", Text(collation="C"), primary_key=True),
        Column("organisation_id", BigInteger, nullable=False),
        Column("words", Text, nullable=False),
    )
    Index(f"ix_{name}_word", table.c.word, postgresql_include=BESIDE)
    Index(
        f"ix_{name}_organisation", table.c.organisation_id, table.c.word, postgresql_include=BESIDE
    )


def words_of(record: type[Record]) -> Table | None:
    """The table of words of a record that has one."""
    return _tables.get(record.__tablename__)

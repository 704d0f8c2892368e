"""The base of every record: identity, version, stamps, trash, and what it says about itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

import uuid_utils.compat as uuid7
from flask_appbuilder import Model
from sqlalchemy import (
    BigInteger,
    DateTime,
    FetchedValue,
    Identity,
    Integer,
    String,
    Uuid,
    event,
    inspect,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.kernel.errors import Invalid, Label, Message
from app.kernel.sealing import Sealed, cipher, print_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from sqlalchemy.orm import Mapper

    from app.kernel.workflow import Workflow

Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


Table = Model  # tables that are not records: accounts, sessions, logs


class Reading(StrEnum):
    """Whose rows a capacity may read, in the database (security.md 3)."""

    EVERYBODY = "everybody"  # the register: all who are signed in
    OWN = "own"  # rows of the organisations in the scope
    LEARNER = "learner"  # the same; teachers and families read rows of learners told one by one


class Writing(StrEnum):
    """Whose rows a capacity bound to organisations may write, in the database."""

    NOBODY = "nobody"  # region-wide roles only
    OWN = "own"  # rows of the own organisations
    OVERSEEN = "overseen"  # rows of the organisations that a municipal authority oversees


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the form and of the record page."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a record says about itself; pages, API, rights and policies are made from it.

    ``matrix`` names the row of the role matrix (domain.md 4.2) for fields of each policy;
    ``search`` the attributes the one search box looks into; ``caption`` the attributes whose
    first filled value names a row; ``order`` the attribute of the default order.
    """

    title: str
    title_many: str
    module: str
    caption: tuple[str, ...]
    matrix: dict[str, str]
    new_title: str = ""
    caption_label: str = ""  # header of the caption as the first column of lists, if it is one
    icon: str = "file"
    sections: tuple[Section, ...] = (Section("main", "Основные сведения"),)
    search: tuple[str, ...] = ()
    search_hint: str = ""
    words: bool = False  # in very many rows: the words of ``search`` stand in a table of their own
    exact: tuple[str, ...] = ()  # attributes whose whole values the search box takes as well
    exact_hint: str = ""  # in place of ``search_hint`` for those who see all of these
    hint: tuple[str, ...] = ()  # attributes shown beside the caption in pickers
    order: str = "id"
    parent: str = ""  # the record this one is a list of
    owner: str = ""  # the attribute that points to the parent
    keys: tuple[tuple[str, ...], ...] = ()  # sets of attributes that tell one row from all others
    learner: str = ""  # the attribute that names the learner a row is about
    holder: str = ""  # the attribute that names the organisation which reads the row as well
    holder_writes: bool = False  # it takes steps of the workflow, too
    reading: Reading = Reading.EVERYBODY
    writing: Writing = Writing.NOBODY
    group: str = "open"  # access group of the whole record
    in_menu: bool = True
    item: str = ""  # the item of Appendix 3 that the list as a whole answers
    answers: tuple[tuple[str, str, str], ...] | None = None  # items that rows of a value answer
    naming: str = ""  # words of a row with places like %(grade)s, where the caption says too little
    daily: str = ""  # its list whose rows say what a row is part of on a day: classes
    spans: tuple[tuple[str, str], ...] = ()  # pairs of attributes: the second is not before
    shelves: tuple[Section, ...] = ()  # groups of the lists of this record on its page
    shelf: str = ""  # the group of the parent's page that this list stands in
    closing: str = ""  # the attribute that ends a row: a table that ends many of them is stopped
    reserved: tuple[str, str] | None = None  # rows with this value are written upon request only
    refusals: tuple[Refusal, ...] = ()  # what triggers refuse, in words
    flow: Workflow | None = None  # states and steps of its rows; ``state`` holds the state


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule the database keeps by itself: its name there, the attribute, words for a person."""

    name: str
    field: str
    message: Message


def new_uid() -> UUID:
    """A time-ordered identifier, RFC 9562 version 7."""
    return uuid7.uuid7()


class Record(Model):
    """Abstract base; ``version``, stamps and the log are written by triggers, never by Python."""

    __abstract__ = True
    __table_args__: ClassVar[Any] = {"extend_existing": False}
    about: ClassVar[About]
    sealed: ClassVar[dict[str, str]] = {}  # restricted attributes and the names of their kinds

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, sort_order=-10)
    uid: Mapped[UUID] = mapped_column(Uuid, default=new_uid, unique=True, sort_order=-9)
    version: Mapped[int] = mapped_column(
        Integer,
        server_default=text("1"),
        server_onupdate=FetchedValue(),
        sort_order=90,
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()"), sort_order=91
    )
    created_by: Mapped[int | None] = mapped_column(BigInteger, FetchedValue(), sort_order=92)
    updated_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True),
        server_default=text("now()"),
        server_onupdate=FetchedValue(),
        sort_order=93,
    )
    updated_by: Mapped[int | None] = mapped_column(
        BigInteger, FetchedValue(), server_onupdate=FetchedValue(), sort_order=94
    )
    deleted_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True), sort_order=95)
    deleted_by: Mapped[int | None] = mapped_column(
        BigInteger, FetchedValue(), server_onupdate=FetchedValue(), sort_order=96
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        """Optimistic lock on ``version``, counted by the database so that plain SQL counts too."""
        return {
            "version_id_col": cls.version,
            "version_id_generator": False,
            "eager_defaults": True,
        }

    def check(self) -> Iterator[Invalid]:
        """Yield what is wrong between the values of one row; single values are checked by kinds."""
        for first, last in self.about.spans:
            begins, ends = getattr(self, first), getattr(self, last)
            if begins is not None and ends is not None and ends < begins:
                yield Invalid(out_of_order(type(self), first, last), field=last)

    def doubts(self) -> Iterator[Message]:
        """Yield what looks odd between the values of a saved row and does not stop saving."""
        yield from ()

    def worked_out(self) -> dict[str, Any]:
        """Computed attributes that rows are looked up by, as the database will work them out."""
        return {}

    def prepare(self) -> None:
        """Fill what follows from the other values, just before the row is written."""


def out_of_order(record: type[Record], first: str, last: str) -> Message:
    """The sentence about two attributes that stand in the wrong order."""
    columns, name = record.__table__.c, record.__tablename__
    begins, ends = (Label(name, columns[key].info["field"].label) for key in (first, last))
    return Message(
        "«%(ends)s» раньше, чем «%(begins)s». Проверьте обе даты.", begins=begins, ends=ends
    )


def _seal(_mapper: Mapper[Any], _connection: Connection, row: Record) -> None:
    """Tie restricted texts to their row before they are written, and take their fingerprints."""
    if not row.sealed:
        return
    if (uid := cast("UUID | None", row.uid)) is None:
        row.uid = uid = new_uid()
    state: Any = inspect(row)
    for name, kind in row.sealed.items():
        text: str | None = getattr(row, name)
        if not state.attrs[name].history.has_changes():
            continue
        found = None if text is None else cipher().fingerprint(kind, text)
        setattr(row, print_of(name), found)
        setattr(row, name, None if text is None else Sealed(text, uid))


for _moment in ("before_insert", "before_update"):
    event.listen(Record, _moment, _seal, propagate=True)


class Imported:
    """Mixin for rows that come from another register: where from, and which row there."""

    source: Mapped[str | None] = mapped_column(String(40), sort_order=97)
    source_id: Mapped[str | None] = mapped_column(String(80), sort_order=98)

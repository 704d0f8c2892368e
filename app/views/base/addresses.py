"""Addresses of the generated pages, made from the catalogue once, without ``url_for`` per cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import record_named
from app.kernel.kinds import FILE

if TYPE_CHECKING:
    from app.kernel.record import Record


def base(record: type[Record]) -> str:
    """The root of a record's addresses, e.g. ``/registry/organisation-licence``."""
    return f"/{record.about.module}/{record.__tablename__.replace('_', '-')}"


def home(record: type[Record]) -> str:
    """The list itself."""
    return f"{base(record)}/"


def card(record: type[Record], ident: int) -> str:
    """The page of one row."""
    return f"{base(record)}/{ident}"


def edit(record: type[Record], ident: int) -> str:
    """The form of one row."""
    return f"{base(record)}/{ident}/edit"


def file(record: type[Record], ident: int, name: str) -> str:
    """The file in a field of one row."""
    return f"{base(record)}/{ident}/file/{name}"


def history(record: type[Record], ident: int) -> str:
    """The past of one row."""
    return f"{base(record)}/{ident}/history"


def reveal(record: type[Record], ident: int) -> str:
    """Where masked values of one row are asked for."""
    return f"{base(record)}/{ident}/reveal"


def who(record: type[Record], ident: int) -> str:
    """Who sees a learner, and why."""
    return f"{base(record)}/{ident}/who"


def step(record: type[Record], ident: int, name: str) -> str:
    """Where a step of one row's workflow is taken."""
    return f"{base(record)}/{ident}/step/{name}"


def batch(number: int) -> str:
    """What one act has written."""
    return f"/batches/{number}"


def bin_of(record: type[Record]) -> str:
    """The trash of the list."""
    return f"{base(record)}/trash"


def picker(name: str) -> str:
    """What a relation input asks for its choices; files are not chosen among those there are."""
    return "" if name == FILE.target else f"{base(record_named(name))}/options"


def filling(room: int) -> str:
    """Where learners are added to a class one after another."""
    return f"/enrolment/class/{room}/fill"


def pasting(room: int) -> str:
    """Where learners are added to a class from rows of a sheet."""
    return f"/enrolment/class/{room}/paste"

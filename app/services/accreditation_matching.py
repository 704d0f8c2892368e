"""Recognise an organisation by its requisites where the register's identifier does not help.

By ИНН and КПП, then by ОГРН, and only where exactly one fits; anything else is a question, never
a merge. Branches share ИНН and ОГРН with their head, so a branch is never taken for the head.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from app.kernel.errors import Message
from app.kernel.text import key
from app.services.accreditation_questions import Option, Topic
from app.services.accreditation_store import SOURCE, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.services.accreditation_drafts import Draft
    from app.services.accreditation_store import Found, Kept

BRANCH = "филиал"
WHY = Message(
    "Портал сам никого не сливает: пока ответа нет, организация файла загружается как новая."
)
SEVERAL = Topic(
    "match",
    Message("По ИНН и КПП или по ОГРН подходит несколько организаций портала. Какая это из них?"),
    WHY,
)
TWICE = Topic(
    "match",
    Message("По реквизитам к одной организации портала подходит несколько из файла. Которая?"),
    WHY,
)
BRANCH_OR_HEAD = Topic(
    "match",
    Message(
        "Реквизиты те же, что у организации портала, но одна из них филиал. Это разные организации?"
    ),
    WHY,
)
OTHER_SOURCE = Topic(
    "match",
    Message("Такие реквизиты есть у организации, загруженной из другого источника. Это она?"),
    WHY,
)
NEW = Option("new", Message("Новая организация"))
REGISTER = "register:"  # before the register's identifier in the code of an organisation


def option(row: Found) -> Option:
    """Give an organisation as an answer.

    Its code is the register's identifier, since ids given in a dry run do not last; where there is
    none, its number in the portal.
    """
    mine = row.values["source"] == SOURCE
    code = f"{REGISTER}{row.values['source_id']}" if mine else str(row.id)
    name = row.values["full_name"]
    if mine:
        return Option(code, Message("Организация реестра: %(name)s", name=name))
    return Option(
        code, Message("Организация портала № %(number)s: %(name)s", number=row.id, name=name)
    )


class Doubt(NamedTuple):
    """Why an organisation of the file may be one of the portal, and which."""

    topic: Topic
    rows: list[Found]


class Requisites(NamedTuple):
    """What an organisation is recognised by."""

    inn: str | None
    kpp: str | None
    ogrn: str | None

    @property
    def given(self) -> bool:
        """Whether there is enough to look for."""
        return bool((self.inn and self.kpp) or self.ogrn)

    def fits(self, row: Found) -> bool:
        """Whether ИНН and КПП are both the same."""
        theirs = row.values
        return bool(self.inn and self.kpp) and (self.inn, self.kpp) == (
            theirs["inn"],
            theirs["kpp"],
        )

    def fits_by_ogrn(self, row: Found) -> bool:
        """Whether ОГРН is the same and neither ИНН nor КПП is another."""
        theirs = row.values
        pairs = ((self.inn, theirs["inn"]), (self.kpp, theirs["kpp"]))
        unlike = any(mine and other and mine != other for mine, other in pairs)
        return bool(self.ogrn) and self.ogrn == theirs["ogrn"] and not unlike


def candidates(
    session: Session, kept: Kept, wanted: Iterable[Requisites], *conditions: ColumnElement[bool]
) -> list[Found]:
    """Give the organisations that have an ИНН or ОГРН of those wanted."""
    given = [one for one in wanted if one.given]
    if not given:
        return []
    inns = {one.inn for one in given if one.inn}
    ogrns = {one.ogrn for one in given if one.ogrn}
    by_id = replace(kept, key="id")  # several may have no identifier of the register
    found = read(session, by_id, "inn", inns, *conditions)
    found |= read(session, by_id, "ogrn", ogrns, *conditions)
    return [found[ident] for ident in sorted(found)]


def fitting(wanted: Requisites, rows: Sequence[Found]) -> list[Found]:
    """Give those that fit by ИНН and КПП, or, where none does, by ОГРН."""
    return [row for row in rows if wanted.fits(row)] or [
        row for row in rows if wanted.fits_by_ogrn(row)
    ]


def adoptable(
    session: Session, kept: Kept, drafts: Sequence[Draft]
) -> tuple[dict[str, Found], dict[str, Doubt]]:
    """Find organisations of the portal without the register's identifier for new ones of a file.

    Only the holder of a certificate is looked for: what stands in supplements alone is a branch.
    Gives those found and, for the others, the doubt where something nearly fits.
    """
    wanted = {draft.key: requisites(draft.values) for draft in drafts if draft.holder}
    theirs = kept.table.c.source
    rows = candidates(session, kept, wanted.values(), theirs.is_distinct_from(SOURCE))
    fits = {name: fitting(one, rows) for name, one in wanted.items()} if rows else {}
    takers = Counter(row.id for found in fits.values() for row in found)
    adopted: dict[str, Found] = {}
    doubts: dict[str, Doubt] = {}
    for draft in drafts:
        found = fits.get(draft.key)
        if not found:
            continue
        topic = _doubt(draft, found, takers)
        if topic is None:
            adopted[draft.key] = found[0]
        else:
            doubts[draft.key] = Doubt(topic, found)
    return adopted, doubts


def requisites(values: Any) -> Requisites:
    """Give the requisites among the values of an organisation."""
    return Requisites(values.get("inn"), values.get("kpp"), values.get("ogrn"))


def _doubt(draft: Draft, found: Sequence[Found], takers: Counter[int]) -> Topic | None:
    row = found[0]
    if len(found) > 1:
        return SEVERAL
    if takers[row.id] > 1:
        return TWICE
    if is_branch(draft.values.get("full_name")) != is_branch(row.values["full_name"]):
        return BRANCH_OR_HEAD
    return OTHER_SOURCE if row.values["source"] else None


def is_branch(name: str | None) -> bool:
    """Whether the name says that it is a branch."""
    return BRANCH in key(name or "")

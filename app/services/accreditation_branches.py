"""Which organisation is a branch of which: gathered over the whole file, stored at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.kernel.errors import Message
from app.models.registry import Organisation
from app.services.accreditation_organisations import ORGANISATIONS
from app.services.accreditation_report import State
from app.services.accreditation_store import Kept, Row, find, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.accreditation_organisations import Organisations
    from app.services.accreditation_report import ImportReport

BRANCHES = Kept(Organisation, ("parent_id", "source_id"), key="id")
SECOND = Message("По файлу у филиала есть и другая головная организация. Которая верна?")
OTHER = Message("В портале у филиала другая головная организация. Заменить?")
CIRCLE = Message("По файлу организации — филиалы друг друга. Которая головная?")
NO_HEAD = Message("Головной организации с таким идентификатором нет. Что это за организация?")


class Branches:
    """What the cards of one run say about heads and branches; the first word counts."""

    def __init__(self, session: Session, report: ImportReport) -> None:
        """Begin with nothing said."""
        self.session = session
        self.report = report
        self._heads: dict[int, tuple[int, str]] = {}
        self._named: dict[int, tuple[str, str]] = {}

    def under(self, branch: int, head: int, certificate: str) -> None:
        """Say that a supplement to the certificate of ``head`` is for ``branch``."""
        said = self._heads.setdefault(branch, (head, certificate))
        if said[0] != head:
            self.report.ask(certificate, SECOND, self._name(branch))

    def named(self, branch: int, head_key: str, certificate: str) -> None:
        """Say that a card names its head by the register's identifier."""
        said = self._named.setdefault(branch, (head_key, certificate))
        if said[0] != head_key:
            self.report.ask(certificate, SECOND, self._name(branch))

    def finish(self, organisations: Organisations) -> None:
        """Store the heads that are certain; ask about the others."""
        claims = self._claims()
        parents = self._parents()
        rows: list[Row] = []
        for branch, (head, certificate) in claims.items():
            present = parents.get(branch)
            if present == head:
                continue
            if present is not None:
                self.report.ask(certificate, OTHER, self._name(branch))
            elif _leads(parents, head, branch):
                self.report.ask(certificate, CIRCLE, self._name(branch))
            else:
                parents[branch] = head
                rows.append(Row(branch, {"parent_id": head}))
        found = read(self.session, BRANCHES, BRANCHES.key, [row.key for row in rows])
        for row in write(self.session, BRANCHES, rows, found).values():
            organisations.note(row.values["source_id"], State.CHANGED)

    def _claims(self) -> dict[int, tuple[int, str]]:
        """Give the heads by id; one named by the card itself goes before that of a certificate."""
        keys = {key for key, _ in self._named.values()}
        heads = find(self.session, ORGANISATIONS, keys)
        claims = dict(self._heads)
        for branch, (key, certificate) in self._named.items():
            if key in heads:
                claims[branch] = (heads[key].id, certificate)
            else:
                self.report.ask(certificate, NO_HEAD, key)
        return claims

    def _parents(self) -> dict[int, int]:
        statement = select(Organisation.id, Organisation.parent_id).where(
            Organisation.parent_id.is_not(None)
        )
        return {branch: head for branch, head in self.session.execute(statement) if head}

    def _name(self, branch: int) -> str:
        statement = select(Organisation.full_name).where(Organisation.id == branch)
        return self.session.scalar(statement) or str(branch)


def _leads(parents: Mapping[int, int], start: int, goal: int) -> bool:
    """Whether the heads of ``start``, itself included, lead to ``goal``."""
    seen: set[int] = set()
    place: int | None = start
    while place is not None and place not in seen:
        if place == goal:
            return True
        seen.add(place)
        place = parents.get(place)
    return False

"""Which organisation is a branch of which: gathered over the whole file, stored at its end."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.kernel.errors import Message
from app.models.registry import Organisation
from app.services.accreditation_matching import option
from app.services.accreditation_organisations import ORGANISATIONS
from app.services.accreditation_questions import Topic
from app.services.accreditation_report import State
from app.services.accreditation_store import PAGE, Kept, Row, find, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.services.accreditation_organisations import Organisations
    from app.services.accreditation_questions import Option
    from app.services.accreditation_report import ImportReport
    from app.services.accreditation_store import Found

BRANCHES = Kept(Organisation, ("parent_id", "source", "source_id", "full_name"), key="id")
SECOND = Topic(
    "head",
    Message("По файлу у филиала есть и другая головная организация. Которая верна?"),
    Message("Пока ответа нет, записана та, что названа первой."),
)
OTHER = Topic(
    SECOND.code,
    Message("В портале у филиала другая головная организация. Заменить?"),
    Message("Пока ответа нет, остаётся та, что в портале."),
)
CIRCLE = Topic(
    "circle",
    Message("По файлу организации — филиалы друг друга. Которая головная?"),
    Message("Записана только первая связь; если верна другая, исправьте её в карточке."),
)
NO_HEAD = Topic(
    "no_head",
    Message("Головной организации с таким идентификатором нет. Что это за организация?"),
    Message("Внесите её и укажите в карточке филиала."),
)


class Branches:
    """What the cards of one run say about heads and branches; the first word counts."""

    def __init__(self, session: Session, report: ImportReport) -> None:
        """Begin with nothing said."""
        self.session = session
        self.report = report
        self._heads: dict[int, tuple[int, str]] = {}
        self._further: dict[int, dict[int, str]] = {}
        self._named: dict[int, dict[str, str]] = {}
        self._rows: Mapping[int, Found] = {}

    def under(self, branch: int, head: int, certificate: str) -> None:
        """Say that a supplement to the certificate of ``head`` is for ``branch``."""
        if self._heads.setdefault(branch, (head, certificate))[0] != head:
            self._further.setdefault(branch, {}).setdefault(head, certificate)

    def named(self, branch: int, head_key: str, certificate: str) -> None:
        """Say that a card names its head by the register's identifier."""
        self._named.setdefault(branch, {}).setdefault(head_key, certificate)

    def finish(self, organisations: Organisations) -> None:
        """Store the heads that are certain or answered; ask about the others."""
        parents = self._parents()
        unsettled = iter(self._claims(parents).items())
        while claims := dict(islice(unsettled, PAGE)):
            self._settle(claims, parents, organisations)

    def _settle(
        self,
        claims: Mapping[int, dict[int, str]],
        parents: dict[int, int],
        organisations: Organisations,
    ) -> None:
        involved = {*claims, *(head for heads in claims.values() for head in heads)}
        involved |= {parents[branch] for branch in claims if branch in parents}
        self._rows = read(self.session, BRANCHES, BRANCHES.key, involved)
        rows: list[Row] = []
        for branch, heads in claims.items():
            if branch not in self._rows:  # moved to the trash meanwhile
                continue
            present = parents.get(branch)
            head = self._chosen(branch, heads, present)
            if head in {None, present}:
                continue
            if _leads(parents, head, branch):
                self._ask(CIRCLE, branch, heads[head])
            else:
                parents[branch] = head
                rows.append(Row(branch, {"parent_id": head}))
        for row in write(self.session, BRANCHES, rows, self._rows).values():
            organisations.note(row.values["source_id"], State.CHANGED)

    def _claims(self, parents: Mapping[int, int]) -> dict[int, dict[int, str]]:
        """Give the heads by id; one named by the card itself goes before that of a certificate.

        Branches that are already under the only head they have in the file need not be looked at
        again: most are, for a new branch begins with its head.
        """
        keys = {key for heads in self._named.values() for key in heads}
        found = find(self.session, ORGANISATIONS, keys)
        answered = self.report.answers.any_to(SECOND)
        claims = {
            branch: {head: certificate} | self._further.get(branch, {})
            for branch, (head, certificate) in self._heads.items()
            if answered or branch in self._further or parents.get(branch) != head
        }
        for branch, heads in self._named.items():
            for key, certificate in heads.items():
                if key not in found:
                    self.report.ask(certificate, NO_HEAD, key)
            known = {found[key].id: told for key, told in heads.items() if key in found}
            if known:
                claims[branch] = known
        return claims

    def _chosen(self, branch: int, heads: dict[int, str], present: int | None) -> int:
        """Give the head that was answered, else the one there is, else the first one named."""
        first = next(iter(heads))
        possible = dict.fromkeys([*([present] if present else []), *heads])
        options = {head: option(self._rows[head]) for head in possible if head in self._rows}
        about = str(self._rows[branch].values["source_id"] or branch)
        answer = self.report.answers.to(SECOND, about, options.values)
        if answer is not None:
            return next(head for head, one in options.items() if one.code == answer)
        if len(heads) > 1:
            self._ask(SECOND, branch, [*heads.values()][1], options)
        elif present not in {None, first}:
            self._ask(OTHER, branch, heads[first], options)
        return present or first

    def _ask(
        self,
        topic: Topic,
        branch: int,
        certificate: str,
        options: Mapping[int, Option] | None = None,
    ) -> None:
        row = self._rows[branch].values
        about = str(row["source_id"] or branch)
        self.report.ask(
            certificate, topic, row["full_name"], about=about, options=(options or {}).values()
        )

    def _parents(self) -> dict[int, int]:
        statement = select(Organisation.id, Organisation.parent_id).where(
            Organisation.parent_id.is_not(None)
        )
        return {branch: head for branch, head in self.session.execute(statement) if head}


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

"""Whose certificate, whose supplement: by the register's identifier, else by requisites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.imports.cleaning import Problem
from app.kernel.errors import Message
from app.services.accreditation_matching import (
    REGISTER,
    Requisites,
    candidates,
    fitting,
    option,
    requisites,
)
from app.services.accreditation_organisations import ORGANISATIONS
from app.services.accreditation_permits import Placed
from app.services.accreditation_questions import Option, Topic, unsuitable
from app.services.accreditation_store import find, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.imports.accreditation_cards import CertificateCard, OrganisationCard
    from app.services.accreditation_branches import Branches
    from app.services.accreditation_report import ImportReport
    from app.services.accreditation_store import Found

ELEMENT = "ActualEducationOrganization"
EMPTY = Message(
    "карточка без идентификатора и названия; приложение записано за владельцем свидетельства"
)
NO_ID = Message("карточка без идентификатора или названия ничего не создаёт")
NUMBER = Message(
    "Ответом может быть и номер любой организации портала (он в адресе её страницы). Пока ответа "
    "нет, свидетельство не загружается."
)
SEVERAL = Topic(
    "holder",
    Message("По ИНН и КПП или по ОГРН подходит несколько организаций портала. Какая это из них?"),
    NUMBER,
)
NOBODY = Topic(
    "holder",
    Message(
        "У организации нет идентификатора, а по реквизитам она в портале не найдена. "
        "Чьё это свидетельство? Оно не загружено."
    ),
    NUMBER,
)
NOBODY_KNOWN = Topic(
    "holder",
    Message(
        "У организации в карточке свидетельства нет ни идентификатора, ни реквизитов. "
        "Чьё это свидетельство? Оно не загружено."
    ),
    NUMBER,
)
NO_KEY = Topic(
    "certificate",
    Message("У свидетельства нет идентификатора. Оно не загружено."),
    Message("Внесите его вручную или дождитесь исправленного файла."),
)
ANOTHER = Topic(
    "supplement",
    Message("Организация приложения не найдена. Чьё оно? Записано за владельцем свидетельства."),
    Message("Ответом может быть и номер любой организации портала (он в адресе её страницы)."),
)
SEVERAL_OTHERS = Topic(ANOTHER.code, SEVERAL.what, ANOTHER.why)
SKIP = Option("skip", Message("Не загружать это свидетельство"))
HOLDER = Option("holder", Message("Оставить за владельцем свидетельства"))


LONGEST_NUMBER = 18  # digits of a bigint


def stands_alone(card: CertificateCard) -> bool:
    """Whether no organisation of the certificate has to be looked for among those of the file."""
    holder = card.organisation
    others = (supplement.organisation for supplement in card.supplements)
    return _whole(holder) and all(_whole(one) or one.is_empty for one in others)


class Placing:
    """Finds the organisations of certificates and supplements; creates none."""

    def __init__(self, session: Session, branches: Branches, report: ImportReport) -> None:
        """Tell the branches what is met on the way."""
        self.session = session
        self.branches = branches
        self.report = report

    def of(
        self, batch: Sequence[CertificateCard], ids: Mapping[str, int]
    ) -> tuple[list[Placed], list[CertificateCard]]:
        """Give the certificates with their organisations, and those that have none.

        ``ids`` are those of organisations with an identifier.
        """
        rows = candidates(self.session, ORGANISATIONS, _wanted(batch))
        placed: list[Placed] = []
        lost: list[CertificateCard] = []
        for card in batch:
            holder = self._holder(card, ids, rows)
            if holder is None or card.id is None:
                lost.append(card)
                continue
            others = tuple(self._others(card, holder, ids, rows))
            placed.append(Placed(card, card.id, holder, others))
            self._heads(card, holder, ids)
        return placed, lost

    def _holder(
        self, card: CertificateCard, ids: Mapping[str, int], rows: Sequence[Found]
    ) -> int | None:
        organisation = card.organisation
        if card.id is None:
            about = f"{card.number}|{organisation.name}"
            self.report.ask(card.number, NO_KEY, organisation.name or "", about=about)
            return None
        if organisation.id:
            return ids.get(organisation.id)
        self._tell(card, organisation, NO_ID)
        wanted = _of_holder(card)
        found = fitting(wanted, rows)
        if len(found) == 1:
            self.report.answers.meet(NOBODY, card.id)
            return found[0].id
        why = SEVERAL if found else NOBODY if wanted.given else NOBODY_KNOWN
        name = organisation.name or card.values.get("holder_full_name")
        return self._asked(card, why, name or "", card.id, (*map(option, found), SKIP))

    def _asked(
        self, card: CertificateCard, topic: Topic, name: str, about: str, options: Iterable[Option]
    ) -> int | None:
        """Give the id of the organisation that was answered; ask where nothing was."""
        possible = tuple(options)
        answer = self.report.answers.meet(topic, about)
        if answer is None:
            self.report.ask(card.number, topic, name, about=about, options=possible)
        if answer in {None, SKIP.code, HOLDER.code}:
            if answer and all(one.code != answer for one in possible):
                raise unsuitable(topic, about, answer, possible)
            return None
        ident = self._number(str(answer))
        if ident is None:
            raise unsuitable(topic, about, str(answer), possible)
        return ident

    def _number(self, answer: str) -> int | None:
        """Give the id of a live organisation by its number or the register's identifier."""
        if answer.startswith(REGISTER):
            rows = find(self.session, ORGANISATIONS, [answer.removeprefix(REGISTER)])
        elif answer.isascii() and answer.isdigit() and len(answer) < LONGEST_NUMBER:
            rows = read(self.session, ORGANISATIONS, "id", [int(answer)])
        else:
            return None
        return next((row.id for row in rows.values()), None)

    def _others(
        self, card: CertificateCard, holder: int, ids: Mapping[str, int], rows: Sequence[Found]
    ) -> Iterator[int]:
        for place, supplement in enumerate(card.supplements):
            organisation = supplement.organisation
            if organisation.id:
                yield ids.get(organisation.id, holder)
            elif organisation.is_empty:
                self._tell(card, organisation, EMPTY)
                yield holder
            else:
                self._tell(card, organisation, NO_ID)
                found = fitting(requisites(organisation.values), rows)
                about = f"{card.id}|{supplement.id or place}"
                if len(found) == 1:
                    self.report.answers.meet(ANOTHER, about)
                    yield found[0].id
                    continue
                topic = SEVERAL_OTHERS if found else ANOTHER
                options = (*map(option, found), HOLDER)
                answered = self._asked(card, topic, _called(organisation), about, options)
                yield answered or holder

    def _heads(self, card: CertificateCard, holder: int, ids: Mapping[str, int]) -> None:
        for organisation in (card.organisation, *(s.organisation for s in card.supplements)):
            branch = ids.get(organisation.id) if organisation.id else None
            if branch is None:
                continue
            if organisation.head_id and organisation.head_id != organisation.id:
                self.branches.named(branch, organisation.head_id, card.number)
            elif branch != holder:
                self.branches.under(branch, holder, card.number)

    def _tell(self, card: CertificateCard, organisation: OrganisationCard, why: Message) -> None:
        name = _called(organisation)
        line = organisation.line
        self.report.tell([Problem(card.number, line, ELEMENT, "Организация", why, name)])


def _whole(organisation: OrganisationCard) -> bool:
    return bool(organisation.id and organisation.name)


def _called(organisation: OrganisationCard) -> str:
    values = organisation.values
    return organisation.name or values.get("short_name") or values.get("inn") or ""


def _of_holder(card: CertificateCard) -> Requisites:
    """Give the requisites of the card or, where it has none, those printed on the certificate."""
    own = requisites(card.organisation.values)
    values = card.values
    printed = Requisites(
        values.get("holder_inn"), values.get("holder_kpp"), values.get("holder_ogrn")
    )
    return own if own.given else printed


def _wanted(batch: Iterable[CertificateCard]) -> Iterator[Requisites]:
    for card in batch:
        if card.organisation.id is None:
            yield _of_holder(card)
        for supplement in card.supplements:
            if supplement.organisation.id is None:
                yield requisites(supplement.organisation.values)

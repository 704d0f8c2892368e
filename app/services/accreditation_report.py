"""What an import of accredited organisations did, could not do and asks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.models.registry_permits import OrganisationAccreditation
from app.models.registry_supplements import (
    OrganisationAccreditationDecision,
    OrganisationAccreditationProgram,
    OrganisationAccreditationSupplement,
)
from app.services.accreditation_questions import Answers, Questions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.imports.cleaning import Problem
    from app.kernel.errors import Message
    from app.kernel.record import Record
    from app.services.accreditation_questions import Option, Topic

MOST_PROBLEMS = 5_000  # kept one by one; further ones are only counted
# Element of the file that is one row of the record; an address is a part of its organisation's.
ELEMENTS: dict[str, type[Record]] = {
    "ActualEducationOrganization": Organisation,
    "PostAddress": OrganisationAddress,
    "Certificate": OrganisationAccreditation,
    "Supplement": OrganisationAccreditationSupplement,
    "EducationalProgram": OrganisationAccreditationProgram,
    "Decision": OrganisationAccreditationDecision,
}


class State(StrEnum):
    """What became of a row of the file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    SKIPPED = "skipped"  # not stored; a problem or a question says why


@dataclass(frozen=True, slots=True)
class Match:
    """An organisation of the portal that was recognised by its requisites."""

    certificate: str
    what: Message
    value: str


@dataclass(frozen=True, slots=True)
class Left:
    """A value that people typed and the import did not replace: ours stays, theirs is told."""

    certificate: str
    organisation_id: int
    organisation: str
    field: str
    ours: str
    theirs: str


@dataclass(slots=True)
class ImportReport:
    """Counts by record, problems with values, questions, what was recognised and what was left.

    ``problems`` are the first ones of the file, ``faults`` count them all.
    """

    dry_run: bool
    answers: Answers = field(default_factory=lambda: Answers({}))
    counts: dict[type[Record], Counter[State]] = field(default_factory=dict)
    faults: Counter[type[Record]] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    questions: Questions = field(init=False)

    def __post_init__(self) -> None:
        """Begin with every record of the file at zero."""
        self.counts = {record: Counter() for record in ELEMENTS.values()}
        self.questions = Questions(self.answers)

    def count(self, record: type[Record], state: State, number: int = 1) -> None:
        """Add rows that ended in a state."""
        self.counts[record][state] += number

    def tell(self, problems: Iterable[Problem]) -> None:
        """Add problems with values."""
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
            self.faults[ELEMENTS[problem.element]] += 1

    def ask(
        self,
        certificate: str,
        topic: Topic,
        value: str = "",
        *,
        about: str = "",
        options: Iterable[Option] = (),
    ) -> None:
        """Add a question; see ``Questions.ask``."""
        self.questions.ask(topic, certificate, value, about=about, options=options)

    def match(self, certificate: str, what: Message, value: str) -> None:
        """Add an organisation that was recognised by its requisites."""
        self.matches.append(Match(certificate, what, value))

    def number(self, record: type[Record], *states: State) -> int:
        """Give the number of rows in the states, by default in all."""
        return sum(self.counts[record][state] for state in states or State)

    @property
    def unlisted(self) -> int:
        """The number of problems that are counted and not kept one by one."""
        return self.faults.total() - len(self.problems)

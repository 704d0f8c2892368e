"""What the open data of accredited organisations say, card by card (item 3.08, п. 5.5).

``values`` hold what goes to the attributes of our records under their names: None where the file
says nothing, absent where it says what cannot be understood. ``words`` hold what a classifier of
the portal has to know first: status, region, form, kind and type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.imports.cleaning import Problem

Values = Mapping[str, Any]
Words = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """An organisation as the register knows it today (ActualEducationOrganization).

    ``address`` is the legal one in parts, empty where there is none; ``head_id`` the register's
    identifier of the head organisation, which real files leave empty.
    """

    id: str | None
    line: int
    values: Values
    words: Words
    address: Values
    head_id: str | None

    @property
    def name(self) -> str | None:
        """The full name, without which there is no organisation."""
        return self.values.get("full_name")

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it tells of an organisation."""
        return not (self.id or any(self.values.values()))


@dataclass(frozen=True, slots=True)
class ProgramCard:
    """An accredited programme or level."""

    id: str | None
    line: int
    values: Values


@dataclass(frozen=True, slots=True)
class DecisionCard:
    """A decision on the certificate; real files give no identifier, and repeat decisions."""

    id: str | None
    line: int
    values: Values


@dataclass(frozen=True, slots=True)
class SupplementCard:
    """A supplement, its organisation or branch and its programmes."""

    id: str | None
    line: int
    values: Values
    words: Words
    organisation: OrganisationCard
    programs: tuple[ProgramCard, ...]


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """A certificate with everything under it; ``number`` names it in problems and questions."""

    id: str | None
    number: str
    line: int
    values: Values
    words: Words
    organisation: OrganisationCard
    supplements: tuple[SupplementCard, ...]
    decisions: tuple[DecisionCard, ...]
    problems: tuple[Problem, ...]

    @property
    def weight(self) -> int:
        """The number of rows it makes, itself included."""
        return 1 + len(self.decisions) + sum(2 + len(one.programs) for one in self.supplements)

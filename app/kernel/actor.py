"""Who acts, as services see it: the kernel's protocol, so that services need not know security."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.kernel.fields import Policy


class Actor(Protocol):
    """A person in one capacity, or the portal itself."""

    @property
    def user_id(self) -> int | None:
        """The account, absent for the portal itself."""

    @property
    def capacity_id(self) -> int | None:
        """The role assignment that is acted in, absent for the portal itself."""

    @property
    def organisation_id(self) -> int | None:
        """The organisation the capacity belongs to; new rows that have no parent belong to it."""

    def may(self, permission: str, record: str) -> bool:
        """Whether the capacity holds a permission (``can_read`` …) on a record's name."""

    def sees(self, group: str) -> bool:
        """Whether the capacity sees values of an access group unmasked."""

    def masks(self, group: str) -> bool:
        """Whether the capacity is shown what is left of masked values of an access group."""

    def policy(self, record: str, field: str) -> Policy | None:
        """What the operator has set for a field of a record's name, where that binds the actor."""

    def reviews(self, record: str, field: str) -> bool:
        """Whether requests about the field are considered by the role of the capacity."""

    def reaches(self, organisation_id: int | None) -> bool:
        """Whether rows of the organisation are within the write scope of the capacity."""

    def oversees(self, organisation_id: int | None) -> bool:
        """Whether the capacity keeps what an authority says of the organisation."""

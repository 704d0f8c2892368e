"""Tables only. Importing the package enters every record into the catalogue."""

from app.models import (
    access,
    lists,
    reference,
    registry,
    registry_addresses,
    registry_bank,
    registry_permits,
    registry_supplements,
    service_accounts,
    work,
)

__all__ = [
    "access",
    "lists",
    "reference",
    "registry",
    "registry_addresses",
    "registry_bank",
    "registry_permits",
    "registry_supplements",
    "service_accounts",
    "work",
]

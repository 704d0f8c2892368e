"""Tables only. Importing the package enters every record into the catalogue."""

from app.models import access, reference, registry, registry_permits

__all__ = ["access", "reference", "registry", "registry_permits"]

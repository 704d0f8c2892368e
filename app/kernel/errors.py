"""Sentences for people and the typed errors every layer raises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Label:
    """A label inside a sentence; ``record`` is the table name, the context of its translation."""

    record: str
    text: str

    def __str__(self) -> str:
        """Give the Russian label."""
        return self.text


class Labels(tuple[Label, ...]):
    """Several labels inside a sentence, with commas between."""

    __slots__ = ()

    def __str__(self) -> str:
        """Give the Russian labels."""
        return ", ".join(map(str, self))


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A sentence for a person, kept apart from its translation.

    ``text`` is the Russian sentence and the message id at once, with places like ``%(length)s``;
    ``values`` fill them. Whoever shows it translates: ``gettext(text) % values``.
    """

    text: str
    values: Mapping[str, object] = field(hash=False)

    def __init__(self, text: str, /, **values: object) -> None:
        """Keep the sentence and what fills its places."""
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        """Give the Russian sentence, filled in; without values a percent sign stands for itself."""
        return self.text % self.values if self.values else self.text


class PortalError(Exception):
    """The parent of what the portal refuses on purpose; ``message`` says why and what to do."""

    message: Message

    def __init__(self, message: Message | str, /, **values: object) -> None:
        """Take a ready sentence, or the sentence and what fills its places."""
        self.message = message if isinstance(message, Message) else Message(message, **values)
        super().__init__(self.message)

    def __str__(self) -> str:
        """Give the Russian sentence."""
        return str(self.message)


class Invalid(PortalError):
    """One value is wrong; ``field`` names the attribute when it is known."""

    def __init__(
        self, message: Message | str, /, *, field: str | None = None, **values: object
    ) -> None:
        """Take the sentence and, when known, the attribute it is about."""
        super().__init__(message, **values)
        self.field = field


class Refused(PortalError):
    """The action is not allowed; the message gives the reason."""


class Conflict(PortalError):
    """Somebody changed the row meanwhile; ``version`` is the one that stands now."""

    def __init__(
        self, message: Message | str, /, *, version: int | None = None, **values: object
    ) -> None:
        """Take the sentence and the version that stands now."""
        super().__init__(message, **values)
        self.version = version


class Cancelled(PortalError):
    """Somebody asked a job to stop; nothing of what it did stays."""


class Missing(PortalError):
    """There is no such row within the scope of the person who asks."""


class Unavailable(PortalError):
    """Something outside the portal does not answer or is full, such as the disk; try later."""


class Gone(PortalError):
    """What was there once is not kept any more; what was asked for has to begin anew."""

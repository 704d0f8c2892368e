"""What the page that asks for a purpose shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Link, Option


@dataclass(frozen=True, slots=True)
class MaskLine:
    """A masked value that may be shown."""

    name: str
    label: str
    mask: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class RevealPage:
    """The masked values of a row, and what they are wanted for; ``errors`` by input."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    back_href: str
    lines: tuple[MaskLine, ...]
    reasons: tuple[Option, ...]
    words: str
    errors: dict[str, str]

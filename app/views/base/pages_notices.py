"""What the pages of notices and of letters show: frozen values handed to their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Cell


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice; ``hidden``: its request is seen in another capacity of the person."""

    href: str  # POST: marks it as read and goes on to the request
    text: str
    about: str
    comment: str
    new: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """Notices, newest first, and when the person wants letters."""

    lines: tuple[NoticeLine, ...]
    next_href: str
    last: int  # what is marked together goes up to this one; 0: nothing to mark here
    choices: tuple[tuple[str, str, bool], ...]  # value, words, whether it is chosen
    email: str  # empty: the account has none that can be written to
    sends: bool  # whether letters leave the portal at all
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter: to whom, what it says, what became of it."""

    href: str
    recipient: str
    subject: str
    body: str
    state: Cell
    written: str
    sent: str
    attempts: int
    next_at: str  # of the next attempt
    error: str
    again_href: str = ""  # POST


@dataclass(frozen=True, slots=True)
class LettersPage:
    """Letters, newest first."""

    letters: tuple[LetterView, ...]
    next_href: str
    sends: bool

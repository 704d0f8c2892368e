"""What the page between a form and its saving shows: what is saved at once, what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Cell, Link


@dataclass(frozen=True, slots=True)
class Change:
    """A field with what stands and what was typed."""

    label: str
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class AskingPage:
    """A changed form, told apart: nothing is written before it is sent from here."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    back_href: str
    at_once: tuple[Change, ...]
    asked: tuple[Change, ...]
    typed: tuple[tuple[str, str], ...]  # the inputs of the form as they came
    term: str  # within which it is decided, "5 рабочих дней"
    signs: bool  # whoever sends it may sign it
    reason: str = ""
    effective_on: str = ""
    files: tuple[tuple[str, str], ...] = ()  # documents that are stored already: number, words
    accept: str = ""
    largest: int = 0
    errors: tuple[tuple[str, str, str], ...] = ()  # (input id, label, sentence)


@dataclass(frozen=True, slots=True)
class EndingPage:
    """The form that asks for the end of a row: nothing is written before it is decided."""

    title: str
    kind: str  # "Адрес"
    crumbs: tuple[Link, ...]
    action: str
    back_href: str
    lead: str  # what becomes of the row
    why: str  # the words of the input for the reason, and of that for the day
    when: str
    facts: tuple[tuple[str, Cell], ...]
    version: int
    key: str  # of this opened form
    signs: bool  # whoever sends it may sign it
    accept: str
    largest: int
    reason: str = ""
    effective_on: str = ""
    files: tuple[tuple[str, str], ...] = ()  # documents that are stored already: number, words
    errors: tuple[tuple[str, str, str], ...] = ()  # (input id, label, sentence)
    problems: tuple[str, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether something would be lost by leaving."""
        return bool(self.reason or self.effective_on or self.files)

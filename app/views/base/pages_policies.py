"""What the pages of the rules of fields show: frozen values handed to their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Link, Option


@dataclass(frozen=True, slots=True)
class Governed:
    """A record with the number of rules that differ from its declaration."""

    label: str
    href: str
    fields: int
    set: str  # how many fields are set otherwise here; empty for none
    others: tuple[Link, ...] = ()  # organisations with rules of their own


@dataclass(frozen=True, slots=True)
class PoliciesPage:
    """All records, for all organisations or for one."""

    records: tuple[Governed, ...]
    organisation: Option | None  # the one that is looked at
    picker_href: str
    home_href: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """One field: how it is changed and who decides, with the choices there are."""

    name: str  # of the inputs
    label: str
    now: str  # how it is changed at present
    tone: str
    choices: tuple[Option, ...]
    reviewers: tuple[Option, ...]
    error: str = ""
    changed: bool = False  # a rule is set here


@dataclass(frozen=True, slots=True)
class PastRule:
    """A rule that is or was in force."""

    label: str
    rule: str
    where: str  # the organisation it is about
    since: str
    who: str
    reason: str
    until: str = ""
    ended_by: str = ""
    ended_reason: str = ""


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The rules of one record."""

    title: str
    organisation: Link | None
    home_href: str
    action: str
    rules: tuple[RuleView, ...]
    past: tuple[PastRule, ...]
    seen: int
    key: str
    sets: bool
    by_organisation: bool
    reason: str = ""
    reason_error: str = ""
    problems: tuple[str, ...] = ()

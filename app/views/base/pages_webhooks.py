"""What the page of subscriptions shows: frozen values handed to its template."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """A button of a subscription: where it posts, words, icon, what is asked before."""

    href: str
    label: str
    icon: str
    ask: str = ""


@dataclass(frozen=True, slots=True)
class WebhookCard:
    """One subscription: where, what, how it goes."""

    url: str
    records: str
    state: str
    tone: str  # ok, warn, off, bad
    said: str  # what happened last, in a sentence
    answer: str
    delivered: str
    made: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class RecordChoice:
    """A record to choose, under the name it has in the API."""

    name: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class WebhooksPage:
    """All subscriptions and the form of a new one."""

    action: str
    hooks: tuple[WebhookCard, ...]
    records: tuple[RecordChoice, ...]
    url: str = ""  # as typed
    error: str = ""
    secret: str = ""  # of the one just made, shown this once

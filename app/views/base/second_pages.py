"""What the pages of the second step of signing in show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import current_app

from app.kernel.qr import path_of
from app.kernel.rights import ACCOUNTS, RESET
from app.kernel.totp import address_of, spelt
from app.security.accounts import STEPPED
from app.views.base.guard import accounts, second_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.security.identity import Identity
    from app.security.second_steps import Step

WAITING = "waiting"  # the entry of the cookie with a session that waits for the second step
LONGEST_ISSUER, LONGEST_ACCOUNT = 40, 60  # characters: the code stays large enough to scan
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A seed to be set up: what an application scans, and the same to type."""

    side: int
    path: str
    secret: str


@dataclass(frozen=True, slots=True)
class SecondPage:
    """Asks for a code while signing in; with an offer it is set up first."""

    action: str
    username: str = ""
    next_url: str = "/"
    error: str = ""
    kept: Pairs = ()
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class CodesPage:
    """Recovery codes, shown once; where they lead, and a form that was typed before."""

    codes: Sequence[str]
    next_url: str
    kept: Pairs = ()


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """How the own account signs in, and for those who help others a form to reset theirs."""

    set_up: bool
    left: int
    demanded: bool
    switched_off: bool
    resets: bool
    error: str = ""
    offer: Offer | None = None


def second_page(token: str, target: str, kept: Pairs, error: str = "") -> SecondPage:
    """The page for a session that waits; one without a second step is offered a new seed."""
    step = second_steps().of(token)
    offer = None
    if step is not None and not step.set_up:
        again = bool(error) and step.offered
        offer = offer_of(step, step.offered if again and step.offered else fresh(token, step))
    return SecondPage("/login/second", step.username if step else "", target, error, kept, offer)


def fresh(token: str, step: Step) -> str:
    """A new seed for the session."""
    return second_steps().offer(token, step.user_id)


def offer_of(step: Step, seed: str) -> Offer:
    """A seed as it is shown."""
    issuer = (urlsplit(current_app.config["PUBLIC_URL"]).hostname or "portal")[:LONGEST_ISSUER]
    account = step.username if len(quote(step.username)) <= LONGEST_ACCOUNT else issuer
    side, path = path_of(address_of(seed, issuer, account))
    return Offer(side, path, spelt(seed).upper().replace("-", " "))


def profile_page(
    step: Step, person: Identity, error: str = "", offer: Offer | None = None
) -> ProfilePage:
    """The page of the own account."""
    return ProfilePage(
        set_up=step.set_up,
        left=step.left,
        demanded=demanded(person),
        switched_off=not accounts().demanding,
        resets=resets(person),
        error=error,
        offer=offer,
    )


def demanded(person: Identity) -> bool:
    """Whether the person may not sign in without a second step."""
    return accounts().demanding and any(c.role in STEPPED for c in person.capacities)


def resets(person: Identity) -> bool:
    """Whether the person helps others who have lost theirs."""
    return person.may(RESET, ACCOUNTS)

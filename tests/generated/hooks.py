"""Cells of subscriptions to changes, the operator's, and of confirmations, the organisation's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.security.roles import RoleCode

if TYPE_CHECKING:
    from tests.generated.asking import Asking
    from tests.generated.world import World

HOME = "/webhooks/"
ACT = "/webhooks/<int:number>/<string:act>"
HOOK = (
    "insert into webhook (url, secret, transaction, event_id) values"
    " ('https://planted.example', 'x', 0, 0)"
    " on conflict (url) do update set state = 'active' returning id"
)
BODIES = ({}, {"url": "https://127.0.0.1/"}, {"url": "http://a.ru"}, {"url": "\0"})


def ask_hooks(asking: Asking) -> None:
    """The page, addresses that nothing is sent to, every act on one that is there and others."""
    person, world = asking.person, asking.world
    mine = person.role is RoleCode.OPERATOR
    read = (200 if mine else 403) if person.signed_in else 302
    for method in ("GET", "HEAD"):
        asking.ask(HOME, method, HOME, {read})
    write = (0 if mine else 403) if person.signed_in else 401
    for body in BODIES:
        asking.ask(HOME, "POST", HOME, {write or 422}, str(body), data=body)
    strange = {"url": "https://a.ru", "record": "ab_user"}
    asking.ask(HOME, "POST", HOME, {write or 404}, "strange record", data=strange)
    for act in ("stop", "go-on", "from-now", "forget", "drop"):
        for number in (_planted(world), 999_999_999, 2**63 + 7):
            there = number < 999_999_999 and act != "forget"
            wanted = {write or (303 if there else 404)}
            asking.ask(ACT, "POST", f"{HOME}{number}/{act}", wanted, f"{act} {there}")


def ask_confirming(asking: Asking) -> None:
    """Nobody confirms for another organisation, nor an item that is none."""
    person, rule = asking.person, "/confirm/<int:organisation>/<string:code>"
    own = {RoleCode.HEAD, RoleCode.CLERK, RoleCode.MUNICIPAL}
    for school in (*asking.world.schools.values(), 999_999_999, 2**63 + 7):
        there = school < 999_999_999
        mine = person.role in own and school == person.organisation
        for code in ("3.01", "all", "9.99", "3.01%00"):
            known = {303, 403} if code in {"3.01", "all"} else {404}
            passed = (known if mine else {403}) if there else {404}
            wanted = passed if person.signed_in else {401}
            asking.ask(rule, "POST", f"/confirm/{school}/{code}", wanted, f"{code} {mine}")


def _planted(world: World) -> int:
    return int(world.one(HOOK))

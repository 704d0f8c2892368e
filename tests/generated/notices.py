"""Cells of notices and letters: somebody else's are as if they were not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.security.roles import RoleCode
from tests.generated.asked import planted

if TYPE_CHECKING:
    from tests.generated.asking import Asking
    from tests.generated.world import World

OWNER = "clerk2"  # who sent the planted request
EVENT = (
    "insert into edit_request_event (request_id, organisation_id, action, to_state)"
    " select id, organisation_id, 'applied', state from edit_request where id = %s"
)
NOTICE = (
    "select max(n.id) from notice n join ab_user u on u.id = n.user_id"
    " where u.username = %s and n.request_id = %s"
)
LETTER = (
    "insert into letter (user_id, recipient, language, subject, body, state)"
    " select id, 'nobody@example.com', 'ru', 'ZZ', 'ZZ', 'sent' from ab_user"
    " where username = %s returning id"
)
ABSENT = (999_999_999, 2**63 + 7)


def ask_notices(asking: Asking) -> None:
    """The page, marking one and all, the wish about letters."""
    inside = asking.person.signed_in
    seen, refused = (200 if inside else 302), 401
    for more in ("", "?before=x", "?before=5"):
        asking.ask("/notices/", "GET", f"/notices/{more}", {seen})
    asking.ask("/notices/", "HEAD", "/notices/", {seen})
    notice = _notice(asking.world)
    for number in (notice, *ABSENT):
        own = number == notice and asking.person.login == OWNER
        wanted = (303 if own else 404) if inside else refused
        rule = "/notices/<int:number>"
        asking.ask(rule, "POST", f"/notices/{number}", {wanted}, f"{own}")
    for last, status in (("0", 303), ("x", 400), ("9" * 40, 400)):
        wanted = status if inside else refused
        asking.ask("/notices/read", "POST", "/notices/read", {wanted}, last, data={"last": last})
    for mail, status in (("day", 303), ("hourly", 422), ("", 422)):
        wanted = status if inside else refused
        asking.ask("/notices/mail", "POST", "/notices/mail", {wanted}, mail, data={"mail": mail})


def ask_letters(asking: Asking) -> None:
    """The outbox, which the operator alone sees."""
    person = asking.person
    operator = person.role is RoleCode.OPERATOR
    shut = 403 if person.signed_in else 302
    for more in ("", "?before=x"):
        asking.ask("/letters/", "GET", f"/letters/{more}", {200 if operator else shut})
    asking.ask("/letters/", "HEAD", "/letters/", {200 if operator else shut})
    letter = asking.world.one(LETTER, OWNER)
    for number in (letter, *ABSENT):
        found = 200 if number == letter else 404
        rule, where = "/letters/<int:number>", f"/letters/{number}"
        asking.ask(rule, "GET", where, {found if operator else shut})
        again = 403 if number == letter else 404  # one that was sent is not sent again
        refused = 403 if person.signed_in else 401
        wanted = again if operator else refused
        asking.ask(f"{rule}/again", "POST", f"{where}/again", {wanted})


def _notice(world: World) -> int:
    """A notice of the clerk of the second school, made by the trigger."""
    request = planted(world)
    world.base.execute(EVENT, (request,))
    return int(world.one(NOTICE, OWNER, request))

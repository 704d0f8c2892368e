"""Cells of the feed of changes: who has one, and what is no place in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.security.database import DatabaseRole
from app.security.roles import ROLES

if TYPE_CHECKING:
    from tests.generated.asking import Asking

URL = "/api/v1/changes/"
SHOWN = {DatabaseRole.REGION, DatabaseRole.ORG}  # to whom the database shows the log
ASKED = {
    "all": ({"limit": "200"}, 200),
    "now": ({"since": "now"}, 200),
    "of one record": ({"record": "organisation"}, 200),
    "strange place": ({"since": "x" * 64}, 400),
    "strange record": ({"record": "ab_user"}, 400),
    "many": ({"limit": "201"}, 400),
}


def ask_feed(asking: Asking) -> None:
    """Right and strange questions; no canary of anybody else may be in an answer."""
    person = asking.person
    shown = person.role is not None and ROLES[person.role].database in SHOWN
    passed = (200 if shown else 403) if person.signed_in else 401
    for note, (arguments, status) in ASKED.items():
        wanted = {status if passed == 200 else passed}
        asking.ask(URL, "GET", URL, wanted, note, query_string=arguments)
    asking.ask(URL, "HEAD", URL, {passed})

"""People who read notices, and events as other parts of the portal write them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from psycopg import sql

from tests.database import PREFIX
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

TOLD = (
    "select coalesce(string_agg(distinct u.username, ' ' order by u.username), '') from notice n"
    " join ab_user u on u.id = n.user_id join edit_request_event e on e.id = n.event_id"
    " where e.request_id = %s and e.action = %s"
)
HAPPEN = (
    "insert into edit_request_event (request_id, organisation_id, user_id, action, to_state)"
    " select r.id, r.organisation_id, nullif(%s, '')::int, %s, r.state"
    " from edit_request r where r.id = %s"
)


class Reader(Side):
    """Somebody who reads notices."""

    def bell(self) -> str:
        """The number in the top bar."""
        found = re.search(r'class="count"[^>]*>([^<]*)<', self.client.get("/drafts/").text)
        return found[1] if found else ""

    def notices(self, query: str = "") -> str:
        """The page of notices as text."""
        return unescape(self.client.get(f"/notices/{query}").text)

    def press(self, path: str, **values: str) -> TestResponse:
        """Press a button of the page of notices."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.notices())
        assert token
        return self.client.post(f"/notices/{path}", data={"csrf_token": token[1], **values})

    def newest(self) -> str:
        """The number of the last notice of this person."""
        return self.one("select max(id) from notice where user_id = %s", self.number)

    @property
    def number(self) -> str:
        """The number of this account."""
        return self.one("select id from ab_user where username = %s", self.login)

    def __init__(self, portal: Portal, login: str) -> None:
        """Sign in."""
        super().__init__(portal, login)
        self.login = login


def told(side: Side, number: int, action: str) -> str:
    """The logins of all who are told of an action."""
    return side.one(TOLD, number, action)


def happen(side: Side, number: int, action: str, *, who: str = "", role: str = "system") -> str:
    """An event as another part of the portal writes it; gives who is told of it."""
    mine = side.one("select id from ab_user where username = %s", who)
    with side.portal.cluster.connect(side.portal.database) as base, base.transaction():
        if role != "system":
            base.execute(sql.SQL("set local role {}").format(sql.Identifier(f"{PREFIX}{role}")))
            settings = {"write": "on", "user_id": mine, "writable": f"{{{side.school()}}}"}
            for name, value in settings.items():
                base.execute("select set_config(%s, %s, true)", (f"app.{name}", value))
        base.execute(HAPPEN, (mine, action, number))
    return told(side, number, action)


def flood(side: Side, number: int, times: int) -> None:
    """Many events that the school is told of."""
    with side.portal.cluster.connect(side.portal.database) as base:
        many = base.cursor()
        many.executemany(HAPPEN, [("", "stale", number)] * times)

"""Cells of drafts: kept as the form itself would be opened, seen and deleted by their owner."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.kernel.catalogue import field_map, records
from app.views.base.formkeys import new_key
from tests.generated.turns import in_turn
from tests.scope_model import gate, row_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kernel.record import Record
    from tests.generated.asking import Asking
    from tests.generated.world import World
    from tests.scope_model import Target

OWNER = "clerk2"
KEEP = "/drafts/keep"
DELETE = "/drafts/<int:number>/delete"
DRAFT = (
    "insert into form_draft (user_id, key, record, row_id, typed)"
    " select id, 'planted', 'organisation', %s, '{\"phone_ext\": \"1\"}' from ab_user"
    " where username = %s on conflict (user_id, key) do update set typed = excluded.typed"
    " returning id"
)
STRANGE = ("", "?record=", "?record=ab_user", "?record=form_draft&row=1", "?row=1&parent=1")


def ask_drafts(
    asking: Asking,
    parents: Callable[[Asking, type[Record]], list[tuple[str, int]]],
    kinds: tuple[str, ...],
) -> None:
    """The list, the forms a draft may be kept for, one's own and somebody else's to delete."""
    person, world = asking.person, asking.world
    inside, sent = (200, 303) if person.signed_in else (302, 401)
    for method in ("GET", "HEAD"):
        asking.ask("/drafts/", method, "/drafts/", {inside})
    body = _body(asking)
    for record in records():
        if not in_turn(record, person.login):
            continue
        for kind in kinds:
            row = world.target(record, kind, person.organisation or world.schools["own"])
            _keep_changed(asking, record, row, body)
        for url, status in parents(asking, record):
            _keep_new(asking, record, url, status, body)
    for strange in STRANGE:
        wanted = {404 if person.signed_in else 401}
        asking.ask(KEEP, "POST", KEEP + strange, wanted, "strange", data=body)
    for number in (_planted(world), 999_999_999, 2**63 + 7):
        mine = person.login == OWNER and number < 999_999_999
        wanted = {sent if mine or sent == 401 else 404}
        asking.ask(DELETE, "POST", f"/drafts/{number}/delete?next=//evil.example", wanted)


def _keep_changed(asking: Asking, record: type[Record], row: Target, body: dict[str, str]) -> None:
    """A draft of a row; without the right it is of no matter whether the row is there."""
    name = record.__tablename__
    opened = row_status(asking.person, record, "edit", "POST", row)
    refused = {401} if opened == 401 else {403, 404} if opened == 403 else {404}
    wanted = {200} if opened == 303 else refused
    address = f"{KEEP}?record={name}&row={row.id}"
    fields = sorted(field_map(record).values(), key=lambda f: not f.typed)  # nobody types some
    typed = {fields[0].name: "ZZ"}
    asking.ask(KEEP, "POST", address, wanted, row.label, data={**body, **typed})
    forged = {400} if wanted == {200} else wanted
    for key in ("", "1" * 3000):
        data = {**body, "form_key": key}
        asking.ask(KEEP, "POST", address, forged, f"{row.label} forged", data=data)


def _keep_new(
    asking: Asking, record: type[Record], url: str, status: int, body: dict[str, str]
) -> None:
    passed = gate(asking.person, record, "add", "POST")
    query = urlsplit(url).query
    address = f"{KEEP}?record={record.__tablename__}{f'&{query}' if query else ''}"
    wanted = {status if passed == 200 else passed}
    asking.ask(KEEP, "POST", address, wanted, "new", data=body)


def _body(asking: Asking) -> dict[str, str]:
    """What the script sends beside typed texts; one who is not signed in makes up a key."""
    number = asking.world.one("select id from ab_user where username = %s", asking.person.login)
    with asking.world.portal.app.app_context():
        return {"form_key": new_key(number or 1), "version": "0"}


def _planted(world: World) -> int:
    number: int = world.one(DRAFT, world.schools["second"], OWNER)
    return number

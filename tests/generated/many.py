"""Cells of many rows at once and of the trash: chosen rows of everybody, forged forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map
from app.security.roles import Action
from tests.generated.inputs import selections
from tests.generated.tables import ask_tables
from tests.generated.turns import in_turn
from tests.scope_model import REGION, gate, holds, may_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.record import Record
    from tests.generated.asking import Asking

KINDS = ("own", "foreign", "trashed", "absent")
OF_EXPORT = {"everything", "all columns", "strange columns", "no columns", "another choice"}
STEPS = {"": 200, "back": 200, "preview": 422, "apply": 422, "other": 400}  # with no box ticked
SEEN = ("", "x", "1-", "-1-1", "1-1-1", "9" * 30 + "-1", "\u0663-1")


def home(record: type[Record]) -> str:
    """The address of a list."""
    return f"/{record.about.module}/{record.__tablename__.replace('_', '-')}/"


def ask_many(asking: Asking, record: type[Record]) -> None:
    """Tables, bulk edit, bulk trash, the trash and the way back."""
    ask_tables(asking, record)
    own = asking.person.organisation or asking.world.schools["own"]
    numbers = ",".join(str(asking.world.target(record, kind, own).id) for kind in KINDS)
    ask_bulk_edit(asking, record, numbers)
    ask_bulk_trash(asking, record, numbers)
    ask_bin(asking, record, numbers)


def chosen(numbers: str, *, whole: bool) -> Iterator[tuple[str, dict[str, str], int]]:
    """What the bar sends, right and forged, but for what only the dialog of files sends."""
    for note, body, status in selections(numbers):
        if note not in OF_EXPORT and note != "another form":
            yield note, body, status
            if not whole:
                return


def ask_bulk_edit(asking: Asking, record: type[Record], numbers: str) -> None:
    """The form for whoever may write; the preview with every field, its own and others'."""
    rule, person = f"{home(record)}bulk", asking.person
    may = gate(person, record, "edit", "POST")
    mine = in_turn(record, person.login)
    rows = {"scope": "selected", "ids": numbers, "query": ""}
    if may != 200:
        asking.ask(rule, "POST", rule, {may}, "bulk edit", data=rows)
        return
    for note, body, status in chosen(numbers, whole=mine):
        asking.ask(rule, "POST", rule, {status}, f"bulk {note}", data=body)
    typed = [n for n in field_map(record) if may_type(person, record, n)]
    offered = [n for n in typed if n in offers(asking, rule, rows)]
    strange = [n for n in field_map(record) if n not in offered]
    for name in (*strange[:2], *offered[:2]):  # forms of one row try every field
        sent = {**rows, "step": "preview", f"change-{name}": "1", f"to-{name}": "\ufffd ZZ"}
        wanted = {200, 422} if name in offered else {422}
        asking.ask(rule, "POST", rule, wanted, f"bulk {name}", data=sent)
        clear = {**rows, "step": "apply", f"change-{name}": "1", f"clear-{name}": "1"}
        for seen in SEEN if mine and name == offered[0] else SEEN[:1]:
            wanted = {400 if name in offered else 422}
            data = {**clear, "seen": seen}
            asking.ask(rule, "POST", rule, wanted, f"bulk seen {name}", data=data)
    for step, status in STEPS.items():
        asking.ask(rule, "POST", rule, {status}, f"step {step}", data={**rows, "step": step})
    free = [n for n in offered if not field_map(record)[n].identity]
    for name in free[:1]:
        sent = {**rows, "step": "preview", f"change-{name}": "1", f"clear-{name}": "1"}
        confirm(asking, rule, sent, rows)


def offers(asking: Asking, rule: str, rows: dict[str, str]) -> set[str]:
    """Names of the fields the form of many rows has boxes for."""
    form = asking.client.post(rule, data={"csrf_token": asking.token, **rows}).text
    return set(re.findall(r'name="change-(\w+)"', form))


def confirm(asking: Asking, rule: str, sent: dict[str, str], rows: dict[str, str]) -> None:
    """A preview, then exactly what its page sends; whatever is written must be in the scope."""
    answer = asking.client.post(rule, data={"csrf_token": asking.token, **sent})
    seen = re.search(r'name="seen" value="([^"]+)"', answer.text)
    if seen is None:
        return
    body = {**sent, **rows, "step": "apply", "seen": seen[1], "skip": "1"}
    asking.ask(rule, "POST", rule, {303, 409}, "bulk apply", data=body)
    stale = {**body, "seen": "9-9"}
    asking.ask(rule, "POST", rule, {409}, "bulk stale", data=stale)


def ask_bulk_trash(asking: Asking, record: type[Record], numbers: str) -> None:
    """The preview for whoever may delete, then the moving."""
    rule = f"{home(record)}bulk-trash"
    may = gate(asking.person, record, "trash", "POST")
    rows = {"scope": "selected", "ids": numbers, "query": ""}
    if may != 200:
        asking.ask(rule, "POST", rule, {may}, "bulk trash", data=rows)
        return
    mine = in_turn(record, asking.person.login)
    for note, body, status in chosen(numbers, whole=mine):
        asking.ask(rule, "POST", rule, {status}, f"bulk trash {note}", data=body)
    for seen in SEEN if mine else SEEN[:1]:
        data = {**rows, "step": "apply", "seen": seen}
        asking.ask(rule, "POST", rule, {400}, "bulk trash seen", data=data)
    confirm(asking, rule, rows, rows)


def ask_bin(asking: Asking, record: type[Record], numbers: str) -> None:
    """The trash: only for those who may delete, and of a school only its own rows."""
    base, person = home(record), asking.person
    passed = gate(person, record, "trash", "GET")
    rule = f"{base}trash"
    mine = holds(person, record, Action.ANNUL) and person.role in REGION
    whole = in_turn(record, person.login)
    places = ("", "?q=школа", "?before=1-1", "?before=x", f"?before={'9' * 30}-{'9' * 30}")
    for more in places if whole else places[:1]:
        asking.ask(rule, "GET", f"{rule}{more}", {passed}, "bin", bin=mine)
    asking.ask(rule, "HEAD", rule, {passed}, "bin")
    back, posted = f"{base}restore", gate(person, record, "restore", "POST")
    wrong = (("", 422), ("x", 400), ("9" * 40, 400), ("999999999", 303))
    for ids, status in wrong if whole else wrong[:1]:
        wanted = {status if posted == 200 else posted}
        asking.ask(back, "POST", back, wanted, f"restore {ids[:9]}", data={"ids": ids})
    for data in ({"ids": numbers}, {"ids": numbers, "parents": "1"}):
        wanted = {303 if posted == 200 else posted}
        asking.ask(back, "POST", back, wanted, "restore", data=data)
        asking.client.get(rule if posted == 200 else "/")  # what it said is heard here, not later

"""The channels over which a value of a learner could come out, each asked in its own ways."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map, record_named
from app.kernel.kinds import FILE
from app.security.roles import Action
from tests.scope_model import holds, masks, sees

if TYPE_CHECKING:
    from tests.generated.learner_asking import LearnerAsking
    from tests.generated.learner_marks import Mark

NOBODY = "no_such_field"
PLACES = ("own", "second", "foreign")
ABSENT = "999999999"
PEOPLE = {"student", "guardian"}
MANY = 3  # marks that one cell of a search looks for


def some(found: list[Mark], turn: int) -> list[Mark]:
    """A few of the marks, other ones each time."""
    step = max(1, len(found) // MANY)
    return found[turn % step :: step]


def ask_list(a: LearnerAsking) -> None:
    """Pages of the list: whole, with all columns a person may look at, ordered, as of a day."""
    assert a.record
    shown = [f for f in field_map(a.record).values() if sees(a.person, f) or masks(a.person, f)]
    a.get(a.home)
    a.get(a.home, size="100")
    for start in range(0, len(shown), 20):
        a.get(a.home, size="100", cols=",".join(f.name for f in shown[start : start + 20]))
    for declared in [f for f in shown if f.ordered][:2]:
        a.get(a.home, sort=f"-{declared.name}", size="50")
    a.get(a.home, on=dt.date(2026, 9, 20).strftime("%d.%m.%Y"))
    a.get(a.home, based="0", parent=ABSENT)


def ask_card(a: LearnerAsking) -> None:
    """Cards of own and foreign rows; a foreign one is as one that is not there."""
    for place in PLACES:
        a.get(f"{a.home}{a.row(place).id}")
    for end in ("", "/who", "/reveal", "/request", "/request-end"):
        absent(a, "GET", f"{a.home}%s{end}")


def absent(a: LearnerAsking, method: str, url: str, **sent: object) -> None:
    """Rows that are not read and a row that is not there are answered alike."""
    for place in a.strange():
        number = str(a.row(place).id)
        there, none = (a.send(method, url % ident, **sent) for ident in (number, ABSENT))
        a.twins(there, none, (number, ABSENT))


def ask_form(a: LearnerAsking) -> None:
    """Forms empty, wrong, in an old version, under somebody else's row."""
    assert a.record
    wrong = {next(iter(field_map(a.record))): "\x01" * 9, "version": "0"}
    for place in PLACES:
        where = f"{a.home}{a.row(place).id}"
        a.get(f"{where}/edit")
        a.post(f"{where}/edit", **wrong)
        a.post(f"{where}/edit", version="0", **_old(a, place))
    a.post(f"{a.home}add", **wrong)
    absent(a, "GET", f"{a.home}%s/edit")
    absent(a, "POST", f"{a.home}%s/edit", data=wrong)
    absent(a, "POST", f"{a.home}%s/trash", data={"version": "0"})
    if a.record.about.parent:
        _absent_above(a)


def _old(a: LearnerAsking, place: str) -> dict[str, str]:
    """Values of another row, as a form in an old version would have them."""
    assert a.record
    return {
        m.declared.name: m.unheard
        for m in some([*a.marks.of(a.record, place)], 0)
        if m.declared.kind is not FILE
    }


def _absent_above(a: LearnerAsking) -> None:
    assert a.record
    above, record = record_named(a.record.about.parent), a.record
    a.record = above
    strange = {place: str(a.row(place).id) for place in a.strange()}
    a.record = record
    for number in strange.values():
        for method in ("GET", "POST"):
            there, none = (a.send(method, f"{a.home}add?parent={n}") for n in (number, ABSENT))
            a.twins(there, none, (number, ABSENT))


def ask_picker(a: LearnerAsking) -> None:
    """What a picker offers, of everything and of one organisation, by words that are hidden."""
    a.get(f"{a.home}options")
    for name in PLACES:
        a.get(f"{a.home}options", organisation=str(a.world.schools[name]))
    _unheard(a, f"{a.home}options", "q")


def _unheard(a: LearnerAsking, url: str, name: str, **more: str) -> None:
    """What is hidden is not found: its answer is that of a value which nobody has."""
    for mark in some(a.hidden(), a.cells):
        if mark.declared.kind is FILE:
            continue
        there = a.get(url, **{name: mark.shown}, **more)
        none = a.get(url, **{name: mark.unheard}, **more)
        a.twins(there, none, (mark.shown, mark.unheard))


def ask_search(a: LearnerAsking) -> None:
    """The search box of the list, and the one of the whole portal."""
    _unheard(a, a.home, "q")
    _unheard(a, "/find", "q")
    a.get(a.home, q="QZ Щъя")
    a.get("/find", q="Щъя")


def ask_hidden(a: LearnerAsking) -> None:
    """A column that is not seen is none: to filter, order, choose, in conditions and files."""
    assert a.record
    a.get(a.home, **{f"{NOBODY}__eq": "1"})
    for declared in a.unseen():
        name = declared.name
        operator = declared.kind.operators[0]
        for make in (
            lambda n, o=operator: {f"{n}__{o}": "1"},
            lambda n: {"sort": f"-{n}"},
            lambda n, o=operator: {"where": f"all({n}:{o}:1)"},
            *(() if masks(a.person, declared) else (lambda n: {"cols": n},)),
        ):
            for url in (a.home, a.api):
                first, second = (a.get(url, **make(n)) for n in (name, NOBODY))
                a.twins(
                    first, second, (name, NOBODY), (f"{name}__{operator}", f"{NOBODY}__{operator}")
                )
        first, second = (a.get(a.api, fields=n) for n in (name, NOBODY))
        a.twins(first, second, (name, NOBODY))
    for mark in some(a.hidden(), a.cells):
        if sees(a.person, mark.declared) and "eq" in mark.declared.kind.operators:
            name = f"{mark.declared.name}__eq"
            there, none = (a.get(a.home, **{name: v}) for v in (mark.shown, mark.unheard))
            a.twins(there, none, (mark.shown, mark.unheard))


def ask_export(a: LearnerAsking) -> None:
    """Files of the list, of chosen rows that are not the person's, with columns that are not."""
    assert a.record
    for form in ("csv", "xlsx"):
        a.get(f"{a.home}export/{form}")
    ids = ",".join(str(a.row(place).id) for place in PLACES)
    for columns in ("all", "shown"):
        a.post(f"{a.home}export", scope="selected", ids=ids, columns=columns, format="csv")
    a.post(f"{a.home}export", scope="filter", columns="all", format="xlsx", query="size=100")
    for declared in a.unseen():
        sent = {"scope": "filter", "columns": "chosen", "format": "csv"}
        first, second = (a.post(f"{a.home}export", **sent, col=n) for n in (declared.name, NOBODY))
        a.twins(first, second, (declared.name, NOBODY))
    a.get(f"{a.home}export")


def ask_api(a: LearnerAsking) -> None:
    """Lists and rows as programs ask for them; rows that are not read are as none."""
    assert a.record
    a.get(a.api, limit="200", captions="1", count="1")
    for place in PLACES:
        a.get(f"{a.api}{a.row(place).id}", captions="1")
    tag = {"If-Match": '"1"'}
    absent(a, "GET", f"{a.api}%s")
    for body in ({}, {"version": 1}, {NOBODY: "x"}):
        absent(a, "PATCH", f"{a.api}%s", json=body, headers=tag)
    absent(a, "DELETE", f"{a.api}%s", headers=tag)
    owner = a.record.about.owner
    for place in a.strange() if owner and a.record.about.parent else ():
        above = a.world.rows[a.record.about.parent]
        number = (above["own"].get(a.world.schools[place]) or above["foreign"][None]).id
        there, none = (a.send("POST", a.api, json={owner: n}) for n in (number, int(ABSENT)))
        a.twins(there, none, (str(number), ABSENT))


def ask_history(a: LearnerAsking) -> None:
    """Histories of rows as pages and files, the feed of changes, the way back to a value."""
    assert a.record
    for place in PLACES:
        where = f"{a.home}{a.row(place).id}/history"
        a.get(where)
        a.get(where, lists="1", binned=True)
        a.get(f"{where}/xlsx", lists="1", binned=True)
    for end in ("", "/xlsx"):
        absent(a, "GET", f"{a.home}%s/history{end}")
    for declared in a.unseen():
        where = f"{a.home}{a.row('own').id}/history"
        first, second = (a.get(where, field=n) for n in (declared.name, NOBODY))
        a.twins(first, second, (declared.name, NOBODY))
    a.get("/api/v1/changes/", record=a.record.__tablename__, limit="200")


def ask_attachments(a: LearnerAsking) -> None:
    """Files of rows: of every field of files and of fields that are none."""
    assert a.record
    names = [n for n, f in field_map(a.record).items() if f.kind is FILE] or ["scan_file_id"]
    for name in (*names, next(iter(field_map(a.record)))):
        for place in PLACES:
            a.get(f"{a.home}{a.row(place).id}/file/{name}")
        absent(a, "GET", f"{a.home}%s/file/{name}")


def ask_counts(a: LearnerAsking) -> None:
    """Numbers of rows are those of the rows a person reads; totals of the pages besides."""
    assert a.record
    status, body = a.get(a.api, limit="1", count="1")
    if holds(a.person, a.record, Action.LIST) != (status == 200):
        a.wrong.append(f"{a.person.login} counts {a.api}: {status}")
    told = f'"count":{{"number":{a.visible_rows()},'
    if status == 200 and told not in body:
        a.wrong.append(f"{a.person.login} {a.api}: not {told} but {body[-500:-300]}")
    for url in ("/", a.home, f"{a.home}export"):
        a.get(url)
    _unheard(a, a.home, "q", size="25")

"""Marks in rows of learners: a value in every field that has room for one, found in any answer."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from app.kernel.catalogue import field_map, records
from app.kernel.kinds import FILE
from app.kernel.record import Reading
from app.kernel.sealing import cipher, print_of
from app.security.roles import Action
from tests.generated.attached import attach
from tests.scope_model import Target, holds, reads, sees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from tests.generated.world import World
    from tests.scope_model import Person

PLACES = ("own", "second", "foreign")
UNHEARD = "unheard"  # of no row at all
SIGNS = {"own": "O", "second": "S", "foreign": "F", UNHEARD: "U"}
TEXT = re.compile(r"QZ[OSFU]\d{4}X7", re.IGNORECASE)
LETTERS = re.compile(r"щъя[осфу][а-к]{4}ъ", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\w:])\+?7?[ (]*\d(?:[\d ()-]{4,}\d)(?![\w:])")
DAY = re.compile(r"\b(?:\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4})\b")
LETTER = {"O": "о", "S": "с", "F": "ф", "U": "у"}
DIGITS = dict(zip("0123456789", "абвгдежзик", strict=True))
FIRST_DAY = {"birth": dt.date(2009, 2, 3), "past": dt.date(2012, 5, 6), "": dt.date(2027, 3, 4)}
ROOM = 10  # characters of a mark
DATED = ("date", "date_past", "birth_date")


def learners() -> tuple[type[Record], ...]:
    """The records whose rows are about learners and their families."""
    return tuple(r for r in records() if r.about.reading is Reading.LEARNER)


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose value a mark is: ``shown`` as pages write it, ``stored`` as the row holds it."""

    record: type[Record]
    declared: Field
    organisations: frozenset[int]  # of its row, and the other one that reads it
    place: str
    stored: Any

    @property
    def shown(self) -> str:
        """The value as people type and read it."""
        return self.declared.kind.edit(self.stored)

    @property
    def unheard(self) -> str:
        """A value of the same form that no row has."""
        number = learners().index(self.record)
        turn = list(field_map(self.record)).index(self.declared.name)
        stored = value(self.declared, number, turn, UNHEARD)
        return self.declared.kind.edit(stored)


@dataclass
class Marks:
    """All marks, by what answers are searched for."""

    known: dict[str, list[Mark]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)  # fields that took none

    def add(self, mark: Mark) -> None:
        """Remember it in every form it may appear in."""
        for form in _forms(mark):
            self.known.setdefault(form, []).append(mark)

    def of(self, record: type[Record], place: str) -> Iterator[Mark]:
        """The marks of the row of a record in a place."""
        seen = {id(m): m for found in self.known.values() for m in found}
        yield from (m for m in seen.values() if m.record is record and m.place == place)

    def met(self, body: str) -> Iterator[tuple[str, list[Mark]]]:
        """What of them stands in an answer, however it is written."""
        yield from self._known(TEXT.findall(body) + LETTERS.findall(body))
        yield from self._known(DAY.findall(body))
        yield from self._known(_digits(found) for found in NUMBER.findall(body))

    def _known(self, found: Any) -> Iterator[tuple[str, list[Mark]]]:
        for text in {one.casefold() for one in found}:
            if text in self.known:
                yield text, self.known[text]


def permitted(person: Person, mark: Mark) -> bool:
    """Whether the person may meet the value: of a row within the scope, of a group seen in full.

    What is open in a row names it on the pages of others.
    """
    lists = holds(person, mark.record, Action.LIST) or mark.declared.group == "open"
    within = any(reads(person, mark.record, Target("", 0, o)) for o in mark.organisations)
    return lists and within and sees(person, mark.declared)


def plant_marks(world: World) -> Marks:
    """Give the planted rows of learners their marks, through the triggers where these let it."""
    marks = Marks()
    for number, record in enumerate(learners()):
        for place in PLACES:
            target = world.target(record, "foreign" if place == "foreign" else "own", None)
            if place != "foreign":
                target = world.rows[record.__tablename__]["own"][world.schools[place]]
            _mark_row(world, marks, record, target, (number, place))
    world.keep()
    return marks


def _mark_row(
    world: World, marks: Marks, record: type[Record], target: Target, where: tuple[int, str]
) -> None:
    number, place = where
    holder = record.about.holder
    organisations = {world.schools[place]}
    if holder:
        asked = sql.SQL("select {} from {} where id = %s")
        query = asked.format(sql.Identifier(holder), sql.Identifier(record.__tablename__))
        organisations |= {row[0] for row in world.base.execute(query, (target.id,))}
    for turn, declared in enumerate(field_map(record).values()):
        stored = value(declared, number, turn, place)
        if stored is None:
            continue
        if declared.kind is FILE:
            attach(world, record, declared.name, target, stored)
        elif not _write(world, record, target.id, declared.name, stored):
            marks.left.append(f"{record.__tablename__}.{declared.name}")
            continue
        marks.add(Mark(record, declared, frozenset(organisations), place, stored))


def _write(world: World, record: type[Record], ident: int, name: str, stored: Any) -> bool:
    """Write it as anybody would; past the triggers, where they keep the value for themselves."""
    names, values = [name], [stored]
    if name in record.sealed:
        uid = world.base.execute(
            sql.SQL("select uid from {} where id = %s").format(
                sql.Identifier(record.__tablename__)
            ),
            (ident,),
        ).fetchone()
        assert uid
        kind = record.sealed[name]
        names.append(print_of(name))
        values = [cipher().seal(kind, stored, uid[0]), cipher().fingerprint(kind, stored)]
    pairs = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(n)) for n in names)
    change = sql.SQL("update {} set {} where id = %s returning {}::text").format(
        sql.Identifier(record.__tablename__), pairs, sql.Identifier(name)
    )
    for past in (False, True):
        try:
            with world.base.transaction():
                if past:
                    world.base.execute("set local session_replication_role = replica")
                row = world.base.execute(change, (*values, ident)).fetchone()
        except psycopg.Error:
            continue
        if row and row[0] == str(values[0]):
            return True
    return False


def value(declared: Field, number: int, turn: int, place: str) -> Any:
    """The mark of a field, or none where its kind has no room for one."""
    kind, at = declared.kind, f"{number:02d}{turn:02d}"
    sign = SIGNS[place]
    digits = f"{[*SIGNS].index(place) + 1}{at}"
    plain = f"QZ{sign}{at}X7"
    if kind.name == "name":
        letters = "".join(DIGITS[d] for d in at)
        return f"Щъя{LETTER[sign]}{letters}ъ"
    if kind.name in DATED:
        return _day(declared, number, turn, place) if declared.group != "open" else None
    if kind.name == "phone":
        return f"+748{digits}9{sum(map(int, digits)) % 10}0"[:12]
    given = {
        "snils": snils(f"187{digits}1"),
        "email": f"{plain.lower()}@example.org",
        "document_series": plain,
        "document_number": plain,
        "issuer_code": f"{digits[:3]}-9{digits[3:]}",
        "text": plain,
        "postal_index": f"9{digits}",
        "file": plain,
        "uuid": f"0c5b2444-0000-4000-8000-0000000{digits}",
    }
    room = kind.name.startswith("string:") and int(kind.name[7:]) >= ROOM
    return given.get(kind.name) or (plain if room and not kind.classifier else None)


def _day(declared: Field, number: int, turn: int, place: str) -> dt.date:
    kind = declared.kind.name
    first = FIRST_DAY["birth" if kind == "birth_date" else "past" if kind == "date_past" else ""]
    return first + dt.timedelta(days=4 * (number * 20 + turn) + [*SIGNS].index(place))


def snils(nine: str) -> str:
    """A number with its control."""
    total = sum(int(digit) * (9 - at) for at, digit in enumerate(nine))
    rest = total % 101
    return f"{nine}{0 if rest == 100 else rest:02d}"


def _forms(mark: Mark) -> Iterator[str]:
    """How the value may be written anywhere."""
    stored = mark.stored
    if isinstance(stored, dt.date):
        yield from (stored.isoformat(), stored.strftime("%d.%m.%Y"))
    elif mark.declared.kind.name in {"phone", "snils", "issuer_code", "uuid", "postal_index"}:
        yield _digits(stored)
    else:
        yield stored.partition("@")[0].casefold()


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text)).removeprefix("7" if len(text) > ROOM + 1 else "")

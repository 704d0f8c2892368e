"""What the columns of a table may fill, and which of them a header means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kernel.catalogue import record_named
from app.kernel.errors import Invalid
from app.kernel.kinds import FILE
from app.kernel.record import Writing
from app.kernel.rights import typable, visible
from app.kernel.text import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record

KEY, OWNER = "uid", "owner."
ORGANISATION = "organisation"
_DATA = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\+?[\d ()-]{10,}")  # a date, a long number
_SIGNS = re.compile(r"[\W_]+")
# What else people call a field, by its name.
SYNONYMS = {
    "last_name": ("фам", "фамилия обучающегося", "фамилия ребенка", "surname"),
    "first_name": ("имя обучающегося", "имя ребенка", "name"),
    "middle_name": ("отч", "отчество обучающегося", "отчество ребенка", "patronymic"),
    "full_name": ("фио", "ученик", "обучающийся", "ребенок"),
    "birth_date": ("др", "дата рожд", "день рождения", "рождение", "birthday"),
    "sex": ("пол",),
    "snils": ("страховой номер", "номер снилс"),
    "phone": ("тел", "моб", "мобильный", "номер телефона", "сотовый", "телефон мобильный"),
    "email": ("почта", "эл почта", "e-mail", "адрес почты", "mail"),
    "citizenship_kind": ("гражданство",),
    "inn": ("инн",),
    "ogrn": ("огрн",),
    "kpp": ("кпп",),
    "doc_type_code": ("документ", "тип документа"),
    "number": ("номер документа", "№"),
    "series": ("серия документа",),
    "issue_date": ("выдан", "когда выдан"),
    "postal_index": ("почтовый индекс",),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a column fills: a field, the key of the row, or what names its parent.

    ``record`` is the one the field is declared in; the key has no field.
    """

    code: str
    record: type[Record]
    field: Field | None = None
    of_owner: bool = False
    needed: bool = False  # of new rows


def keys_of(record: type[Record], actor: Actor) -> tuple[tuple[str, ...], ...]:
    """The keys all of whose attributes the actor may see: a row is found by nothing else."""
    seen = {f.name for f in visible(record, actor)}
    return tuple(one for one in record.about.keys if seen.issuperset(one))


def naming(record: type[Record], actor: Actor) -> tuple[Field, ...]:
    """The fields a row of the record is named by where it is a parent."""
    found = {f.name: f for f in visible(record, actor)}
    names = dict.fromkeys(name for one in keys_of(record, actor) for name in one)
    return tuple(found[n] for n in (names or record.about.caption) if n in found)


def loadable(record: type[Record], actor: Actor) -> tuple[Field, ...]:
    """The fields a table may fill: what the actor may type and can be written into a cell."""
    own = typable(record, actor)
    return tuple(
        f
        for f in visible(record, actor)
        if f.name in own and f.kind is not FILE and f.name != record.about.owner
    )


def targets(record: type[Record], actor: Actor) -> tuple[Target, ...]:
    """All that columns of a table of the record may fill, in the order of the template."""
    return (
        Target(KEY, record),
        *_owners(record, actor),
        *(Target(f.name, record, f, needed=f.identity) for f in loadable(record, actor)),
    )


def _owners(record: type[Record], actor: Actor) -> Iterable[Target]:
    about = record.about
    if not about.parent or own_only(record, actor):
        return ()
    parent = record_named(about.parent)
    named = (Target(f"{OWNER}{f.name}", parent, f, of_owner=True) for f in naming(parent, actor))
    return (Target(f"{OWNER}{KEY}", parent, of_owner=True), *named)


def own_only(record: type[Record], actor: Actor) -> bool:
    """Whether rows can only be of the own organisation, which then need not be named."""
    about = record.about
    bound = actor.organisation_id is not None and not actor.reaches(None)
    return about.parent == ORGANISATION and bound and about.writing is not Writing.OVERSEEN


def normal(header: object) -> str:
    """A header as it is compared: letters and digits only, lower case, ё as е."""
    try:
        return _SIGNS.sub("", key(str(header or "")))[:200]
    except Invalid:
        return ""


def headless(first: Sequence[object], guessed: Mapping[int, str]) -> bool:
    """Whether the first row seems to be data: no header is known, a cell is a date or number."""
    if guessed:
        return False
    return any(isinstance(one, int) or _DATA.fullmatch(str(one or "").strip()) for one in first)


def letters_of(at: int) -> str:
    """A, B, … Z, AA: as spreadsheets call the column, counted from 0."""
    letters, number = "", at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def guess(
    headers: Sequence[object],
    known: Sequence[Target],
    names: Mapping[str, Sequence[str]],
    remembered: Mapping[str, str],
) -> dict[int, str]:
    """Which column fills what, each at most once.

    ``names`` are the labels of the targets by their codes, ``remembered`` what was chosen for such
    headers earlier.
    """
    codes = {target.code for target in known}
    by_header: dict[str, str] = {}
    for target in known:
        more = SYNONYMS.get(target.code, ())
        for name in (target.code, *more):
            by_header.setdefault(normal(name), target.code)
    for target in reversed(known):
        by_header |= {normal(name): target.code for name in names.get(target.code, ())}
    by_header |= {header: code for header, code in remembered.items() if code in codes}
    found: dict[int, str] = {}
    for place, header in enumerate(headers):
        code = by_header.get(normal(header), "") if normal(header) else ""
        if code and code not in found.values():
            found[place] = code
    return found


def lacking(known: Iterable[Target], chosen: Iterable[str]) -> tuple[Target, ...]:
    """The targets that new rows cannot do without and no column fills."""
    there = set(chosen)
    found = [target for target in known if target.needed and target.code not in there]
    owners = [target for target in known if target.of_owner]
    if owners and not any(target.code in there for target in owners):
        found.insert(0, owners[0])
    return tuple(found)

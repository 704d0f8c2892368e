"""Which part of a row's past is asked for, as its address says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.kernel.catalogue import record_named
from app.kernel.errors import Invalid
from app.kernel.kinds import DATE
from app.kernel.rights import READ, visible
from app.services.timeline import BATCH, DAYS, Asked, below
from app.views.base import addresses
from app.views.base.numbers import earlier_than
from app.views.base.pages import Chip
from app.views.base.pasts import VIAS, person_words
from app.views.base.words import label, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.timeline import Words

NAMES = ("lists", "field", "who", "via", "date", "from", "to", "before")
LONGEST = 200  # characters of a parameter that is looked at
WAYS = (*VIAS, BATCH)
# By which day of a change it is looked for; those of a change without a request are all the same.
DATES = {
    "": "Записано",
    "proposed": "Предложено",
    "decided": "Решено",
    "effective": "Вступило в силу",
}
SINCE = {
    "": "С %(day)s",
    "proposed": "Предложено с %(day)s",
    "decided": "Решено с %(day)s",
    "effective": "Вступило в силу с %(day)s",
}
UNTIL = {
    "": "По %(day)s",
    "proposed": "Предложено по %(day)s",
    "decided": "Решено по %(day)s",
    "effective": "Вступило в силу по %(day)s",
}


@dataclass(frozen=True, slots=True)
class PastAsked:
    """What the address asks for: the question, the parameters understood, what was not.

    ``typed`` are the parameters as they came: what is wrong stays in its input.
    """

    asked: Asked
    given: Mapping[str, str]
    typed: Mapping[str, str]
    problems: tuple[str, ...]
    lists: tuple[str, ...]  # tables that may be shown together with the row

    @property
    def path(self) -> str:
        """The address of the history without parameters."""
        return addresses.history(type(self.asked.row), self.asked.row.id)

    def address(self, path: str = "", **changed: str) -> str:
        """The address with some parameters changed; of the first page unless it says otherwise."""
        values = {**self.given, "before": "", **changed}
        query = urlencode([(name, values[name]) for name in NAMES if values.get(name)])
        return (path or self.path) + (f"?{query}" if query else "")


def read(row: Record, actor: Identity, args: Mapping[str, str]) -> PastAsked:
    """Understand the parameters; what cannot be understood is said and left out."""
    came = {name: args.get(name, "").strip()[:LONGEST] for name in NAMES}
    typed = dict(came)
    readable = tuple(
        child.__tablename__ for child in below(type(row)) if actor.may(READ, child.__tablename__)
    )
    lists = readable if typed["lists"] == "1" else ()
    typed["lists"] = "1" if lists else ""
    problems: list[str] = []
    field = _field(row, actor, typed, lists, problems)
    _which(typed, problems)
    since, until = day_typed(typed, "from", problems), day_typed(typed, "to", problems)
    if since and until and since > until:
        problems.append(_("Первая дата позже второй. Поменяйте их местами."))
    before = earlier_than(typed["before"])
    if typed["via"] not in WAYS:
        typed["via"] = ""
    who = earlier_than(typed["who"])
    typed["who"] = "" if who is None else str(who)
    asked = Asked(row, lists, field, who, typed["via"], typed["date"], since, until, before)
    return PastAsked(asked, typed, came, tuple(problems), readable)


def fields_of(
    row: Record, actor: Identity, tables: tuple[str, ...]
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Fields to choose among by record: those that the capacity sees, as parameter and words."""
    name = row.__tablename__
    for table in (name, *tables):
        record = record_named(table)
        owner = {record.about.owner, "organisation_id"}
        yield (
            label(record, record.about.title),
            tuple(
                (f.name if table == name else f"{table}.{f.name}", label(record, f.label))
                for f in visible(record, actor)
                if f.name not in owner and not f.computed
            ),
        )


def chips_of(found: PastAsked, actor: Identity, people: Mapping[int, Words]) -> tuple[Chip, ...]:
    """Each filter in force with the address of the history without it."""
    return tuple(
        Chip(words, found.address(**{name: ""})) for name, words in _in_force(found, actor, people)
    )


def _in_force(
    found: PastAsked, actor: Identity, people: Mapping[int, Words]
) -> Iterator[tuple[str, str]]:
    given, asked = found.given, found.asked
    if asked.field:
        groups = fields_of(asked.row, actor, asked.lists)
        words = next(w for _title, options in groups for v, w in options if v == given["field"])
        yield "field", _("Поле: %(field)s", field=words)
    if asked.user is not None:
        yield "who", _("Кто: %(name)s", name=person_words(asked.user, people))
    if asked.via:
        yield "via", _("Через что: %(way)s", way=way_words(asked.via))
    if given["from"]:
        yield "from", _(SINCE[asked.day], day=given["from"])
    if given["to"]:
        yield "to", _(UNTIL[asked.day], day=given["to"])


def way_words(way: str) -> str:
    """The name of a way that something was written by."""
    return _("пакет изменений") if way == BATCH else _(VIAS.get(way, way))


def _field(
    row: Record,
    actor: Identity,
    typed: dict[str, str],
    lists: tuple[str, ...],
    problems: list[str],
) -> tuple[str, str] | None:
    given = typed["field"]
    if not given:
        return None
    for _title, options in fields_of(row, actor, lists):
        if given in {value for value, _words in options}:
            table, dot, name = given.rpartition(".")
            return (table if dot else row.__tablename__), name
    typed["field"] = ""
    problems.append(_("Такого поля нет среди тех, что вам видны."))
    return None


def _which(typed: dict[str, str], problems: list[str]) -> None:
    """By which day is looked for: by that of writing where the name says nothing."""
    if typed["date"] and typed["date"] not in DAYS:
        typed["date"] = ""
        problems.append(_("Такой даты у изменения нет. Выберите её из списка."))


def day_typed(typed: dict[str, str], name: str, problems: list[str]) -> dt.date | None:
    """A day, written as people write it from then on."""
    if not typed[name]:
        return None
    try:
        day: dt.date = DATE.parse(typed[name])
    except Invalid as error:
        problems.append(say(error))
        typed[name] = ""
        return None
    typed[name] = DATE.show(day)
    return day

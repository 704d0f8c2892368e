"""What the address of the queue asks for: tab, filters, page; the filters in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask_babel import gettext as _

from app.kernel.catalogue import field_map, records
from app.kernel.fields import Policy
from app.kernel.kinds.numbers import grouped
from app.kernel.rights import CREATE, REQUESTS
from app.models.registry_requests import FINAL, REQUEST_FLOW
from app.services.request_queue import OPEN, Turn
from app.services.request_sieve import END_OF_ROW, FREE, MINE, NEW_ROW, Asked, Sieve, Tally
from app.views.base.end_words import deed
from app.views.base.numbers import earlier_than
from app.views.base.pages import Chip, Option
from app.views.base.pages_requests import QueueFilters
from app.views.base.words import label, worded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.kernel.record import Record
    from app.security.identity import Identity

HOME, DONE = "/requests/", "done"
AT_ONCE = "/requests/at-once"
NAMES = ("state", "whose", "late", "q", "field", "after", "before")
LONGEST = 200  # characters of a parameter that is looked at
WHOLE = {"*": NEW_ROW, "-": END_OF_ROW}  # stand for a field where a whole row is asked about


@dataclass(frozen=True, slots=True)
class QueueAsked:
    """The tab, what the list is narrowed to, and the parameters that were understood."""

    done: bool
    sieve: Sieve
    given: Mapping[str, str]
    wide: bool  # the reader sees requests of many organisations

    @property
    def turn(self) -> Turn | None:
        """Where the page of what waits begins; at its beginning where that cannot be read."""
        day, _dot, number = self.given["after"].partition(".")
        ident = earlier_than(number)
        try:
            return Turn(dt.date.fromisoformat(day), ident) if ident is not None else None
        except ValueError:
            return None

    @property
    def before(self) -> int | None:
        """The number that the page of what is decided begins before."""
        return earlier_than(self.given["before"])

    @property
    def narrow(self) -> bool:
        """Whether any filter is in force."""
        return self.sieve != Sieve(reader=self.sieve.reader)

    def address(self, **changed: str) -> str:
        """The address with some parameters changed; of the first page unless it says otherwise."""
        values = {**self.given, "after": "", "before": "", **changed}
        query = urlencode([(name, values[name]) for name in NAMES if values.get(name)])
        return HOME + (f"?{query}" if query else "")


def read(actor: Identity, args: Mapping[str, str]) -> QueueAsked:
    """Understand the parameters; what cannot be understood is left out."""
    typed = {name: args.get(name, "").strip()[:LONGEST] for name in NAMES}
    wide = not actor.may(CREATE, REQUESTS)
    state = typed["state"]
    known = {one.code for one in REQUEST_FLOW.states}
    done = state == DONE or state in FINAL
    if state not in known:
        state, typed["state"] = "", DONE if done else ""
    if typed["whose"] not in {MINE, FREE} or not wide or (done and typed["whose"] == FREE):
        typed["whose"] = ""
    typed["late"] = "1" if typed["late"] == "1" and not done else ""
    typed["q"] = typed["q"] if wide else ""
    asked = field_given(typed["field"])
    typed["field"] = field_text(asked) if asked else ""
    sieve = Sieve(state, typed["whose"], actor.user_id, typed["late"] == "1", typed["q"], asked)
    return QueueAsked(done, sieve, typed, wide)


def field_given(text: str) -> Asked | None:
    """What a parameter says a line asks for; nothing for what no record has."""
    table, _dot, name = text.partition(".")
    record = next((one for one in records() if one.__tablename__ == table), None)
    if record is None or (name not in WHOLE and name not in field_map(record)):
        return None
    return Asked(table, WHOLE.get(name, name))


def field_text(asked: Asked) -> str:
    """How the address says it."""
    said = next((text for text, field in WHOLE.items() if field == asked.field), asked.field)
    return f"{asked.table}.{said}"


def field_words(asked: Asked) -> str:
    """What a line asks for in words: the field with its record."""
    record = next(one for one in records() if one.__tablename__ == asked.table)
    return f"{label(record, record.about.title)}: {_of_record(record, asked)}"


def _of_record(record: type[Record], asked: Asked) -> str:
    if not asked.whole:
        return label(record, field_map(record)[asked.field].label)
    return _("новая запись") if asked.field == NEW_ROW else deed(record)


def filters_of(asked: QueueAsked, counted: Tally) -> QueueFilters:
    """The inputs of the filters with what stands in them; numbers are of all that waits."""
    whose = ((MINE, _("Мои"), counted.mine), (FREE, _("Ничьи"), counted.free))
    return QueueFilters(
        action=HOME,
        tab=DONE if asked.done else OPEN,
        states=tuple(_states(asked, counted)),
        whose=tuple(
            Option(
                code, words if asked.done else _counted(words, number), asked.given["whose"] == code
            )
            for code, words, number in whose
            if asked.wide and not (asked.done and code == FREE)
        ),
        fields=tuple(_fields(asked, counted)),
        words=asked.given["q"],
        wide=asked.wide,
        late=asked.sieve.late,
        late_words="" if asked.done else _counted(_("Только просроченные"), counted.late),
    )


def _counted(words: str, number: int) -> str:
    return f"{words} ({grouped(number)})"


def _states(asked: QueueAsked, counted: Tally) -> Iterator[Option]:
    for one in REQUEST_FLOW.states:
        if one.final != asked.done or (asked.wide and one.code == "draft"):
            continue
        words = worded(REQUEST_FLOW, one.title)
        number = counted.states.get(one.code, 0)
        plain = asked.done or one.code == "draft"
        yield Option(
            one.code, words if plain else _counted(words, number), asked.sieve.state == one.code
        )


def _fields(asked: QueueAsked, counted: Tally) -> Iterator[tuple[str, tuple[Option, ...]]]:
    """Fields by record: those that are asked for now, or all that may be where it is decided."""
    for record in records():
        table = record.__tablename__
        named = [Asked(table, f.name) for f in field_map(record).values()]
        found = tuple(
            Option(
                field_text(one),
                _of_record(record, one)
                if asked.done
                else _counted(_of_record(record, one), counted.fields.get(one, 0)),
                one == asked.sieve.asked,
            )
            for one in (*named, Asked(table, NEW_ROW), Asked(table, END_OF_ROW))
            if one == asked.sieve.asked
            or (_askable(record, one) if asked.done else one in counted.fields)
        )
        if found:
            yield label(record, record.about.title), found


def _askable(record: type[Record], one: Asked) -> bool:
    if not one.whole:
        return field_map(record)[one.field].policy is Policy.REQUEST
    return bool(record.about.parent) and any(
        f.policy is Policy.REQUEST for f in field_map(record).values()
    )


def chips_of(asked: QueueAsked) -> tuple[Chip, ...]:
    """Each filter in force with the address of the list without it."""
    return tuple(
        Chip(words, asked.address(**{name: left})) for name, left, words in _in_force(asked)
    )


def _in_force(asked: QueueAsked) -> Iterator[tuple[str, str, str]]:
    sieve = asked.sieve
    if sieve.state:
        words = worded(REQUEST_FLOW, REQUEST_FLOW.state(sieve.state).title)
        yield "state", DONE if asked.done else "", _("Состояние: %(state)s", state=words.lower())
    if sieve.whose:
        mine = _("Решённые мной") if asked.done else _("Мои")
        yield "whose", "", mine if sieve.whose == MINE else _("Ничьи")
    if sieve.late:
        yield "late", "", _("Просроченные")
    if sieve.words:
        yield "q", "", _("Организация: %(words)s", words=sieve.words)
    if sieve.asked:
        yield "field", "", _("Поле: %(field)s", field=field_words(sieve.asked))

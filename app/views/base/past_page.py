"""The history of a row as a timeline: days, writes, fields before and after, filters above."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask_babel import format_date
from flask_babel import gettext as _

from app.kernel.catalogue import record_named
from app.kernel.clock import local, today
from app.kernel.kinds import DATE
from app.kernel.kinds.numbers import grouped
from app.kernel.rights import DELETE, EXPORT, READ, REQUESTS
from app.kernel.sentences import unpacked
from app.services.past import ancestors
from app.services.timeline import LOOK, PERSON, page
from app.views.base import addresses
from app.views.base.carding import crumbs
from app.views.base.pages import Empty, Link, Option
from app.views.base.pages_past import Day, Entry, PastFilters, PastPage
from app.views.base.past_ask import DATES, WAYS, chips_of, fields_of, way_words
from app.views.base.past_return import ways_back
from app.views.base.past_words import learn_lines
from app.views.base.pasts import VERBS, changes_of, person_words, role_words
from app.views.base.words import Presenter, choices, label, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.timeline import Words
    from app.views.base.pages import Chip
    from app.views.base.past_ask import PastAsked
    from app.views.base.past_words import Named


def past_page(session: Session, found: PastAsked, actor: Identity) -> PastPage:
    """Ask for one page of the log and put it into words."""
    row, show = found.asked.row, Presenter(choices(actor.stamp))
    record = type(row)
    part = page(session, found.asked)
    named = learn_lines(session, part.lines, show, rows=bool(found.asked.lists), asked=found.asked)
    people = named.get(PERSON, {})
    chips = chips_of(found, actor, people)
    days = tuple(
        Day(_day_words(day), tuple(_entry(one, found, actor, show, named) for one in lines))
        for day, lines in groupby(part.lines, lambda one: local(one.at).date())
    )
    title, reset = show.named(row), found.path + ("?lists=1" if found.asked.lists else "")
    alive = row.deleted_at is None
    above = ancestors(session, row)
    card = (Link(title, addresses.card(record, row.id)),) if alive else ()
    may_export = actor.may(EXPORT, record.__tablename__)
    return PastPage(
        title=title,
        crumbs=(*crumbs(session, row, parent=above[0] if above else None), *card),
        filters=_filters(found, actor, people),
        chips=chips,
        problems=found.problems,
        days=days,
        reset_href=reset,
        next_href=found.address(before=str(part.next)) if part.next else "",
        first_href=found.address() if found.asked.before is not None else "",
        looked=_("Просмотрено изменений: %(number)s.", number=grouped(LOOK)) if part.looked else "",
        export_href=found.address(f"{found.path}/xlsx") if may_export else "",
        empty=None if days else _empty(found, chips, reset, more=part.looked),
        trash=None if alive else _bin(record, title),
    )


def _entry(
    one: Row[Any], found: PastAsked, actor: Identity, show: Presenter, named: Named
) -> Entry:
    row, record = found.asked.row, record_named(one.table_name)
    own = one.table_name == row.__tablename__ and one.row_id == row.id
    way = ways_back(row, one, actor, show.book, named) if own else None
    return Entry(
        time=local(one.at).strftime("%H:%M:%S"),
        who=person_words(one.user_id, named.get(PERSON, {})),
        capacity=role_words(one.capacity),
        verb=_(VERBS.get(one.verb, one.verb)),
        via=way_words(one.via) if one.via else "",
        batch=_batch(one),
        dates=_dates(one),
        request=_request(one, actor),
        row=None if own else row_link(record, one.row_id, actor, named),
        changes=changes_of(record, one, actor, show, way, marks=True),
        new=one.verb == "insert",
    )


def _batch(one: Row[Any]) -> Link | None:
    """The batch of a line, where the database lets the reader see it."""
    if one.opens is None:
        return None
    return Link(say(unpacked(one.title, one.title_values)), f"/batches/{one.opens}")


def _dates(one: Row[Any]) -> str:
    """The days of a change that came from a request: whoever reads the change reads them."""
    if one.proposed_on is None:
        return ""
    return _(
        "предложено %(proposed)s · решено %(decided)s · действует с %(effective)s",
        proposed=DATE.show(one.proposed_on),
        decided=DATE.show(one.decided_on),
        effective=DATE.show(one.effective_on),
    )


def _request(one: Row[Any], actor: Identity) -> Link | None:
    """The request of a line, where the database lets the reader see it."""
    if one.request is None or not actor.may(READ, REQUESTS):
        return None
    return Link(_("запрос № %(number)s", number=one.request), f"/requests/{one.request}")


def row_link(record: type[Record], ident: int, actor: Identity, named: Named) -> Link:
    """The row of a list: its page, or the trash for those who may look there."""
    words = named.get(record.__tablename__, {}).get(ident)
    text = words.text if words else f"№\u00a0{ident}"
    title = f"{label(record, record.about.title)}: {text}"
    if words is None:
        return Link(title, "")
    if words.gone:
        may = actor.may(DELETE, record.__tablename__)
        return Link(title, _bin(record, words.text).href if may else "", "trash")
    return Link(title, addresses.card(record, ident))


def _bin(record: type[Record], words: str) -> Link:
    """The trash of the list, with the row at hand where it can be searched."""
    query = f"?{urlencode({'q': words[:200]})}" if record.about.search else ""
    return Link(_("Открыть корзину"), addresses.bin_of(record) + query, "trash", "primary")


def _filters(found: PastAsked, actor: Identity, people: Mapping[int, Words]) -> PastFilters:
    given, asked = found.given, found.asked
    names = {ident: words.text for ident, words in people.items()}
    if asked.user and asked.user not in names:
        names[asked.user] = person_words(asked.user, {})
    order = sorted(names.items(), key=lambda pair: pair[1].casefold())
    return PastFilters(
        action=found.path,
        fields=tuple(
            (
                title,
                tuple(Option(value, words, value == given["field"]) for value, words in options),
            )
            for title, options in fields_of(asked.row, actor, asked.lists)
            if options
        ),
        people=tuple(
            Option(str(ident), words, ident == asked.user)
            for ident, words in (*order, (0, person_words(0, {})))
        ),
        ways=tuple(Option(way, way_words(way), way == asked.via) for way in WAYS),
        dates=tuple(Option(name, _(words), name == asked.day) for name, words in DATES.items()),
        since=given["from"] or found.typed["from"],
        until=given["to"] or found.typed["to"],
        lists=bool(found.lists),
        together=bool(asked.lists),
    )


def _empty(found: PastAsked, chips: tuple[Chip, ...], reset: str, *, more: bool) -> Empty:
    """Why there is nothing: nothing written yet, or nothing of what is asked for."""
    if not found.asked.narrow:
        if found.asked.before is not None:
            return Empty("nothing", _("Раньше изменений не было"), "")
        text = _("Здесь появится, кто, когда и что изменил.")
        return Empty("first", _("Изменений ещё не было"), text)
    every = (Link(_("Показать все изменения"), reset, "list"),)
    if more:
        text = _("Среди просмотренных изменений таких нет. Ищите раньше или снимите условие.")
        return Empty("nothing", _("Пока не найдено"), text, every, chips)
    text = _("Таких изменений нет. Снимите условие:") if chips else ""
    return Empty("nothing", _("Ничего не найдено"), text, every, chips)


def _day_words(day: Any) -> str:
    words = str(format_date(day, "d MMMM y"))
    return _("Сегодня, %(day)s", day=words) if day == today() else words

"""The access log for whoever it is for: the head of the organisation, the operator."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _

from app.exports import ExportColumn, Sheet, Shown
from app.extensions import db
from app.kernel.clock import local, now
from app.kernel.errors import Refused
from app.kernel.kinds import DATETIME, string
from app.kernel.rights import LOGS, READ
from app.security.scopes import take_time
from app.services import readings
from app.views.base import addresses
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.noting import note, place_of
from app.views.base.numbers import earlier_than
from app.views.base.pages import Chip, FilterInput, Option
from app.views.base.pages_readings import ReadingsPage
from app.views.base.past_ask import day_typed
from app.views.base.reading_words import ACTIONS, LEARNER, action_words, learn, line_of
from app.views.base.sending import send_xlsx
from app.views.base.shell import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

HOME = "/readings/"
NAMES = ("who", "learner", "what", "from", "to", "before")
LONGEST = 200  # characters of a parameter that is looked at
WIDTHS = (18, 28, 28, 22, 40, 40, 60)


@dataclass(frozen=True, slots=True)
class Given:
    """What the address asks for: the question, parameters as understood, what was not."""

    asked: readings.Asked
    values: Mapping[str, str]
    problems: tuple[str, ...]

    def address(self, path: str = HOME, **changed: str) -> str:
        """The address with some parameters changed, of the first page unless it says otherwise."""
        values = {**self.values, "before": "", **changed}
        query = urlencode([(name, values[name]) for name in NAMES if values[name]])
        return path + (f"?{query}" if query else "")


class ReadingsView(Pages):
    """Who read what. Row security keeps a head to the lines of the own organisation."""

    route_base = "/readings"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """Lines, newest first."""
        _admit()
        return render("readings.html", _page(db.session(), _given()))

    @route("/xlsx", needs=SIGNED_IN)
    def file(self) -> Response:
        """The same as a workbook, all pages of it; that is written down as well."""
        _admit()
        session, given = db.session(), _given()
        take_time(session)
        rows = readings.number(session, given.asked)
        note("export", f"{LOGS}.xlsx", organisation_id=place_of(identity()), detail={"rows": rows})
        name = f"access-log-{local(now()).strftime('%Y-%m-%d')}"
        return send_xlsx(_sheet(session, given, rows), name)


def _admit() -> None:
    if not identity().may(READ, LOGS):
        raise Refused("Журнал доступа читают руководитель организации и оператор.")


def _given() -> Given:
    """Understand the parameters; what cannot be understood is said and left out."""
    values = {name: request.args.get(name, "").strip()[:LONGEST] for name in NAMES}
    problems: list[str] = []
    since, until = (day_typed(values, name, problems) for name in ("from", "to"))
    if since and until and since > until:
        problems.append(_("Первая дата позже второй. Поменяйте их местами."))
    if values["what"] not in ACTIONS:
        values["what"] = ""
    numbers = {name: earlier_than(values[name]) for name in ("who", "learner", "before")}
    values |= {name: "" if n is None else str(n) for name, n in numbers.items()}
    asked = readings.Asked(
        numbers["who"], numbers["learner"], values["what"], since, until, numbers["before"]
    )
    return Given(asked, values, tuple(problems))


def _page(session: Session, given: Given) -> ReadingsPage:
    asked = given.asked
    found = readings.newest(session, asked)
    shown = found[: readings.PAGE]
    people = readings.people(session, asked.user)
    words = learn(session, shown, {asked.learner} if asked.learner else set())
    learner = words[LEARNER].get(asked.learner or 0, "")
    more = given.address(before=str(shown[-1].id)) if len(found) > readings.PAGE else ""
    return ReadingsPage(
        HOME,
        tuple(_filters(given, people, learner)),
        tuple(_chips(given, people, learner)),
        given.problems,
        tuple(line_of(line, words) for line in shown),
        HOME,
        more,
        given.address() if asked.before is not None else "",
        given.address(f"{HOME}xlsx"),
    )


def _filters(given: Given, people: Mapping[int, str], learner: str) -> Iterator[FilterInput]:
    values = given.values
    names = sorted(people.items(), key=lambda pair: pair[1].casefold())
    who = tuple(Option(str(ident), name) for ident, name in names)
    yield FilterInput("who", _("Кто"), "choice", values["who"], options=who)
    yield FilterInput(
        "learner",
        _("О ком"),
        "relation",
        values["learner"],
        learner,
        picker_href=addresses.picker(LEARNER),
    )
    what = tuple(Option(code, str(_(words))) for code, words in ACTIONS.items())
    yield FilterInput("what", _("Что сделано"), "choice", values["what"], options=what)
    for name, words in (("from", _("С даты")), ("to", _("По дату"))):
        typed = values[name] or request.args.get(name, "")[:LONGEST]
        yield FilterInput(name, words, "date", typed)


def _chips(given: Given, people: Mapping[int, str], learner: str) -> Iterator[Chip]:
    asked, values = given.asked, given.values
    if asked.user is not None:
        name = people.get(asked.user, f"№\u00a0{asked.user}")
        yield Chip(_("Кто: %(name)s", name=name), given.address(who=""))
    if asked.learner is not None:
        name = learner or f"№\u00a0{asked.learner}"
        yield Chip(_("О ком: %(name)s", name=name), given.address(learner=""))
    if asked.action:
        yield Chip(action_words(asked.action), given.address(what=""))
    if values["from"]:
        yield Chip(_("С %(day)s", day=values["from"]), given.address(**{"from": ""}))
    if values["to"]:
        yield Chip(_("По %(day)s", day=values["to"]), given.address(to=""))


def _sheet(session: Session, given: Given, rows: int) -> Sheet:
    text = string(500)
    heads = (
        *((_("Когда"), DATETIME), (_("Кто"), text), (_("Полномочия"), text)),
        *((_("Что сделано"), text), (_("Запись"), text), (_("О ком"), text)),
        (_("Подробности"), text),
    )
    about = (
        (_("Журнал доступа"), _("строк: %(number)s", number=rows)),
        (_("Выгружено"), local(now()).strftime("%d.%m.%Y %H:%M")),
        (_("Кем"), identity().full_name),
    )
    columns = tuple(ExportColumn(*head, width) for head, width in zip(heads, WIDTHS, strict=True))
    return Sheet(_("Журнал доступа"), columns, _rows(session, given), about, _("Об отборе"), rows)


def _rows(session: Session, given: Given) -> Iterator[tuple[object, ...]]:
    source = readings.stream(session, given.asked)
    while lines := [*islice(source, readings.PIECE)]:
        words = learn(session, lines, set())
        for one in lines:
            said = line_of(one, words)
            row, learner = (link.label if link else "" for link in (said.row, said.learner))
            texts = (said.who, said.capacity, said.done.text, row, learner, "; ".join(said.details))
            yield (one.at, *map(Shown, texts))

"""What is measured: the same task on the portal and, where it offers it, on the other side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from tests.html_form import form_with

if TYPE_CHECKING:
    from bench.client import Answer, Client

LIST = "/registry/organisation/"
LICENCES = "/registry/organisation-licence/"
OPENAPI = "/api/v1/openapi.json"
PLAIN = "/plainorganisationview"
WORDS = ("лицей", "гагарин")
BROAD = ("средняя", "школа")


@dataclass
class World:
    """Rows to ask for, and where the last page of each side is."""

    own: int
    others: list[int]
    total: int
    deep: str = ""
    turn: count[int] = field(default_factory=count)

    def other(self) -> int:
        """The next organisation that is not the clerk's."""
        return self.others[next(self.turn) % len(self.others)]


Task = Callable[["Client", World], "Answer"]


@dataclass(frozen=True)
class Operation:
    """One line of the table: limits in milliseconds, tasks of both sides."""

    name: str
    p50: float
    p95: float
    portal: Task
    plain: Task | None = None


def find_deepest(client: Client, world: World) -> None:
    """Reach the last page as a person does: order turned round, then on from there."""
    turned = client.get(LIST).address("sort=-")
    last = client.get(turned).address("after=")
    world.deep = f"{LIST}?after={last.partition('after=')[2].partition('&')[0]}"
    assert client.get(world.deep).status == 200


class Saving:
    """Save the same organisation again and again, another e-mail address each time."""

    def __init__(self, path: str, *, versioned: bool) -> None:
        self.path, self.versioned = path, versioned
        self.values: dict[tuple[Client, int], dict[str, str]] = {}
        self.last: Client | None = None

    def __call__(self, client: Client, world: World) -> Answer:
        """Ask for the form the first time, afterwards only send it."""
        path = self.path.format(world.own)
        key = (client, world.own)
        if self.last is not client or key not in self.values:
            self.last = client
            page = client.get(path)
            if page.status != 200:
                return page
            self.values[key] = form_with(page.text, "email")
        values = self.values[key]
        values["email"] = f"school{next(world.turn)}@example.com"
        answer = client.post(path, values)
        if self.versioned and answer.status == 303:
            values["version"] = str(int(values["version"]) + 1)
        return answer


def operations() -> list[Operation]:
    """All lines of the table."""
    return [*_lists(), *_searches(), *_rows()]


def _lists() -> list[Operation]:
    page = "page_PlainOrganisationView"
    return [
        Operation("list", 25, 60, lambda c, _: c.get(LIST), lambda c, _: c.get(f"{PLAIN}/list/")),
        Operation(
            "deepest page",
            30,
            72,
            lambda c, w: c.get(w.deep),
            lambda c, w: c.get(f"{PLAIN}/list/?{page}={w.total // 25 - 1}"),
        ),
        Operation(
            "list of licences",
            25,
            60,
            lambda c, _: c.get(LICENCES),
            lambda c, _: c.get("/plainlicenceview/list/"),
        ),
        Operation("trash of licences", 25, 60, lambda c, _: c.get(f"{LICENCES}trash")),
        Operation("OpenAPI document, kept", 25, 60, lambda c, _: c.get(OPENAPI)),
    ]


def _searches() -> list[Operation]:
    searches = {
        "search, two parts of a name": WORDS,
        "search, two frequent words": BROAD,
        "search, name and number": ("лицей", "432"),
    }
    return [
        *(_search(name, words) for name, words in searches.items()),
        Operation("picker", 20, 40, lambda c, _: c.get(f"{LIST}options?q={' '.join(WORDS)}")),
        Operation("picker, nothing typed", 20, 40, lambda c, _: c.get(f"{LIST}options")),
    ]


def _search(name: str, words: tuple[str, ...]) -> Operation:
    contains = "&".join(f"_flt_2_full_name={word}" for word in words)
    return Operation(
        name,
        40,
        80,
        lambda c, _: c.get(f"{LIST}?q={' '.join(words)}"),
        lambda c, _: c.get(f"{PLAIN}/list/?{contains}"),
    )


def _rows() -> list[Operation]:
    return [
        Operation(
            "record",
            25,
            60,
            lambda c, w: c.get(f"{LIST}{w.other()}"),
            lambda c, w: c.get(f"{PLAIN}/show/{w.other()}"),
        ),
        Operation(
            "edit form",
            40,
            80,
            lambda c, w: c.get(f"{LIST}{w.own}/edit"),
            lambda c, w: c.get(f"{PLAIN}/edit/{w.own}"),
        ),
        Operation(
            "save",
            25,
            60,
            Saving(LIST + "{}/edit", versioned=True),
            Saving(PLAIN + "/edit/{}", versioned=False),
        ),
    ]

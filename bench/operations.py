"""What is measured: the same task on the portal and, where it offers it, on the other side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.client import Answer, Client

LIST = "/registry/organisation/"
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


class Form(HTMLParser):
    """The values which a browser would send with a form."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._textarea = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember inputs, chosen options, and which text area has begun."""
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "select":
            self._select = name
            if name:
                self.values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in found:
            self.values[self._select] = found.get("value") or ""
        elif tag == "textarea" and name:
            self._textarea, self.values[name] = name, ""
        elif tag == "input" and name and _sent(found):
            self.values[name] = found.get("value") or ""

    def handle_data(self, data: str) -> None:
        """Text of a text area."""
        if self._textarea:
            self.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        """A select or a text area ends."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def _sent(found: dict[str, str | None]) -> bool:
    kind = found.get("type", "text")
    return kind not in {"submit", "button", "checkbox", "radio"} or "checked" in found


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
            self.values[key] = _form(page.text)
        values = self.values[key]
        values["email"] = f"school{next(world.turn)}@example.com"
        answer = client.post(path, values)
        if self.versioned and answer.status == 303:
            values["version"] = str(int(values["version"]) + 1)
        return answer


def _form(text: str) -> dict[str, str]:
    """The form with the organisation's e-mail address in it, without those around it."""
    inside = next(part for part in text.split("<form")[1:] if 'name="email"' in part)
    return Form("<form" + inside.partition("</form")[0]).values


def operations() -> list[Operation]:
    """All lines of the table."""
    two, broad = " ".join(WORDS), " ".join(BROAD)
    contains = "&".join(f"_flt_2_full_name={word}" for word in WORDS)
    widely = "&".join(f"_flt_2_full_name={word}" for word in BROAD)
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
            "search, two parts of a name",
            40,
            80,
            lambda c, _: c.get(f"{LIST}?q={two}"),
            lambda c, _: c.get(f"{PLAIN}/list/?{contains}"),
        ),
        Operation(
            "search, two frequent words",
            40,
            80,
            lambda c, _: c.get(f"{LIST}?q={broad}"),
            lambda c, _: c.get(f"{PLAIN}/list/?{widely}"),
        ),
        Operation(
            "search, one number",
            40,
            80,
            lambda c, _: c.get(f"{LIST}?q=лицей 4321"),
            lambda c, _: c.get(f"{PLAIN}/list/?_flt_2_full_name=лицей № 4321"),
        ),
        Operation("picker", 20, 40, lambda c, _: c.get(f"{LIST}options?q={two}")),
        Operation("picker, nothing typed", 20, 40, lambda c, _: c.get(f"{LIST}options")),
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

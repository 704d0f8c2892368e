"""Values and labels as people read them, in the language of the request."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import current_app, g, has_request_context
from flask_babel import force_locale, format_decimal, get_locale, gettext, pgettext

from app.extensions import db
from app.kernel.blobs import MEGABYTE
from app.kernel.catalogue import PLACES, field_map
from app.kernel.clock import today
from app.kernel.errors import Label, Labels, Message
from app.services.captions import captions_of
from app.services.codes import read_choices
from app.services.files import described
from app.views.base.pages import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from app.kernel.choices import Choice, Choices
    from app.kernel.errors import PortalError
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.kernel.workflow import Workflow
    from app.services.files import Described

MOST_REMEMBERED = 20_000  # words of related rows, as in an export of a long list


def language() -> str:
    """``ru`` or ``en``; found out once per request, for a page asks hundreds of times."""
    if not has_request_context():
        return str(get_locale() or "ru")
    found: str | None = g.get("language")
    if found is None:
        found = g.language = str(get_locale() or "ru")
    return found


@lru_cache(maxsize=4096)
def _label(context: str, text: str, tongue: str) -> str:
    with force_locale(tongue):
        return str(pgettext(context, text))


def label(record: type[Record], text: str) -> str:
    """A label of a record; the record is its context, so that «С» of two records may differ."""
    return _label(record.__tablename__, text, language())


def worded(flow: Workflow, text: str) -> str:
    """The title of a state or step of a workflow, which is the context of its translation."""
    return _label(flow.name, text, language())


def labels(record: type[Record], text: str) -> dict[str, str]:
    """A label of a record in every language of the portal."""
    tongues = current_app.config["LANGUAGES"]
    return {tongue: _label(record.__tablename__, text, tongue) for tongue in tongues}


def say(message: Message | PortalError | str) -> str:
    """A sentence for a person in the language of the request."""
    if not isinstance(message, (Message, str)):
        message = message.message
    if isinstance(message, str):
        return str(gettext(message))
    values = {name: _spoken(value) for name, value in message.values.items()}
    translated = str(gettext(message.text))
    return translated % values if values else translated


def _spoken(value: object) -> object:
    """What fills a place of a sentence, translated where it is text of the portal itself."""
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, Label):
        return _label(value.record, value.text, language())
    if isinstance(value, Labels):
        return ", ".join(_label(one.record, one.text, language()) for one in value)
    return value


def choices(stamp: int) -> Choices:
    """All classifiers, remembered in the process until the stamp moves."""
    remembered: tuple[int, Choices] | None = current_app.extensions.get("choices")
    if remembered is None or remembered[0] != stamp:
        remembered = (stamp, read_choices(db.session()))
        current_app.extensions["choices"] = remembered
    return remembered[1]


def sized(size: int) -> str:
    """A number of bytes in words, e.g. «1,2 МБ»."""
    if size < MEGABYTE:
        return str(gettext("%(number)s КБ", number=max(1, round(size / 1024))))
    return str(gettext("%(number)s МБ", number=format_decimal(size / MEGABYTE, "0.#")))


class Presenter:
    """Turns stored values into cells; words of related rows are asked for once per list."""

    def __init__(self, book: Choices) -> None:
        """Show codes with the names of this book of classifiers."""
        self._choices = book
        self._tongue = language()
        self._session = db.session()  # the one of the request, also while a file is streamed
        self._words: dict[str, dict[int, str]] = {}
        self._files: dict[int, Described] = {}

    @property
    def book(self) -> Choices:
        """The classifiers whose names are shown."""
        return self._choices

    def table(self, fields: Sequence[Field], rows: Sequence[Row[Any]]) -> list[tuple[Cell, ...]]:
        """Cells of a list: one tuple per row, one cell per field."""
        values = [[getattr(row, f"f_{f.name}") for f in fields] for row in rows]
        self.learn(fields, values)
        return [
            tuple(self.cell(f, value) for f, value in zip(fields, line, strict=True))
            for line in values
        ]

    def learn(self, fields: Sequence[Field], lines: Sequence[Sequence[Any]]) -> None:
        """Ask at once for the words of all related rows that these values name."""
        wanted: dict[str, set[int]] = {}
        for at, f in enumerate(fields):
            if f.kind.target:
                known = self._words.get(f.kind.target, {})
                ids = {line[at] for line in lines} - known.keys() - {None}
                wanted.setdefault(f.kind.target, set()).update(ids)
        if idents := wanted.pop("file", set()):
            self.learn_files(idents)
        if any(wanted.values()):
            for name, found in captions_of(self._session, wanted).items():
                kept = self._words.setdefault(name, {})
                if len(kept) > MOST_REMEMBERED:
                    kept.clear()
                kept.update(dict.fromkeys(wanted[name], ""))
                kept.update(found)

    def learn_files(self, idents: set[int]) -> None:
        """Ask at once for what people are told of these files."""
        self._files.update(described(self._session, idents))
        known = self._words.setdefault("file", {})
        known.update({i: self._files[i].name if i in self._files else "" for i in idents})

    def know(self, words: Mapping[str, Mapping[int, str]]) -> None:
        """Take words of related rows that were kept, as of rows that are not there any more."""
        for name, found in words.items():
            self._words.setdefault(name, {}).update(found)

    def related(self, field: Field, value: Any) -> str:
        """Words of a related row; its number where it is out of reach."""
        return self.words(field, value) or f"№\u00a0{value}"

    def words(self, field: Field, value: Any) -> str:
        """Words of a related row; nothing where it is out of reach."""
        known = self._words.get(field.kind.target, {})
        if value not in known:
            self.learn((field,), ((value,),))
            known = self._words[field.kind.target]
        return known[value]

    def file(self, ident: int | None) -> str:
        """Name, kind and size of a file that was learned; nothing where it is out of reach."""
        found = self._files.get(ident or 0)
        return f"{found.name} ({found.kind}, {sized(found.size)})" if found else ""

    def cell(self, field: Field, value: Any) -> Cell:
        """One value; an empty one prints a dash."""
        if value is None or value == "":
            return Cell(empty=True)
        if field.kind.target:
            return Cell(self.related(field, value))
        if field.kind.classifier:
            return self._coded(field, value)
        if field.kind.python is bool:
            return Cell(str(gettext(field.kind.show(value))))
        return Cell(field.kind.show(value))

    def text(self, field: Field, value: Any) -> str:
        """One value as plain text, empty for none; for files."""
        return self.cell(field, value).text

    def _coded(self, field: Field, value: Any) -> Cell:
        if field.kind.widget == "choices":
            names = self.names(field)
            return Cell(", ".join(names.get(code, code) for code in str(value).split(";")))
        choice = self._choices.find(field.kind.classifier, value)
        if choice is None:
            return Cell(str(value))
        return Cell(self._named(choice), tone=str(choice.extra.get("tone", "")))

    def _named(self, choice: Choice) -> str:
        return (choice.name_en if self._tongue == "en" else None) or choice.name_ru

    def named(self, row: Record) -> str:
        """The words that name a row: its caption, or the sentence its record names rows with."""
        about, fields = row.about, field_map(type(row))
        if about.naming:
            places = {name: getattr(row, name) for name in PLACES.findall(about.naming)}
            shown = {name: self.text(fields[name], value) for name, value in places.items()}
            return (label(type(row), about.naming) % shown).strip(" ,")
        for name in about.caption:
            value = getattr(row, name)
            if value:
                return self.text(fields[name], value) if name in fields else str(value)
        return f"№\u00a0{row.id}"

    def names(self, field: Field) -> dict[str, str]:
        """Names of all codes of a choice field, ended ones too."""
        return {c.code: self._named(c) for c in self._choices.all(field.kind.classifier)}

    def options(self, field: Field) -> list[tuple[str, str]]:
        """Codes and names a choice field offers: those in force, each once."""
        return self.choices_of(field.kind.classifier)

    def choices_of(self, classifier: str) -> list[tuple[str, str]]:
        """Codes and names of a classifier in force, each once."""
        day = today()
        return list(
            {
                choice.code: self._named(choice)
                for choice in self._choices.all(classifier)
                if choice.stands(day)
            }.items()
        )

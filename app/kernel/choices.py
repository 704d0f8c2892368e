"""Classifiers: values with codes and names, loaded from seeds, kept in memory for pages."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from app.kernel.errors import Invalid, Message, Missing
from app.kernel.text import key, quoted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

SEEDS = Path(__file__).parent / "seeds"
CLASSIFIERS = SEEDS / "classifiers.yaml"
MUNICIPALITIES = SEEDS / "municipalities.yaml"
SCHOOL_YEARS = SEEDS / "school_years.yaml"

_KNOWN = {"ru", "en", "short", "parent", "also", "extra"}
_STEP = 10  # between neighbours, so that a value may be put between two others later


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a classifier; ``also`` in ``extra`` lists other spellings of its name."""

    code: str
    name_ru: str
    name_en: str | None = None
    short: str | None = None
    sort: int = 0
    parent: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def name(self, language: str = "ru") -> str:
        """Give the name in a language; where there is no English one, the Russian."""
        return (self.name_en if language == "en" else None) or self.name_ru

    def stands(self, day: dt.date) -> bool:
        """Whether the value may still be chosen on the day; ``until`` is its last one."""
        return str(self.extra.get("until", day.isoformat())) >= day.isoformat()


@dataclass(frozen=True, slots=True)
class Classifier:
    """A classifier as a seed has it; ``length`` is the longest code, ``sha256`` of its content."""

    code: str
    title: str
    length: int
    choices: tuple[Choice, ...]
    sha256: str


def load_seed(path: Path = CLASSIFIERS) -> list[Classifier]:
    """Read the classifiers of a seed file.

    Raises ``Invalid`` that names the classifier when a code is repeated, is no text or is too
    long, when a value has no Russian name, or when a parent does not exist.
    """
    return [_classifier(code, body) for code, body in _read(path).items()]


def load_rows(path: Path) -> list[dict[str, Any]]:
    """Read a seed that is a list of rows: municipalities or school years."""
    return list(_read(path))


class Choices:
    """All classifiers of the portal in memory; never changes once made."""

    def __init__(self, classifiers: Mapping[str, Iterable[Choice]]) -> None:
        """Take the values of each classifier."""
        self._ordered = {
            code: tuple(sorted(values, key=lambda choice: (choice.sort, key(choice.name_ru))))
            for code, values in classifiers.items()
        }
        self._by_code = {
            code: {choice.code: choice for choice in values}
            for code, values in self._ordered.items()
        }
        self._alike: dict[str, dict[str, list[Choice]]] = {}
        for code, values in self._ordered.items():
            alike = self._alike.setdefault(code, {})
            for choice in values:
                alike.setdefault(choice.code, []).append(choice)
        self._by_text = {code: _spellings(values) for code, values in self._ordered.items()}

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[Any]]) -> Choices:
        """Take rows of: classifier, code, Russian, English and short name, sort, parent, extra."""
        classifiers: dict[str, list[Choice]] = {}
        for classifier, code, name_ru, name_en, short, sort, parent, extra in rows:
            choice = Choice(code, name_ru, name_en, short, sort or 0, parent, extra or {})
            classifiers.setdefault(classifier, []).append(choice)
        return cls(classifiers)

    @classmethod
    def of_seed(cls, classifiers: Iterable[Classifier]) -> Choices:
        """Take classifiers as a seed has them."""
        return cls({classifier.code: classifier.choices for classifier in classifiers})

    def all(self, classifier: str) -> tuple[Choice, ...]:
        """Give the values in the order of display; none of an unknown classifier."""
        return self._ordered.get(classifier, ())

    def find(self, classifier: str, code: str) -> Choice | None:
        """Give the value of a code, if there is one."""
        return self._by_code.get(classifier, {}).get(code)

    def stands(self, classifier: str, code: str, day: dt.date) -> bool:
        """Whether there is such a code and it may still be chosen on the day."""
        return any(one.stands(day) for one in self._alike.get(classifier, {}).get(code, ()))

    def name(self, classifier: str, code: str, language: str = "ru") -> str:
        """Give the name of a code; raises ``Missing`` when there is no such code."""
        choice = self.find(classifier, code)
        if choice is None:
            raise Missing("В списке нет значения с кодом «%(code)s».", code=quoted(code))
        return choice.name(language)

    def options(self, classifier: str, language: str = "ru") -> list[tuple[str, str]]:
        """Give pairs of code and name in the order of display."""
        return [(choice.code, choice.name(language)) for choice in self.all(classifier)]

    def code_for(self, classifier: str, text: str) -> str:
        """Give the code of what was typed: a code or a name, in whatever case, with ё or е.

        Raises ``Invalid`` when nothing or more than one value is called so.
        """
        codes = self._by_text.get(classifier, {}).get(key(text), ())
        if len(codes) == 1:
            return codes[0]
        if codes:
            raise Invalid(
                "Так называются несколько значений: «%(typed)s». Введите код: %(codes)s.",
                typed=quoted(text),
                codes=", ".join(codes),
            )
        raise Invalid(
            "Такого значения в списке нет: «%(typed)s». Выберите значение из списка.",
            typed=quoted(text),
        )


def _spellings(values: tuple[Choice, ...]) -> dict[str, tuple[str, ...]]:
    """Index values by their names; a code always means itself, even if it is another's name."""
    found: dict[str, tuple[str, ...]] = {}
    for choice in values:
        names = (choice.name_ru, choice.name_en, choice.short, *choice.extra.get("also", ()))
        for spelling in {key(name) for name in names if name}:
            found[spelling] = (*found.get(spelling, ()), choice.code)
    return found | {key(choice.code): (choice.code,) for choice in values}


def _classifier(code: str, body: dict[str, Any]) -> Classifier:
    values = tuple(
        _choice(code, body["length"], value, position)
        for position, value in enumerate(body["choices"].items(), start=1)
    )
    known = {choice.code for choice in values}
    for choice in values:
        if choice.parent and choice.parent not in known:
            raise _fault(code, Message("нет вышестоящего значения"), choice.parent)
    content = json.dumps(body, ensure_ascii=False, sort_keys=False, default=str)
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return Classifier(code, body["title"], body["length"], values, sha256)


def _choice(classifier: str, length: int, value: tuple[Any, dict[str, Any]], at: int) -> Choice:
    code, body = value
    if not isinstance(code, str) or not 0 < len(code) <= length:
        raise _fault(classifier, Message("код не текст или длиннее допустимого"), code)
    if not body.get("ru") or not body.keys() <= _KNOWN:
        raise _fault(classifier, Message("нет русского названия или есть лишнее"), code)
    extra = dict(body.get("extra", {}))
    if "also" in body:
        extra["also"] = body["also"]
    return Choice(
        code, body["ru"], body.get("en"), body.get("short"), at * _STEP, body.get("parent"), extra
    )


def _fault(classifier: str, problem: Message, code: object) -> Invalid:
    return Invalid(
        "Классификатор %(classifier)s: %(problem)s (%(code)s).",
        classifier=classifier,
        problem=problem,
        code=code,
    )


def _read(path: Path) -> Any:
    return _UniqueKeys(path.read_text("utf-8")).get_single_data()


class _UniqueKeys(yaml.SafeLoader):
    """A safe loader that refuses a key written twice, where YAML would keep the last."""


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Any, Any]:
    construct: Callable[..., Any] = loader.construct_object
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        name = construct(key_node, deep=True)
        if name in result:
            raise _fault("", Message("значение записано дважды"), name)
        result[name] = construct(value_node, deep=True)
    return result


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)

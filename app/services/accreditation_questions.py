"""What an import asks a person, and the answers it is given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from app.kernel.errors import Message, Refused
from app.kernel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

MOST_ANSWERS = 20_000
LONGEST_ANSWER = 200
MOST_QUESTIONS = 5_000  # kept one by one; further ones are only counted
MOST_NAMED = 12  # options that a sentence lists


class Option(NamedTuple):
    """One answer: the code to give back and what it says; a name out of data is a plain text."""

    code: str
    label: Message | str


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of question: its sentence, why it is asked and what an answer does.

    ``code`` begins the keys of its questions. Where the answer is a value of a classifier,
    ``classifier`` is its code, so that a page may show the options in the reader's language.
    """

    code: str
    what: Message
    why: Message
    classifier: str = ""

    def key(self, about: str) -> str:
        """Give the key of the question about this very thing: the same in every run and file."""
        return f"{self.code}-{hashlib.sha256(about.encode()).hexdigest()[:16]}"


@dataclass(slots=True)
class Question:
    """What only a person can decide.

    ``certificate`` is the first it concerns, ``value`` what is asked about, ``rows`` how many rows
    an answer would settle. Without ``options`` nothing can be answered here: ``why`` says what
    to do instead.
    """

    key: str
    topic: Topic
    certificate: str
    value: str
    options: tuple[Option, ...] = ()
    rows: int = 1

    @property
    def what(self) -> Message:
        """The question as a sentence."""
        return self.topic.what

    @property
    def why(self) -> Message:
        """Why it is asked, and what happens while nobody answers."""
        return self.topic.why


@dataclass(slots=True)
class Questions:
    """The questions of one run by their keys: equal ones are one question about several rows."""

    answers: Answers
    more: int = 0  # questions beyond those that are kept
    _asked: dict[str, Question] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Question]:
        """Give the questions in the order of the file."""
        return iter(self._asked.values())

    def __len__(self) -> int:
        """Give the number of questions, also of those not kept."""
        return len(self._asked) + self.more

    def ask(
        self,
        topic: Topic,
        certificate: str,
        value: str = "",
        *,
        about: str = "",
        options: Iterable[Option] = (),
    ) -> None:
        """Ask, or count one row more; ``about`` tells questions with the same value apart."""
        key = topic.key(about or value)
        if key in self._asked:
            self._asked[key].rows += 1
        elif len(self._asked) >= MOST_QUESTIONS:
            self.more += 1
        else:
            self._asked[key] = Question(key, topic, certificate, value, tuple(options))


class Answers:
    """The answers of a person by the keys of the questions.

    ``remembered`` were given to earlier files: they count where the question comes up again and
    they still fit, and are passed over otherwise; ``recalled`` are those that counted.
    """

    def __init__(
        self, given: Mapping[str, Any], remembered: Mapping[str, str] | None = None
    ) -> None:
        """Take them; raises ``Refused`` when they are no answers at all."""
        if len(given) > MOST_ANSWERS:
            raise Refused("Ответов больше, чем бывает вопросов: %(number)s.", number=len(given))
        for key, answer in given.items():
            if not (isinstance(answer, str) and len(key) + len(answer) <= 2 * LONGEST_ANSWER):
                raise Refused(
                    "Ответ на вопрос «%(key)s» — не текст или слишком длинный.",
                    key=quoted(str(key)[:LONGEST_ANSWER]),
                )
        self._given: dict[str, str] = dict(given)
        self._remembered = dict(remembered or {})
        self._met: set[str] = set()
        self.recalled: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Tell whether anything is answered at all."""
        return bool(self._given or self._remembered)

    def to(self, topic: Topic, about: str, options: Callable[[], Iterable[Option]]) -> str | None:
        """Give the code answered, if any.

        Raises:
            Refused: the answer is none of the options.
        """
        if not self:
            return None
        key = topic.key(about)
        if key not in self._given:
            return self._recall(key, options)
        answer = self._given[key]
        self._met.add(key)
        possible = tuple(options())
        if any(option.code == answer for option in possible):
            return answer
        raise unsuitable(topic, about, answer, possible)

    def _recall(self, key: str, options: Callable[[], Iterable[Option]]) -> str | None:
        answer = self._remembered.get(key)
        if answer is None or not any(option.code == answer for option in options()):
            return None
        self.recalled[key] = answer
        return answer

    def meet(self, topic: Topic, about: str) -> str | None:
        """Give what was answered as it stands; the file does hold what it is about."""
        key = topic.key(about)
        if key not in self._given:
            return self.recalled.get(key)
        self._met.add(key)
        return self._given[key]

    def any_to(self, topic: Topic) -> bool:
        """Tell whether any question of the kind is answered."""
        return any(key.startswith(f"{topic.code}-") for key in self._given)

    def finish(self) -> None:
        """Raise ``Refused`` for an answer to what the file does not ask."""
        unknown = self._given.keys() - self._met
        if unknown:
            raise Refused(
                "Ответ с ключом «%(key)s» не относится к этому файлу: такого вопроса в нём нет. "
                "Повторите пробную загрузку и ответьте на её вопросы.",
                key=quoted(min(unknown)),
            )


def unsuitable(topic: Topic, about: str, answer: str, possible: Iterable[Option]) -> Refused:
    """The refusal of an answer that is none of those possible."""
    codes = [option.code for option in possible]
    named = ", ".join(codes[:MOST_NAMED]) + ("…" if len(codes) > MOST_NAMED else "")
    return Refused(
        "Ответ «%(answer)s» на вопрос %(key)s («%(what)s») не подходит. Возможные ответы: "
        "%(codes)s.",
        answer=quoted(answer),
        key=topic.key(about),
        what=topic.what,
        codes=named or "—",
    )

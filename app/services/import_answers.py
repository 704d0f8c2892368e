"""Answers to the questions of a file: saved at once, kept for the next file of the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.kernel.errors import Invalid
from app.models.imports import DataImport
from app.models.reference import ClassifierItem
from app.services.import_findings import QUESTIONS
from app.services.importers import Answered, importer_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from app.kernel.paged import Paged

FILES = 20  # earlier files whose answers are remembered
MOST_DIGITS = 18  # of the number of a row

Answer = dict[str, Any]  # a question as a line of the check, and the ``code`` that was answered


def codes(answers: Mapping[str, Answer]) -> dict[str, str]:
    """The codes by the keys of the questions; one that was taken back has none."""
    return {key: answer["code"] for key, answer in answers.items() if answer["code"]}


def remembered(session: Session, file: DataImport) -> dict[str, Answer]:
    """Answers to earlier files of the kind that may fit this one as well, newest first."""
    never = importer_of(file.kind).asked_for_good
    rows = session.scalars(
        select(DataImport.answers)
        .where(DataImport.kind == file.kind, DataImport.id != file.id, DataImport.answers != {})
        .order_by(DataImport.id.desc())
        .limit(FILES)
    )
    found: dict[str, Answer] = {}
    for answers in rows:
        found = {**answers, **found}
    return {
        key: answer
        for key, answer in found.items()
        if answer["code"] and answer["topic"] not in never
    }


def for_run(file: DataImport, earlier: Mapping[str, Answer]) -> Answered:
    """Answers as the import takes them: those of this file go before earlier ones."""
    never = importer_of(file.kind).asked_for_good
    own = codes(file.answers)
    given = {key: code for key, code in own.items() if file.answers[key]["topic"] in never}
    withdrawn = file.answers.keys() - own.keys()
    older = {key: code for key, code in codes(earlier).items() if key not in withdrawn}
    rest = {key: code for key, code in own.items() if key not in given}
    return Answered(given, older | rest)


def take_over(file: DataImport, earlier: Mapping[str, Answer], recalled: Mapping[str, str]) -> int:
    """Make answers of earlier files that counted answers of this one; gives how many they are."""
    new = {key: earlier[key] for key in recalled if key not in file.answers and key in earlier}
    if new:
        file.answers = {**file.answers, **new}
    return len(new)


def answer(session: Session, file: DataImport, check: Paged, given: Mapping[str, str]) -> int:
    """Save answers by the keys of questions, an empty one takes back; gives how many there are.

    Raises:
        Invalid: an answer is none of the options.
    """
    lines = {line["key"]: line for line in asked(file, check)}
    answers = dict(file.answers)
    for key, code in given.items():
        line = lines.get(key)
        if line is None:
            continue  # of another file, or the check has been repeated meanwhile
        if code and not _fits(session, file, line, code):
            raise Invalid("Такого ответа у этого вопроса нет. Выберите из списка.")
        answers[key] = {**line, "code": code}
    file.answers = answers
    session.flush()
    return len(codes(answers))


def answer_all(session: Session, file: DataImport, check: Paged, topic: str, code: str) -> int:
    """Give the answer to every question of the topic that has none yet and knows it."""
    standing = codes(file.answers)
    open_ones = [
        line
        for line in asked(file, check)
        if line["topic"] == topic
        and line["key"] not in standing
        and _fits(session, file, line, code)
    ]
    given = {line["key"]: code for line in open_ones}
    answer(session, file, check, given)
    return len(given)


def asked(file: DataImport, check: Paged) -> Iterator[Answer]:
    """The questions of the check, then those that were answered before it."""
    seen = set()
    for line in check.lines(QUESTIONS):
        if answerable(line):
            seen.add(line["key"])
            yield line
    yield from (line for key, line in file.answers.items() if key not in seen)


def answerable(line: Answer) -> bool:
    """Whether an answer may be given here at all."""
    return bool(line["options"] or line["classifier"])


def _fits(session: Session, file: DataImport, line: Answer, code: str) -> bool:
    if line["classifier"]:
        item = ClassifierItem
        return bool(
            session.scalar(
                select(item.id).where(
                    item.classifier == line["classifier"],
                    item.code == code,
                    item.valid_to.is_(None),
                )
            )
        )
    if any(option[0] == code for option in line["options"]):
        return True
    rows = importer_of(file.kind).asked_for_good
    number = code.isascii() and code.isdigit() and len(code) <= MOST_DIGITS
    return line["topic"] in rows and number

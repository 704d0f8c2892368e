"""What an import found, as lists of a paged file: problems, questions, kept values, matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kernel.errors import Message
from app.kernel.sentences import packed, unpacked
from app.services.accreditation_report import ELEMENTS, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.kernel.paged import PagedWriter
    from app.services.accreditation_questions import Option, Question
    from app.services.accreditation_report import ImportReport

QUESTIONS, PROBLEMS, LEFT, MATCHES = "questions", "problems", "left", "matches"
STATES = tuple(state.value for state in State)
FAULTS, KEPT = "faults", "left"


def tell_findings(writer: PagedWriter, report: ImportReport) -> None:
    """Write the lists of a report."""
    for question in report.questions:
        writer.add(QUESTIONS, question_line(question))
    for problem in report.problems:
        writer.add(
            PROBLEMS,
            {
                "certificate": problem.certificate,
                "line": problem.line,
                "record": ELEMENTS[problem.element].__tablename__,
                "field": problem.field,
                "why": said(problem.why),
                "value": problem.value,
            },
        )
    for left in report.left:
        writer.add(
            LEFT,
            {
                "certificate": left.certificate,
                "id": left.organisation_id,
                "title": left.organisation,
                "field": left.field,
                "ours": left.ours,
                "theirs": left.theirs,
            },
        )
    for match in report.matches:
        writer.add(
            MATCHES,
            {"certificate": match.certificate, "what": said(match.what), "value": match.value},
        )


def counts_of(report: ImportReport) -> dict[str, Any]:
    """The figures of a report: rows by record and state, and how long each list is."""
    rows = {}
    for record, states in report.counts.items():
        found = {state.value: states[state] for state in State}
        rows[record.__tablename__] = {**found, FAULTS: report.faults[record], KEPT: 0}
    rows["organisation"][KEPT] = len(report.left)
    return {
        "rows": rows,
        QUESTIONS: len(report.questions),
        "open": sum(1 for question in report.questions if question.options),
        PROBLEMS: report.faults.total(),
        LEFT: len(report.left),
        MATCHES: len(report.matches),
    }


def question_line(question: Question) -> dict[str, Any]:
    """A question as a line; options of a classifier are named by it, others are told here."""
    topic = question.topic
    return {
        "key": question.key,
        "topic": topic.code,
        "what": said(topic.what),
        "why": said(topic.why),
        "classifier": topic.classifier if question.options else "",
        "certificate": question.certificate,
        "value": question.value,
        "rows": question.rows,
        "options": [] if topic.classifier else [option_line(one) for one in question.options],
    }


def option_line(option: Option) -> list[Any]:
    """An answer: its code and its words."""
    words = option.label
    return [option.code, said(words) if isinstance(words, Message) else words]


def said(message: Message) -> dict[str, Any]:
    """A sentence as JSON."""
    return {"text": message.text, "values": packed(message)}


def sentence(stored: Mapping[str, Any] | str) -> Message | str:
    """The sentence again; a plain text stays one."""
    if isinstance(stored, str):
        return stored
    return unpacked(stored["text"], stored["values"])

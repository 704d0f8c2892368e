"""`flask portal import …`: registers of other systems into the portal."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.kernel.errors import PortalError, Refused
from app.models.registry_permits import OrganisationAccreditation
from app.security.scopes import bind_scope, system_scope
from app.services import data_imports, undoing
from app.services.accreditation_report import State
from app.services.import_runs import Shelves, run
from app.services.importers import ACCREDITATION, Answered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.imports.cleaning import Problem
    from app.kernel.record import Record
    from app.services.accreditation_questions import Question
    from app.services.accreditation_report import ImportReport, Left, Match
    from app.services.import_runs import Ran
    from app.services.undoing import Undone

COLUMNS = {
    State.NEW: "новых",
    State.CHANGED: "изменено",
    State.SAME: "без изменений",
    State.SKIPPED: "не загружено",
}
MOST_OPTIONS = 20  # printed under a question
MOST_ANSWER_BYTES = 4 << 20
FAULTS = "замечаний"
LONGEST_NAME = 200
REFUSED = 2


@dataclass(frozen=True, slots=True)
class ServerOperator:
    """Whoever may run commands on the server; implements the kernel's ``Actor``."""

    user_id: int | None = None
    capacity_id: int | None = None
    organisation_id: int | None = None

    def may(self, _permission: str, _record: str) -> bool:
        """Everything: the command line is guarded by the server itself."""
        return True

    def sees(self, _group: str) -> bool:
        """Everything, likewise."""
        return True

    def masks(self, _group: str) -> bool:
        """Nothing: all is seen in full."""
        return False

    def policy(self, _record: str, _field: str) -> None:
        """None: what the operator has set binds organisations."""

    def reviews(self, _record: str, _field: str) -> bool:
        """Every field, likewise."""
        return True

    def reaches(self, _organisation_id: int | None) -> bool:
        """Every organisation, likewise."""
        return True

    def oversees(self, _organisation_id: int | None) -> bool:
        """Every organisation, likewise."""
        return True


@click.group("import")
def import_group() -> None:
    """Загрузить данные других систем."""


@import_group.command("accreditation")
@click.argument("file", type=click.File("rb"), required=False)
@click.option(
    "--answers",
    type=click.File("rb"),
    help='Ответы на вопросы: файл JSON вида {"ключ вопроса": "код ответа"}.',
)
@click.option("--dry-run", is_flag=True, help="Только посчитать и рассказать, ничего не записывая.")
@click.option("--undo", type=int, help="Отменить загрузку по номеру её пакета изменений.")
@with_appcontext
def accreditation(
    file: BinaryIO | None, *, answers: BinaryIO | None, dry_run: bool, undo: int | None
) -> None:
    """Загрузить открытые данные реестра аккредитованных организаций (XML Рособрнадзора).

    Повторять можно: то, что не изменилось, не трогается. Непонятые значения и вопросы
    перечисляются с номером свидетельства. Чужой или испорченный файл ничего не меняет.
    Ключи вопросов и коды ответов печатает пробная загрузка (--dry-run). Загрузка видна на странице
    «Загрузка реестра»; отменить её можно там или здесь (--undo).
    """
    if (file is None) == (undo is None):
        raise click.UsageError("Назовите файл или пакет для отмены: --undo НОМЕР.")
    session = db.session()
    bind_scope(session, system_scope("import"))
    try:
        if file is None:
            done = undoing.undo(session, int(undo or 0), ServerOperator(), dry_run=dry_run)
        else:
            ran = _load(session, file, _answers(answers), dry_run=dry_run)
        session.commit()
    except PortalError as refusal:
        session.rollback()
        click.echo(str(refusal), err=True)
        raise click.exceptions.Exit(REFUSED) from refusal
    except DBAPIError as failure:
        click.echo(f"База данных прервала загрузку, ничего не изменено: {failure.orig}", err=True)
        raise click.exceptions.Exit(REFUSED) from failure
    if file is None:
        _print_undone(done, dry_run=dry_run)
        return
    _print(ran.report)
    if ran.batch and not dry_run:
        click.echo(f"\nПакет изменений: {ran.batch}. Отменить: --undo {ran.batch}")


def _load(session: Session, file: BinaryIO, answers: dict[str, str], *, dry_run: bool) -> Ran:
    """Load the file as the page does, so that the page shows it; whose it is, nobody says."""
    shelves = Shelves(Path(current_app.config["PORTAL_DATA"]))
    blob = shelves.uploads.put(file, ACCREDITATION.largest)
    name = Path(file.name).name[-LONGEST_NAME:]
    found, _new = data_imports.receive(session, ACCREDITATION.code, blob, name, None)
    if found.state == data_imports.Stage.APPLIED:
        found = data_imports.again(session, found.id, None)
    data_imports.lock(session, found.id)
    given = Answered(answers, {})
    ran = run(session, found, shelves, ServerOperator(), given, _tell, keep=not dry_run)
    ran.report.dry_run = dry_run
    if dry_run:
        data_imports.keep_check(session, found, ran, answers)
    else:
        data_imports.keep_applied(session, found, ran)
    return ran


def _tell(done: int, _total: int | None) -> None:
    click.echo(f"Сделано: {done} %", err=True)


def _print_undone(done: Undone, *, dry_run: bool) -> None:
    click.echo("Пробная отмена: ничего не записано." if dry_run else "Отменено.")
    click.echo(f"В корзину: {done.trashed.total()}")
    click.echo(f"Возвращено прежних значений, строк: {done.restored.total()}")
    click.echo(f"Менялось с тех пор и оставлено: {done.left.total()}")


def _answers(file: BinaryIO | None) -> dict[str, str]:
    """Read the answers; raises ``Refused`` for what is no JSON object of texts."""
    if file is None:
        return {}
    try:
        given = json.loads(file.read(MOST_ANSWER_BYTES))
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not all(isinstance(code, str) for code in given.values()):
        raise Refused(
            "Файл ответов не прочесть: ожидался JSON с ключами вопросов и кодами ответов."
        )
    return given


def _print(report: ImportReport) -> None:
    click.echo("Пробная загрузка: ничего не записано." if report.dry_run else "Загружено.")
    click.echo()
    _print_counts(report)
    _print_list("Узнаны по реквизитам", map(_matched, report.matches))
    _print_list("Замечания к значениям", map(_told, report.problems), report.unlisted)
    _print_list("Оставлено, изменено вручную", map(_left, report.left))
    _print_list("Вопросы", map(_asked, report.questions), report.questions.more)


def _print_counts(report: ImportReport) -> None:
    heads = ["", *COLUMNS.values(), FAULTS]
    rows = [heads]
    for record, counts in report.counts.items():
        numbers = (*(counts[state] for state in COLUMNS), report.faults[record])
        rows.append([_title(record), *map(str, numbers)])
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        click.echo("  ".join([row[0].ljust(widths[0]), *cells]).rstrip())


def _title(record: type[Record]) -> str:
    if record is OrganisationAccreditation:
        return "Свидетельства"  # the record is entitled by the item of the law as a whole
    return record.about.title_many


def _print_list(title: str, lines: Iterable[str], more: int = 0) -> None:
    """Print each line once, with the number of times where it comes several times."""
    listed = Counter(lines)
    if not listed:
        return
    click.echo(f"\n{title}: {listed.total() + more}")
    for line, number in listed.items():
        click.echo(f"  {line}" + (f" (таких {number})" if number > 1 else ""))
    if more:
        click.echo(f"  … и ещё {more}")


def _told(problem: Problem) -> str:
    why = str(problem.why)
    quote = "" if not problem.value or problem.value in why else f" «{problem.value}»"
    return f"{problem.certificate}, строка {problem.line}: {problem.field}: {why}{quote}"


def _matched(match: Match) -> str:
    return f"{match.certificate}: {match.what} «{match.value}»"


def _left(left: Left) -> str:
    return (
        f"{left.certificate}: {left.organisation} (№ {left.organisation_id}): {left.field}: "
        f"в портале «{left.ours}», в реестре «{left.theirs}»"
    )


def _asked(question: Question) -> str:
    value = f" «{question.value}»" if question.value else ""
    rows = f" (строк {question.rows})" if question.rows > 1 else ""
    lines = [f"{question.certificate}: {question.what}{value}{rows}", f"{question.why}"]
    if question.options:
        lines.append(f"Ключ: {question.key}")
        lines += (f"  {code} — {label}" for code, label in question.options[:MOST_OPTIONS])
    if len(question.options) > MOST_OPTIONS:
        lines.append(f"  … код классификатора {question.topic.classifier}")
    return "\n      ".join(lines)

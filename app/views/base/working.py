"""Jobs as pages show them: asked for by a page, with words for state, progress and time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.blobs import Blobs
from app.kernel.clock import local, now
from app.kernel.kinds.numbers import grouped
from app.kernel.sentences import unpacked
from app.services import work
from app.services.batches import Met
from app.services.work import LIVING
from app.views.base.guard import identity
from app.views.base.pages_work import JobCard
from app.views.base.words import language, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from app.kernel.errors import Message
    from app.models.work import BackgroundJob

STATES = {
    "queued": ("Ждёт очереди", "off"),
    "running": ("Выполняется", "warn"),
    "done": ("Готово", "ok"),
    "failed": ("Не получилось", "bad"),
    "cancelled": ("Остановлено", "off"),
}
MOMENT = "%d.%m.%Y %H:%M"
PERCENT = 100


def order(
    kind: str,
    title: Message,
    params: dict[str, Any],
    *,
    organisation: int | None = None,
    lock: str | None = None,
) -> str:
    """Ask for a job in the present capacity; gives the address where it can be watched.

    Raises ``Refused`` when too many jobs of the person are waiting.
    """
    person = identity()
    number = work.ask(
        db.session(),
        kind,
        title,
        params,
        assignment=person.capacity.id if person.capacity else None,
        organisation=organisation,
        language=language(),
        lock=lock,
    )
    return address(number)


def address(number: int) -> str:
    """Where a job can be watched."""
    return f"/jobs/{number}"


def job_card(job: BackgroundJob, *, mine: bool = True, who: str = "") -> JobCard:
    """A job in words."""
    word, tone = STATES[job.state]
    stopping = job.state == "running" and job.stop_asked
    kept = bool(job.file_hash) and results().has(job.file_hash or "")
    living = job.state in LIVING
    return JobCard(
        id=job.id,
        href=address(job.id),
        title=say(unpacked(job.title, job.title_values)),
        state=_("Останавливается…") if stopping else _(word),
        tone=tone,
        living=living,
        percent=_percent(job),
        steps=_steps(job) if job.state == "running" else "",
        message=say(unpacked(job.message, job.message_values)) if job.message else "",
        when=local(job.created_at).strftime(MOMENT),
        took=_took(job.started_at, job.finished_at),
        who=who,
        stop_href=f"{address(job.id)}/stop" if living and not stopping else "",
        file_href=f"{address(job.id)}/file" if kept and mine else "",
        file_gone=str(gone()) if job.file_hash and mine and not kept else "",
        file_name=job.file_name or "",
        links=tuple((_(text), href) for text, href in _places(job)),
    )


def results() -> Blobs:
    """Where files that jobs made lie."""
    return Blobs(Path(current_app.config["PORTAL_DATA"]) / "results")


def gone() -> str:
    """Why a job has no file any more."""
    days = current_app.config["RESULT_DAYS"]
    words: str = _(
        "Срок хранения файла (%(days)s дн.) прошёл: он удалён. Чтобы получить его снова, повторите"
        " выгрузку.",
        days=days,
    )
    return words


def _percent(job: BackgroundJob) -> int | None:
    if job.state == "done":
        return PERCENT
    if job.state != "running" or not job.total:
        return None
    return min(PERCENT, PERCENT * job.done // job.total)


def _steps(job: BackgroundJob) -> str:
    done = f"{job.done:,}".replace(",", "\u202f")
    if not job.total:
        return done if job.done else ""
    total = f"{job.total:,}".replace(",", "\u202f")
    return _("%(done)s из %(total)s", done=done, total=total)


def _took(began: dt.datetime | None, ended: dt.datetime | None) -> str:
    if began is None:
        return ""
    seconds = int(((ended or now()) - began).total_seconds())
    minutes, rest = divmod(max(seconds, 0), 60)
    if not minutes:
        return _("%(seconds)s с", seconds=rest)
    return _("%(minutes)s мин %(seconds)s с", minutes=minutes, seconds=rest)


def _places(job: BackgroundJob) -> list[tuple[str, str]]:
    """Where the result of a job is, as its handler says: ``result["links"]``, texts and paths."""
    links = job.result.get("links", [])
    return [(text, href) for text, href in links if isinstance(href, str) and href.startswith("/")]


def undo_words(met: Iterable[Met]) -> str:
    """What taking a batch back would do with the rows it wrote, of all tables together."""
    whole = Met(*map(sum, zip(Met(), *met, strict=True)))
    parts = []
    if whole.added:
        parts.append(_("В корзину уйдёт новых строк: %(added)s.", added=grouped(whole.added)))
    if whole.revived:
        parts.append(_("Снова уйдёт в корзину: %(number)s.", number=grouped(whole.revived)))
    if whole.trashed:
        parts.append(_("Вернётся из корзины: %(number)s.", number=grouped(whole.trashed)))
    if whole.changed:
        words = _(
            "Прежние значения вернутся в строки: %(changed)s.", changed=grouped(whole.changed)
        )
        parts.append(words)
    if whole.since:
        words = _("С тех пор менялось и останется как есть: %(since)s.", since=grouped(whole.since))
        parts.append(words)
    return " ".join(str(part) for part in parts)

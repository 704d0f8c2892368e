"""What the pages and the report of an import call things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.blobs import MEGABYTE
from app.models.registry_permits import OrganisationAccreditation
from app.services.data_imports import Stage
from app.views.base.words import label

if TYPE_CHECKING:
    from app.kernel.record import Record

MOST_ROWS = 200_000  # of one sheet of the report: more nobody reads, and the page has them all
STAGES = {
    Stage.UPLOADED: ("Получен, не проверен", "off"),
    Stage.CHECKING: ("Проверяется", "warn"),
    Stage.CHECKED: ("Проверен, не загружен", "warn"),
    Stage.APPLYING: ("Загружается", "warn"),
    Stage.APPLIED: ("Загружен", "ok"),
    Stage.UNDOING: ("Отменяется", "warn"),
    Stage.UNDONE: ("Загрузка отменена", "off"),
    Stage.FAILED: ("Не получилось", "bad"),
    Stage.CANCELLED: ("Остановлено", "off"),
}
HEADS = {
    "new": "Новых",
    "changed": "Изменено",
    "same": "Без изменений",
    "skipped": "Не загружено",
    "left": "Оставлено вручную",
    "faults": "Замечаний",
}
WHAT = {
    Stage.UPLOADED: "Файл получен. Проверьте его: проверка ничего не записывает.",
    Stage.CHECKED: "Так файл изменит портал. Пока ничего не записано.",
    Stage.APPLIED: "Записано всё, что показано ниже. Загрузку можно отменить целиком.",
    Stage.UNDONE: "Загрузка отменена: новые строки в корзине, прежние значения возвращены.",
}
COMMAND = "команда"


def address(number: int) -> str:
    """The page of a file."""
    return f"/registry/import/{number}"


def size_words(size: int) -> str:
    """The size of a file as people say it."""
    for unit, words in ((1024 * MEGABYTE, _("ГБ")), (MEGABYTE, _("МБ")), (1024, _("КБ"))):
        if size >= unit:
            number = f"{size / unit:.1f}".removesuffix(".0").replace(".", _(","))
            return f"{number}\u00a0{words}"
    return f"{size}\u00a0{_('байт')}"


def record_words(record: type[Record]) -> str:
    """What the rows of a record are called here."""
    if record is OrganisationAccreditation:
        return str(_("Свидетельства"))  # the record is entitled by the item of the law as a whole
    return label(record, record.about.title_many)

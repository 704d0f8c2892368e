"""Records of a certificate as the import keeps them, and what is asked about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.imports.accreditation import CERTIFICATE, DECISION, NO_NUMBER, PROGRAM, SUPPLEMENT
from app.kernel.errors import Message
from app.models.registry_permits import OrganisationAccreditation
from app.models.registry_supplements import (
    OrganisationAccreditationDecision,
    OrganisationAccreditationProgram,
    OrganisationAccreditationSupplement,
)
from app.services.accreditation_questions import Topic
from app.services.accreditation_store import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.imports.cleaning import Column


def _kept(record: Any, columns: Iterable[Column], *more: str, **rest: Any) -> Kept:
    names = (column.name for column in columns)
    return Kept(record, (*names, *more, "organisation_id", "source", "source_id"), **rest)


CERTIFICATES = _kept(
    OrganisationAccreditation,
    CERTIFICATE,
    *("entrepreneur_name", "decision_number", "status_text", "status_code", "region_code"),
    parent="organisation_id",
    clearable=frozenset({"valid_to"}),  # since 2022 certificates of schools run without an end
    defaults={"registry_number": NO_NUMBER},
)
SUPPLEMENTS = _kept(
    OrganisationAccreditationSupplement,
    SUPPLEMENT,
    *("accreditation_id", "status_text"),
    parent="accreditation_id",
)
PROGRAMS = _kept(
    OrganisationAccreditationProgram,
    PROGRAM,
    *("accreditation_id", "supplement_id", "level_code"),
    parent="supplement_id",
)
DECISIONS = _kept(
    OrganisationAccreditationDecision, DECISION, "accreditation_id", parent="accreditation_id"
)
KEPT = (CERTIFICATES, SUPPLEMENTS, PROGRAMS, DECISIONS)
AGAIN = Topic(
    "again",
    Message("Идентификатор в файле повторяется; загружена первая запись с ним."),
    Message("Сверьте обе записи с реестром; вторую, если она нужна, внесите вручную."),
)
TRASHED = Topic(
    "trash",
    Message("Запись удалена в портале, поэтому не загружена."),
    Message("Если она нужна, верните её из корзины и загрузите файл ещё раз."),
)
GONE = Topic(
    "gone",
    Message("В файле этой записи больше нет, в портале она оставлена."),
    Message("Если она больше не действует, уберите её в корзину."),
)
ONE_ANSWER = Message(
    "Точного соответствия в портале нет. Пока ответа нет, поле остаётся пустым; один ответ "
    "относится ко всем таким строкам."
)
CERTIFICATE_STATUS = Topic("status", Message("Какой это статус?"), ONE_ANSWER, "CERTIFICATE_STATUS")
SUPPLEMENT_STATUS = Topic(
    "supplement_status", CERTIFICATE_STATUS.what, ONE_ANSWER, "SUPPLEMENT_STATUS"
)
LEVEL = Topic("level", Message("Какой это уровень образования?"), ONE_ANSWER, "EDU_LEVEL")


ASKED = {  # the attribute that a word of the file gives its code, and what is asked about it
    CERTIFICATES.record: ("status_text", CERTIFICATE_STATUS),
    SUPPLEMENTS.record: ("status_text", SUPPLEMENT_STATUS),
    PROGRAMS.record: ("level_code", LEVEL),
}

"""Open data of accredited organisations (Рособрнадзор, structure of 13.07.2016): XML to cards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.imports.accreditation_cards import (
    CertificateCard,
    DecisionCard,
    OrganisationCard,
    ProgramCard,
    SupplementCard,
)
from app.imports.addresses import parts_of
from app.imports.cleaning import (
    Column,
    Problem,
    Read,
    checked,
    digits,
    email,
    flag,
    is_blank,
    is_nothing,
    lenient,
    line,
    note,
    numbers,
    phones,
    read_columns,
    refusal,
    site,
    visible,
)
from app.imports.xml_records import Node, records
from app.kernel.errors import Invalid, Message
from app.kernel.kinds import ACCREDITATION_NUMBER, DATE, DATE_PAST, INN, KPP, OGRN_ANY, OKSO
from app.kernel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.imports.accreditation_cards import Values, Words
    from app.imports.xml_records import Source

HOLDERS = frozenset(
    {
        "ActualEducationOrganization",
        "Supplements",
        "Supplement",
        "EducationalPrograms",
        "EducationalProgram",
        "Decisions",
        "Decision",
    }
)
PATH = ("OpenData", "Certificates", "Certificate")
NO_NUMBER = "б/н"  # без номера
LONGEST_ID = 80
_NO_UUID = "00000000-0000-0000-0000-000000000000"
PHONE = Column("Phone", "phone", "Телефон организации", line(200))
ADDRESS = Column("PostAddress", "full_text", "Адрес организации", line(500))

CERTIFICATE = (
    Column("RegNumber", "registry_number", "Номер", lenient(ACCREDITATION_NUMBER, 30)),
    Column("ControlOrgan", "issued_by", "Кем выдано", line(300)),
    Column("IssueDate", "decision_date", "Дата выдачи", checked(DATE_PAST)),
    Column("EndDate", "valid_to", "Срок действия", checked(DATE)),
    Column("TypeName", "kind_text", "Вид свидетельства", line(200)),
    Column("IsFederal", "is_federal", "Источник свидетельства", flag, is_blank),
    Column("SerialNumber", "blank_series", "Серия бланка", line(30)),
    Column("FormNumber", "blank_number", "Номер бланка", line(30)),
    Column("EduOrgFullName", "holder_full_name", "Наименование в свидетельстве", line(1000)),
    Column("EduOrgShortName", "holder_short_name", "Сокращение в свидетельстве", line(500)),
    Column("PostAddress", "holder_address", "Адрес в свидетельстве", line(500)),
    Column("EduOrgINN", "holder_inn", "ИНН в свидетельстве", digits(INN)),
    Column("EduOrgKPP", "holder_kpp", "КПП в свидетельстве", digits(KPP)),
    Column("EduOrgOGRN", "holder_ogrn", "ОГРН в свидетельстве", digits(OGRN_ANY)),
    Column("IndividualEntrepreneurAddress", "entrepreneur_address", "Адрес ИП", line(500)),
    Column("IndividualEntrepreneurINN", "entrepreneur_inn", "ИНН ИП", digits(INN)),
    Column("IndividualEntrepreneurEGRIP", "entrepreneur_ogrnip", "ОГРНИП", digits(OGRN_ANY)),
)
ENTREPRENEUR_NAME = (
    "IndividualEntrepreneurLastName",
    "IndividualEntrepreneurFirstName",
    "IndividualEntrepreneurMiddleName",
)
ORGANISATION = (
    Column("FullName", "full_name", "Полное наименование", line(1000)),
    Column("ShortName", "short_name", "Сокращённое наименование", line(255)),
    Column("Fax", "fax", "Факс организации", numbers),
    Column("Email", "email", "Электронная почта организации", email),
    Column("WebSite", "site_url", "Сайт организации", site),
    Column("INN", "inn", "ИНН организации", digits(INN)),
    Column("KPP", "kpp", "КПП организации", digits(KPP)),
    Column("OGRN", "ogrn", "ОГРН организации", digits(OGRN_ANY)),
    Column("HeadPost", "head_position", "Должность руководителя", line(200)),
    Column("HeadName", "head_name", "Руководитель", line(200)),
)
SUPPLEMENT = (
    Column("Number", "number", "Номер приложения", line(30)),
    Column("SerialNumber", "blank_series", "Серия бланка приложения", line(30)),
    Column("FormNumber", "blank_number", "Номер бланка приложения", line(30)),
    Column("IssueDate", "issued_on", "Дата выдачи приложения", checked(DATE)),
    Column("IsForBranch", "is_for_branch", "Приложение выдано филиалу", flag, is_blank),
    Column("Note", "note", "Примечание к приложению", note),
    Column("EduOrgFullName", "holder_full_name", "Наименование в приложении", line(1000)),
    Column("EduOrgShortName", "holder_short_name", "Сокращение в приложении", line(500)),
    Column("EduOrgAddress", "holder_address", "Адрес в приложении", line(500)),
    Column("EduOrgKPP", "holder_kpp", "КПП в приложении", digits(KPP)),
)
PROGRAM = (
    Column("TypeName", "kind_text", "Тип программы", line(200)),
    Column("EduLevelName", "level_text", "Уровень программы", line(200)),
    Column("ProgrammName", "program_name", "Наименование программы", line(1000)),
    Column("ProgrammCode", "program_code", "Код программы", checked(OKSO)),
    Column("UGSName", "program_group_name", "Укрупнённая группа", line(500)),
    Column("UGSCode", "program_group_code", "Код укрупнённой группы", checked(OKSO)),
    Column("EduNormativePeriod", "duration_text", "Нормативный срок", line(100)),
    Column("Qualification", "qualification", "Квалификация", line(500)),
    Column("IsAccredited", "is_accredited", "Аккредитована", refusal, is_blank),
    Column("IsCanceled", "is_cancelled", "Лишение аккредитации", flag, is_blank),
    Column("IsSuspended", "is_suspended", "Приостановка", flag, is_blank),
)
DECISION = (
    Column("DecisionTypeName", "decision_text", "Тип решения", line(300)),
    Column("OrderDocumentNumber", "number", "Номер решения", line(100)),
    Column("OrderDocumentKind", "kind_text", "Вид документа", line(200)),
    Column("DecisionDate", "decided_on", "Дата решения", checked(DATE)),
)


def certificates(source: Source) -> Iterator[CertificateCard]:
    """Give the certificates of an open binary file one by one.

    Raises:
        Refused: the file is broken, foreign or holds no certificate; it may come late.
    """
    for node in records(source, PATH, HOLDERS):
        yield _Sheet(node).certificate()


class _Sheet:
    """Reads one certificate and gathers its problems; equal cards are read once."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.number = quoted(_word(node, "RegNumber") or NO_NUMBER)
        self.problems: dict[tuple[str, str], Problem] = {}
        self.read: dict[tuple[tuple[str, str], ...], OrganisationCard] = {}

    def certificate(self) -> CertificateCard:
        node = self.node
        values = self.values(node, CERTIFICATE)
        values["entrepreneur_name"] = self.entrepreneur()
        _trim_blank_number(values)
        if values["registry_number"] is None:
            self.tell(node, "Номер", Message("нет номера, сохранено «б/н»"), "")
        organisation = self.organisation(node.child("ActualEducationOrganization"))
        return CertificateCard(
            id=self.identifier(node),
            number=self.number,
            line=node.line,
            values=values,
            words=_words(node, status="StatusName", region="RegionName", code="RegionCode"),
            organisation=organisation,
            supplements=tuple(map(self.supplement, node.listed("Supplements", "Supplement"))),
            decisions=tuple(map(self.decision, node.listed("Decisions", "Decision"))),
            problems=tuple(self.problems.values()),
        )

    def entrepreneur(self) -> str | None:
        parts = [_word(self.node, tag) for tag in ENTREPRENEUR_NAME]
        return " ".join(filter(None, parts))[:300] or None

    def organisation(self, node: Node | None) -> OrganisationCard:
        node = node or Node("ActualEducationOrganization", self.node.line)
        key = tuple(node.texts.items())
        if key not in self.read:
            self.read[key] = self._organisation(node)
        return self.read[key]

    def _organisation(self, node: Node) -> OrganisationCard:
        values = self.values(node, ORGANISATION) | self.phones(node)
        return OrganisationCard(
            id=self.identifier(node),
            line=node.line,
            values=values,
            words=_words(
                node, region="RegionName", form="FormName", kind="KindName", type="TypeName"
            ),
            address=self.address(node),
            head_id=_word(node, "HeadEduOrgId"),
        )

    def supplement(self, node: Node) -> SupplementCard:
        values = self.values(node, SUPPLEMENT)
        _trim_blank_number(values)
        return SupplementCard(
            id=self.identifier(node),
            line=node.line,
            values=values,
            words=_words(node, status="StatusName", code="StatusCode"),
            organisation=self.organisation(node.child("ActualEducationOrganization")),
            programs=tuple(
                ProgramCard(self.identifier(program), program.line, self.values(program, PROGRAM))
                for program in node.listed("EducationalPrograms", "EducationalProgram")
            ),
        )

    def decision(self, node: Node) -> DecisionCard:
        return DecisionCard(self.identifier(node), node.line, self.values(node, DECISION))

    def phones(self, node: Node) -> dict[str, Any]:
        text = _word(node, "Phone")
        if text is None:
            return {"phone": None}
        try:
            read = phones(text)
        except Invalid as fault:
            self.tell(node, PHONE.label, fault.message, text)
            return {}
        self.doubt(node, PHONE.label, read["phone"], text)
        return {name: one.value for name, one in read.items()}

    def address(self, node: Node) -> Values:
        text = self.values(node, (ADDRESS,))["full_text"]
        return {"full_text": text, **parts_of(text)} if text else {}

    def identifier(self, node: Node) -> str | None:
        text = _word(node, "Id")
        if text is None or text == _NO_UUID:
            return None
        if len(text) > LONGEST_ID:
            self.tell(node, "Идентификатор", Message("слишком длинный, не использован"), text)
            return None
        return text.lower()

    def values(self, node: Node, columns: tuple[Column, ...]) -> dict[str, Any]:
        return read_columns(
            node, columns, lambda column, why, text: self.tell(node, column.label, why, text)
        )

    def doubt(self, node: Node, label: str, read: Read, text: str) -> None:
        for why in read.doubts:
            self.tell(node, label, why, text)

    def tell(self, node: Node, label: str, why: Message, value: str) -> None:
        problem = Problem(self.number, node.line, node.tag, label, why, value[:200])
        self.problems.setdefault((f"{label}{why}", value), problem)


def _words(node: Node, **tags: str) -> Words:
    return {name: _word(node, tag) for name, tag in tags.items()}


def _word(node: Node, tag: str) -> str | None:
    text = visible(node.texts.get(tag, ""))
    return None if is_nothing(text) else text


def _trim_blank_number(values: dict[str, Any]) -> None:
    """A number of a blank is stored as «0000727», however the register prints the sign №."""
    if values.get("blank_number"):
        values["blank_number"] = re.sub(r"^№\s*", "", values["blank_number"]) or None

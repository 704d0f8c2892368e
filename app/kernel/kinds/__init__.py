"""Kinds of values: change how every phone behaves by changing ``PHONE``, once."""

from app.kernel.kinds.accounts import ACCOUNT, BIK, CORR_ACCOUNT
from app.kernel.kinds.contact import EMAIL, PHONE, PHONES, POSTAL_INDEX, URL, url
from app.kernel.kinds.kind import Kind
from app.kernel.kinds.moments import BIRTH_DATE, DATE, DATE_PAST, DATETIME, TIME, YEAR_DAY
from app.kernel.kinds.numbers import INTEGER, LATITUDE, LONGITUDE, decimal, integer
from app.kernel.kinds.permits import ACCREDITATION_NUMBER, LICENCE_NUMBER
from app.kernel.kinds.person import (
    DOCUMENT_NUMBER,
    DOCUMENT_SERIES,
    ISSUER_CODE,
    NAME,
    SEX,
    SNILS,
)
from app.kernel.kinds.plain import FILE, TEXT, UUID, YES_NO, choice, choices, relation, string
from app.kernel.kinds.requisites import (
    INN,
    INN10,
    KPP,
    OGRN,
    OGRN_ANY,
    OKPO,
    OKSO,
    OKTMO,
    OKVED,
)
from app.kernel.kinds.school import BELLS, BREAKS, GRADES, HOUSES

__all__ = [
    "ACCOUNT",
    "ACCREDITATION_NUMBER",
    "BELLS",
    "BIK",
    "BIRTH_DATE",
    "BREAKS",
    "CORR_ACCOUNT",
    "DATE",
    "DATETIME",
    "DATE_PAST",
    "DOCUMENT_NUMBER",
    "DOCUMENT_SERIES",
    "EMAIL",
    "FILE",
    "GRADES",
    "HOUSES",
    "INN",
    "INN10",
    "INTEGER",
    "ISSUER_CODE",
    "KPP",
    "LATITUDE",
    "LICENCE_NUMBER",
    "LONGITUDE",
    "NAME",
    "OGRN",
    "OGRN_ANY",
    "OKPO",
    "OKSO",
    "OKTMO",
    "OKVED",
    "PHONE",
    "PHONES",
    "POSTAL_INDEX",
    "SEX",
    "SNILS",
    "TEXT",
    "TIME",
    "URL",
    "UUID",
    "YEAR_DAY",
    "YES_NO",
    "Kind",
    "choice",
    "choices",
    "decimal",
    "integer",
    "relation",
    "string",
    "url",
]

"""A made-up region: municipal authorities and schools with valid numbers, some gaps on purpose."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.kernel.identifiers import is_inn, is_ogrn
from app.models.reference import Municipality
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.models.registry_bank import OrganisationBankAccount
from app.models.registry_founders import OrganisationLicenceAnnex
from app.models.registry_permits import OrganisationAccreditation, OrganisationLicence
from app.models.registry_supplements import (
    OrganisationAccreditationProgram,
    OrganisationAccreditationSupplement,
)
from app.services.demo_learners import add_learners
from app.services.demo_lists import add_lists

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SOURCE = "demo"
SCHOOLS = 33
STREETS = ("Ленина", "Гагарина", "Советская", "Школьная", "Октябрьская", "Мира", "Садовая")
HEADS = (
    "Громова Елена Сергеевна",
    "Белов Николай Иванович",
    "Тихонова Светлана Юрьевна",
    "Фролов Андрей Викторович",
    "Жукова Татьяна Алексеевна",
)
# Towns and villages that exist in the municipalities; the schools in them are invented.
TOWNS = {
    "66503000": "г. Велиж", "66505000": "г. Вязьма", "66508000": "г. Гагарин",
    "66509000": "с. Глинка", "66511000": "г. Демидов", "66514000": "г. Дорогобуж",
    "66516000": "г. Духовщина", "66519000": "г. Ельня", "66521000": "с. Ершичи",
    "66523000": "пгт Кардымово", "66524000": "пгт Красный", "66527000": "пгт Монастырщина",
    "66530000": "с. Новодугино", "66533000": "г. Починок", "66536000": "г. Рославль",
    "66538000": "г. Рудня", "66541000": "г. Сафоново", "66544000": "д. Богородицкое",
    "66546000": "г. Сычевка", "66548000": "с. Темкино", "66550000": "с. Угра",
    "66552000": "пгт Хиславичи", "66554000": "пгт Холм-Жирковский", "66556000": "пгт Шумячи",
    "66558000": "г. Ярцево", "66701000": "г. Смоленск", "66710000": "г. Десногорск",
}  # fmt: skip


def build_region(session: Session) -> int:
    """Add what is not there yet; gives the number of new organisations."""
    present = set(
        session.scalars(select(Organisation.source_id).where(Organisation.source == SOURCE))
    )
    places = session.scalars(select(Municipality).order_by(Municipality.oktmo)).all()
    towns = [place for place in places if place.oktmo in TOWNS]
    smolensk = next(place for place in towns if place.oktmo == "66701000")
    ordered = [smolensk, *(place for place in towns if place is not smolensk)]
    authorities: dict[int, Organisation] = {}
    added = 0
    for number, place in enumerate(ordered, 1):
        key = f"authority-{number}"
        if key not in present:
            authorities[place.id] = _authority(session, number, place)
            added += 1
    for number in range(1, SCHOOLS + 1):
        place = ordered[0] if number <= 2 else ordered[number % len(ordered)]  # noqa: PLR2004 - both clerks' schools are in one town
        if f"school-{number}" not in present:
            _school(session, number, place, authorities.get(place.id))
            added += 1
    session.flush()
    return added


def _authority(session: Session, number: int, place: Municipality) -> Organisation:
    town = TOWNS[place.oktmo]
    row = Organisation(
        source=SOURCE,
        source_id=f"authority-{number}",
        full_name=f"Управление образования администрации ({place.name})",
        short_name=f"УО {town}",
        display_name=f"Управление образования, {town}",
        org_type="AUT",
        **_common(number, place),
    )
    session.add(row)
    session.flush()
    return row


def _school(
    session: Session, number: int, place: Municipality, authority: Organisation | None
) -> None:
    town = TOWNS[place.oktmo]
    kind = ("SOSH", "SOSH", "GYM", "OOSH", "LYC")[number % 5]
    word = {"SOSH": "Средняя школа", "GYM": "Гимназия", "OOSH": "Основная школа", "LYC": "Лицей"}[
        kind
    ]
    row = Organisation(
        source=SOURCE,
        source_id=f"school-{number}",
        full_name=(
            f"Муниципальное бюджетное общеобразовательное учреждение «{word} № {number}» ({town})"
        ),
        short_name=f"МБОУ «{word} № {number}»",
        display_name=f"{word} № {number}, {town}",
        org_type="SCH",
        org_kind=kind,
        authority_id=authority.id if authority else None,
        **_common(100 + number, place),
    )
    if number % 6 == 5:  # noqa: PLR2004 - gaps on purpose: what is not filled must be seen
        row.email = row.site_url = row.okfs = None
    session.add(row)
    session.flush()
    _lists(session, row, number, town)
    add_lists(session, row, number, town)
    add_learners(session, row, number, town)


def _common(number: int, place: Municipality) -> dict[str, object]:
    return {
        "phone": f"+748123{number:05d}",
        "email": f"org{number}@example.com",
        "site_url": f"https://org{number}.example.com",
        "head_name": HEADS[number % len(HEADS)],
        "head_position": "Директор" if number > 100 else "Начальник управления",  # noqa: PLR2004 - schools come after
        "municipality_id": place.id,
        "region_code": "67",
        "settlement_kind": "1" if place.oktmo.startswith("667") else "2",
        "founder_level": "2",
        "inn": made_inn(number),
        "kpp": "673001001",
        "ogrn": made_ogrn(number),
        "oktmo": place.oktmo,
        "okopf": "75403",
        "okfs": "14",
        "status": "1",
        "registry_number": f"РО-2026-{number:06d}",
    }


def _lists(session: Session, row: Organisation, number: int, town: str) -> None:
    street = STREETS[number % len(STREETS)]
    for kind in ("L", "F"):
        address = OrganisationAddress(
            organisation_id=row.id, address_kind=kind, postal_index=f"214{number:03d}",
            region_code="67", municipality_id=row.municipality_id, locality=town,
            street=f"ул. {street}", house=str(number), is_main=True, valid_from=dt.date(2020, 9, 1),
        )  # fmt: skip
        address.prepare()
        session.add(address)
    licence = OrganisationLicence(
        organisation_id=row.id,
        licence_number=f"Л035-01253-67/{192000 + number:08d}",
        granted_on=dt.date(2016, 3, 1) + dt.timedelta(days=number * 20),
        status_code="1",
        granted_by="Министерство образования и науки Смоленской области",
    )
    session.add(licence)
    session.flush()
    session.add_all(
        OrganisationLicenceAnnex(
            organisation_id=row.id, licence_id=licence.id, level_code=level, address_id=address.id
        )
        for level in ("02", "03", "04")
    )
    session.add(
        OrganisationBankAccount(
            organisation_id=row.id,
            account_kind="T",
            bik="016614901",
            is_main=True,
            bank_name="Отделение Смоленск Банка России//УФК по Смоленской области г. Смоленск",
            correspondent_account="40102810445370000055",
            valid_from=dt.date(2021, 1, 1),
            account_number=f"03234643{66701000 + number:08d}6300",
        )
    )
    _accreditation(session, row, number)


def _accreditation(session: Session, row: Organisation, number: int) -> None:
    certificate = OrganisationAccreditation(
        organisation_id=row.id, registry_number=f"А007-01253-67/{1160000 + number:08d}",
        issued_by="Министерство образования и науки Смоленской области", status_code="1",
        decision_date=dt.date(2015, 5, 12), region_code="67",
        holder_full_name=row.full_name, holder_inn=row.inn,
    )  # fmt: skip
    session.add(certificate)
    session.flush()
    supplement = OrganisationAccreditationSupplement(
        organisation_id=row.id,
        accreditation_id=certificate.id,
        number="1",
        issued_on=dt.date(2015, 5, 12),
    )
    session.add(supplement)
    session.flush()
    for level, words in (
        ("02", "начальное общее"),
        ("03", "основное общее"),
        ("04", "среднее общее"),
    ):
        session.add(
            OrganisationAccreditationProgram(
                organisation_id=row.id,
                accreditation_id=certificate.id,
                supplement_id=supplement.id,
                level_code=level,
                level_text=f"{words} образование".capitalize(),
            )
        )


def made_inn(number: int) -> str:
    """A right-looking INN that belongs to nobody: region 67, inspection 99."""
    return next(f"6799{number:05d}{d}" for d in range(10) if is_inn(f"6799{number:05d}{d}"))


def made_ogrn(number: int) -> str:
    """A right-looking OGRN that belongs to nobody."""
    return next(
        f"10267009{number:04d}{d}" for d in range(10) if is_ogrn(f"10267009{number:04d}{d}")
    )

"""Bank and treasury accounts of organisations (Appendix 3, item 3.07)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from app.kernel.bank import account_problem, correspondent_account_problem
from app.kernel.catalogue import register
from app.kernel.errors import Invalid
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import ACCOUNT, BIK, CORR_ACCOUNT, DATE, YES_NO, choice, relation, string
from app.kernel.record import About, Reading, Record
from app.models.registry import LIVE, REGISTER

if TYPE_CHECKING:
    from collections.abc import Iterator


@register
class OrganisationBankAccount(Record):
    """A bank or treasury account of an organisation (банковские реквизиты, item 3.07)."""

    __tablename__ = "organisation_bank_account"
    about: ClassVar[About] = About(
        title="Банковский счёт",
        title_many="Банковские реквизиты",
        new_title="Новый банковский счёт",
        module="registry",
        icon="bank",
        caption=("account_number",),
        matrix=REGISTER,
        parent="organisation",
        owner="organisation_id",
        order="account_number",
        reading=Reading.OWN,
        group="bank",
        item="3.07",
        in_menu=False,
        shelf="permits",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=Policy.SYSTEM
    )
    account_kind: Mapped[str | None] = item(
        "3.07",
        choice("ACCOUNT_KIND", 1),
        "Вид счёта",
        policy=Policy.REQUEST,
        group="bank",
        listed=True,
    )
    bik: Mapped[str | None] = item(
        "3.07", BIK, "БИК", policy=Policy.REQUEST, group="bank", listed=True
    )
    bank_name: Mapped[str | None] = item(
        "3.07", string(300), "Банк / ТОФК", policy=Policy.REQUEST, group="bank", listed=True
    )
    correspondent_account: Mapped[str | None] = item(
        "3.07", CORR_ACCOUNT, "Корр. счёт / ЕКС", policy=Policy.REQUEST, group="bank", width=6
    )
    account_number: Mapped[str] = item(
        "3.07",
        ACCOUNT,
        "Казначейский / расчётный счёт",
        identity=True,
        policy=Policy.REQUEST,
        group="bank",
        listed=True,
        ordered=True,
        width=6,
    )
    personal_account: Mapped[str | None] = item(
        "3.07", string(20), "Лицевой счёт", required=False, policy=Policy.REQUEST, group="bank"
    )
    purpose: Mapped[str | None] = item(
        "3.07",
        string(200),
        "Назначение",
        required=False,
        policy=Policy.REQUEST,
        group="bank",
        width=8,
    )
    is_main: Mapped[bool | None] = item(
        "3.07", YES_NO, "Основной", policy=Policy.REQUEST, group="bank", listed=True, width=3
    )
    valid_from: Mapped[dt.date | None] = item(
        "3.07", DATE, "С", policy=Policy.REQUEST, group="bank", width=3
    )
    valid_to: Mapped[dt.date | None] = item(
        "3.07", DATE, "По", required=False, policy=Policy.REQUEST, group="bank", width=3
    )

    __table_args__ = (
        Index(
            "uq_organisation_bank_account_number",
            "organisation_id",
            "bik",
            "account_number",
            unique=True,
            postgresql_where=LIVE,
        ),
        Index(
            "uq_organisation_bank_account_main",
            "organisation_id",
            unique=True,
            postgresql_where=text("deleted_at is null and valid_to is null and is_main"),
        ),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """Check the key of the account against the bank's BIK (CBR rule 515, domain.md 6.5)."""
        yield from super().check()
        checks = (
            ("account_number", account_problem),
            ("correspondent_account", correspondent_account_problem),
        )
        for name, problem_of in checks:
            number = getattr(self, name)
            problem = problem_of(self.bik, number) if self.bik and number else None
            if problem:
                yield Invalid(problem, field=name)

"""Rows of the first school whose end is asked for, and the steps of such requests."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from tests.documents import PDF
from tests.scenarios.requesting import REASON, number_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.scenarios.requesting import Side

FOUNDER, ANNEX = "organisation_founder", "organisation_licence_annex"
UNTIL = "select valid_to from organisation_founder where id = %s"
TRASHED = "select deleted_at is not null from organisation_licence_annex where id = %s"
LINE = "select line_state from edit_request_line where request_id = %s"
COUNT = "select count(*) from edit_request_line where target_table = %s and target_id = %s"
MADE = {
    FOUNDER: (
        "insert into organisation_founder (uid, organisation_id, founder_kind, founder_name)"
        " values (gen_random_uuid(), %s, '2', 'Учредитель пробный') returning id"
    ),
    ANNEX: (
        "insert into organisation_licence_annex (uid, organisation_id, licence_id, level_code)"
        " select gen_random_uuid(), organisation_id, id, '03' from organisation_licence"
        " where organisation_id = %s limit 1 returning id"
    ),
}


@dataclass(frozen=True)
class Planted:
    """A row of the first school, made for one test."""

    table: str
    id: str

    @property
    def card(self) -> str:
        return f"/registry/{self.table.replace('_', '-')}/{self.id}"

    @property
    def form(self) -> str:
        return f"{self.card}/request-end"


def planted(side: Side, table: str) -> Planted:
    """A new row of the list."""
    return Planted(table, side.one(MADE[table], side.school()))


def ask(side: Side, row: Planted, **values: str) -> TestResponse:
    """Fill in the form that asks for the end of a row and send it."""
    said = {f"request.{name}": text for name, text in {"reason": REASON, **values}.items()}
    return side.fill(row.form, **said)


def sent(clerk: Side, head: Side, row: Planted, **values: str) -> int:
    """A request for the end of a row that the head has sent."""
    number = number_of(ask(clerk, row, **values))
    assert head.step(number, "submit").status_code == 303
    return number


def reviewed(clerk: Side, head: Side, operator: Side, row: Planted, **values: str) -> int:
    """The same once the operator has taken it."""
    number = sent(clerk, head, row, **values)
    assert operator.step(number, "take").status_code == 303
    return number


def enclosed() -> dict[str, tuple[BytesIO, str]]:
    """A document in the form, as a browser sends it."""
    return {"request.file.upload": (BytesIO(PDF), "приказ.pdf")}


def rename(side: Side, row: Planted, name: str) -> None:
    side.write("update organisation_founder set founder_name = %s where id = %s", name, row.id)

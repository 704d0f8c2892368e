"""The owner seals values anew under other keys: no version, no line of history, nothing touched.

Only who may act as the owner role is let through: the login of the portal cannot, whatever it sets.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0034_house_resealing"
down_revision = "0033_enrolment_doubles"
branch_labels = None
depends_on = None

LET_THROUGH = """
    if tg_op = 'UPDATE' and current_setting('app.resealing', true) = 'on'
        and pg_has_role(session_user, '{p}owner', 'member') then
        return {given};
    end if;
"""
FUNCTIONS = {
    "portal_stamp": "new",
    "portal_log": "null",
    "portal_touch": "null",
    "portal_same_person": "new",
}
BEGIN = "\nbegin\n"


def upgrade() -> None:
    for name, given in FUNCTIONS.items():
        whole = _defined(name)
        _define(whole.replace(BEGIN, BEGIN + _rule(given).removeprefix("\n"), 1))


def downgrade() -> None:
    for name, given in FUNCTIONS.items():
        _define(_defined(name).replace(_rule(given).removeprefix("\n"), "", 1))


def _rule(given: str) -> str:
    return LET_THROUGH.format(p=current_app.config["DB_ROLE_PREFIX"], given=given)


def _defined(name: str) -> str:
    query = sa.text("select pg_get_functiondef(cast(:name as regproc))")
    return str(op.get_bind().scalar(query, {"name": f"public.{name}"}))


def _define(whole: str) -> None:
    op.get_bind().exec_driver_sql(whole.replace("%", "%%"))

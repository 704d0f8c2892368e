"""The doctor finds every fault that is planted in a database, and nothing in a sound one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.cli.doctor import doctor
from tests.cli.examining import examined
from tests.database import PREFIX

if TYPE_CHECKING:
    from tests.conftest import Portal

LOGIN = f"{PREFIX}login"
FAULTS = {
    "a login that is superuser": (
        f"alter role {LOGIN} superuser",
        f"alter role {LOGIN} nosuperuser",
        "роль входа",
        True,
    ),
    "a login that passes row security": (
        f"alter role {LOGIN} bypassrls",
        f"alter role {LOGIN} nobypassrls",
        "роль входа",
        True,
    ),
    "a login that owns a table": (
        f"create table mine (); alter table mine owner to {LOGIN}",
        "drop table mine",
        "роль входа",
        True,
    ),
    "a login that may become the owner": (
        f"grant {PREFIX}owner to {LOGIN}",
        f"revoke {PREFIX}owner from {LOGIN}",
        "роль входа",
        True,
    ),
    "row security switched off": (
        "alter table organisation disable row level security",
        "alter table organisation enable row level security",
        "границы строк",
        True,
    ),
    "row security not forced": (
        "alter table activity no force row level security",
        "alter table activity force row level security",
        "границы строк",
        True,
    ),
    "a table of scopes without row security": (
        f"create table extra (id int); grant select on extra to {PREFIX}org",
        "drop table extra",
        "границы строк",
        True,
    ),
    "a policy that shows more": (
        f"create policy more on organisation_bank_account for select to {PREFIX}org using (true)",
        "drop policy more on organisation_bank_account",
        "политики и права таблиц",
        False,
    ),
    "a policy that is gone": (
        "alter policy organisation_read_org on organisation rename to organisation_read_gone",
        "alter policy organisation_read_gone on organisation rename to organisation_read_org",
        "политики и права таблиц",
        False,
    ),
    "a right too many": (
        f"grant delete on organisation to {PREFIX}org",
        f"revoke delete on organisation from {PREFIX}org",
        "политики и права таблиц",
        False,
    ),
    "a table open to all": (
        "grant select on ab_user to public",
        "revoke select on ab_user from public",
        "права для всех",
        False,
    ),
    "a function of the owner open to all": (
        "grant execute on function portal_access to public",
        "revoke execute on function portal_access from public",
        "права для всех",
        False,
    ),
    "a migration that was not run": (
        (
            "create table kept as table alembic_version;"
            " update alembic_version set version_num = '0001_house_tables'"
        ),
        "update alembic_version set version_num = (select version_num from kept); drop table kept",
        "миграции",
        False,
    ),
    "rights beside the matrix": (
        (
            "create table kept as table ab_permission_view_role;"
            " delete from ab_permission_view_role where id in"
            " (select min(id) from ab_permission_view_role)"
        ),
        (
            "delete from ab_permission_view_role;"
            " insert into ab_permission_view_role table kept; drop table kept"
        ),
        "матрица ролей",
        False,
    ),
    "classifiers of another version": (
        "update classifier_seed set sha256 = reverse(sha256)",
        "update classifier_seed set sha256 = reverse(sha256)",
        "справочники",
        False,
    ),
    "no holidays of the next year": (
        (
            "update classifier_seed set classifier = 'kept ' || classifier"
            " where classifier like 'calendar_day %'"
        ),
        (
            "update classifier_seed set classifier = substr(classifier, 6)"
            " where classifier like 'kept %'"
        ),
        "производственный календарь",
        False,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_the_database_is_found(
    portal: Portal, settings: Any, base: Any, name: str
) -> None:
    plant, mend, check, fatal = FAULTS[name]
    assert examined(portal)[check]["state"] == "ok"
    base.execute(plant.encode())
    try:
        found = examined(portal)[check]
        done = portal.app.test_cli_runner().invoke(doctor, [])
    finally:
        base.execute(mend.encode())
    assert found["state"] == "failed", found
    assert found["fatal"] is fatal
    assert found["advice"]
    assert done.exit_code == 1
    assert examined(portal)[check]["state"] == "ok"

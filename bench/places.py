"""Where the measured people work: a school of the made-up region, in its municipality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from app.services.demo_learners import made_snils
from app.services.seeding.pupils import snils_number
from bench.database import owner_url

if TYPE_CHECKING:
    from datetime import date

# The demo's school is of a class or two: the clerk gets one of hundreds, in the municipality of
# the demo's authority, so that both see it. By the role matrix (domain.md 4.2) the clerk of a
# school alone takes a list of learners away; that 100,000 of them be written, and by the code that
# writes those of a school, this database lends the right to the operator.
SETTLE = (
    """
    update role_assignment a set organisation_id = (
        select min(s.id) from organisation s where s.source = 'seed'
        and s.municipality_id = (select m.municipality_id from role_assignment m
                                 join ab_user u on u.id = m.user_id and u.username = 'municipal'))
    from ab_user u where u.id = a.user_id and u.username = 'clerk'
    """,
    """
    insert into ab_permission_view_role (id, permission_view_id, role_id)
    select nextval('ab_permission_view_role_id_seq'), pv.id, r.id
    from ab_permission_view pv join ab_permission p on p.id = pv.permission_id
    join ab_view_menu v on v.id = pv.view_menu_id cross join ab_role r
    where p.name = 'can_export' and v.name = 'student' and r.name = 'operator'
    on conflict do nothing
    """,
)
SAMPLE = """
select s.id, s.uid, s.birth_date, s.school_class_id
from student s join role_assignment a on a.organisation_id = s.organisation_id
join ab_user u on u.id = a.user_id and u.username = 'clerk'
where s.deleted_at is null and s.no_email is null and s.snils is not null
order by s.id limit :many
"""
SPREAD = """
select id from student where deleted_at is null and id % greatest(:total / :many, 1) = 0
order by id limit :many
"""
PLAIN = (
    "select id, full_name, birth_date, class_name from student where deleted_at is null"
    " order by order_of_caption, id limit 26"
)


@dataclass(frozen=True)
class Sample:
    """Learners of the clerk's school, some of the whole region, what one of them is found by."""

    own: list[int]
    spread: list[int]
    born: date
    snils: str
    room: int


def settle() -> None:
    """Put the clerk into a school of the region; lend the operator what the export needs."""
    engine = create_engine(owner_url())
    with engine.begin() as connection:
        for statement in SETTLE:
            connection.execute(text(statement))
    engine.dispose()


def sample(total: int, many: int) -> Sample:
    """Whom to ask for."""
    engine = create_engine(owner_url())
    with engine.connect() as connection:
        rows = connection.execute(text(SAMPLE), {"many": many}).all()
        spread = connection.scalars(text(SPREAD), {"many": many, "total": total}).all()
    engine.dispose()
    first = rows[0]
    number = made_snils(snils_number(first.uid))
    return Sample(
        [r.id for r in rows], list(spread), first.birth_date, number, first.school_class_id
    )

"""Classes, enrolment spells, events and programmes of learners."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031_enrolment_spells"
down_revision = "0030_enrolment_people"
branch_labels = None
depends_on = None


SEARCH = "set search_path = pg_catalog, public, pg_temp"
# What the database fills in by itself: whose a spell is now and what the learner and the class were
# called. A value that is there already was worked out by whoever loads many rows.
FILLS = (
    f"""
create function portal_class_named() returns trigger language plpgsql {SEARCH} as $$
begin
    new.year_code := (select code from school_year where id = new.school_year_id);
    new.name := new.grade::text || new.letter;
    return new;
end $$
""",
    """
create trigger school_class_named
before insert or update of school_year_id, grade, letter on school_class
for each row execute function portal_class_named()
""",
    f"""
create function portal_spell_fill() returns trigger language plpgsql security definer
    {SEARCH} as $$
declare
    learner student;
begin
    if new.holder_id is null or new.student_name is null then
        select * into learner from student where id = new.student_id;
        new.holder_id := learner.organisation_id;
        new.student_name := learner.full_name;
    end if;
    return new;
end $$
""",
    """
create trigger student_enrolment_fill before insert on student_enrolment
for each row execute function portal_spell_fill()
""",
    f"""
create function portal_membership_fill() returns trigger language plpgsql security definer
    {SEARCH} as $$
declare
    spell student_enrolment;
    room school_class;
    taught school_year;
begin
    select * into spell from student_enrolment where id = new.enrolment_id;
    select * into room from school_class where id = new.school_class_id;
    if tg_op = 'INSERT' then
        new.student_id := spell.student_id;
        new.holder_id := spell.holder_id;
    end if;
    if tg_op = 'INSERT' or new.school_class_id <> old.school_class_id then
        new.class_name := room.name;
        new.grade := room.grade;
        new.school_year_id := room.school_year_id;
    end if;
    if new.deleted_at is not null then
        return new;
    end if;
    if new.from_date < spell.admitted_on or new.from_date > coalesce(spell.left_on, 'infinity')
            or new.to_date > coalesce(spell.left_on, 'infinity') then
        raise exception 'outside the spell' using errcode = 'check_violation',
            constraint = 'ck_class_membership_spell';
    end if;
    select * into taught from school_year where id = new.school_year_id;
    if new.from_date not between taught.start_date and taught.end_date
            or new.to_date > taught.end_date then
        raise exception 'outside the school year' using errcode = 'check_violation',
            constraint = 'ck_class_membership_year';
    end if;
    return new;
end $$
""",
    """
create trigger class_membership_fill
before insert or update of school_class_id, from_date, to_date, deleted_at on class_membership
for each row execute function portal_membership_fill()
""",
    f"""
create function portal_class_renamed() returns trigger language plpgsql security definer
    {SEARCH} as $$
begin
    update class_membership set class_name = new.name, grade = new.grade,
        school_year_id = new.school_year_id
    where school_class_id = new.id and deleted_at is null;
    return null;
end $$
""",
    """
create trigger school_class_renamed after update on school_class
for each row when ((old.name, old.school_year_id) is distinct from (new.name, new.school_year_id))
execute function portal_class_renamed()
""",
    f"""
create function portal_student_renamed() returns trigger language plpgsql security definer
    {SEARCH} as $$
begin
    update student_enrolment set student_name = new.full_name
    where student_id = new.id and organisation_id = new.organisation_id
        and left_on is null and deleted_at is null;
    return null;
end $$
""",
    """
create trigger student_renamed after update of last_name, first_name, middle_name on student
for each row when (old.full_name is distinct from new.full_name)
execute function portal_student_renamed()
""",
)

# The events that follow from spells and classes as they stand now.
EVENTS = (
    f"""
create function portal_word(name text, chosen text) returns text language sql stable {SEARCH} as $$
    select name_ru from classifier_item
    where classifier = name and code = chosen and deleted_at is null
    order by valid_from desc nulls last limit 1
$$
""",
    f"""
create function portal_order_words(number text, day date) returns text language sql stable
    {SEARCH} as $$
    select coalesce(', приказ № ' || number, '') || case when number is not null
        then coalesce(' от ' || to_char(day, 'DD.MM.YYYY'), '') else '' end
$$
""",
    f"""
create function portal_spell_events(ids bigint[]) returns table (
    source_id bigint, student_id bigint, organisation_id bigint, holder_id bigint,
    kind text, day date, words text
) language sql stable {SEARCH} as $$
    select e.id, e.student_id, e.organisation_id, e.holder_id, v.kind, v.day, left(v.words, 500)
    from student_enrolment e
    join organisation o on o.id = e.organisation_id
    left join organisation d on d.id = e.destination_org_id
    cross join lateral (values
        (case when e.admission_kind in ('02', '03') then 'TRANSFER_IN' else 'ENROLLED' end,
         e.admitted_on,
         'Зачисление: ' || coalesce(o.short_name, o.full_name)
         || coalesce(', ' || portal_word('ADMISSION_KIND', e.admission_kind), '')
         || portal_order_words(e.admission_order_number, e.admission_order_date)),
        (case when e.leave_kind = '01' then 'TRANSFER_OUT'
              when e.leave_kind in ('02', '03') then 'GRADUATED'
              when e.leave_kind is not null then 'EXPELLED' end,
         e.left_on,
         'Выбытие: ' || coalesce(o.short_name, o.full_name)
         || coalesce(', ' || portal_word('LEAVE_KIND', e.leave_kind), '')
         || coalesce(': ' || coalesce(d.short_name, d.full_name, e.destination_text), '')
         || portal_order_words(e.leave_order_number, e.leave_order_date))
    ) v (kind, day, words)
    where e.id = any (ids) and e.deleted_at is null and v.kind is not null
$$
""",
    f"""
create function portal_class_events(spells bigint[]) returns table (
    source_id bigint, student_id bigint, organisation_id bigint, holder_id bigint,
    kind text, day date, words text
) language sql stable {SEARCH} as $$
    select c.id, c.student_id, c.organisation_id, c.holder_id, v.kind, c.from_date,
        left(v.verb || ': ' || c.before || ' → ' || c.class_name || ', ' || y.code
             || portal_order_words(c.order_number, c.order_date), 500)
    from (
        select m.*, lag(m.end_reason) over w as reason, lag(m.class_name) over w as before
        from class_membership m
        where m.enrolment_id = any (spells) and m.deleted_at is null
        window w as (partition by m.enrolment_id order by m.from_date)
    ) c
    join school_year y on y.id = c.school_year_id
    join (values ('PR', 'PROMOTED', 'Перевод в следующий класс'),
                 ('CP', 'COND_PROMOTED', 'Условный перевод'),
                 ('RY', 'REPEATED', 'Повторное обучение'),
                 ('MV', 'MOVED', 'Перевод в другой класс')) v (reason, kind, verb)
        on v.reason = c.reason
$$
""",
)
# Events and sources are brought to agree: what no longer holds goes to the trash, the rest is new.
WRITE_EVENTS = """
    update education_event e set deleted_at = now()
    where e.source_table = '{table}' and e.deleted_at is null
        and e.source_id in (select id from {table} where {key} = any (ids))
        and not exists (
            select from {events}(ids) w
            where w.source_id = e.source_id and w.kind = e.event_kind and w.day = e.event_date
                and w.words = e.description
        );
    insert into education_event (uid, organisation_id, holder_id, student_id, event_date,
                                 event_kind, description, source_table, source_id)
    select gen_random_uuid(), w.organisation_id, w.holder_id, w.student_id, w.day, w.kind, w.words,
        '{table}', w.source_id
    from {events}(ids) w
    where not exists (
        select from education_event e
        where e.source_table = '{table}' and e.source_id = w.source_id
            and e.event_kind = w.kind and e.deleted_at is null
    );
"""
# The level a grade belongs to (EDU_LEVEL), and what its programme is called where a class names none.
LEVELS = """
    (values ('02', 1, 4, 'Начальное общее образование'), ('03', 5, 9, 'Основное общее образование'),
            ('04', 10, 12, 'Среднее общее образование')) l (level, first, last, name)
"""
WRITTEN = (
    f"""
create function portal_spells_written() returns trigger language plpgsql security definer
    {SEARCH} as $$
declare
    ids bigint[] := array(select id from new_rows);
begin
    -- A statement that wrote nothing fires too: without this the two tables would call each other.
    if ids = '{{}}' then
        return null;
    end if;
    if tg_op = 'UPDATE' then
        update class_membership m set deleted_at = now()
        from new_rows n
        where m.enrolment_id = n.id and m.deleted_at is null and m.from_date > n.left_on;
        update class_membership m set to_date = n.left_on, end_reason = case
            when n.left_on is null then null when n.leave_kind in ('02', '03') then 'GR' else 'LV' end
        from new_rows n join old_rows o on o.id = n.id
        where m.enrolment_id = n.id and m.deleted_at is null and n.deleted_at is null
            and (o.left_on, o.leave_kind) is distinct from (n.left_on, n.leave_kind)
            and case when m.to_date is null or m.to_date > n.left_on then n.left_on is not null
                else m.to_date = o.left_on and m.end_reason in ('GR', 'LV') end;
        if exists (
            select from new_rows n join class_membership m on m.enrolment_id = n.id
            where n.deleted_at is null and m.deleted_at is null and m.from_date < n.admitted_on
        ) then
            raise exception 'outside the spell' using errcode = 'check_violation',
                constraint = 'ck_class_membership_spell';
        end if;
        update student_completed_program p set finished_on = n.left_on, result_code = '1'
        from new_rows n
        where p.student_id = n.student_id and p.finished_on is null and p.deleted_at is null
            and p.started_on <= n.left_on and n.deleted_at is null and n.leave_kind in ('02', '03');
    end if;
{WRITE_EVENTS.format(table="student_enrolment", key="id", events="portal_spell_events")}
    return null;
end $$
""",
    f"""
create function portal_memberships_written() returns trigger language plpgsql security definer
    {SEARCH} as $$
declare
    ids bigint[] := array(select distinct enrolment_id from new_rows);
begin
    if ids = '{{}}' then
        return null;
    end if;
    perform portal_student_classes(array(select distinct student_id from new_rows));
    if tg_op = 'INSERT' then
        update student_completed_program p set finished_on = n.from_date - 1, result_code = '1'
        from new_rows n join {LEVELS} on n.grade between l.first and l.last
        where p.student_id = n.student_id and p.finished_on is null and p.deleted_at is null
            and p.level_code in ('02', '03', '04') and p.level_code < l.level
            and p.started_on < n.from_date;
        insert into student_completed_program (uid, organisation_id, student_id, program_name,
            level_code, program_id, provider_id, is_adapted, adapted_program_variant, started_on)
        select distinct on (n.student_id, l.level) gen_random_uuid(), n.holder_id, n.student_id,
            left(coalesce(p.name, l.name), 300), l.level, p.id, n.organisation_id,
            coalesce(p.is_adapted, false), p.adapted_variant, n.from_date
        from new_rows n join {LEVELS} on n.grade between l.first and l.last
        join school_class c on c.id = n.school_class_id
        left join education_program p on p.id = c.program_id
        where n.deleted_at is null and not exists (
            select from student_completed_program o
            where o.student_id = n.student_id and o.level_code = l.level and o.deleted_at is null
                and (o.finished_on is null or o.finished_on >= n.from_date)
        )
        order by n.student_id, l.level, n.from_date;
    end if;
{WRITE_EVENTS.format(table="class_membership", key="enrolment_id", events="portal_class_events")}
    return null;
end $$
""",
    f"""
create function portal_student_classes(learners bigint[]) returns bigint language plpgsql
    security definer {SEARCH} as $$
declare
    today constant date := (now() at time zone 'Europe/Moscow')::date;
    written bigint;
begin
    update student s set school_class_id = c.school_class_id, class_name = c.class_name
    from student t
    left join lateral (
        select m.school_class_id, m.class_name
        from class_membership m join student_enrolment e on e.id = m.enrolment_id
        where m.student_id = t.id and m.deleted_at is null and e.deleted_at is null
            and m.organisation_id = t.organisation_id
            and m.from_date <= today and (m.to_date is null or m.to_date >= today)
        order by e.is_main desc, m.from_date desc limit 1
    ) c on true
    where t.id = any (learners) and s.id = t.id
        and (s.school_class_id, s.class_name) is distinct from (c.school_class_id, c.class_name);
    get diagnostics written = row_count;
    return written;
end $$
""",
    "revoke execute on function portal_student_classes(bigint[]) from public",
    *(
        f"create trigger {table}_written_{event} after {event} on {table} referencing {rows}"
        f" for each statement execute function {function}()"
        for table, function in (
            ("student_enrolment", "portal_spells_written"),
            ("class_membership", "portal_memberships_written"),
        )
        for event, rows in (
            ("insert", "new table as new_rows"),
            ("update", "old table as old_rows new table as new_rows"),
        )
    ),
)
FUNCTIONS = (
    "portal_class_named()", "portal_class_renamed()", "portal_spell_fill()", "portal_membership_fill()",
    "portal_student_renamed()", "portal_spells_written()", "portal_memberships_written()",
    "portal_student_classes(bigint[])", "portal_spell_events(bigint[])",
    "portal_class_events(bigint[])", "portal_order_words(text, date)", "portal_word(text, text)",
)  # fmt: skip


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table(
        "school_class",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=13), nullable=True),
        sa.Column("school_year_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("letter", sa.String(length=10), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=True),
        sa.Column("shift", sa.SmallInteger(), nullable=True),
        sa.Column("capacity", sa.SmallInteger(), nullable=True),
        sa.Column("state", sa.String(length=1), nullable=True),
        sa.Column("year_code", sa.String(length=7), nullable=True),
        sa.Column(
            "name_key",
            sa.String(length=30),
            sa.Computed("lpad(grade::text, 2, '0') || upper(letter)", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(name::text, '') || ' ' || coalesce(year_code::text, '')))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "class_line", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.CheckConstraint("letter ~ '^[[:alnum:]-]+$'", name=op.f("ck_school_class_letter")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_school_class_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "organisation_id"],
            ["education_program.id", "education_program.organisation_id"],
            name="fk_school_class_program_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_school_class_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_class")),
        sa.UniqueConstraint("id", "organisation_id", name="uq_school_class_id_organisation_id"),
        sa.UniqueConstraint("uid", name=op.f("uq_school_class_uid")),
    )
    op.create_index(
        op.f("ix_school_class_class_line"), "school_class", ["class_line"], unique=False
    )
    op.create_index(
        "ix_school_class_name_key_order",
        "school_class",
        [sa.literal_column('(portal_key(name_key) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_school_class_organisation_id"), "school_class", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_school_class_program_id"), "school_class", ["program_id"], unique=False
    )
    op.create_index(
        op.f("ix_school_class_school_year_id"), "school_class", ["school_year_id"], unique=False
    )
    op.create_index(
        "ix_school_class_search", "school_class", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_school_class_trash",
        "school_class",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_school_class_name",
        "school_class",
        ["organisation_id", "school_year_id", "grade", sa.literal_column("upper(letter)")],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "education_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False),
        sa.Column("event_kind", sa.String(length=20), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("source_table", sa.String(length=50), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["organisation.id"],
            name=op.f("fk_education_event_holder_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_education_event_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "holder_id"],
            ["student.id", "student.organisation_id"],
            name=op.f("fk_education_event_student_id_holder_id"),
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["student.id"],
            name=op.f("fk_education_event_student_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_education_event")),
        sa.UniqueConstraint("uid", name=op.f("uq_education_event_uid")),
    )
    op.create_index(
        "ix_education_event_event_date_order",
        "education_event",
        [sa.literal_column("coalesce(event_date, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_education_event_holder_id"), "education_event", ["holder_id"], unique=False
    )
    op.create_index(
        op.f("ix_education_event_organisation_id"),
        "education_event",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_education_event_student_id"), "education_event", ["student_id"], unique=False
    )
    op.create_index(
        "ix_education_event_trash",
        "education_event",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_education_event_source",
        "education_event",
        ["source_table", "source_id", "event_kind"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "student_completed_program",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("program_name", sa.String(length=300), nullable=False),
        sa.Column("level_code", sa.String(length=2), nullable=True),
        sa.Column("program_id", sa.BigInteger(), nullable=True),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("is_adapted", sa.Boolean(), nullable=True),
        sa.Column("adapted_program_variant", sa.String(length=5), nullable=True),
        sa.Column("profile_code", sa.String(length=10), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("result_code", sa.String(length=1), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.CheckConstraint(
            "(finished_on is null) = (result_code is null)",
            name=op.f("ck_student_completed_program_result"),
        ),
        sa.CheckConstraint(
            "started_on <= finished_on", name=op.f("ck_student_completed_program_finished_on")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_completed_program_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["education_program.id"],
            name=op.f("fk_student_completed_program_program_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_student_completed_program_provider_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_completed_program_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_completed_program")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_completed_program_uid")),
    )
    op.create_index(
        op.f("ix_student_completed_program_organisation_id"),
        "student_completed_program",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_completed_program_program_id"),
        "student_completed_program",
        ["program_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_completed_program_provider_id"),
        "student_completed_program",
        ["provider_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_completed_program_started_on_order",
        "student_completed_program",
        [sa.literal_column("coalesce(started_on, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_student_completed_program_student_id"),
        "student_completed_program",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_completed_program_trash",
        "student_completed_program",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_student_completed_program_open",
        "student_completed_program",
        ["student_id", "level_code"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and finished_on is null"),
    )
    op.create_table(
        "student_enrolment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("student_name", sa.String(length=302), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("admission_kind", sa.String(length=2), nullable=True),
        sa.Column("admission_order_number", sa.String(length=30), nullable=True),
        sa.Column("admission_order_date", sa.Date(), nullable=True),
        sa.Column("study_form", sa.String(length=1), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("leave_kind", sa.String(length=2), nullable=True),
        sa.Column("leave_order_number", sa.String(length=30), nullable=True),
        sa.Column("leave_order_date", sa.Date(), nullable=True),
        sa.Column("destination_org_id", sa.BigInteger(), nullable=True),
        sa.Column("destination_text", sa.String(length=300), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(student_name::text, '')))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(student_id, student_id, '[]')"), "&&"),
            (sa.text("daterange(admitted_on, left_on, '[]')"), "&&"),
            where=sa.text("deleted_at is null and is_main"),
            using="gist",
            name="student_enrolment_once",
        ),
        sa.CheckConstraint(
            "(left_on is null) = (leave_kind is null)", name=op.f("ck_student_enrolment_left_kind")
        ),
        sa.CheckConstraint("admitted_on <= left_on", name=op.f("ck_student_enrolment_left_on")),
        sa.ForeignKeyConstraint(
            ["destination_org_id"],
            ["organisation.id"],
            name=op.f("fk_student_enrolment_destination_org_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["organisation.id"],
            name=op.f("fk_student_enrolment_holder_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_enrolment_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "holder_id"],
            ["student.id", "student.organisation_id"],
            name=op.f("fk_student_enrolment_student_id_holder_id"),
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["student.id"],
            name=op.f("fk_student_enrolment_student_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_enrolment")),
        sa.UniqueConstraint(
            "id", "organisation_id", name="uq_student_enrolment_id_organisation_id"
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_student_enrolment_uid")),
    )
    op.create_index(
        "ix_student_enrolment_admitted_on_order",
        "student_enrolment",
        [sa.literal_column("coalesce(admitted_on, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_student_enrolment_caption_order",
        "student_enrolment",
        [sa.literal_column('(portal_key(coalesce(student_name)) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_student_enrolment_dates",
        "student_enrolment",
        ["organisation_id", "admitted_on", "left_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_enrolment_destination_org_id"),
        "student_enrolment",
        ["destination_org_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_enrolment_holder_id"), "student_enrolment", ["holder_id"], unique=False
    )
    op.create_index(
        op.f("ix_student_enrolment_organisation_id"),
        "student_enrolment",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_enrolment_search",
        "student_enrolment",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_student_enrolment_student_id"), "student_enrolment", ["student_id"], unique=False
    )
    op.create_index(
        "ix_student_enrolment_trash",
        "student_enrolment",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "class_membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("school_class_id", sa.BigInteger(), nullable=False),
        sa.Column("class_name", sa.String(length=13), nullable=True),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.Column("school_year_id", sa.BigInteger(), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=2), nullable=True),
        sa.Column("order_number", sa.String(length=30), nullable=True),
        sa.Column("order_date", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(enrolment_id, enrolment_id, '[]')"), "&&"),
            (sa.text("daterange(from_date, to_date, '[]')"), "&&"),
            where=sa.text("deleted_at is null"),
            using="gist",
            name="class_membership_once",
        ),
        sa.CheckConstraint(
            "(to_date is null) = (end_reason is null)", name=op.f("ck_class_membership_end_reason")
        ),
        sa.CheckConstraint("from_date <= to_date", name=op.f("ck_class_membership_to_date")),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "organisation_id"],
            ["student_enrolment.id", "student_enrolment.organisation_id"],
            name="fk_class_membership_enrolment_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"],
            ["organisation.id"],
            name=op.f("fk_class_membership_holder_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_class_membership_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_class_id", "organisation_id"],
            ["school_class.id", "school_class.organisation_id"],
            name="fk_class_membership_school_class_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_class_membership_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "holder_id"],
            ["student.id", "student.organisation_id"],
            name=op.f("fk_class_membership_student_id_holder_id"),
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["student.id"],
            name=op.f("fk_class_membership_student_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_membership")),
        sa.UniqueConstraint("uid", name=op.f("uq_class_membership_uid")),
    )
    op.create_index(
        op.f("ix_class_membership_enrolment_id"), "class_membership", ["enrolment_id"], unique=False
    )
    op.create_index(
        "ix_class_membership_from_date_order",
        "class_membership",
        [sa.literal_column("coalesce(from_date, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_class_membership_holder_id"), "class_membership", ["holder_id"], unique=False
    )
    op.create_index(
        op.f("ix_class_membership_organisation_id"),
        "class_membership",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_class_membership_school_class_id"),
        "class_membership",
        ["school_class_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_class_membership_school_year_id"),
        "class_membership",
        ["school_year_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_class_membership_student_id"), "class_membership", ["student_id"], unique=False
    )
    op.create_index(
        "ix_class_membership_trash",
        "class_membership",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.add_column("student", sa.Column("school_class_id", sa.BigInteger(), nullable=True))
    op.add_column("student", sa.Column("class_name", sa.String(length=13), nullable=True))
    op.create_index(
        op.f("ix_student_school_class_id"), "student", ["school_class_id"], unique=False
    )
    op.create_foreign_key(
        "fk_student_school_class_id",
        "student",
        "school_class",
        ["school_class_id", "organisation_id"],
        ["id", "organisation_id"],
        onupdate="CASCADE",
        ondelete="RESTRICT",
    )
    op.guard_record(
        table="school_class",
        reading="own",
        writing="own",
        group="open",
        direct=(
            "name",
            "school_year_id",
            "grade",
            "letter",
            "program_id",
            "shift",
            "capacity",
            "state",
            "year_code",
            "deleted_at",
        ),
        parent="",
        owner="",
        organisation="organisation_id",
        reserved="",
        learner="",
        holder="",
    )
    op.guard_record(
        table="education_event",
        reading="learner",
        writing="nobody",
        group="open",
        direct=(),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
        holder="holder_id",
    )
    op.guard_record(
        table="student_completed_program",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "program_name",
            "level_code",
            "provider_id",
            "is_adapted",
            "adapted_program_variant",
            "profile_code",
            "started_on",
            "finished_on",
            "result_code",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
        holder="",
    )
    op.guard_record(
        table="student_enrolment",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "student_name",
            "admitted_on",
            "admission_kind",
            "admission_order_number",
            "admission_order_date",
            "study_form",
            "is_main",
            "left_on",
            "leave_kind",
            "leave_order_number",
            "leave_order_date",
            "destination_org_id",
            "destination_text",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
        holder="holder_id",
    )
    op.guard_record(
        table="class_membership",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "school_class_id",
            "class_name",
            "grade",
            "from_date",
            "to_date",
            "end_reason",
            "order_number",
            "order_date",
            "deleted_at",
        ),
        parent="student_enrolment",
        owner="enrolment_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
        holder="holder_id",
    )
    op.allow_direct("student", ("class_name",))
    for statement in (*FILLS, *EVENTS, *WRITTEN):
        run(statement)


def downgrade() -> None:
    run("drop trigger student_renamed on student")
    op.drop_constraint("fk_student_school_class_id", "student", type_="foreignkey")
    op.drop_index(op.f("ix_student_school_class_id"), table_name="student")
    op.drop_column("student", "class_name")
    op.drop_column("student", "school_class_id")
    op.drop_index(
        "ix_class_membership_trash",
        table_name="class_membership",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_class_membership_student_id"), table_name="class_membership")
    op.drop_index(op.f("ix_class_membership_school_year_id"), table_name="class_membership")
    op.drop_index(op.f("ix_class_membership_school_class_id"), table_name="class_membership")
    op.drop_index(op.f("ix_class_membership_organisation_id"), table_name="class_membership")
    op.drop_index(op.f("ix_class_membership_holder_id"), table_name="class_membership")
    op.drop_index(
        "ix_class_membership_from_date_order",
        table_name="class_membership",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_class_membership_enrolment_id"), table_name="class_membership")
    op.drop_table("class_membership")
    op.drop_index(
        "ix_student_enrolment_trash",
        table_name="student_enrolment",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_enrolment_student_id"), table_name="student_enrolment")
    op.drop_index(
        "ix_student_enrolment_search", table_name="student_enrolment", postgresql_using="gin"
    )
    op.drop_index(op.f("ix_student_enrolment_organisation_id"), table_name="student_enrolment")
    op.drop_index(op.f("ix_student_enrolment_holder_id"), table_name="student_enrolment")
    op.drop_index(op.f("ix_student_enrolment_destination_org_id"), table_name="student_enrolment")
    op.drop_index("ix_student_enrolment_dates", table_name="student_enrolment")
    op.drop_index(
        "ix_student_enrolment_caption_order",
        table_name="student_enrolment",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_student_enrolment_admitted_on_order",
        table_name="student_enrolment",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("student_enrolment")
    op.drop_index(
        "uq_student_completed_program_open",
        table_name="student_completed_program",
        postgresql_where=sa.text("deleted_at is null and finished_on is null"),
    )
    op.drop_index(
        "ix_student_completed_program_trash",
        table_name="student_completed_program",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_student_completed_program_student_id"), table_name="student_completed_program"
    )
    op.drop_index(
        "ix_student_completed_program_started_on_order",
        table_name="student_completed_program",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_student_completed_program_provider_id"), table_name="student_completed_program"
    )
    op.drop_index(
        op.f("ix_student_completed_program_program_id"), table_name="student_completed_program"
    )
    op.drop_index(
        op.f("ix_student_completed_program_organisation_id"), table_name="student_completed_program"
    )
    op.drop_table("student_completed_program")
    op.drop_index(
        "uq_education_event_source",
        table_name="education_event",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_education_event_trash",
        table_name="education_event",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_education_event_student_id"), table_name="education_event")
    op.drop_index(op.f("ix_education_event_organisation_id"), table_name="education_event")
    op.drop_index(op.f("ix_education_event_holder_id"), table_name="education_event")
    op.drop_index(
        "ix_education_event_event_date_order",
        table_name="education_event",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("education_event")
    op.drop_index(
        "uq_school_class_name",
        table_name="school_class",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_school_class_trash",
        table_name="school_class",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index("ix_school_class_search", table_name="school_class", postgresql_using="gin")
    op.drop_index(op.f("ix_school_class_school_year_id"), table_name="school_class")
    op.drop_index(op.f("ix_school_class_program_id"), table_name="school_class")
    op.drop_index(op.f("ix_school_class_organisation_id"), table_name="school_class")
    op.drop_index(
        "ix_school_class_name_key_order",
        table_name="school_class",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_school_class_class_line"), table_name="school_class")
    op.drop_table("school_class")
    for function in FUNCTIONS:
        run(f"drop function {function}")

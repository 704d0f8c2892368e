"""What is planted in the demo data for the matrix: rows of every kind, canaries, two accounts."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from psycopg import sql

from app.kernel.catalogue import field_map, record_named, records
from app.kernel.record import Reading, new_uid
from app.kernel.sealing import cipher, print_of
from tests.generated.values import DEMO_ROWS, PLANTED, VALUES
from tests.generated.world import CANARY, TRASH_CANARY, World, table
from tests.scope_model import Target

if TYPE_CHECKING:
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from tests.conftest import Portal


SOURCES = itertools.count(10**9)  # of rows that come from others
BOUND = "birth_record_number"  # only birth certificates have one


def build(portal: Portal) -> World:
    """Plant rows and canaries in the demo data, and two more accounts."""
    world = World(portal, portal.cluster.connect(portal.database))
    for name, key in (
        ("own", "school-1"), ("second", "school-2"),
        ("foreign", "school-3"), ("authority", "authority-1"),
    ):  # fmt: skip
        world.schools[name] = world.one("select id from organisation where source_id = %s", key)
    _accounts(world)
    for record in sorted(records(), key=_order):
        world.rows[record.__tablename__] = _rows(world, record)
    numbers = "select account_number, organisation_id from organisation_bank_account"
    world.accounts = dict(world.base.execute(numbers).fetchall())
    world.keep()
    return world


def _order(record: type[Record]) -> tuple[int, bool]:
    """What others name comes before them: parents, and what all modules refer to."""
    return _depth(record), record.about.module != "reference"


def _depth(record: type[Record]) -> int:
    """How many parents stand above the record."""
    above = record.about.parent
    return 1 + _depth(record_named(above)) if above else 0


def _accounts(world: World) -> None:
    for login, role, add_ons, ending in (
        ("approver", "department", ["registry_approver"], None),
        ("lapsed", "clerk", [], "2020-01-01"),
    ):
        ident = world.one(
            "insert into ab_user (id, first_name, last_name, username, email, active, password)"
            " select nextval('ab_user_id_seq'), 'Проба', %s, %s, %s, true, password"
            " from ab_user where username = 'clerk' returning id",
            login.capitalize(),
            login,
            f"{login}@example.com",
        )
        world.base.execute(
            "insert into role_assignment (user_id, role, add_ons, organisation_id, valid_to)"
            " values (%s, %s, %s, %s, %s)",
            (ident, role, add_ons, world.schools["own"] if role == "clerk" else None, ending),
        )


def _rows(world: World, record: type[Record]) -> dict[str, dict[int | None, Target]]:
    """Own and trashed rows for each organisation that acts, one row of a school nobody acts for."""
    names = ("own", "second", "authority")
    absent = Target("absent", 999_999_999, exists=False)
    huge = Target("huge", 2**63 + 7, exists=False)
    if "organisation_id" not in record.__table__.c:
        ends = sql.SQL("select min(id), max(id) from {}").format(table(record))
        least, greatest = world.base.execute(ends).fetchone() or (0, 0)
        row, other = Target("own", least), Target("foreign", greatest)
        gone = _plant(world, record, None, trashed=True)
        return {
            "own": {None: row}, "foreign": {None: other}, "trashed": {None: gone},
            "absent": {None: absent}, "huge": {None: huge},
        }  # fmt: skip
    own, trashed = {}, {}
    for name in names:
        organisation = world.schools[name]
        own[organisation] = _plant(world, record, organisation)
        trashed[organisation] = _plant(world, record, organisation, trashed=True)
    foreign = _plant(world, record, world.schools["foreign"])
    return {
        "own": own, "foreign": {None: foreign}, "trashed": trashed,
        "absent": {None: absent}, "huge": {None: huge},
    }  # fmt: skip


def _plant(
    world: World, record: type[Record], organisation: int | None, *, trashed: bool = False
) -> Target:
    """A row of the organisation with a canary in it; organisations are taken as they are."""
    label = "trashed" if trashed else "row"
    if record.__tablename__ == "organisation" and not trashed:
        assert organisation is not None
        return Target(label, organisation, organisation)
    fields = field_map(record).values()
    by_itself = not any(f.typed for f in fields)  # the database writes such rows: so does this
    values: dict[str, Any] = {
        f.name: sample(record, f, planted=True)
        for f in fields
        if f.identity and (f.typed or (by_itself and not f.kind.target))
    }
    if "source_id" in values:
        values["source_id"] = next(SOURCES)
    values.update(_more(record))
    values.update(_links(world, record, organisation))
    values.update(_canaries(record, organisation, trashed=trashed))
    uid = new_uid()
    for name, kind in record.sealed.items():
        if name in values:
            values[print_of(name)] = cipher().fingerprint(kind, values[name])
            values[name] = cipher().seal(kind, values[name], uid)
    columns = sql.SQL(", ").join(map(sql.Identifier, values))
    places = sql.SQL(", ").join(sql.Placeholder() for _ in values)
    statement = sql.SQL(
        "insert into {} (uid, {}, deleted_at) values (%s, {}, {}) returning id"
    ).format(table(record), columns, places, sql.SQL("now()" if trashed else "null"))
    found = world.base.execute(statement, (uid, *values.values())).fetchone()
    assert found is not None
    owner = found[0] if record.__tablename__ == "organisation" else organisation
    return Target(label, found[0], owner, trashed=trashed)


def _more(record: type[Record]) -> dict[str, Any]:
    """What planted rows say beside what they need, so that another row may stand beside them."""
    fields = field_map(record)
    return {
        name: fields[name].kind.parse(text)
        for (table_name, name), text in PLANTED.items()
        if table_name == record.__tablename__ and not fields[name].identity
    }


def sample(record: type[Record], declared: Field, *, planted: bool = False) -> Any:
    """A right stored value of the field."""
    name = (record.__tablename__, declared.name)
    given = (PLANTED.get(name) if planted else None) or VALUES.get(name)
    return declared.kind.parse(given or declared.kind.samples[0])


def valid(
    world: World, record: type[Record], declared: Field, organisation: int | None = None
) -> Any:
    """A stored value that a person may write: one of the codes, a row of the organisation."""
    classifier = declared.kind.classifier
    if declared.own and declared.typed and organisation is not None:
        return world.rows[declared.kind.target]["own"][organisation].id
    if not classifier:
        return sample(record, declared)
    return world.one("select min(code) from classifier_item where classifier = %s", classifier)


def _links(world: World, record: type[Record], organisation: int | None) -> dict[str, Any]:
    """The organisation and the parents a row needs."""
    columns, found = record.__table__.c, {}
    if "organisation_id" in columns and record.__tablename__ != "organisation":
        found["organisation_id"] = organisation
    if holder := record.about.holder:
        typed = field_map(record)[holder].typed
        found[holder] = _elsewhere(world) if typed else organisation
    for name, declared in field_map(record).items():
        target = declared.kind.target
        if target not in {"", "organisation"} and (
            declared.identity or (not declared.typed and target in world.rows)
        ):
            parents = world.rows[target]
            found[name] = (parents["own"].get(organisation) or parents["foreign"][None]).id
            if (record.__tablename__, name) in DEMO_ROWS:
                found[name] = _of_the_demo(world, target, organisation) or found[name]
    return found


def _elsewhere(world: World) -> int:
    """A school that nobody acts for and nothing is planted in."""
    query = "select max(id) from organisation where org_type = 'SCH' and id <> all (%s)"
    found = world.base.execute(query, (list(world.schools.values()),)).fetchone()
    assert found
    return int(found[0])


def _of_the_demo(world: World, target: str, organisation: int | None) -> Any:
    """The first row of the organisation, which was there before anything was planted."""
    query = sql.SQL("select min(id) from {} where organisation_id = %s and deleted_at is null")
    statement = query.format(sql.Identifier(target))
    found = world.base.execute(statement, (organisation,)).fetchone()
    return found[0] if found else None


def _canaries(record: type[Record], organisation: int | None, *, trashed: bool) -> dict[str, Any]:
    """Words that must reach nobody who may not read the row."""
    found: dict[str, Any] = {}
    fields = field_map(record)
    if record.about.group == "bank":
        found["purpose"] = canary(organisation, "BANK")
        found["account_number"] = f"4070281{organisation or 0:05d}{int(trashed)}0000000"
    if record.about.reading is Reading.LEARNER:
        found.update(
            (f.name, canary(organisation, f.group.upper()))
            for f in fields.values()
            if f.typed and f.name != BOUND and (f.name == "last_name" or _roomy(record, f))
        )
    if trashed:
        free = next((f.name for f in fields.values() if _roomy(record, f)), None)
        if free:
            found[free] = TRASH_CANARY
    return found


def _roomy(record: type[Record], declared: Field) -> bool:
    """Whether the field takes a canary and names no row."""
    room = declared.kind.name.startswith("string:") and int(declared.kind.name[7:]) >= 26
    in_words = declared.name in record.about.caption
    return room and declared.typed and not declared.identity and not in_words


def canary(organisation: int | None, group: str) -> str:
    """A secret of an access group in the rows of an organisation."""
    return f"{CANARY}{organisation}{group}ZZ"

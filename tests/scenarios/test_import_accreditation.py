"""Story: the register of accredited organisations is loaded, loaded again, and will not load."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.imports.loading import NAMES, Loading, counts, problems
from tests.imports.register_file import certificate, document, sample, school

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Portal


@pytest.fixture
def load(fresh_portal: Portal, tmp_path: Path) -> Loading:
    """The command, on a portal that nothing has been loaded into."""
    return Loading(fresh_portal, tmp_path)


def test_the_sample_is_stored_whole_and_a_second_run_changes_nothing(load: Loading) -> None:
    first = load(sample())
    sizes = dict(zip(NAMES, (33, 19, 45, 114, 67), strict=True))
    assert {name: line[0] for name, line in counts(first).items()} == sizes
    before = load.everything()
    stored = [row for row in before["organisation"] if "rosobrnadzor" in row]
    assert len(stored) == 33
    assert len(before["organisation_accreditation_program"]) >= 114
    second = load(sample())
    assert {name: line[:4] for name, line in counts(second).items()} == {
        name: (0, 0, size, 0) for name, size in sizes.items()
    }
    assert load.everything() == before


def test_a_dry_run_tells_the_same_and_writes_nothing(load: Loading) -> None:
    before = load.everything()
    dry = load(sample(), options=("--dry-run",))
    assert "ничего не записано" in dry.stdout
    assert load.everything() == before
    assert counts(dry) == counts(load(sample()))


def test_cards_without_an_identifier_create_nothing_and_are_told_about(load: Loading) -> None:
    told = problems(load(sample()))
    assert "А007-01260-22/01142162, строка 246: Организация: карточка без идентификатора" in told
    assert "А007-01260-22/01142321, строка 3304: Организация: карточка без идентификатора" in told


def test_a_branch_of_the_sample_belongs_to_the_holder_of_the_certificate(load: Loading) -> None:
    load(sample())
    found = load.rows(
        "select count(*), count(distinct p.id) from organisation b join organisation p"
        " on p.id = b.parent_id where b.source = 'rosobrnadzor'",
    )
    assert found == [(14, 7)]


def test_a_municipality_is_recognised_in_the_own_region_only(load: Loading) -> None:
    load(sample())
    query = (
        "select o.region_code, m.name from organisation o left join municipality m"
        " on m.id = o.municipality_id where o.source = 'rosobrnadzor'"
        " and (m.id is not null or o.full_name like 'муниципальное бюджетное%%\"Кировская%%')"
        " order by 1"
    )
    assert load.rows(query) == [("22", None), ("67", "Угранский муниципальный округ")]


def test_a_clerk_finds_a_loaded_school_by_two_parts_of_its_name(load: Loading) -> None:
    load(sample())
    page = load.portal.client_as("clerk").get("/registry/organisation/?q=полднев+всход")
    assert page.status_code == 200
    assert "Полдневск" in page.text


def test_only_what_the_register_says_anew_is_changed(load: Loading) -> None:
    load(certificate(), certificate(school(Id="s2"), Id="c2", RegNumber="2"))
    query = "select source_id, version, short_name, phone from organisation where source = %s"
    before = {row[0]: row[1:] for row in load.rows(query, "rosobrnadzor")}
    again = load(
        certificate(school(Phone="8 4812 20-00-00", ShortName="")),
        certificate(school(Id="s2"), Id="c2", RegNumber="2", EndDate="2030-01-01"),
    )
    after = {row[0]: row[1:] for row in load.rows(query, "rosobrnadzor")}
    first = school()["Id"]
    assert after[first][1:] == ("Школа", "+74812200000")
    assert counts(again)["Организации"][:3] == (0, 1, 1)
    assert counts(again)["Свидетельства"][:3] == (0, 1, 1)
    assert after[first][0] > before[first][0]


def test_a_certificate_that_runs_without_an_end_loses_it(load: Loading) -> None:
    load(certificate(EndDate="2023-07-08"))
    load(certificate(EndDate=""))
    query = "select valid_to from organisation_accreditation where source_id = 'c0000001'"
    assert load.rows(query) == [(None,)]


def test_the_first_card_of_an_organisation_counts_and_another_value_is_told(load: Loading) -> None:
    file = (
        certificate(school(ShortName="Первая", Phone="")),
        certificate(school(ShortName="Вторая", Phone="8 4812 20-00-00"), Id="c2", RegNumber="77"),
    )
    first = load(*file)
    query = "select short_name, phone from organisation where source = 'rosobrnadzor'"
    assert load.rows(query) == [("Первая", "+74812200000")]
    assert "«Вторая»" in problems(first)
    before = load.everything()
    load(*file)
    assert load.everything() == before


BROKEN = {
    "broken in the middle": b"".join(
        document(*[certificate(school(Id=f"s{n}"), Id=f"c{n}") for n in range(1200)])
        .getvalue()
        .partition(b"<Id>s1100</Id>")[:2]
    ),
    "foreign": b"<Licenses/>",
    "empty": b"",
    "document type": b"<!DOCTYPE OpenData><OpenData/>",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_will_not_do_changes_nothing(load: Loading, name: str) -> None:
    before = load.everything()
    result = load(BROKEN[name], code=2)
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()[-1]) > 30
    assert load.everything() == before


def test_two_imports_do_not_run_at_once(load: Loading) -> None:
    from app.services.import_accreditation import LOCK  # noqa: PLC0415 - needs the settings

    with load.portal.cluster.connect(load.portal.database) as other:
        other.execute("select pg_advisory_lock(%s)", (LOCK,))
        assert "уже загружается" in load(certificate(), code=2).stderr


def test_progress_is_told_in_percent_of_the_file(load: Loading) -> None:
    file = [certificate(Id=f"c{number}") for number in range(600)]
    told = [int(n) for n in re.findall(r"Сделано: (\d+) %", load(*file).stderr)]
    assert told == sorted(told)
    assert told[-1] == 100


def test_only_who_may_add_organisations_may_import(portal: Portal) -> None:
    from app.extensions import db  # noqa: PLC0415 - needs the portal's settings
    from app.imports.accreditation import certificates  # noqa: PLC0415 - likewise
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise
    from app.services.import_accreditation import import_accreditation  # noqa: PLC0415 - likewise

    class Nobody:
        user_id = None

        def may(self, _permission: str, _record: str) -> bool:
            return False

    cards = certificates(document(certificate()))
    with portal.app.app_context(), pytest.raises(Refused):
        import_accreditation(db.session(), cards, actor=Nobody())

"""Numbers of persons and organisations: real ones pass, one wrong digit does not."""

from __future__ import annotations

import pytest

from app.kernel import identifiers as ids


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("112-233-445 95", True),  # the official example
        ("087-654-303 00", True),  # sum 202
        ("100-359-028 00", True),  # sum 100
        ("100-618-326 00", True),  # sum 101
        ("100-069-811 01", True),  # sum 102
        ("107-389-993 99", True),  # sum 200
        ("001-001-998 00", True),  # given before control numbers
        ("112–233–445 95", True),  # dashes as word processors make them
        ("112-233-445 96", False),
        ("000-000-000 00", False),
        ("1122334459", False),
        ("١١٢٢٣٣٤٤٥٩٥", False),  # digits of another script
    ],
)
def test_snils_follows_its_control_number(text: str, *, right: bool) -> None:
    assert ids.is_snils(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("7707083893", True),
        ("6730010475", True),
        ("6730039668", True),
        ("500100732259", True),
        ("7707083890", False),
        ("6717002451", False),
        ("0000000000", False),  # fits its control digit, but there is no region 00
        ("770708389", False),
    ],
)
def test_inn_has_a_region_and_right_control_digits(text: str, *, right: bool) -> None:
    assert ids.is_inn(text) is right


def test_inn_of_a_person_is_not_one_of_an_organisation() -> None:
    assert not ids.is_inn("500100732259", (10,))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("1027700132195", True),
        ("304500116000157", True),
        ("301249728944030", True),  # remainder 10
        ("1027700132196", False),
        ("304500116000158", False),
        ("2027700132195", False),
    ],
)
def test_ogrn_of_organisations_and_entrepreneurs(text: str, *, right: bool) -> None:
    assert ids.is_ogrn(text) is right


@pytest.mark.parametrize("remainder", range(13))
def test_ogrn_of_an_entrepreneur_is_right_for_every_remainder(remainder: int) -> None:
    body = next(n for n in range(30450011600000, 30450011600100) if n % 13 == remainder)
    assert ids.is_ogrn(f"{body}{remainder % 10}")


@pytest.mark.parametrize(
    ("text", "right"),
    [("673001001", True), ("6730AB001", True), ("6730010A1", False), ("67300100", False)],
)
def test_kpp_has_its_form(text: str, *, right: bool) -> None:
    assert ids.is_kpp(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("00032537", True),
        ("02066351", True),
        ("02066351000001", True),  # a branch: the head's digits are checked
        ("00032538", False),
        ("0003253", False),
    ],
)
def test_okpo_follows_its_control_digit(text: str, *, right: bool) -> None:
    assert ids.is_okpo(text) is right


@pytest.mark.parametrize(
    ("code", "control"),
    [
        ("01612000", 1),
        ("01612459", 0),
        ("01612470", 8),
        ("28606000", 0),
        ("28618100", 9),
        ("79605402", 9),
    ],
)
def test_oktmo_control_is_the_one_the_classifier_prints(code: str, control: int) -> None:
    assert ids.oktmo_control(code) == control


@pytest.mark.parametrize(
    ("text", "right"),
    [("66701000", True), ("66701000001", True), ("6670100", False), ("667010000", False)],
)
def test_oktmo_has_8_or_11_digits(text: str, *, right: bool) -> None:
    assert ids.is_oktmo(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        *(("85", True), ("85.1", True), ("85.14", True), ("85.41.9", True), ("85.41.91", True)),
        *(("8514", False), ("85.", False), ("85.1.4", False)),
    ],
)
def test_okved_is_written_with_dots(text: str, *, right: bool) -> None:
    assert ids.is_okved(text) is right


@pytest.mark.parametrize(("text", "right"), [("09.02.07", True), ("9.2.7", False)])
def test_okso_has_three_pairs(text: str, *, right: bool) -> None:
    assert ids.is_okso(text) is right

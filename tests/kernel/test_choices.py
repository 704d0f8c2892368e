"""Classifiers of the seed and the search for a value by what people type."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from app.kernel.calendar import SchoolYear
from app.kernel.choices import (
    MUNICIPALITIES,
    SCHOOL_YEARS,
    Choice,
    Choices,
    Classifier,
    load_rows,
    load_seed,
)
from app.kernel.errors import Invalid, Missing
from app.kernel.identifiers import is_oktmo

SPECIFIED = Path(__file__).parents[2].parent / "shared" / "domain" / "domain.md"
REGISTER = SPECIFIED.parents[1] / "data" / "rosobrnadzor" / "sample.xml"
IN_ENGLISH = (
    *("SEX", "LANGUAGE", "EDU_LEVEL", "STUDY_FORM", "REGION", "ORG_TYPE", "ORG_KIND"),
    *("ORG_STATUS", "OKFS", "OKOPF", "FOUNDER_KIND", "ACCOUNT_KIND", "PERMIT_STATUS"),
    *("CERTIFICATE_STATUS", "SUPPLEMENT_STATUS", "ORG_ADDRESS_KIND", "SETTLEMENT_KIND"),
)


@pytest.fixture(scope="module")
def seed() -> dict[str, Classifier]:
    return {classifier.code: classifier for classifier in load_seed()}


@pytest.fixture(scope="module")
def choices(seed: dict[str, Classifier]) -> Choices:
    return Choices.of_seed(seed.values())


def test_every_specified_classifier_is_there_with_its_codes(seed: dict[str, Classifier]) -> None:
    if not SPECIFIED.exists():
        pytest.skip(f"the specification is not there: {SPECIFIED}")
    text = SPECIFIED.read_text("utf-8")
    part = text[text.index("## 5. Classifiers") : text.index("## 6. Validation")]
    for block in re.findall(r"```yaml\n(.*?)```", part, re.DOTALL):
        for code, values in yaml.safe_load(block).items():
            known = {choice.code: choice.name_ru for choice in seed[code].choices}
            for value, name in values.items():
                assert known[value] == (name["ru"] if isinstance(name, dict) else name)


def test_there_are_89_subjects_of_the_federation(seed: dict[str, Classifier]) -> None:
    codes = [choice.code for choice in seed["REGION"].choices]
    assert len(codes) == 90
    assert codes[0] == "67"
    assert codes[-1] == "99"


@pytest.mark.parametrize("classifier", IN_ENGLISH)
def test_classifier_is_complete_in_english(seed: dict[str, Classifier], classifier: str) -> None:
    assert [c.code for c in seed[classifier].choices if not c.name_en] == []


def test_statuses_and_regions_of_the_real_register_are_known(choices: Choices) -> None:
    if not REGISTER.exists():
        pytest.skip(f"the open data is not there: {REGISTER}")
    text = REGISTER.read_text("utf-8")
    for element, classifier in (
        ("StatusName", "SUPPLEMENT_STATUS"),
        ("RegionName", "REGION"),
        ("RegionCode", "REGION"),
        ("EduLevelName", "OLD_EDU_LEVEL"),
        ("OrderDocumentKind", "DECISION_KIND"),
    ):
        for value in set(re.findall(f"<{element}>([^<]+)</{element}>", text)):
            assert choices.code_for(classifier, value)


@pytest.mark.parametrize(
    ("classifier", "typed", "code"),
    [
        ("SEX", "1", "1"),
        ("SEX", " МУЖСКОЙ ", "1"),
        ("SEX", "female", "2"),
        ("ORG_TYPE", "sch", "SCH"),
        ("RELATION", "приемный  родитель", "07"),
        ("REGION", "Республика Северная Осетия - Алания", "15"),
        ("REGION", "г. Москва", "77"),
    ],
)
def test_value_is_found_by_code_or_name_however_typed(
    choices: Choices, classifier: str, typed: str, code: str
) -> None:
    assert choices.code_for(classifier, typed) == code


def test_unknown_and_ambiguous_values_are_told_apart(choices: Choices) -> None:
    with pytest.raises(Invalid, match="Такого значения в списке нет: «третий»"):
        choices.code_for("SEX", "третий")
    with pytest.raises(Invalid, match=r"Введите код: 1\.1, 1\.2"):
        choices.code_for("AOP_VARIANT", "глухие")
    with pytest.raises(Missing, match="«9»"):
        choices.name("SEX", "9")


def test_names_fall_back_to_russian(choices: Choices) -> None:
    assert choices.name("SEX", "1", "en") == "male"
    assert choices.name("HOBBY", "02", "en") == choices.name("HOBBY", "02") == "спорт"
    assert choices.options("SEX", "en") == [("1", "male"), ("2", "female")]
    assert choices.options("NO_SUCH") == []


def test_values_are_ordered_by_their_place_then_name() -> None:
    rows = [
        ("X", "1", "Ящик", None, None, 10, None, None),
        ("X", "2", "ёлка", None, None, 10, None, None),
        ("X", "3", "Жук", "beetle", None, 10, None, {"tone": "ok"}),
        ("X", "4", "Шар", None, None, 5, None, None),
    ]
    made = Choices.of_rows(rows)
    assert [choice.code for choice in made.all("X")] == ["4", "2", "3", "1"]
    assert made.find("X", "3") == Choice("3", "Жук", "beetle", None, 10, None, {"tone": "ok"})
    assert made.find("X", "9") is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"1": {ru: да}, "1": {ru: нет}}', "записано дважды"),
        ('{"12": {ru: да}}', "длиннее допустимого"),
        ("{1: {ru: да}}", "код не текст"),
        ('{"1": {en: yes}}', "нет русского названия"),
        ('{"1": {ru: да, colour: red}}', "есть лишнее"),
        ('{"1": {ru: да, parent: "2"}}', "нет вышестоящего"),
    ],
)
def test_faulty_seed_is_refused(tmp_path: Path, body: str, said: str) -> None:
    file = tmp_path / "seed.yaml"
    file.write_text(f"X:\n  title: Икс\n  length: 1\n  choices: {body}\n", "utf-8")
    with pytest.raises(Invalid, match=said):
        load_seed(file)


def test_seed_is_known_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "seed.yaml"
    text = 'X: {title: Икс, length: 1, choices: {"1": {ru: да}}}'
    hashes = []
    for content in (text, "# remark\n" + text, text.replace("да", "нет")):
        file.write_text(content, "utf-8")
        hashes.append(load_seed(file)[0].sha256)
    assert hashes[0] == hashes[1] != hashes[2]


def test_municipalities_of_the_region() -> None:
    rows = load_rows(MUNICIPALITIES)
    assert len({row["oktmo"] for row in rows}) == 27
    assert all(is_oktmo(row["oktmo"]) for row in rows)
    kinds = [row["kind"] for row in rows]
    assert kinds.count("муниципальный округ") == 25
    assert kinds.count("городской округ") == 2
    assert {row["evidence"] for row in rows} == {"verified", "pattern", "memory"}


def test_school_years_follow_each_other() -> None:
    years = [SchoolYear.of_code(row["code"]) for row in load_rows(SCHOOL_YEARS)]
    assert [(y.start, y.end) for y in years] == [
        (row["start"], row["end"]) for row in load_rows(SCHOOL_YEARS)
    ]
    assert years[0].code == "2020/21"
    assert years[-1].code == "2030/31"
    assert all(a.following() == b for a, b in pairwise(years))

"""What the records declare: items of the decree, names of the specification, words for people."""

from __future__ import annotations

import pytest

import app.models  # noqa: F401 - enters the records into the catalogue
from app.kernel.appendix3 import ITEMS
from app.kernel.catalogue import claimed_items, field_map, records
from app.kernel.choices import Choices, load_seed
from app.kernel.completeness import demanded
from app.kernel.fields import Policy

# Every item of section 3: the register is complete.
DELIVERED = tuple(code for code, item in ITEMS.items() if item.section == 3)


def test_every_delivered_item_is_claimed() -> None:
    assert set(DELIVERED) <= set(claimed_items())


def test_nothing_claims_an_item_the_decree_does_not_have() -> None:
    assert set(claimed_items()) <= set(ITEMS)


@pytest.mark.parametrize("record", records(), ids=lambda record: record.__tablename__)
def test_choices_of_a_record_exist_and_fit_their_columns(record: type) -> None:
    book = Choices.of_seed(load_seed())
    for field in field_map(record).values():
        if field.kind.classifier:
            codes = [choice.code for choice in book.all(field.kind.classifier)]
            assert codes, f"{field.kind.classifier} has no values"
            assert max(map(len, codes)) <= field.kind.column.length


@pytest.mark.parametrize("record", records(), ids=lambda record: record.__tablename__)
def test_a_record_can_be_saved_with_its_identity_alone(record: type) -> None:
    for field in field_map(record).values():
        column = record.__table__.c[field.name]
        assert column.nullable is not field.identity


def test_what_nobody_types_is_not_demanded() -> None:
    for record in records():
        for field in demanded(field_map(record).values()):
            assert field.policy is not Policy.SYSTEM

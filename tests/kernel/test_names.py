"""Names of persons."""

from __future__ import annotations

import pytest

from app.kernel import names
from app.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Иванов", True),
        ("Мамедов Оглы", True),
        ("Салтыков-Щедрин", True),
        ("О'Коннор", True),
        ("Ёлкина", True),
        ("иванов", False),
        ("Иvанов", False),
        ("Иванов1", False),
        ("А" * 101, False),
    ],
)
def test_name_is_russian_and_begins_with_a_capital(text: str, *, right: bool) -> None:
    assert names.is_name(text) is right


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Салтыков – Щедрин ", "Салтыков-Щедрин"),
        ("Мамедов\u00a0  Оглы", "Мамедов Оглы"),
        ("Иванов\u200b", "Иванов"),
        ("Йод", "Йод"),  # и and a breve become one letter
    ],
)
def test_name_is_stored_in_normal_form(typed: str, stored: str) -> None:
    assert names.name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Ивaнов", r"смешаны.*Наберите его по-русски: Иванов\."),  # a Latin а
        ("Иvанов", "Наберите его в одной раскладке"),
        ("Ivanov", "русскими буквами"),
        ("Иванов1", "не бывает цифр"),
        ("иванов", r"прописной буквы: Иванов\."),
        ("Иванов?", "Проверьте: «Иванов\\?»"),
        ("А" * 101, "Введено знаков: 101, допустимо: 100"),
    ],
)
def test_wrong_name_is_told_what_to_mend(typed: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        names.name(typed)

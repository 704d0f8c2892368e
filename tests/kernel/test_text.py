"""Normal form of what is typed, pasted and imported."""

from __future__ import annotations

import pytest

from app.kernel import text
from app.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  Средняя \t школа\u00a0№\u202f5 ", "Средняя школа № 5"),
        ("Детский сад — школа", "Детский сад - школа"),
        ("67\u201101", "67-01"),
        ("\ufeffШкола\u00ad", "Школа"),
        ("ＡＢ１２", "AB12"),
        ("строка\r\nдругая", "строка другая"),
    ],
)
def test_one_line_is_cleaned(typed: str, normal: str) -> None:
    assert text.clean(typed) == normal


def test_lines_and_dashes_of_a_longer_text_are_kept() -> None:
    assert text.clean_lines(" Первая —  строка \r\n\r\n вторая\t№ 2 ") == (
        "Первая — строка\n\nвторая № 2"
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [("а\x00б", r"U\+0000"), ("а\x07", r"U\+0007"), ("а\x7f", r"U\+007F"), ("\ud800", r"U\+D800")],
)
def test_control_characters_are_refused_by_their_number(typed: str, code: str) -> None:
    for normal in (text.clean, text.clean_lines):
        with pytest.raises(Invalid, match=code):
            normal(typed)


def test_case_yo_and_spaces_do_not_matter_in_comparison() -> None:
    assert text.key(" ЁЛКИ  палки") == text.key("елки Палки")


def test_mixed_alphabets_are_found_by_the_word() -> None:
    assert text.mixed_words("Школа Cosmos") == ()
    assert text.mixed_words("Шкoла и Cosmos") == ("Шкoла",)
    assert text.unmixed("Шкoла") == "Школа"
    assert text.unmixed("Шzола") is None

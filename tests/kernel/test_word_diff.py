"""Words that changed between two texts."""

from __future__ import annotations

import pytest

from app.kernel.word_diff import Piece, word_diff


def changed(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.changed]


def test_only_the_words_that_differ_are_marked() -> None:
    was, now = word_diff(
        "Средняя школа имени Гагарина города Смоленска",
        "Средняя общеобразовательная школа имени Гагарина города Вязьмы",
    )
    assert changed(was) == ["Смоленска"]
    assert [text.strip() for text in changed(now)] == ["общеобразовательная", "Вязьмы"]


def test_words_that_follow_each_other_are_one_mark() -> None:
    was, now = word_diff("Приём по будням с утра", "Приём каждый второй вторник с утра")
    assert changed(was) == ["по будням"]
    assert changed(now) == ["каждый второй вторник"]


def test_texts_without_a_common_word_are_not_marked() -> None:
    assert word_diff("Смоленск, улица", "Москва — проспект") == (
        (Piece("Смоленск, улица", changed=False),),
        (Piece("Москва — проспект", changed=False),),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("слово", "слово"),
        ("слово\n другое", "слово  другое\t"),
        ("а " * 4000 + "конец", "а " * 3000 + "б " * 1500 + "конец"),
        ("<b>слово</b> &amp;", "слово & <i>"),
    ],
)
def test_the_pieces_are_the_texts_again(before: str, after: str) -> None:
    was, now = word_diff(before, after)
    assert "".join(piece.text for piece in was) == before
    assert "".join(piece.text for piece in now) == after

"""A csv file opens with the right words, days and numbers, and never as a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from app.exports import ExportColumn, Sheet, Shown, csv_chunks
from app.kernel.kinds import (
    BIRTH_DATE,
    DATE,
    DATETIME,
    INTEGER,
    PHONE,
    SNILS,
    TEXT,
    YES_NO,
    decimal,
    relation,
    string,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.kernel.kinds import Kind

LINE = string(500)


def sheet(kinds: Sequence[Kind], rows: Iterable[Sequence[object]]) -> Sheet:
    columns = [ExportColumn(f"Колонка {n}", kind) for n, kind in enumerate(kinds)]
    return Sheet("Список", columns, rows)


def reread(data: bytes) -> list[list[str]]:
    """The file as another program reads it, without the header."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]


def cell(kind: Kind, value: object) -> str:
    [[text]] = reread(b"".join(csv_chunks(sheet([kind, LINE][:1], [(value,)]))))
    return text


def test_the_file_begins_with_a_mark_and_a_header_and_ends_its_lines_for_windows() -> None:
    data = b"".join(csv_chunks(sheet([LINE, INTEGER], [("Ёлка; «ель»", 1)])))
    assert data == '\ufeffКолонка 0;Колонка 1\r\n"Ёлка; «ель»";1\r\n'.encode()


def test_an_empty_list_is_a_header() -> None:
    assert b"".join(csv_chunks(sheet([LINE], []))) == "\ufeffКолонка 0\r\n".encode()


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (DATE, dt.date(2026, 9, 1), "01.09.2026"),
        (DATETIME, dt.datetime(2026, 4, 1, 6, 0, tzinfo=dt.UTC), "01.04.2026 09:00"),
        (INTEGER, 1234567, "1234567"),
        (INTEGER, -5, "-5"),
        (decimal(9, 2), Decimal("-1234.50"), "-1234,50"),
        (decimal(9, 2), 0.00001, "0,00001"),
        (YES_NO, True, "да"),
        (YES_NO, False, "нет"),
        (LINE, None, ""),
        (LINE, "007", "007"),
        (SNILS, "11223344595", "112-233-445 95"),
        (PHONE, "+74812200000", "'+7 4812 20-00-00"),
        (relation("organisation"), "Школа № 1", "Школа № 1"),
        (BIRTH_DATE, Shown("2011"), "2011"),
        (PHONE, Shown("+7 *** ***-**-00"), "'+7 *** ***-**-00"),
        (TEXT, "две\r\nстроки", "две\nстроки"),
        (TEXT, "знак\x00\x0b\ufffe и \ud800 половина 😀", "знак и  половина 😀"),
    ],
)
def test_a_value_is_written_for_people(kind: Kind, value: object, expected: str) -> None:
    assert cell(kind, value) == expected


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|'/c calc'!A1",
        "+1",
        "-1+2",
        "@SUM(A1:A9)",
        "\t=1",
        "\r=1",
        "\r\n=1",
        "\n=1",
        '=HYPERLINK("http://a.ru";"x")',
        "\x00=1",
        "\x01+1",
    ],
)
@pytest.mark.parametrize("shown", [False, True])
def test_a_text_is_never_a_formula(text: str, *, shown: bool) -> None:
    for kind in (LINE, TEXT, INTEGER, DATE):
        written = cell(kind, Shown(text) if shown or kind in {INTEGER, DATE} else text)
        assert written.startswith("'")
        assert written[1:].strip() == text.replace("\x00", "").replace("\x01", "").strip()


def test_a_header_is_never_a_formula() -> None:
    data = b"".join(csv_chunks(Sheet("x", [ExportColumn("=1+1", LINE)], [])))
    assert data.decode("utf-8-sig") == "'=1+1\r\n"


def test_separators_in_a_text_do_not_begin_a_new_cell() -> None:
    texts = ["a;=1", 'b";=1', "c\n=1", "d,=1", '"', ";", "'=1"]
    data = b"".join(csv_chunks(sheet([LINE] * len(texts), [texts])))
    assert reread(data) == [texts]


def test_rows_are_read_as_pieces_are_taken() -> None:
    taken = 0

    def rows() -> Iterator[tuple[int]]:
        nonlocal taken
        for number in range(100_000):
            taken = number + 1
            yield (number,)

    pieces = csv_chunks(sheet([INTEGER], rows()))
    next(pieces)
    assert taken == 0
    next(pieces)
    assert taken <= 1000
    assert sum(piece.count(b"\r\n") for piece in pieces) + 500 == 100_000


def test_a_row_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="argument"):
        list(csv_chunks(sheet([LINE, LINE], [("a", "b"), ("c",)])))

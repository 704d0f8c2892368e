"""Rows of tables as they are read: typed cells, encodings, separators, numbers of rows."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest

from tests.imports.sheets import opendocument, repeated, text, workbook


def read(content: bytes) -> list[tuple[int, list[Any]]]:
    from app.imports.table_file import TableFile  # noqa: PLC0415 - after the settings of the tests

    with TableFile(BytesIO(content)) as table:
        return list(table)


def test_typed_cells_become_what_a_person_would_type() -> None:
    rows = read(
        workbook(
            ["Дата", "Число", "Дробь", "Да", "Текст"],
            [],
            [dt.date(2011, 3, 12), 11223344595, 12.5, True, "002"],
            [None, None, None, None, "  "],
        )
    )
    assert rows == [
        (1, ["Дата", "Число", "Дробь", "Да", "Текст"]),
        (3, ["12.03.2011", 11223344595, "12.5", "да", "002"]),
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8-r", "cp866"]
)
def test_text_is_read_in_its_encoding(encoding: str) -> None:
    rows = [["Фамилия", "Имя"], ["Иванов", "Пётр"], ["", ""], ["Ёлкина", "Анна"]]
    for separator in ";,\t":
        found = read(text(*rows, encoding=encoding, separator=separator))
        assert found == [(1, rows[0]), (2, rows[1]), (4, rows[3])], (encoding, separator)


def test_open_document_is_read() -> None:
    empty = "<table:table-row table:number-rows-repeated='1048000'><table:table-cell/>"
    row = f"{empty}</table:table-row>"
    assert read(opendocument(repeated(2, "Фамилия") + row)) == [(1, ["Фамилия", "Фамилия"])]

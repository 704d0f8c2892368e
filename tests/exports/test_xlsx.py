"""A workbook has typed cells, keeps every word, and holds neither formula nor link."""

from __future__ import annotations

import datetime as dt
import re
import uuid
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from app.exports import ExportColumn, Sheet, Shown, write_xlsx
from app.kernel.errors import Refused
from app.kernel.kinds import (
    BIRTH_DATE,
    DATE,
    DATETIME,
    INN,
    INTEGER,
    LATITUDE,
    PHONE,
    TEXT,
    TIME,
    UUID,
    YES_NO,
    choice,
    relation,
    string,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from app.kernel.kinds import Kind

LINE = string(500)


def sheet(kinds: Sequence[Kind], rows: Iterable[Sequence[object]], **more: Any) -> Sheet:
    columns = [ExportColumn(f"Колонка {n}", kind) for n, kind in enumerate(kinds)]
    return Sheet(more.pop("title", "Список"), columns, rows, **more)


def reread(path: Path, at: int = 0) -> list[list[Any]]:
    """A sheet as another program reads it, header included."""
    return CalamineWorkbook.from_path(path).get_sheet_by_index(at).to_python()


def part(path: Path, name: str = "worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(path) as file:
        return file.read(f"xl/{name}").decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "список.xlsx"


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (LINE, "МБОУ «Средняя школа № 5» — ёлка", "МБОУ «Средняя школа № 5» — ёлка"),
        (LINE, "😀 👨‍👩‍👧 \u00a0 <b>&amp;", "😀 👨‍👩‍👧 \u00a0 <b>&amp;"),
        (LINE, "_x0041_", "_x0041_"),
        (LINE, "  по краям  ", "  по краям  "),
        (LINE, None, ""),
        (INN, "0012345678", "0012345678"),
        (LINE, "1e5", "1e5"),
        (PHONE, "+74812200000", "+7 4812 20-00-00"),
        (PHONE, Shown("+7 *** ***-**-00"), "+7 *** ***-**-00"),
        (choice("STATUS"), "Действует", "Действует"),
        (relation("organisation"), "Школа № 1", "Школа № 1"),
        (UUID, uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (INTEGER, 42, 42),
        (INTEGER, 10**15, "1000000000000000"),
        (LATITUDE, Decimal("54.782635"), 54.782635),
        (YES_NO, True, "да"),
        (DATE, dt.date(2026, 9, 1), dt.date(2026, 9, 1)),
        (DATE, dt.date(1812, 8, 17), "17.08.1812"),
        (DATE, dt.date(1900, 2, 28), "28.02.1900"),
        (DATE, dt.date(1900, 3, 1), dt.date(1900, 3, 1)),
        (BIRTH_DATE, Shown("2011"), "2011"),
        (
            DATETIME,
            dt.datetime(2026, 4, 1, 22, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 4, 2, 1, 30),  # noqa: DTZ001 - a cell knows no zone
        ),
        (TIME, dt.time(8, 30), dt.time(8, 30)),
        (TEXT, "две\r\nстроки", "две\nстроки"),
        (TEXT, "знак\x00\x0b\ufffe и \ud800 половина", "знак и  половина"),
    ],
)
def test_a_value_comes_back_as_what_it_is(
    path: Path, kind: Kind, value: object, expected: object
) -> None:
    write_xlsx(sheet([LINE, kind], [("слева", value)]), path)
    found = reread(path)[1]
    assert [*found, ""][1] == expected
    assert isinstance([*found, ""][1], type(expected)) or isinstance(expected, int)


FILTER = "_xlnm._FilterDatabase"  # how a workbook calls the range of its own filter
ATTACKS = [
    "=1+1",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "{=1+1}",
    '=HYPERLINK("http://a.ru";"x")',
    "http://a.ru",
    "https://a.ru/?q=1",
    "mailto:a@b.ru",
    "internal:Список!A1",
    "external:c:\\a.xlsx",
    "ftp://a.ru",
    "</t></is></c><c><f>1+1</f></c>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_a_text_is_never_a_formula_or_a_link(path: Path, text: str) -> None:
    table = Sheet(
        text,
        [ExportColumn(text, LINE), ExportColumn(text, INTEGER), ExportColumn(text, DATE)],
        [(text, Shown(text), Shown(text))],
        about=[(text, text), (text, text)],
        about_title=text,
    )
    write_xlsx(table, path)
    expected = text.replace("\r", "\n")
    assert reread(path)[1] == [expected] * 3
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            content = file.read(name).decode()
            assert not re.search(r"<f[ >]|<hyperlink", content), name
            assert 'TargetMode="External"' not in content
            assert set(re.findall(r'<definedName name="([^"]+)"', content)) <= {FILTER}


def test_texts_stay_texts_when_somebody_edits_the_cell(path: Path) -> None:
    """Excel reads a cell again on F2 and Enter; in cells of the text format it stays a text."""
    write_xlsx(sheet([LINE, relation("organisation")], [("=1+1", "=1+1")]), path)
    styles = re.findall(r'<c r="[AB]2" s="(\d+)" t="inlineStr">', part(path))
    formats = re.findall(r'<xf numFmtId="(\d+)"', part(path, "styles.xml").split("<cellXfs")[1])
    assert [formats[int(style)] for style in styles] == ["49", "49"]  # 49 is "@"


def test_header_is_frozen_filtered_and_columns_are_wide_enough(path: Path) -> None:
    table = sheet([LINE, DATE], [("а", dt.date(2026, 9, 1))])
    table.columns = [*table.columns, ExportColumn("Свой", LINE, width=77)]
    table.rows = [("а", dt.date(2026, 9, 1), "б")]
    write_xlsx(table, path)
    content = part(path)
    assert '<pane ySplit="1"' in content
    assert 'state="frozen"' in content
    assert '<autoFilter ref="A1:C2"' in content
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', content)]
    assert [round(width) for width in widths] == [61, 13, 78]


def test_dates_and_numbers_carry_the_format_of_their_kind(path: Path) -> None:
    write_xlsx(sheet([DATE, DATETIME, LATITUDE], []), path)
    assert {"dd.mm.yyyy", "dd.mm.yyyy hh:mm", "0.000000"} <= set(
        re.findall(r'formatCode="([^"]+)"', part(path, "styles.xml"))
    )


def test_an_empty_list_is_a_header(path: Path) -> None:
    write_xlsx(sheet([LINE, INTEGER], [], about=[("Фильтр", "нет")]), path)
    assert reread(path) == [["Колонка 0", "Колонка 1"]]


def test_equal_headers_are_told_apart(path: Path) -> None:
    columns = [ExportColumn("С", DATE), ExportColumn("С", DATE), ExportColumn("", LINE)]
    write_xlsx(Sheet("x", columns, [(None, None, "а")]), path)
    assert reread(path) == [["С", "С (2)", " "], ["", "", "а"]]


def test_about_tells_what_was_asked_for_after_the_rows_are_read(path: Path) -> None:
    seen = 0

    def rows() -> Iterator[tuple[str]]:
        nonlocal seen
        for seen in range(1, 8):
            yield (str(seen),)

    def about() -> Iterator[tuple[str, str]]:
        yield "Список", "Организации"
        yield "Строк", str(seen)

    write_xlsx(sheet([LINE], rows(), about=about()), path)
    assert CalamineWorkbook.from_path(path).sheet_names == ["Список", "Об отборе"]
    assert reread(path, 1) == [["Список", "Организации"], ["Строк", "7"]]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Организации", "Организации"),
        ("[а]:*?/\\б", "а б"),
        ("'в кавычках'", "в кавычках"),
        ("History", "History (2)"),
        ("", "1"),
        ("Ё" * 40, "Ё" * 31),
        ("😀" * 20, "😀" * 15),
        ("\x00\n ", "1"),
        ("Об отборе", "Об отборе"),
    ],
)
def test_any_title_makes_a_name_of_a_sheet(path: Path, title: str, expected: str) -> None:
    write_xlsx(sheet([LINE], [("а",)], title=title, about=[("к", "з")]), path)
    names = CalamineWorkbook.from_path(path).sheet_names
    assert names[0] == expected
    assert len(set(names)) == 2


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(path: Path) -> None:
    table = sheet([INTEGER], ((n,) for n in range(25)), title="Ё" * 31, expected=25)
    write_xlsx(table, path, limit=10)
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Ё" * 31, "Ё" * 27 + " (2)", "Ё" * 27 + " (3)"]
    found = [book.get_sheet_by_index(n).to_python() for n in range(3)]
    assert [len(rows) for rows in found] == [11, 11, 6]
    assert all(rows[0] == ["Колонка 0"] for rows in found)
    assert [row[0] for rows in found for row in rows[1:]] == list(range(25))


def test_rows_beyond_the_last_sheet_are_an_error_and_leave_no_file(path: Path) -> None:
    with pytest.raises(Refused, match="Строк стало больше"):
        write_xlsx(sheet([INTEGER], ((n,) for n in range(11))), path, limit=10)
    assert not path.exists()


def test_a_failure_while_reading_reaches_the_caller_and_leaves_no_file(path: Path) -> None:
    def rows() -> Iterator[tuple[int]]:
        yield (1,)
        raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError):
        write_xlsx(sheet([INTEGER], rows()), path)
    assert not path.exists()


@pytest.mark.parametrize(("sign", "kept"), [("я", 32_763), ("😀", 16_381)])
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(path: Path, sign: str, kept: int) -> None:
    write_xlsx(sheet([TEXT, TEXT], [(sign * 40_000, "я" * 32_767)]), path)
    [cut, whole] = reread(path)[1]
    assert cut == sign * kept + " […]"
    assert whole == "я" * 32_767

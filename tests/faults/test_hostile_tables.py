"""Spreadsheets that mean harm: a sentence, and the process that asked lives on as it was."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest

from tests.imports.sheets import HOSTILE, workbook

GROWTH = 60 << 10  # KiB
TOLD = {
    "encrypted or .xls": "закрыт паролем или сохранён в старом формате",
    "members with a password": "Снимите пароль",
    "archive of something else": "Это архив, а не таблица",
    "far cell": "в строке 1048576, столбце 16384",
    "far cell without its place": "в строке 1048576",
    "document type": "определения",
    "entities": "определения",
    "zip bomb": "необычно большой",
    "bomb in the sheet": "необычно большой",
    "too many columns": "больше 200 столбцов",
    "OpenDocument, many times": "столбце 16384",
    "OpenDocument, rows without end": "в строке 1048576",
    "noise": "Это не таблица",
    "an empty workbook": "ни одной заполненной ячейки",
}


def resident() -> int:
    """Memory of this process in KiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])


def test_a_hostile_file_is_refused_with_a_sentence() -> None:
    from app.imports.table_file import TableFile  # noqa: PLC0415 - after the settings of the tests
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise

    for name, make in HOSTILE.items():
        content = make()
        before = resident()
        with TableFile(BytesIO(content)) as table:
            try:
                given = list(table)
            except Refused as refusal:
                said = str(refusal)
            else:
                pytest.fail(f"{name}: {given[:2]}")
        assert len(said) > 25, name
        assert TOLD.get(name, "") in said, name
        assert resident() - before < GROWTH, name


def test_a_cut_file_of_any_length_is_refused_or_read() -> None:
    from app.imports.table_file import TableFile  # noqa: PLC0415 - after the settings of the tests
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise

    whole = workbook(["Фамилия", "Имя"], ["Иванов", "Пётр"])
    for length in range(0, len(whole), len(whole) // 12):
        with TableFile(BytesIO(whole[:length])) as table, pytest.raises(Refused):
            list(table)


def test_a_parser_that_dies_or_lies_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app.imports import table_file  # noqa: PLC0415 - to have another program started
    from app.kernel.errors import Refused  # noqa: PLC0415 - likewise

    program = tmp_path / "dies.py"
    head = "import os; w = lambda b: os.write(1, b'C' + len(b).to_bytes(4) + b); "
    for code in (
        "os.kill(os.getpid(), 9)",
        "w(b'[]')",
        "w(b'5'); w(b'[1]')",
        "w(b'5'); w(b'[1, [1.5]]')",
        "w(b'5'); w(b'[1, [[1]]]')",
        "w(b'5'); w(b'[-1, []]')",
        "w(b'5'); w(b'[1, [\"' + b'x' * 30000 + b'\"]]')",
        "w(b'5'); w(b'[1, [' + b'1,' * 300 + b'1]]')",
    ):
        program.write_text(head + code)
        monkeypatch.setattr(table_file, "PROGRAM", program)
        with table_file.TableFile(BytesIO(b"a;b")) as table, pytest.raises(Refused) as refusal:
            list(table)
        assert "Ничего не загружено" in str(refusal.value), code

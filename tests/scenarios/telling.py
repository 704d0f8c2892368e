"""What each channel says of a learner, as lines that can be compared."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from tests.imports.tabling import sheet
from tests.scenarios.test_contingent import rows

if TYPE_CHECKING:
    from tests.scenarios.requesting import Side

SURNAME = "Дорожная"
TABLES = ("education_event", "class_membership", "student_enrolment", "student_completed_program")
LISTS = {name: f"/enrolment/{name.replace('_', '-')}/" for name in TABLES}
LETTER, OTHER = "ПУТЬ", "ТАМ"
DAYS = {
    "20.09.2023": ("8ПУТЬ", "Средняя школа № 1"), "20.12.2023": ("8ТАМ", "Гимназия № 2"),
    "20.03.2024": ("8ПУТЬ", "Средняя школа № 1"), "20.09.2024": ("9ПУТЬ", "Средняя школа № 1"),
    "20.09.2025": ("9ПУТЬ", "Средняя школа № 1"), "26.06.2026": ("", ""),
}  # fmt: skip
A, B = "МБОУ «Средняя школа № 1»", "МБОУ «Гимназия № 2»"
# What is said of the way, list by list; SECONDS: the part that the second school wrote.
TOLD: dict[str, tuple[str, ...]] = {
    "education_event": (
        f"Зачисление: {A}, приём в 1 класс",
        f"Выбытие: {A}, перевод в другую ОО: {B}, приказ № 50 от 03.10.2026",
        f"Зачисление: {B}, перевод из ОО региона, приказ № 7 от 04.10.2026",
        f"Выбытие: {B}, перевод в другую ОО: {A}, приказ № 50 от 03.10.2026",
        f"Зачисление: {A}, перевод из ОО региона, приказ № 7 от 04.10.2026",
        "Перевод в следующий класс: 8ПУТЬ → 9ПУТЬ, 2024/25, приказ № 1 от 25.08.2026",
        "Повторное обучение: 9ПУТЬ → 9ПУТЬ, 2025/26, приказ № 2 от 25.08.2026",
        f"Выбытие: {A}, завершение обучения (9 класс), приказ № 3 от 25.08.2026",
    ),
    "class_membership": (
        "8ПУТЬ 01.09.2023 05.11.2023 выбыл",
        "8ТАМ 06.11.2023 11.02.2024 выбыл",
        "8ПУТЬ 12.02.2024 31.08.2024 переведён",
        "9ПУТЬ 01.09.2024 31.08.2025 оставлен на повторное обучение",
        "9ПУТЬ 01.09.2025 25.06.2026 выпущен",
    ),
    "student_enrolment": (
        "01.09.2023 приём в 1 класс 05.11.2023 перевод в другую ОО",
        "06.11.2023 перевод из ОО региона 11.02.2024 перевод в другую ОО",
        "12.02.2024 перевод из ОО региона 25.06.2026 завершение обучения (9 класс)",
    ),
    "student_completed_program": ("Основное общее образование основное общее",),
}
SECONDS = {"education_event": (2, 4), "class_membership": (1, 2), "student_enrolment": (1, 2),
           "student_completed_program": (0, 0)}  # fmt: skip
SCHOOL = "Средняя школа № 1, г. Смоленск"
EXPORTING = {"clerk", "clerk2", "operator", "municipal"}


def words(page: str) -> str:
    """What a person reads of a page."""
    main = re.search(r"(?s)<main.*</main>", page)
    bare = re.sub(
        r"(?s)<svg.*?</svg>|<(select|script).*?</\1>|<[^>]*>", " ", main[0] if main else ""
    )
    return re.sub(r"\s+", " ", unescape(bare))


def read(side: Side, url: str) -> str:
    answer = side.client.get(url)
    return words(answer.text) if answer.status_code == 200 else str(answer.status_code)


def table(side: Side, url: str) -> list[str]:
    page = unescape(side.client.get(url).text)
    return [" ".join(" ".join(row).split()) for row in rows(page) if any(row)]


def cells(content: bytes) -> list[str]:
    """The lines of a workbook below its head."""
    shown = [
        [f"{cell:%d.%m.%Y}" if isinstance(cell, dt.date) else str(cell) for cell in row]
        for row in sheet(content)
    ]
    return [" ".join(row) for row in shown[1:]]


def asked(side: Side, url: str) -> bytes | int:
    with side.client.get(url) as answer:
        return answer.data if answer.status_code == 200 else answer.status_code


def programs(side: Side, name: str, learner: int) -> list[dict[str, Any]]:
    """Rows as other systems ask for them; what is of their last change is left out."""
    url = f"/api/v1/{name.replace('_', '-')}/?student_id__in={learner}"
    items: list[dict[str, Any]] = side.client.get(url).get_json()["items"]
    return [{k: v for k, v in one.items() if k not in {"version", "updated_at"}} for one in items]


def found(side: Side, first: str) -> list[dict[str, str]]:
    groups = side.client.get("/find", query_string={"q": f"{SURNAME} {first}"}).get_json()["groups"]
    return [
        item for one in groups for item in one["items"] if item["label"] == f"{SURNAME} {first}"
    ]


def fed(side: Side, since: str, learner: int) -> list[dict[str, Any]]:
    """What the feed has told of a learner since a place in it."""
    lines: list[dict[str, Any]] = []
    more = True
    while more:
        part = side.client.get(f"/api/v1/changes/?since={since}&limit=200").get_json()
        lines, since, more = lines + part["items"], part["since"], bool(part["items"])
    return [
        one for one in lines
        if (one.get("fields") or {}).get("student_id") == learner
        or (one["record"], one["row_id"]) == ("student", learner)
    ]  # fmt: skip


def alive(feed: list[dict[str, Any]], name: str) -> set[int]:
    """The rows that are there after all the feed has told."""
    last = {one["row_id"]: one["kind"] for one in feed if one["record"] == name}
    return {row for row, kind in last.items() if not kind.endswith(("deleted", "removed"))}


def taken(side: Side, name: str, learner: int, form: str) -> list[str]:
    """The lines of a file of the list; where it may not be taken, what the list says."""
    content = asked(side, f"{LISTS[name]}export/{form}?student_id__in={learner}")
    if side.login not in EXPORTING:
        assert content == 403, (side.login, name)
        return table(side, f"{LISTS[name]}?student_id__in={learner}")
    assert isinstance(content, bytes), (side.login, name)
    return cells(content) if form == "xlsx" else content.decode().splitlines()[1:]


def told_in(lines: list[str], told: tuple[str, ...]) -> bool:
    """Whether the lines are these, one by one, each with all its words."""
    return len(lines) == len(told) and all(
        set(words.split()) <= set(re.split(r"[ ;\n]", line))
        for line, words in zip(lines, told, strict=True)
    )

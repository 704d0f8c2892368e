"""The operator loads the register by the page: check, answers, writing, undo, once more."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.imports.page import HOME, Page
from tests.imports.register_file import certificate, document, school, supplement

if TYPE_CHECKING:
    from tests.conftest import Portal

CASES = "select count(*) from organisation where source = 'rosobrnadzor' and deleted_at is null"
LEVELS = (
    "select level_code from organisation_accreditation_program"
    " where source = 'rosobrnadzor' order by source_id"
)


@pytest.fixture
def page(fresh_portal: Portal) -> Page:
    return Page(fresh_portal, fresh_portal.client_as("operator"))


def file_of(*programs: str, **values: str) -> bytes:
    """A certificate with programmes whose level is not clear."""
    rows = [{"Id": one, "EduLevelName": f"Уровень {one}"} for one in programs]
    return document(
        certificate(school(**values), supplements=(supplement(school(**values), rows),))
    ).getvalue()


def test_a_check_tells_everything_and_writes_nothing(page: Page) -> None:
    page.check(file_of("p1"))
    told = page.text()
    assert "Проверен, не загружен" in told
    assert "Организации 1 0 0 0 0 0" in told
    assert page.rows(CASES) == [(0,)]
    assert page.rows("select count(*) from change_batch") == [(0,)]
    new = page.text("new")
    assert "Школа № 1" in new
    assert "6730010475" in new
    assert "Смоленская область" in new, "codes are shown by their names"
    programmes = page.text("new", record="organisation_accreditation_program")
    assert "Школа" in programmes, "rows that only the file knows are named, not numbered"


def test_what_is_checked_is_loaded_shown_and_taken_back(page: Page) -> None:
    page.check(file_of("p1"))
    page.act("apply")
    assert "Загружен" in page.text()
    assert page.rows(CASES) == [(1,)]
    card = page.rows("select id from organisation where source = 'rosobrnadzor'")[0][0]
    assert f'href="/registry/organisation/{card}"' in page.raw("new")
    batch = page.rows("select id, kind, user_id is not null from change_batch")
    assert [row[1:] for row in batch] == [("import.accreditation", True)]
    assert f'href="/batches/{batch[0][0]}"' in page.raw()
    assert "В корзину уйдёт новых строк" in page.raw()
    page.act("undo")
    assert "Загрузка отменена" in page.text()
    assert page.rows(CASES) == [(0,)]
    page.act("again")
    page.number += 1
    page.act("apply")
    assert page.rows(CASES) == [(1,)]


def test_changed_cells_are_shown_before_and_after(page: Page) -> None:
    page.check(file_of("p1"))
    page.act("apply")
    page.check(file_of("p1", HeadName="Петрова Анна Ивановна"))
    changed = page.text("changed", record="organisation")
    assert "Руководитель — Петрова Анна Ивановна" in changed
    assert "6730010475" not in changed, "a cell that stays is not told"
    page.act("apply")
    page.check(file_of("p1", HeadName="Сидорова Нина"))
    assert "Петрова Анна Ивановна Сидорова Нина" in page.text("changed", record="organisation")
    page.act("apply")
    page.act("undo")
    assert page.rows("select head_name from organisation where source = 'rosobrnadzor'") == [
        ("Петрова Анна Ивановна",)
    ]
    page.act("again")
    page.number += 1
    assert "Петрова Анна Ивановна Сидорова Нина" in page.text("changed", record="organisation")


def test_answers_are_saved_at_once_and_kept_for_the_next_file(page: Page) -> None:
    page.check(file_of("p1", "p2"))
    first, second = page.keys()
    page.act("answer", **{f"answer.{first}": "04"})
    assert "После проверки изменились ответы" in page.text()
    assert page.act("apply").status_code == 303
    assert page.rows(CASES) == [(0,)], "it was loaded otherwise than it was checked"
    page.act("check")
    assert page.keys() == [second, first], "what is answered stands last and can be changed"
    page.act("apply")
    assert page.rows(LEVELS) == [("04",), (None,)]
    page.act("undo")
    page.check(file_of("p1", "p2", "p3"))
    assert "Уже отвечено, в том числе в прежних загрузках" in page.text("questions")
    page.act("apply")
    assert page.rows(LEVELS) == [("04",), (None,), (None,)]


def test_one_answer_is_given_to_all_questions_of_a_kind(page: Page) -> None:
    page.check(file_of("p1", "p2", "p3"))
    key = page.keys()[0]
    page.act("answer", **{f"answer.{key}": "04"})
    page.act("answer", topic="level", code="05")
    page.act("check")
    page.act("apply")
    assert sorted(page.rows(LEVELS)) == [("04",), ("05",), ("05",)]


def test_an_answer_nobody_offered_is_refused(page: Page) -> None:
    page.check(file_of("p1"))
    key = page.keys()[0]
    assert page.act("answer", **{f"answer.{key}": "нет такого"}).status_code == 422
    assert page.rows("select answers from data_import") == [({},)]


def test_the_same_file_is_entered_once(page: Page) -> None:
    content = file_of("p1")
    page.check(content)
    again = page.send(content, "другое имя.xml")
    assert again.json == {"href": f"{HOME}{page.number}"}
    assert "уже есть" in page.text()
    page.act("apply")
    assert page.send(content).json == {"href": f"{HOME}{page.number}"}
    assert page.rows("select count(*) from data_import") == [(1,)]


def test_a_second_click_does_nothing(page: Page) -> None:
    page.check(file_of("p1"))
    token = page.token
    for _ in range(2):
        answer = page.client.post(f"{HOME}{page.number}/apply", data={"csrf_token": token})
        assert answer.status_code == 303
    assert "уже что-то делается" in page.text()
    page.act("apply")
    assert page.rows("select count(*) from change_batch") == [(1,)]
    page.act("apply")
    assert "Этот файл уже загружен" in page.text()


def test_what_came_out_otherwise_than_checked_is_told(page: Page) -> None:
    page.check(file_of("p1"))
    page.rows(
        "insert into organisation (uid, full_name, source, source_id) values"
        " (gen_random_uuid(), 'Школа № 1', 'rosobrnadzor',"
        " '11111111-0000-4000-8000-000000000001') returning id"
    )
    page.act("apply")
    assert "вышло не так, как она показала: Организации" in page.text()


def test_the_report_is_a_workbook_without_formulas(page: Page) -> None:
    page.check(file_of("p1", FullName="=2+3 школа", Email="не почта"))
    answer = page.client.get(f"{HOME}{page.number}/report")
    content = answer.data
    answer.close()
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = book.read("xl/workbook.xml").decode()
        cells = "".join(book.read(n).decode() for n in book.namelist() if "sheet" in n.lower())
    for title in ("Итог", "Изменения", "Новые строки", "Замечания", "Вопросы", "Оставлено"):
        assert title in names
    assert "<f>" not in cells
    assert "=2+3 школа" in cells
    assert "Какой это уровень образования?" in cells


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"not xml at all", "a.xml", "это не XML"),
        (b"<html></html>", "a.xml", "Это другой файл"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><OpenData/>', "a.xml", "DOCTYPE"),
        (b"\x1f\x8bnot gzip", "a.gz", "Архив повреждён"),
        (b"PK\x03\x04not zip", "a.zip", "Ничего не загружено"),
    ],
)
def test_a_foreign_file_is_refused_on_the_page(
    page: Page, content: bytes, name: str, said: str
) -> None:
    page.check(content, name)
    told = page.text()
    assert "Не получилось" in told
    assert said in told
    page.act("apply")
    assert "Сначала проверьте файл" in page.text()


@pytest.mark.parametrize(
    ("content", "name", "status", "said"),
    [
        (b"", "a.xml", 422, "Файл пуст"),
        (b"x", "a.exe", 422, ".xml, .gz, .zip"),
    ],
)
def test_what_is_no_file_of_the_kind_is_not_stored(
    page: Page, content: bytes, name: str, status: int, said: str
) -> None:
    answer = page.send(content, name)
    assert (answer.status_code, said in answer.json["error"]) == (status, True)
    assert page.rows("select count(*) from data_import") == [(0,)]


def test_an_upload_that_breaks_off_leaves_nothing(page: Page) -> None:
    content = file_of("p1")
    answer = page.send(content[:500], environ_overrides={"CONTENT_LENGTH": str(len(content))})
    assert answer.status_code == 400
    assert page.rows("select count(*) from data_import") == [(0,)]
    uploads = Path(page.portal.app.config["PORTAL_DATA"]) / "uploads"
    assert not list(uploads.glob(".incoming-*"))


def test_a_disk_that_takes_nothing_is_told(page: Page) -> None:
    uploads = Path(page.portal.app.config["PORTAL_DATA"]) / "uploads"
    aside = uploads.with_name("uploads-aside")
    if uploads.exists():
        uploads.rename(aside)
    uploads.write_text("a file where the folder should be")
    try:
        answer = page.send(file_of("p1"))
    finally:
        uploads.unlink()
        if aside.exists():
            aside.rename(uploads)
    assert answer.status_code == 503
    assert "закончилось место" in answer.json["error"]
    assert page.rows("select count(*) from data_import") == [(0,)]


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(page: Page) -> None:
    answer = page.send(b"x", environ_overrides={"CONTENT_LENGTH": str(2**31)})
    assert answer.status_code == 413
    usual = page.client.post(
        f"{HOME}1/check", data=b"x", environ_overrides={"CONTENT_LENGTH": str(2**25)}
    )
    assert usual.status_code == 413, "only the route of files takes large bodies"


def test_files_of_others_and_other_roles(page: Page) -> None:
    page.check(file_of("p1"))
    assert page.client.get(f"{HOME}999999").status_code == 404
    assert page.client.get(f"{HOME}{2**63}").status_code == 404
    for login in ("clerk", "department"):
        other = Page(page.portal, page.portal.client_as(login), page.number)
        assert other.client.get(HOME).status_code == 403
        assert other.client.get(f"{HOME}{page.number}").status_code == 403
        assert other.send(file_of("p1")).status_code == 403
        assert other.act("apply").status_code == 403
    assert page.rows(CASES) == [(0,)]


def test_an_import_outlives_its_file_and_says_so(page: Page) -> None:
    page.check(file_of("p1"))
    page.act("apply")
    content = Path(page.portal.app.config["PORTAL_DATA"])
    for folder in ("uploads", "reports"):  # as the sweeping does, or a restore from an archive
        for blob in (content / folder).glob("??/*"):
            blob.unlink()
    told = page.text()
    assert "(365 дн.) прошёл" in told
    assert "Организации 1 0 0 0 0 0" in told, "the figures stay"
    assert "/again" not in page.raw()
    assert "part=new" not in page.raw()
    assert page.client.get(f"{HOME}{page.number}/report").status_code == 404
    assert page.send(file_of("p1")).json == {"href": f"{HOME}{page.number}"}
    assert "/again" in page.raw(), "the same file sent again can be checked again"
    page.act("undo")
    assert page.rows(CASES) == [(0,)]


def test_a_report_that_leaves_rows_out_says_so(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("reporting", "importing"):
        monkeypatch.setattr(f"app.views.base.{module}.MOST_ROWS", 3)
    page.check(file_of("p1"))
    assert "На листе отчёта не больше 3 строк" in page.text()
    report = page.client.get(f"{HOME}{page.number}/report")
    with zipfile.ZipFile(io.BytesIO(report.data)) as book:
        words = "".join(book.read(name).decode() for name in book.namelist() if "xml" in name)
    report.close()
    assert "Показаны первые 3 строк" in words

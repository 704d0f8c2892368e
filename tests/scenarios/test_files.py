"""An extract is attached to a licence, read by others, replaced, removed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from app.kernel.blobs import MEGABYTE
from app.kernel.sealing import cipher
from tests import documents as docs
from tests.attaching import LICENCES, NAME, download, files_of, licence, one, send
from tests.html_form import form_with

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal


@pytest.fixture
def operator(portal: Portal) -> FlaskClient:
    return portal.client_as("operator")


def test_an_attached_file_is_read_by_others_as_it_was(
    portal: Portal, operator: FlaskClient
) -> None:
    ident = licence(portal)
    assert send(operator, f"{LICENCES}{ident}/edit", docs.PDF).status_code == 303
    for login in ("operator", "clerk", "clerk2", "department"):
        client = portal.client_as(login)
        page = client.get(f"{LICENCES}{ident}").text
        assert f'href="{LICENCES}{ident}/file/file_id"' in page
        assert f"{NAME} (PDF, 1 КБ)" in page
        answer = download(client, ident)
        assert answer.data == docs.PDF
        headers = answer.headers
        assert headers["Content-Type"] == "application/pdf"
        assert headers["Content-Disposition"].startswith("attachment;")
        assert quote(NAME) in headers["Content-Disposition"]
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
    logged = "select count(*) from access_log where action = 'download' and target = %s"
    assert one(portal, logged, f"organisation_licence {ident} file_id") == 4


def test_a_part_and_the_head_of_a_file_may_be_asked_for(
    portal: Portal, operator: FlaskClient
) -> None:
    ident = licence(portal)
    send(operator, f"{LICENCES}{ident}/edit", docs.PDF)
    assert download(operator, ident, 206, Range="bytes=0-4").data == b"%PDF-"
    head = operator.head(f"{LICENCES}{ident}/file/file_id")
    head.close()
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(docs.PDF))


def test_lists_files_and_history_name_the_file(portal: Portal, operator: FlaskClient) -> None:
    ident = licence(portal)
    send(operator, f"{LICENCES}{ident}/edit", docs.picture(), "Первая.png")
    send(operator, f"{LICENCES}{ident}/edit", docs.PDF, "Вторая.pdf")
    table = operator.get(f"{LICENCES}export/csv?file_id__empty=0").data.decode("utf-8-sig")
    assert table.splitlines()[0].split(";")[-1] == '"Выписка из реестра"'.strip('"')
    assert "Вторая.pdf" in table
    assert "Первая.png" not in table
    past = operator.get(f"{LICENCES}{ident}/history").text
    assert "Первая.png" in past
    assert "Вторая.pdf" in past


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (docs.EXE, "Выписка.pdf", "Это программа, а не документ"),
        (docs.HTML, "Выписка.pdf", "Это веб-страница"),
        (docs.SVG, "герб.png", "Это веб-страница"),
        (docs.OLD_WORD, "приказ.docx", "старого вида"),
        (docs.word("application/vnd.ms-word.document.macroEnabled.main+xml"), "а.docx", "макросы"),
        (docs.archive({"a": "b"}), "а.zip", "прикрепить нельзя. Подходят: PDF, DOCX"),
        (b"", "пустой.pdf", "Файл пустой"),
        (b"%PDF-" + bytes(21 * MEGABYTE), "скан.pdf", "до 20 МБ"),
    ],
    ids=["exe", "html", "svg", "doc", "docm", "zip", "empty", "21 MB"],
)
def test_a_file_that_does_not_fit_is_refused_and_the_typed_text_stays(
    portal: Portal, operator: FlaskClient, content: bytes, name: str, words: str
) -> None:
    path = f"{LICENCES}{licence(portal)}/edit"
    before = one(portal, "select count(*) from file")
    answer = send(operator, path, content, name, granted_by="Набрано <b>рукой</b>")
    assert answer.status_code == 422
    assert words in answer.text
    assert form_with(answer.text, "version")["granted_by"] == "Набрано <b>рукой</b>"
    assert one(portal, "select count(*) from file") == before


def test_a_file_of_exactly_20_megabytes_is_taken(portal: Portal, operator: FlaskClient) -> None:
    ident = licence(portal)
    whole = b"%PDF-" + bytes(20 * MEGABYTE - 5)
    assert send(operator, f"{LICENCES}{ident}/edit", whole).status_code == 303
    answer = download(operator, ident)
    assert hashlib.sha256(answer.data).digest() == hashlib.sha256(whole).digest()


def test_a_body_far_beyond_the_limit_is_refused_before_it_is_read(
    portal: Portal, operator: FlaskClient
) -> None:
    path = f"{LICENCES}{licence(portal)}/edit"
    answer = send(operator, path, bytes(30 * MEGABYTE))
    assert answer.status_code == 413
    assert "не больше 20 МБ" in answer.text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/cron.d/выписка.pdf", "выписка.pdf"),
        ("отчёт\u202efdp.exe", "отчётfdp.exe.pdf"),
        ("школа 🏫.pdf", "школа 🏫.pdf"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_deceives(
    portal: Portal, operator: FlaskClient, name: str, kept: str
) -> None:
    ident = licence(portal)
    assert send(operator, f"{LICENCES}{ident}/edit", docs.PDF, name).status_code == 303
    answer = download(operator, ident)
    assert f"filename*=UTF-8''{quote(kept, safe='')}" in answer.headers["Content-Disposition"] or (
        f"filename={kept}" in answer.headers["Content-Disposition"]
    )


def name_of(content: bytes) -> str:
    """What a content is stored under."""
    naming = cipher().naming()
    naming.update(content)
    return naming.hexdigest()


def test_a_scan_lies_on_the_disk_in_no_readable_form(portal: Portal, operator: FlaskClient) -> None:
    content = docs.PDF + "Свидетельство о рождении II-МЮ 123456".encode()
    ident = licence(portal)
    send(operator, f"{LICENCES}{ident}/edit", content)
    data = files_of(portal).parent
    assert files_of(portal).joinpath(name_of(content)[:2], name_of(content)).exists()
    for path in data.rglob("*"):
        assert not path.is_file() or b"%PDF" not in path.read_bytes(), path
    assert download(operator, ident).data == content


def test_equal_content_is_stored_once_under_two_names(
    portal: Portal, operator: FlaskClient
) -> None:
    content = docs.PDF + b"twice"
    for school, name in (("school-1", "Один.pdf"), ("school-2", "Два.pdf")):
        path = f"{LICENCES}{licence(portal, school)}/edit"
        assert send(operator, path, content, name).status_code == 303
    digest = name_of(content)
    assert one(portal, "select count(*) from file where sha256 = %s", digest) == 2
    stored = list((files_of(portal)).rglob(digest))
    assert len(stored) == 1


def test_removing_a_file_leaves_none_and_its_address_is_gone(
    portal: Portal, operator: FlaskClient
) -> None:
    ident = licence(portal)
    path = f"{LICENCES}{ident}/edit"
    send(operator, path, docs.PDF)
    assert send(operator, path, None, **{"file_id.remove": "1"}).status_code == 303
    assert download(operator, ident, 404)
    assert one(portal, "select file_id from organisation_licence where id = %s", ident) is None


def test_saving_other_fields_keeps_the_file(portal: Portal, operator: FlaskClient) -> None:
    ident = licence(portal)
    path = f"{LICENCES}{ident}/edit"
    send(operator, path, docs.PDF)
    was = one(portal, "select file_id from organisation_licence where id = %s", ident)
    assert send(operator, path, None, granted_by="Другой орган").status_code == 303
    assert one(portal, "select file_id from organisation_licence where id = %s", ident) == was


@pytest.mark.parametrize("path", ["file/licence_number", "file/nothing", "file/organisation_id"])
def test_only_fields_of_files_have_an_address(
    portal: Portal, operator: FlaskClient, path: str
) -> None:
    assert operator.get(f"{LICENCES}{licence(portal)}/{path}").status_code == 404


def test_the_file_of_a_row_in_the_trash_is_refused(portal: Portal, operator: FlaskClient) -> None:
    ident = licence(portal, "school-4")
    send(operator, f"{LICENCES}{ident}/edit", docs.PDF)
    download(operator, ident)
    with portal.cluster.connect(portal.database) as base:
        base.execute("update organisation_licence set deleted_at = now() where id = %s", (ident,))
    assert download(operator, ident, 404)


def test_content_that_is_not_there_is_said_in_words(portal: Portal, operator: FlaskClient) -> None:
    ident = licence(portal)
    content = docs.PDF + b"lost"
    send(operator, f"{LICENCES}{ident}/edit", content)
    for path in files_of(portal).rglob(name_of(content)):
        path.unlink()
    answer = download(operator, ident, 503)
    assert "Содержимое файла сейчас не прочитать" in answer.text

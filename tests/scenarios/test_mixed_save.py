"""One form, two ways: part of what was typed is saved, part becomes a request (п. 5.5)."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.documents import PDF
from tests.html_form import form_with
from tests.scenarios.requesting import REASON, Side, number_of

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

NEW = {"short_name": "Лицей № 1", "phone": "+7 4812 38-11-22"}


@pytest.fixture
def clerk(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "clerk")


@pytest.fixture
def head(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "head")


def edit(side: Side) -> str:
    return f"/registry/organisation/{side.school()}/edit"


def go(side: Side, page: TestResponse, how: str = "sign", **values: object) -> TestResponse:
    """Press a button of the page between the form and its saving."""
    data = form_with(page.text, "request.reason") | {"request.go": how, "request.reason": REASON}
    return side.client.post(edit(side), data={**data, **values})


def test_a_page_tells_apart_what_is_saved_and_what_is_asked_for(clerk: Side) -> None:
    form = unescape(clerk.client.get(edit(clerk)).text)
    assert "Меняется по запросу: решает оператор" in form
    assert "остальные сохраняются сразу" in form
    before = clerk.one("select version from organisation where id = %s", clerk.school())
    page = clerk.fill(edit(clerk), **NEW)
    assert page.status_code == 200
    at_once, _, asked = unescape(page.text).partition("Уйдёт запросом оператору</h2>")
    assert "+7 4812 38-11-22" in at_once.partition("Сохранится сразу</h2>")[2]
    assert "Лицей № 1" in asked
    assert "Лицей № 1" not in at_once.partition("Сохранится сразу</h2>")[2]
    assert clerk.one("select version from organisation where id = %s", clerk.school()) == before
    assert clerk.one("select count(*) from edit_request") == "0"


def test_one_sending_saves_and_asks(clerk: Side) -> None:
    number = number_of(go(clerk, clerk.fill(edit(clerk), **NEW)))
    row = clerk.one("select phone || short_name from organisation where id = %s", clerk.school())
    assert row.startswith("+74812381122")
    assert "Лицей" not in row
    assert clerk.state(number) == "draft"
    assert clerk.line(number, "short_name")
    assert not clerk.line(number, "phone")
    assert "ждёт подписи руководителя" in clerk.page(number)


def test_the_head_signs_and_sends_from_the_same_page(head: Side) -> None:
    number = number_of(go(head, head.fill(edit(head), **NEW), "send"))
    assert head.state(number) == "submitted"


def test_the_clerk_cannot_send_by_pressing_what_is_not_there(clerk: Side) -> None:
    number = number_of(go(clerk, clerk.fill(edit(clerk), **NEW), "send"))
    assert clerk.state(number) == "draft"


def test_only_what_is_saved_at_once_needs_no_second_page(clerk: Side) -> None:
    assert clerk.fill(edit(clerk), phone=NEW["phone"]).status_code == 303
    assert clerk.one("select count(*) from edit_request") == "0"


def test_a_form_without_a_change_says_so(clerk: Side) -> None:
    answer = clerk.fill(edit(clerk))
    assert answer.status_code == 303
    assert "Ничего не изменено" in clerk.client.get(answer.location).text
    assert clerk.one("select count(*) from edit_request") == "0"


def test_without_a_reason_nothing_is_saved_and_everything_comes_back(clerk: Side) -> None:
    page = clerk.fill(edit(clerk), **NEW)
    day = {"request.reason": "", "request.effective_on": "31.02.2026"}
    answer = go(clerk, page, **day)
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Напишите, почему это нужно изменить" in text
    assert "31.02.2026" in text
    assert "Лицей № 1" in text
    assert (
        clerk.one("select phone from organisation where id = %s", clerk.school()) != "+74812381122"
    )
    assert number_of(go(clerk, answer, **{"request.effective_on": ""}))


def test_the_way_back_leads_to_the_form_as_typed(clerk: Side) -> None:
    page = clerk.fill(edit(clerk), **NEW)
    form = go(clerk, page, "back")
    assert form.status_code == 200
    assert form_with(form.text, "short_name")["short_name"] == "Лицей № 1"
    assert form_with(form.text, "phone")["phone"] == NEW["phone"]


def test_what_was_said_of_the_request_is_there_again_after_the_form(clerk: Side) -> None:
    page = clerk.fill(edit(clerk), **NEW)
    upload = {"request.file.upload": (BytesIO(PDF), "приказ.pdf")}
    form = go(clerk, page, "back", **upload)
    again = clerk.client.post(edit(clerk), data=form_with(form.text, "version"))
    assert form_with(again.text, "request.reason")["request.reason"] == REASON
    assert "приказ.pdf" in again.text


def test_a_wrong_value_is_marked_in_the_form_before_anything_is_asked_for(clerk: Side) -> None:
    answer = clerk.fill(edit(clerk), **NEW, email="кто@где")
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert form_with(answer.text, "short_name")["short_name"] == "Лицей № 1"


def test_a_field_that_waits_leads_to_its_request_and_is_not_asked_for_twice(
    clerk: Side, head: Side
) -> None:
    opened = clerk.client.get(edit(clerk)).text
    number = number_of(go(head, head.fill(edit(head), short_name="Лицей № 1"), "send"))
    form = clerk.client.get(edit(clerk)).text
    assert f'href="/requests/{number}"' in form
    assert "short_name" not in form_with(form, "version")
    late = clerk.client.post(
        edit(clerk), data=form_with(opened, "version") | {"short_name": "Третье имя"}
    )
    assert late.status_code == 422
    assert f"№ {number}" in unescape(late.text)
    assert form_with(late.text, "version")["short_name"] == "Третье имя"
    assert clerk.one("select count(*) from edit_request") == "1"


def test_a_value_saved_meanwhile_by_another_is_not_asked_over(clerk: Side, head: Side) -> None:
    page = clerk.fill(edit(clerk), **NEW)
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute(
            b"update organisation set short_name = 'Other' where id = %s", (clerk.school(),)
        )
    del head
    answer = go(clerk, page)
    assert answer.status_code == 409
    assert "Other" in answer.text
    assert form_with(answer.text, "short_name")["short_name"] == "Лицей № 1"
    assert clerk.one("select count(*) from edit_request") == "0"


def test_sent_twice_it_is_saved_and_asked_for_once(clerk: Side) -> None:
    page = clerk.fill(edit(clerk), **NEW)
    first, again = go(clerk, page), go(clerk, page)
    assert number_of(first) == number_of(again)
    assert clerk.one("select count(*) from edit_request") == "1"


def test_documents_go_with_it_survive_a_refusal_and_are_read_by_the_office(
    fresh_portal: Portal, clerk: Side, head: Side
) -> None:
    operator, other = Side(fresh_portal, "operator"), Side(fresh_portal, "clerk2")
    page = clerk.fill(edit(clerk), **NEW)
    upload = {"request.file.upload": (BytesIO(PDF), "приказ.pdf"), "request.reason": ""}
    refused = go(clerk, page, **upload)
    assert refused.status_code == 422
    assert "приказ.pdf" in refused.text
    number = number_of(go(clerk, refused))
    found = re.search(rf'href="(/requests/{number}/files/[0-9]+)"', clerk.page(number))
    assert found
    assert clerk.client.get(found[1], buffered=True).data == PDF
    assert operator.client.get(found[1]).status_code == 404  # not sent yet
    assert head.step(number, "submit").status_code == 303
    assert operator.client.get(found[1], buffered=True).data == PDF
    assert other.client.get(found[1]).status_code == 404
    answer = clerk.client.post(f"{found[1]}/remove", data={"csrf_token": token(clerk, number)})
    assert answer.status_code == 403
    assert operator.client.get(found[1], buffered=True).data == PDF


def test_documents_are_added_to_a_request_until_it_is_decided(
    fresh_portal: Portal, clerk: Side, head: Side
) -> None:
    operator = Side(fresh_portal, "operator")
    number = number_of(go(clerk, clerk.fill(edit(clerk), **NEW)))
    data = {
        "csrf_token": token(clerk, number),
        "request.file.upload": [(BytesIO(PDF), "1.pdf"), (BytesIO(b"MZ\x90"), "2.exe")],
    }
    clerk.client.post(f"/requests/{number}/files", data=data)
    text = clerk.page(number)
    assert "1.pdf" in text
    assert f"/requests/{number}/files/" in text
    assert clerk.one("select count(*) from edit_request_file") == "1"
    removed = re.search(rf'action="(/requests/{number}/files/[0-9]+/remove)"', text)
    assert removed
    clerk.client.post(removed[1], data={"csrf_token": token(clerk, number)})
    assert clerk.one("select count(*) from edit_request_file") == "0"
    head.step(number, "submit")
    operator.step(number, "take")
    operator.decide(number)
    data["request.file.upload"] = [(BytesIO(PDF), "3.pdf")]
    late = clerk.client.post(f"/requests/{number}/files", data=data)
    assert late.status_code == 403
    assert clerk.one("select count(*) from edit_request_file") == "0"


def test_a_file_of_fifty_megabytes_is_refused_with_a_sentence(clerk: Side) -> None:
    page = clerk.fill(edit(clerk), **NEW)
    upload = FileStorage(BytesIO(b"%PDF-" + bytes(50 << 20)), "большой.pdf")
    data = form_with(page.text, "request.reason") | {"request.file.upload": upload}
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = clerk.client.post(edit(clerk), data=body, content_type=kind)
    assert answer.status_code == 413
    assert "не больше 20 МБ" in answer.text
    assert clerk.one("select count(*) from edit_request") == "0"


def token(side: Side, number: int) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', side.page(number))
    assert found
    return found[1]

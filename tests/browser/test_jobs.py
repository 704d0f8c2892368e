"""A slow job is watched and stopped in the browser."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.scenarios.test_jobs_of_people import GATE, ask
from tests.working import do_jobs

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import Portal

pytestmark = pytest.mark.browser
PATIENCE = 20_000  # ms


def test_a_slow_job_is_watched_and_stopped(portal: Portal, page: Page) -> None:
    GATE.clear()
    number = ask(portal, "operator", "test.long")
    Person(page).sign_in("operator")
    page.get_by_role("link", name="Задания").click()
    page.get_by_role("link", name="Проверка").click()
    expect(page.get_by_text("Ждёт очереди")).to_be_visible()
    worker = threading.Thread(target=do_jobs, args=(portal,))
    worker.start()
    assert GATE.wait(20)
    # The page renews itself: nobody reloads it.
    expect(page.get_by_text("Выполняется")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile(r"\d+ из 600"))).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Остановить").click()
    expect(page.get_by_text("Ничего не изменено")).to_be_visible(timeout=PATIENCE)
    worker.join(20)
    with portal.cluster.connect(portal.database) as connection:
        state = connection.execute(
            "select state from background_job where id = %s", (number,)
        ).fetchone()
        changed = connection.execute(
            "select count(*) from organisation where phone = '+74812000000'"
        ).fetchone()
    assert (state, changed) == (("cancelled",), (0,))

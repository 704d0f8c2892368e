"""Pictures of the pages for README and the guides, taken in Chromium from a running portal.

    python tools/screenshots.py http://127.0.0.1:8080 PASSWORD

The portal has to hold the demo data. Most pictures change nothing in it; those of batch, trash and
jobs make one bulk edit and put a few agreements into the trash first, those of the import need a
register that somebody has sent and checked before, that of a request one that a head has sent, that
of an order a draft of one, that of a table one of learners with errors that a clerk has checked.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, ViewportSize

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
LIST = "/registry/organisation/"
AGREEMENTS = "/registry/organisation-agreement/"
IMPORTS = "/registry/import/"
LEARNERS = "/enrolment/student/"


@dataclass(frozen=True)
class Picture:
    """One file: whose page, how large, and the way to what is shown."""

    name: str
    login: str
    size: ViewportSize
    way: Callable[[Page], None]


def own_school(page: Page) -> None:
    """The record page of the clerk's school, from the first page on."""
    page.goto("/")
    page.locator(".tile.own").first.click()
    page.wait_for_load_state("networkidle")


def form_with_errors(page: Page) -> None:
    """A wrong e-mail and a wrong telephone, sent and refused; what was typed is still there."""
    own_school(page)
    page.goto(page.url + "/edit")
    page.locator("[name=phone]").fill("20-00-00")
    page.locator("[name=email]").fill("school@smolensk")
    page.locator("[data-save]").click()
    page.locator(".summary").wait_for()


def told_apart(page: Page) -> None:
    """What is saved at once and what goes as a request, before either is done."""
    own_school(page)
    page.goto(page.url + "/edit")
    page.locator("[name=short_name]").fill("МБОУ «Лицей № 1»")
    page.locator("[name=phone]").fill("+7 4812 30-01-77")
    page.locator("[data-save]").click()
    page.locator("[name='request.reason']").wait_for()


def request(page: Page) -> None:
    """The request that stands first in the queue; somebody has to have sent one."""
    page.goto("/requests/")
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/requests/*")


def search(page: Page) -> None:
    """Two parts of a name, typed in any order."""
    page.goto(LIST)
    page.locator("#q").fill("школ осн")
    page.wait_for_url("**q=*")


def dark(page: Page) -> None:
    """The list in the dark theme of a computer that asks for it."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(LIST)


def palette(page: Page) -> None:
    """Ctrl+K with the beginning of a name: people and what is opened from there."""
    page.goto("/")
    page.keyboard.press("Control+K")
    page.keyboard.type("лап")
    page.wait_for_timeout(1500)  # the answer comes a moment after the last letter


def conditions(page: Page) -> None:
    """The builder of conditions, as the list's own address opens it."""
    page.goto(LIST + "?where=all(inn:starts:67,any(phone:empty:1,email:empty:1))")


def bulk_preview(page: Page) -> None:
    """One fax number for every gymnasium, before it is written."""
    page.goto(LIST + "?q=гимназия")
    page.locator("[data-pick-page]").check()
    page.locator("#selection [formaction$='/bulk']").click()
    page.locator("#to-fax").fill("+7 4812 30-01-99")
    page.locator("[data-save]").click()
    page.locator(".confirm").wait_for(state="attached")


def batch(page: Page) -> None:
    """The same, written."""
    bulk_preview(page)
    confirm(page)


def order(page: Page) -> None:
    """A draft order on a class, with a line for each learner."""
    open_at(page, "/enrolment/enrolment-order/")
    page.locator("tbody tr a").first.click()
    page.get_by_text("Подписать и исполнить").wait_for()


def chosen_class(page: Page) -> None:
    """The learners of one class, out of all of the school."""
    page.goto(LEARNERS)
    page.locator(".classes a").nth(1).click()
    page.get_by_role("link", name="Добавить учеников").wait_for()


def class_form(page: Page) -> None:
    """The form of a class with somebody half typed: a day that does not exist is told."""
    chosen_class(page)
    page.get_by_role("link", name="Добавить учеников").click()
    typed = {"admission_order_number": "15-К", "admission_order_date": "30.08.2026"}
    for name, text in (*typed.items(), ("last_name", "Соколова"), ("first_name", "Вера"),
                       ("birth_date", "31.02.2015")):  # fmt: skip
        page.locator(f"#{name}").fill(text)
    page.locator("[data-save]").click()
    page.locator(".summary").wait_for()


def class_paste(page: Page) -> None:
    """Rows of a sheet with what is wrong in them."""
    chosen_class(page)
    page.get_by_role("link", name="Добавить учеников").click()
    page.get_by_role("link", name="Вставить из Excel").click()
    page.locator("#pasted").fill(
        "ФИО\tДата рождения\tПол\tСНИЛС\n"
        "Соколова Вера Ильинична\t14.02.2015\tж\t112-233-445 95\n"
        "Соколов Павел Ильич\t31.02.2015\tм\t\n"
        "Тихонова Дарья Павловна\t03.06.2015\tж\t\n"
        "Тихонова Дарья Павловна\t03.06.2015\tж\t\n"
    )
    page.locator("[data-save]").click()
    page.locator("table.pasted").wait_for()


def table_errors(page: Page) -> None:
    """The newest table of learners: what is wrong in it, cell by cell."""
    page.goto(f"{LEARNERS}import")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="Ошибки").click()


def trash(page: Page) -> None:
    """A few agreements in the trash."""
    page.goto(AGREEMENTS)
    for number in range(5):
        page.locator("[data-pick]").nth(number).check()
    page.locator("#selection [formaction$='/bulk-trash']").click()
    confirm(page)
    page.goto(AGREEMENTS + "trash")


def confirm(page: Page) -> None:
    """Write what a preview shows and wait for the page of the batch."""
    page.locator(".confirm [value=apply]").click()
    page.wait_for_url("**/batches/*")


def checked_import(page: Page, part: str = "") -> None:
    """The newest file that was sent."""
    page.goto(IMPORTS)
    newest = page.locator("tbody th a").first
    if not newest.count():
        raise SystemExit("Send a register on the page of imports first.")
    newest.click()
    page.wait_for_url("**/import/*")
    page.goto(page.url + part)


PICTURES = (
    Picture("sign-in", "", DESK, lambda page: open_at(page, "/login/")),
    Picture("list", "operator", DESK, lambda page: open_at(page, LIST)),
    Picture("search", "clerk", DESK, search),
    Picture("record", "clerk", DESK, own_school),
    Picture("form-errors", "clerk", DESK, form_with_errors),
    Picture("told-apart", "clerk", DESK, told_apart),
    Picture("request", "operator", DESK, request),
    Picture("list-dark", "operator", DESK, dark),
    Picture("palette", "clerk", DESK, palette),
    Picture("conditions", "operator", DESK, conditions),
    Picture("import-checked", "operator", DESK, checked_import),
    Picture("import-questions", "operator", DESK, lambda p: checked_import(p, "?part=questions")),
    Picture("bulk-preview", "operator", DESK, bulk_preview),
    Picture("batch", "operator", DESK, batch),
    Picture("trash", "operator", DESK, trash),
    Picture("order", "head", DESK, order),
    Picture("learners", "clerk", DESK, chosen_class),
    Picture("class-form", "clerk", DESK, class_form),
    Picture("class-paste", "clerk", DESK, class_paste),
    Picture("table-errors", "clerk", DESK, table_errors),
    Picture("jobs", "operator", DESK, lambda page: open_at(page, "/jobs/")),
    Picture("sign-in-phone", "", PHONE, lambda page: open_at(page, "/login/")),
    Picture("list-phone", "clerk", PHONE, lambda page: open_at(page, LIST)),
    Picture("record-phone", "clerk", PHONE, own_school),
    Picture("form-errors-phone", "clerk", PHONE, form_with_errors),
)


def open_at(page: Page, path: str) -> None:
    """Open an address of the portal."""
    page.goto(path)


def main() -> int:
    """Take the pictures that are asked for, by default all."""
    parser = argparse.ArgumentParser(description="Take the pictures of docs/pictures.")
    parser.add_argument("address", help="where the portal is, e.g. http://127.0.0.1:8080")
    parser.add_argument("password", help="of the demo logins")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"by default {FOLDER}")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="some of them")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for picture in PICTURES:
            if asked.only and picture.name not in asked.only:
                continue
            target = asked.folder / f"{picture.name}.png"
            take(browser, picture, asked.address, asked.password, target)
            print(f"{target}: {target.stat().st_size // 1024} KB")
    return 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of PORTAL_CHROMIUM, or the first one that is installed."""
    program = os.environ.get("PORTAL_CHROMIUM") or next(
        filter(None, map(shutil.which, PROGRAMS)), ""
    )
    if not program:
        raise SystemExit("No Chromium is installed: install chromium or set PORTAL_CHROMIUM.")
    options = [*OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


def take(browser: Browser, picture: Picture, address: str, password: str, target: Path) -> None:
    """Sign in if the page asks for it, go the way, take the picture."""
    context = browser.new_context(
        base_url=address, locale="ru-RU", viewport=picture.size, reduced_motion="reduce"
    )
    page = context.new_page()
    if picture.login:
        page.goto("/login/")
        page.locator("#username").fill(picture.login)
        page.locator("#password").fill(password)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(lambda url: "/login" not in url)
    picture.way(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=target, caret="hide")
    context.close()


if __name__ == "__main__":
    sys.exit(main())

"""Every kind of page on a school's screen and on a phone: readable by all, whole, quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.person import ORGANISATIONS, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SIZES = {"school screen": (1366, 768), "phone": (390, 844)}
OWN = f"{ORGANISATIONS}{{school-1}}"
OTHER = f"{ORGANISATIONS}{{school-2}}"
# Where a fault stands is told by its HTML: selectors for it would cost a third of the time.
ONLY_WRONG = {"resultTypes": ["violations"], "selectors": False, "preload": False}
READ = "async options => (await axe.run(options)).violations"


def nothing(person: Person) -> None:
    """The page as it opens."""


def wrong_password(person: Person) -> None:
    person.page.fill("#username", "clerk")
    person.page.fill("#password", "wrong")
    person.go("Enter")


def open_filters(person: Person) -> None:
    person.page.locator("details.filters > summary").click()


def open_export(person: Person) -> None:
    person.page.locator("#tools summary").click()


def open_menus(person: Person) -> None:
    person.page.locator("details.who > summary").click()


def open_sidebar(person: Person) -> None:
    burger = person.page.locator("[data-burger]")
    (burger if burger.is_visible() else person.page.locator("[data-fold]")).click()
    person.page.evaluate("Promise.all(document.getAnimations().map(it => it.finished))")


def ask_for_the_trash(person: Person) -> None:
    person.page.get_by_label("Ещё действия").click()
    person.page.get_by_role("button", name="Переместить в корзину").click()


def save_wrong_values(person: Person) -> None:
    person.write("phone", "20")
    person.write("email", "нет почты")
    person.save()


def save_nothing(person: Person) -> None:
    person.save()


def save_well(person: Person) -> None:
    person.write("phone_ext", "7")
    person.save()


def open_picker(person: Person) -> None:
    person.page.focus("#municipality_id-ts-control")
    person.page.locator(".ts-dropdown .option").first.wait_for()


def conflict(person: Person) -> None:
    person.page.evaluate(
        """async ([address, email]) => {
            const form = new FormData(document.querySelector("form[data-form]"));
            form.set("email", email);
            await fetch(address, {method: "POST", body: new URLSearchParams(form)});
        }""",
        [person.path, f"window-{person.page.evaluate('innerWidth')}@example.com"],
    )
    person.write("email", "first-window@example.com")
    assert person.save().status == 409


def lose_the_session(person: Person) -> None:
    """Sign out in another window while a form is open in this one."""
    person.sign_in("clerk2")
    card = person.page.get_attribute(".tile.own", "href")
    person.open(f"{card}/edit")
    person.write("phone_ext", "8")
    person.page.evaluate(
        "form => fetch('/logout', {method: 'POST', body: new URLSearchParams(form)})",
        {"csrf_token": person.token()},
    )
    assert person.save().status == 401


def come_back(person: Person) -> None:
    lose_the_session(person)
    person.sign_in("clerk2")
    assert person.heading == "Набранное не потеряно"


PAGES: dict[str, tuple[str, str, Callable[[Person], None]]] = {
    "sign-in": ("", "/login/", nothing),
    "sign-in after a wrong password": ("", "/login/", wrong_password),
    "home": ("clerk", "/", nothing),
    "home without rights": ("applicant", "/", open_menus),
    "menu": ("clerk", "/", open_sidebar),
    "list": ("clerk", ORGANISATIONS, nothing),
    "list with filters": ("clerk", f"{ORGANISATIONS}?q=школа&org_kind__in=SOSH", open_filters),
    "list that can be exported": ("operator", ORGANISATIONS, open_export),
    "empty list": ("clerk", f"{ORGANISATIONS}?q=щщщ", nothing),
    "API": ("operator", "/api/", nothing),
    "wrong filter": ("clerk", f"{ORGANISATIONS}?opened_on__from=31.02.2011", nothing),
    "list on paths": ("clerk", "/registry/organisation-accreditation/", nothing),
    "record": ("clerk", OWN, nothing),
    "record to read": ("clerk", OTHER, nothing),
    "form": ("clerk", f"{OWN}/edit", nothing),
    "form with errors": ("clerk", f"{OWN}/edit", save_wrong_values),
    "form after a conflict": ("clerk", f"{OWN}/edit", conflict),
    "saved": ("clerk", f"{OWN}/edit", save_well),
    "new record": ("operator", f"{ORGANISATIONS}add", open_picker),
    "new record with errors": ("operator", f"{ORGANISATIONS}add", save_nothing),
    "trash": ("operator", OWN, ask_for_the_trash),
    "sign-in in the middle": ("", "/login/", lose_the_session),
    "typed before": ("", "/login/", come_back),
    "history": ("head", f"{OWN}/history", nothing),
    "400": ("clerk", f"{ORGANISATIONS}?colour=red", nothing),
    "403": ("clerk", f"{OTHER}/edit", nothing),
    "404": ("clerk", "/nowhere", nothing),
}


@pytest.fixture(scope="module")
def cookies_of(browser: Browser, live_server: str) -> Callable[[str], Any]:
    """The cookies of somebody who has signed in once for this file."""
    known: dict[str, Any] = {}

    def given(login: str) -> Any:
        if login not in known:
            context = browser.new_context(base_url=live_server)
            Person(context.new_page()).sign_in(login)
            known[login] = context.cookies()
            context.close()
        return known[login]

    return given


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_readable_by_everybody_and_as_wide_as_the_screen(
    person: Person,
    cookies_of: Callable[[str], Any],
    schools: dict[str, int],
    name: str,
    size: str,
) -> None:
    login, path, act = PAGES[name]
    width, height = SIZES[size]
    person.page.set_viewport_size({"width": width, "height": height})
    if login:
        person.page.context.add_cookies(cookies_of(login))
    person.open(path.format_map(schools))
    act(person)
    assert violations_in_both_themes(person.page) == []
    wide = person.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "nothing hangs out to the right"


def violations_in_both_themes(page: Page) -> list[str]:
    """The same page by day and by night; by night only the colours are others."""
    found = []
    for theme, rules in (("light", []), ("dark", ["color-contrast"])):
        page.evaluate("name => document.documentElement.dataset.bsTheme = name", theme)
        found += [f"{theme}: {what}" for what in violations(page, rules)]
    return found


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What a blind person or one with weak eyes or hands stumbles over, serious or critical."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(Axe().axe_script)
    options = {**ONLY_WRONG, **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate(READ, options)
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


def test_fifteen_rows_are_in_sight_on_a_school_screen(
    person: Person, cookies_of: Callable[[str], Any]
) -> None:
    person.page.context.add_cookies(cookies_of("clerk"))
    person.open(ORGANISATIONS)
    bottoms = person.page.eval_on_selector_all(
        "tbody tr", "rows => rows.map(row => row.getBoundingClientRect().bottom)"
    )
    assert sum(bottom <= 768 for bottom in bottoms) >= 15


def test_without_scripts_one_may_still_search_filter_turn_pages_and_save(
    browser: Browser, live_server: str, cookies_of: Callable[[str], Any], schools: dict[str, int]
) -> None:
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    context.set_default_timeout(30_000)
    context.add_cookies(cookies_of("clerk"))
    page = context.new_page()
    page.goto(ORGANISATIONS)
    page.get_by_role("link", name="Дальше").click()
    assert page.locator("tbody tr").count() == 25
    page.fill("#q", "гимназия хислав")
    page.get_by_role("button", name="Найти").click()
    assert page.locator("tbody tr").count() == 1
    page.goto(f"{ORGANISATIONS}{schools['school-1']}/edit")
    page.fill("#phone_ext", "15")
    page.get_by_role("button", name="Сохранить").click()
    assert "Сохранено" in page.get_by_role("status").inner_text()
    context.close()


def test_what_a_page_costs_stays_small(
    person: Person, cookies_of: Callable[[str], Any], schools: dict[str, int]
) -> None:
    sizes: list[int] = []
    person.page.context.add_cookies(cookies_of("operator"))
    person.page.on("response", lambda answer: sizes.append(int(answer.headers["content-length"])))
    person.open(f"{ORGANISATIONS}{schools['school-1']}/edit")
    assert len(sizes) <= 12, "few requests"
    assert sizes[0] <= 70_000, "the form itself"

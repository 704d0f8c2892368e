"""A person at the browser: signs in, walks by keyboard, reads what stands on the page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Response

ORGANISATIONS = "/registry/organisation/"
MOST_TABS = 120


@dataclass(frozen=True)
class Person:
    """Somebody with a tab of a real browser."""

    page: Page

    def sign_in(self, login: str) -> None:
        """By keyboard, through the sign-in page, which may stand in place of another."""
        if not self.page.locator("#username").count():
            self.page.goto("/login/")
        self.page.focus("#username")
        self.press("Control+A")
        self.page.keyboard.type(login)
        self.press("Tab")
        self.page.keyboard.type(os.environ["PORTAL_DEMO_PASSWORD"])
        self.go("Enter")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, key: str) -> Response:
        """Press a key that leads to another page and wait for it."""
        return self.go_by(lambda: self.press(key))

    def go_by(self, act: Callable[[], None]) -> Response:
        """Do what leads to another page and wait for it."""
        with (
            self.page.expect_event("domcontentloaded"),
            self.page.expect_response(_is_page) as answered,
        ):
            act()
        return answered.value

    def save(self) -> Response:
        """Ctrl+S, as the hand does it."""
        return self.go("Control+S")

    def open(self, path: str) -> Response:
        """Type an address."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer

    def tab_to(self, selector: str) -> None:
        """Press Tab until the cursor is there; fails when Tab never gets there."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            if self.has_focus(selector):
                return
        raise AssertionError(f"Tab never reaches {selector}")

    def retype(self, text: str) -> None:
        """Replace what stands in the input with the cursor, key by key."""
        self.press("Control+A", "Delete")
        self.page.keyboard.type(text)

    def write(self, name: str, text: str) -> None:
        """Go to an input of a form and type over it."""
        self.page.focus(f"#{name}")
        self.retype(text)

    def pick(self, name: str, typed: str, words: str) -> None:
        """Choose a row of another record by typing a part of its name."""
        self.page.focus(f"#{name}-ts-control")
        self.page.keyboard.type(typed)
        self.page.get_by_role("option", name=words).wait_for()
        self.press("Enter")

    def has_focus(self, selector: str) -> bool:
        return bool(
            self.page.evaluate("selector => document.activeElement?.matches(selector)", selector)
        )

    def await_focus(self, selector: str) -> None:
        """See the cursor there; the browser may place it a moment after the page stands."""
        self.page.wait_for_function("it => document.activeElement?.matches(it)", arg=selector)

    @property
    def path(self) -> str:
        """Where the person is."""
        return urlsplit(self.page.url).path

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def value(self, name: str) -> str:
        """What stands in an input."""
        return self.page.locator(f"#{name}").input_value()

    def fact(self, label: str) -> str:
        """What the page of a record says of a field."""
        entry = self.page.locator("dl.facts > div").filter(
            has=self.page.locator("dt", has_text=label)
        )
        return entry.first.locator("dd").inner_text()

    def token(self) -> str:
        """The token against forgery of the page that is open."""
        return self.page.locator("input[name=csrf_token]").first.input_value()

    def error_of(self, name: str) -> str:
        return self.page.locator(f"#{name}-error").inner_text()


def _is_page(answer: Response) -> bool:
    """Whether it is the page itself, after any redirect."""
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400

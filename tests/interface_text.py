"""What a person reads or hears on a page: texts, and the attributes that are shown or spoken."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Numbers of registers and parts of streets that are Russian letters in every language.
SAMPLES = re.compile("[АЛ]0[0-9]{2}-|[0-9](нч|ч|А)\\b|\\b(нч|ч) (?=is)|«Школа[^»]*»|“Школа[^”]*”")
SPOKEN = {
    "title", "placeholder", "aria-label", "alt", "data-label", "data-name", "data-placeholder",
    "data-none", "data-loading", "data-clear", "data-hide", "data-confirm", "data-confirm-yes",
    "data-recent", "data-acts", "data-every", "data-some", "data-lost", "data-act", "data-said",
    "data-full",
}  # fmt: skip
SILENT = {"script", "style"}
TYPED = {"textarea"}  # what a person has typed, not what the portal says
VOID = {"meta", "link", "input", "br", "hr", "img", "use"}


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        named = tag == "button" and "lang" in given  # a language, written in that language
        self.found += [value for name, value in attrs if name in SPOKEN and value and not named]
        if tag not in VOID:
            self._open.append((tag, given.get("lang") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        silent = any(tag in SILENT | TYPED for tag, _ in self._open)
        # The name of a language is written in that language.
        foreign = any(lang for tag, lang in self._open if tag == "button")
        if data.strip() and not silent and not foreign:
            self.found.append(" ".join(data.split(" ")).strip())


def interface_text(page: str) -> list[str]:
    """Texts and spoken attributes of a page, without names of languages."""
    return _Reader(page).found

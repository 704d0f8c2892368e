"""The values which a browser would send with a form."""

from __future__ import annotations

from html.parser import HTMLParser

UNSENT = {"submit", "button", "reset", "image", "file"}
TICKED = {"checkbox", "radio"}


class _Reader(HTMLParser):
    """Collects inputs, text areas and what is chosen in selects."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._textarea = ""
        self._untouched = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        name = found.get("name", "")
        if tag == "select" and "multiple" not in found:
            self._select, self._untouched = name, True
        elif tag == "option" and self._select:
            self._option(found)
        elif tag == "textarea" and name:
            self._textarea, self.values[name] = name, ""
        elif tag == "input" and name and _sent(found):
            self.values[name] = found.get("value", "")

    def _option(self, found: dict[str, str]) -> None:
        """A list of one line sends its first option where none is marked as chosen."""
        if self._untouched or "selected" in found:
            self.values[self._select] = found.get("value", "")
        self._untouched = False

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def _sent(found: dict[str, str]) -> bool:
    kind = found.get("type", "text")
    return kind not in UNSENT and (kind not in TICKED or "checked" in found)


def form_with(text: str, name: str) -> dict[str, str]:
    """The values of the form that has this input, without the other forms of the page."""
    for part in text.split("<form")[1:]:
        inside = part.partition("</form")[0]
        if f'name="{name}"' in inside:
            return _Reader("<form" + inside).values
    message = f"no form with {name}"
    raise LookupError(message)

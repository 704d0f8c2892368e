"""What a parsing process says, checked: it may have been turned by the file it reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.imports.xml_records import LONGEST_TEXT
from app.kernel.sentences import packed, unpacked

if TYPE_CHECKING:
    from app.kernel.errors import Message

MOST_VALUES = 12  # that fill one sentence
LONGEST_SENTENCE = 1000
_PLACES = re.compile(r"%\([a-z_]+\)s|%%")
_CONTROL = re.compile(r"[\x00\ud800-\udfff]")


class Malformed(ValueError):
    """What was received is nothing that the program sends."""


def sentence(text: Any, values: Any) -> Message:
    """Give the sentence of a stranger, if it can be shown safely.

    Raises:
        Malformed: it cannot be filled in, or is too long.
    """
    if len(text_of(text)) > LONGEST_SENTENCE or not 0 <= len(values) <= MOST_VALUES:
        raise Malformed
    if values and "%" in _PLACES.sub("", text):
        raise Malformed
    message = unpacked(text, {text_of(name): _filling(value) for name, value in values.items()})
    if len(str(message)) > LONGEST_TEXT:
        raise Malformed
    return message


def _filling(value: Any) -> Any:
    """Give what fills a place: a text, a number, or a sentence that is checked likewise."""
    if isinstance(value, dict):
        inner = sentence(value["message"], value["values"])
        return {"message": inner.text, "values": packed(inner)}
    return text_of(value) if isinstance(value, str) else number_of(value)


def text_of(value: Any) -> str:
    """Give a text that the database can hold; raises ``Malformed`` for anything else."""
    if type(value) is not str or len(value) > LONGEST_TEXT or _CONTROL.search(value):
        raise Malformed
    return value


def number_of(value: Any) -> int:
    """Give a number of lines or the like; raises ``Malformed`` for anything else."""
    if type(value) is not int or not 0 <= value < 1 << 40:
        raise Malformed
    return value

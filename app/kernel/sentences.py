"""Sentences for people as JSON, so that they can be stored and translated when they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kernel.errors import Label, Labels, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN = (str, int, float, bool, type(None))


def packed(message: Message) -> dict[str, Any]:
    """What fills the places of a sentence, as JSON values; the text itself is stored beside."""
    return {name: _pack(value) for name, value in message.values.items()}


def unpacked(text: str, values: Mapping[str, Any]) -> Message:
    """The sentence again."""
    return Message(text, **{name: _unpack(value) for name, value in values.items()})


def _pack(value: object) -> Any:
    if isinstance(value, Message):
        return {"message": value.text, "values": packed(value)}
    if isinstance(value, Label):
        return {"labels": [[value.record, value.text]]}
    if isinstance(value, Labels):
        return {"labels": [[one.record, one.text] for one in value]}
    return value if isinstance(value, PLAIN) else str(value)


def _unpack(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    if "message" in value:
        return unpacked(value["message"], value["values"])
    return Labels(Label(*pair) for pair in value["labels"])

"""Dirty values of other registers: mended where that is certain, else told about, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from app.kernel import contacts
from app.kernel.errors import Invalid, Message
from app.kernel.kinds import EMAIL, PHONES, TEXT, URL, YES_NO
from app.kernel.text import clean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.imports.xml_records import Node
    from app.kernel.kinds import Kind

_NOTHING = re.compile(r"[-_.\s]*|(нет|отсутствует|не имеется|нет данных)\.?", re.IGNORECASE)
_DASHES = re.compile(r"[-\s]*")
_BETWEEN_PHONES = re.compile(r"[;,/\n]|\sи\s")
_PHONE_WORDS = re.compile(r"\b(?:тел(?:ефон)?|факс|т|ф)\b[.:/]*", re.IGNORECASE)
_EXTENSION = re.compile(r"[,\s(]*\bдоб(?:авочный)?\b[.:\s]*([0-9]{1,6})\)?", re.IGNORECASE)
# What the normal form leaves as it is, which most values are: told apart because it is faster.
_SAFE = r"""[0-9A-Za-zА-Яа-яЁё.,:;()"'«»№/@!?+*&%=_-]+"""
_PLAIN = re.compile(f"{_SAFE}(?: {_SAFE})*")
_BETWEEN_SITES = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that was mended with loss or not taken, for the person who loads the file.

    ``certificate`` is its number in the register, ``line`` the line of the file, ``element`` the
    element of the file that holds the value, ``field`` the Russian name of the value.
    """

    certificate: str
    line: int
    element: str
    field: str
    why: Message
    value: str


class Read(NamedTuple):
    """What was understood: the value to store and the doubts about it."""

    value: Any
    doubts: tuple[Message, ...] = ()


def visible(text: str) -> str:
    """Give one line in normal form, whatever control or invisible characters it came with."""
    if _PLAIN.fullmatch(text):
        return text
    if not text or text.isspace():
        return ""
    if not text.isprintable():
        text = "".join(
            char for char in text if char.isspace() or unicodedata.category(char) != "Cc"
        )
    return clean(text)


def is_nothing(text: str) -> bool:
    """Whether the text says that there is no value: blank, dashes, «нет», «отсутствует»."""
    return _NOTHING.fullmatch(text) is not None


def is_blank(text: str) -> bool:
    """Whether a flag is not given at all; «нет» is a flag."""
    return _DASHES.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Column:
    """An element of the file and the attribute it goes to; ``read`` raises ``Invalid``."""

    tag: str
    name: str
    label: str
    read: Callable[[str], Read]
    blank: Callable[[str], bool] = is_nothing


def line(length: int) -> Callable[[str], Read]:
    """Give a reader of one line that cuts what is longer than ``length`` and says so."""

    def read(text: str) -> Read:
        if len(text) <= length:
            return Read(text)
        doubt = Message("знаков больше, чем помещается (%(limit)s): сохранено начало", limit=length)
        return Read(text[:length].rstrip(), (doubt,))

    return read


def note(text: str) -> Read:
    """Read a text of any length a note may have."""
    return Read(TEXT.parse(text))


def checked(kind: Kind, *, doubtful: bool = False) -> Callable[[str], Read]:
    """Give a reader that trusts a kind; with ``doubtful`` the kind's doubts are told as well."""

    def read(text: str) -> Read:
        value = kind.parse(text)
        doubt = kind.warn(value) if doubtful else None
        return Read(value, (doubt,) if doubt else ())

    return read


def lenient(kind: Kind, length: int) -> Callable[[str], Read]:
    """Give a reader that keeps a text the kind refuses or doubts, and says why."""
    plain = checked(kind, doubtful=True)

    def read(text: str) -> Read:
        try:
            return plain(text)
        except Invalid as fault:
            return Read(text[:length].rstrip(), (fault.message,))

    return read


def digits(kind: Kind) -> Callable[[str], Read]:
    """Give a reader of a number that drops everything but digits and Latin capitals."""
    return lambda text: Read(kind.parse(re.sub(r"[^0-9A-Z]", "", text.upper()) or text))


def flag(text: str) -> Read:
    """Read 1 and 0, true and false, «да» and «нет»."""
    return Read(YES_NO.parse(text))


def refusal(text: str) -> Read:
    """Read the flag of the file that says 0 where something is accredited and 1 where refused."""
    return Read(not YES_NO.parse(text))


def email(text: str) -> Read:
    """Read the first right address of one or several."""
    return _first(text, EMAIL.parse, _BETWEEN_SITES)


def site(text: str) -> Read:
    """Read the first right site of one or several; a missing scheme is http."""
    return _first(text, _site, _BETWEEN_SITES)


def numbers(text: str) -> Read:
    """Read several phone numbers into one text; what is not a number becomes a doubt."""
    found, doubts = _phones(_EXTENSION.sub("", text))
    if not found:
        raise Invalid(doubts[0])
    return Read(PHONES.parse(";".join(found)), tuple(doubts))


def phones(text: str) -> dict[str, Read]:
    """Read «8(48242)3-32-86, 8-920-681-58-82 доб. 2» into phone, further phones and extension.

    The first right number is the phone. An extension belongs to a single number only. Attributes
    that nothing was understood for are absent; doubts stand with the first one that is there.
    """
    extension = _EXTENSION.search(text)
    found, doubts = _phones(_EXTENSION.sub("", text))
    if not found:
        raise Invalid(doubts[0])
    read = {"phone": Read(found[0], tuple(doubts))}
    if len(found) > 1:
        read["phone_extra"] = Read(PHONES.parse(";".join(found[1:])))
    if extension and len(found) == 1:
        read["phone_ext"] = Read(extension[1])
    elif extension:
        doubt = Message("неясно, к какому номеру относится добавочный %(ext)s", ext=extension[1])
        read["phone"] = Read(found[0], (*doubts, doubt))
    return read


def read_columns(
    node: Node, columns: Iterable[Column], tell: Callable[[Column, Message, str], None]
) -> dict[str, Any]:
    """Read the elements of a node.

    A value that is nothing is None; one that cannot be understood is absent and told about, so
    that it never wipes out what is known already.
    """
    values: dict[str, Any] = {}
    texts = node.texts
    for column in columns:
        text = visible(texts[column.tag]) if column.tag in texts else ""
        if not text or column.blank(text):
            values[column.name] = None
            continue
        try:
            read = column.read(text)
        except Invalid as fault:
            tell(column, fault.message, text)
            continue
        values[column.name] = read.value
        for doubt in read.doubts:
            tell(column, doubt, text)
    return values


def _phones(text: str) -> tuple[list[str], list[Message]]:
    found: dict[str, None] = {}
    doubts: list[Message] = []
    for part in _BETWEEN_PHONES.split(_PHONE_WORDS.sub("", text)):
        if is_nothing(part):
            continue
        try:
            found[contacts.phone(part)] = None
        except Invalid:
            doubts.append(Message("«%(it)s» — не номер с кодом", it=quoted(part.strip())))
    if not found and not doubts:
        doubts.append(Message("в значении нет номера"))
    return list(found), doubts


def _site(text: str) -> str:
    address = text if "://" in text else f"http://{text}"
    return str(URL.parse(address))


def _first(text: str, parse: Callable[[str], str], between: re.Pattern[str]) -> Read:
    """Read the first right part; the text as a whole is the fault when no part is right."""
    parts = [part for part in between.split(text) if not is_nothing(part)]
    right: list[str] = []
    doubts: list[Message] = []
    for part in parts:
        try:
            right.append(parse(part))
        except Invalid as fault:
            doubts.append(fault.message)
    if not right:
        raise Invalid(doubts[0] if len(parts) == 1 else Message("ничего не удалось понять"))
    unkept = [
        Message("сохранён только первый адрес, не «%(it)s»", it=quoted(it)) for it in right[1:]
    ]
    return Read(right[0], (*doubts, *unkept))

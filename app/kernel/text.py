"""Normal form of what people type, paste and import (before any other check)."""

from __future__ import annotations

import re
import unicodedata

from app.kernel.errors import Invalid, Message

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_SPACES = re.compile(r"\s+")
_GAPS = re.compile(r"[\s-]+")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_LOOKALIKES = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
_LONGEST_QUOTE = 60


def clean(text: str) -> str:
    """Give one line in normal form: NFKC, plain spaces and dashes, no space at the ends.

    The number sign «№» is kept, which NFKC would turn into "No". Invisible marks that come with
    pasted text (zero width, soft hyphen) are dropped. Raises ``Invalid`` for control characters.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return _SPACES.sub(" ", _compatible(text).translate(_DASHES)).strip()


def clean_lines(text: str) -> str:
    """Give a longer text in normal form: as ``clean``, but lines and dashes are kept."""
    lines = _compatible(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(re.sub(r"[^\S\n]+", " ", line).strip() for line in lines).strip()


def compact(text: str) -> str:
    """Give a cleaned text without spaces and dashes, as numbers are compared."""
    return _GAPS.sub("", clean(text))


def key(text: str) -> str:
    """Give a text as it is compared with others: lower case, ё as е, plain spaces."""
    return clean(text).casefold().replace("ё", "е")


def quoted(text: str) -> str:
    """Give a typed text short enough to be repeated in a sentence."""
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def limited(text: str, length: int) -> str:
    """Give the text back if it has at most ``length`` characters, else raise ``Invalid``."""
    if len(text) <= length:
        return text
    raise Invalid(
        "Слишком длинный текст. Введено знаков: %(typed)s, допустимо: %(limit)s. Сократите его.",
        typed=len(text),
        limit=length,
    )


def mixed_words(text: str) -> tuple[str, ...]:
    """Give the words in which Russian and Latin letters are mixed."""
    words = _WORD.findall(text)
    return tuple(word for word in words if _LATIN.search(word) and _CYRILLIC.search(word))


def unmixed(word: str) -> str | None:
    """Give a mixed word in Russian letters only, or nothing if a letter has no Russian double."""
    russian = word.translate(_LOOKALIKES)
    return None if _LATIN.search(russian) else russian


def mixture(text: str) -> Message | None:
    """Give the sentence about the first word of mixed alphabets, with the mend if there is one."""
    for word in mixed_words(text):
        russian = unmixed(word)
        if russian is None:
            return Message(
                "В слове «%(word)s» смешаны русские и латинские буквы. "
                "Наберите его в одной раскладке.",
                word=quoted(word),
            )
        return Message(
            "В слове «%(word)s» смешаны русские и латинские буквы. "
            "Наберите его по-русски: %(offer)s.",
            word=quoted(word),
            offer=quoted(russian),
        )
    return None


def _compatible(text: str) -> str:
    whole = text
    if not unicodedata.is_normalized("NFKC", text):
        whole = "№".join(unicodedata.normalize("NFKC", part) for part in text.split("№"))
    return whole if whole.isprintable() else "".join(map(_visible, whole))


def _visible(char: str) -> str:
    """Drop invisible marks, let white space pass, refuse what no text may hold."""
    kind = unicodedata.category(char)
    if kind == "Cf":
        return ""
    if kind == "Cs" or (kind == "Cc" and not char.isspace()):
        raise Invalid(
            "В тексте есть недопустимый знак (%(code)s). Удалите его или наберите текст заново.",
            code=f"U+{ord(char):04X}",
        )
    return char

"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
_MOST = 3_000  # pieces compared one by one; the work grows with their square


class Piece(NamedTuple):
    """A run of a text; ``changed``: the other text does not have it."""

    text: str
    changed: bool


def word_diff(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in runs, each marked by whether the other one lacks it.

    Nothing is marked where the texts have no word in common: then all of it is new. What begins
    and ends alike is left out of the comparison; very long texts are marked from the first
    difference to the last.
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if not ({p for p in old if p.isalnum()} & {p for p in new if p.isalnum()}):
        return (Piece(before, changed=False),), (Piece(after, changed=False),)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    parts = list(_compared(was, now))
    first = ("".join(old[:head]), "".join(old[:head]), False)
    last = ("".join(old[len(old) - tail :]), "".join(new[len(new) - tail :]), False)
    whole = [first, *parts, last]
    return (
        _joined((text, changed) for text, _other, changed in whole),
        _joined((text, changed) for _other, text, changed in whole),
    )


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces both begin with."""
    number = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        number += 1
    return number


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[str, str, bool]]:
    if len(old) + len(new) > _MOST:
        yield "".join(old), "".join(new), True
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield "".join(old[a:b]), "".join(new[c:d]), tag != "equal"


def _joined(parts: Iterable[tuple[str, bool]]) -> tuple[Piece, ...]:
    """The parts that have a text; a blank between two changed ones belongs to them."""
    found: list[Piece] = []
    given = [Piece(text, changed) for text, changed in parts if text]
    for at, piece in enumerate(given):
        between = 0 < at < len(given) - 1 and given[at - 1].changed and given[at + 1].changed
        changed = piece.changed or (between and not piece.text.strip())
        if found and found[-1].changed == changed:
            found[-1] = Piece(found[-1].text + piece.text, changed)
        else:
            found.append(Piece(piece.text, changed))
    return tuple(found)

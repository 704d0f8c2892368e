"""Pieces of a row that its steps are taken for one by one, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PortionLine:
    """Whom a line is about, the way to it, what will be written; ``wrong``: that cannot be."""

    name: str
    href: str
    words: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class PortionRow:
    """A piece: its state in words and tone, how many lines, what stands in the way.

    ``offered``: the step may be taken for it; ``picked``: it will be, unless the tick is removed.
    """

    key: str
    title: str
    words: str
    tone: str
    number: int
    problems: tuple[str, ...] = ()
    lines: tuple[PortionLine, ...] = ()
    batch_href: str = ""
    offered: bool = False
    picked: bool = False

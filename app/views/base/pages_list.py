"""What the tools of a list show: the bar of chosen rows and what may be done with them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the selection bar: it posts ``scope``, ``ids`` and ``query`` to the address.

    ``tone`` is one of ``primary``, ``plain``, ``danger``; ``download``: the answer is a file.
    """

    label: str
    href: str
    icon: str = ""
    tone: str = "plain"
    download: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The bar of chosen rows; ``all_label`` is empty where the page shows every row there is."""

    query: str  # the parameters of the list, for actions on all that it finds
    filter: str  # the part of them that decides which rows there are
    all_label: str
    all_said: str
    actions: tuple[Action, ...]

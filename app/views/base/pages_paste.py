"""What the page of pasted rows shows beside a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.views.base.pages_form import FormPage

if TYPE_CHECKING:
    from app.views.base.pages import Option


@dataclass(frozen=True, slots=True)
class PasteCell:
    """One input of a row with what is wrong with it."""

    name: str
    label: str
    value: str
    error: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class PasteRow:
    """A row of the sheet; ``anyway``: the input that lets somebody in who is there already."""

    number: int
    cells: tuple[PasteCell, ...]
    errors: tuple[str, ...] = ()
    anyway: str = ""
    ticked: bool = False
    gone: str = ""  # the input that leaves the row out


@dataclass(frozen=True, slots=True)
class PastePage(FormPage):
    """A form of what is common, the place to paste into or the rows."""

    form_href: str = ""
    pasted: str = ""
    refused: str = ""
    load_href: str = ""  # where a longer table is loaded
    heads: tuple[str, ...] = ()
    rows: tuple[PasteRow, ...] = ()
    good: int = 0
    bad: int = 0
    looked: bool = False

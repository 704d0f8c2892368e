"""What a form shows: frozen values handed to its template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Link, Option
    from app.views.base.pages_portions import PortionRow


@dataclass(frozen=True, slots=True)
class FormField:
    """One input with everything typed still in it."""

    id: str
    name: str
    label: str
    widget: str  # text, textarea, date, datetime, time, number, yesno, choice, relation
    value: str = ""
    value_label: str = ""  # relation: words of the picked row
    needed: bool = False  # asked by law
    required: bool = False  # the row cannot exist without it
    error: str = ""
    warning: str = ""
    help: str = ""
    why: str = ""  # "п. 3.02 «Телефон» — при наличии изменений"
    width: int = 4
    mask: str = ""
    inputmode: str = ""
    maxlength: int = 0
    options: tuple[Option, ...] = ()
    picker_href: str = ""
    locked: str = ""  # why this field cannot be changed here; the value is shown as text
    asked: bool = False  # a change of it becomes a request
    decided_by: str = ""  # who decides that, where it is said
    waits_href: str = ""  # the open request a locked field stands in
    href: str = ""  # where the present file is
    accept: str = ""  # endings of files that are taken, for the browser's dialogue
    largest: int = 0  # bytes of a file
    theirs: str | None = None  # after a conflict: what somebody else saved meanwhile
    theirs_label: str = ""  # words of ``theirs`` where it is a picked row


@dataclass(frozen=True, slots=True)
class FormSection:
    """A titled group of inputs with its counts for the side index."""

    id: str
    title: str
    fields: tuple[FormField, ...]
    filled: int = 0
    total: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft: when it was kept, where it is continued (nowhere any more, if empty), its form."""

    id: int
    when: str
    href: str
    form: str = ""
    words: str = ""  # the row the form is about


@dataclass(frozen=True, slots=True)
class DraftsPage:
    """A person's drafts, newest first."""

    drafts: tuple[DraftLine, ...]


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form for adding or changing one record."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    back_href: str
    sections: tuple[FormSection, ...]
    version: int = 0
    adding: bool = False
    multipart: bool = False
    errors: tuple[tuple[str, str, str], ...] = ()  # (input id, label, sentence)
    notice: str = ""  # general error or conflict in a sentence
    conflict: str = ""  # who saved meanwhile and when
    key: str = ""  # of this opened form
    keep_href: str = ""  # POST: keeps a draft of it
    draft: int = 0  # the number of the draft it continues
    draft_at: str = ""
    whole: bool = False  # a draft keeps all inputs, not only those that differ from the page
    unsaved: bool = False  # what stands in it as it opens is saved nowhere
    drafts: tuple[DraftLine, ...] = ()  # what could be continued instead
    lead: str = ""  # what the form is for, where it does not save at once
    save_label: str = ""  # of its button, where it is another
    beside: tuple[tuple[str, str], ...] = ()  # what was said of the request, to be shown again
    paste_href: str = ""  # where rows of a sheet are pasted instead
    portions: tuple[PortionRow, ...] = ()  # pieces of the row that the step may be taken for
    alike_href: str = ""  # POST: who is like the person that is typed
    returned: tuple[str, str, str] | None = None  # a value of the past: input id, label, sentence

"""What a form says of requests: which inputs go to one, why the office changes what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.security.roles import RoleCode
from app.services.actualising import BASIS
from app.views.base.fill import EFFECTIVE, EVIDENCE, REASON, Filled
from app.views.base.guard import identity
from app.views.base.pages_form import FormField, FormSection
from app.views.base.term_words import usual_term
from app.views.base.words import say

if TYPE_CHECKING:
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.views.base.forming import Draft


def lead(draft: Draft, sections: tuple[FormSection, ...]) -> str:
    """Which inputs are saved at once and which become a request, where there are both."""
    if draft.narrow or not any(f.asked for s in sections for f in s.fields):
        return ""
    return _(
        "Поля с пометкой «через запрос» меняет оператор, обычно за %(term)s; "
        "остальные сохраняются сразу. Перед сохранением покажем, что куда пойдёт.",
        term=usual_term(),
    )


def decided_by(record: type[Record], field: Field) -> str:
    """Who decides a request about the field, where that is not any of those who decide."""
    reviewer = identity().reviewer(record.__tablename__, field.name)
    return _("решает министерство") if reviewer is RoleCode.DEPARTMENT else ""


def beside(filled: Filled) -> tuple[tuple[str, str], ...]:
    """What was typed of a request before the form came back; the next page shows it again."""
    kept = (REASON, EFFECTIVE, EVIDENCE)
    return tuple((name, text) for name in kept for text in filled.beside.get(name, ()) if text)


def basis(draft: Draft) -> FormSection:
    """Why the office changes what somebody has asked about: told to the author of the request."""
    filled = draft.filled or Filled()
    error = filled.errors.get(BASIS)
    typed = filled.beside.get(BASIS, [""])[-1]
    own = FormField(
        id="request-basis",
        name=BASIS,
        label=_("Почему меняете"),
        widget="textarea",
        value=typed,
        width=12,
        help=_("Нужно, если меняете то, о чём ждёт запрос: автор увидит это основание."),
        error=say(error) if error else "",
    )
    return FormSection("basis", _("Основание"), (own,), int(bool(typed)), 1, int(bool(error)))

"""The words of a letter: number, state and organisation of each request, and where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import pgettext

from app.kernel.clock import local
from app.models.registry_requests import REQUEST_FLOW
from app.services.letters import MOST_LINES
from app.services.notices import sentence

if TYPE_CHECKING:
    from app.services.letters import Line, Post

MOMENT = "%d.%m.%Y %H:%M"


def written(post: Post, address: str) -> tuple[str, str]:
    """Subject and text in the language in force.

    ``address``: where people open the portal, without a slash at the end.
    """
    lines = post.lines
    parts = [_("Здравствуйте!"), *(_told(line, address) for line in lines[:MOST_LINES])]
    if len(lines) > MOST_LINES:
        parts.append(_("И ещё уведомлений: %(number)s.", number=len(lines) - MOST_LINES))
    parts += [
        _("Все уведомления: %(address)s", address=f"{address}/notices/"),
        _("Там же можно выбрать, когда присылать такие письма, и отказаться от них.")
        + "\n"
        + _("Отвечать на это письмо не нужно: его составил портал."),
    ]
    return _subject(lines), "\n\n".join(parts) + "\n"


def _subject(lines: tuple[Line, ...]) -> str:
    if len(lines) == 1:
        return _said(lines[0])
    return str(_("Новых уведомлений о запросах: %(number)s", number=len(lines)))


def _told(line: Line, address: str) -> str:
    state = pgettext(REQUEST_FLOW.name, REQUEST_FLOW.state(line.state).title)
    place = " · ".join(filter(None, (line.organisation, state, local(line.at).strftime(MOMENT))))
    return f"{_said(line)}\n{place}\n{address}/requests/{line.number}"


def _said(line: Line) -> str:
    message = sentence(line.action, line.state, line.number)
    return str(_(message.text, **message.values))

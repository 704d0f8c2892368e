"""The queue of requests in words: rows, tabs, filters, the way on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.kinds.numbers import grouped
from app.services.request_queue import PAGE, Listed
from app.views.base.pages import Link
from app.views.base.pages_requests import RequestRow, RequestsPage
from app.views.base.queue_ask import AT_ONCE, DONE, HOME, QueueAsked, chips_of, filters_of
from app.views.base.request_words import due_cell, standing, what_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.request_sieve import Tally


def queue_page(
    asked: QueueAsked, found: Sequence[Listed], counted: Tally, *, office: bool
) -> RequestsPage:
    """A page of a list; ``found`` is a page and one more, ``office``: whoever reads decides."""
    shown = found[:PAGE]
    waiting = _("Ждут решения") if office else _("Открытые")
    if not asked.done and asked.wide:
        waiting = f"{waiting} {grouped(counted.all)}"
    return RequestsPage(
        rows=tuple(_row(one) for one in shown),
        tabs=((waiting, HOME, not asked.done), (_("Решённые"), f"{HOME}?state={DONE}", asked.done)),
        filters=filters_of(asked, counted),
        chips=chips_of(asked),
        reset_href=f"{HOME}?state={DONE}" if asked.done else HOME,
        next_href=_further(asked, shown[-1]) if len(found) > PAGE else "",
        office=office,
        at_once=_at_once(asked) if office and shown else None,
    )


def _row(one: Listed) -> RequestRow:
    request = one.request
    return RequestRow(
        request.id,
        f"{HOME}{request.id}",
        one.organisation or f"№\u00a0{request.organisation_id}",
        what_of(request, ends=one.ends),
        standing(request),
        due_cell(request.due_on, request.state),
        (one.author or "").strip() or _("Система"),
        (one.assignee or "").strip(),
    )


def _further(asked: QueueAsked, last: Listed) -> str:
    request = last.request
    if asked.done:
        return asked.address(before=str(request.id))
    return asked.address(after=f"{request.due_on or dt.date.max}.{request.id}")


def _at_once(asked: QueueAsked) -> Link | None:
    """The page that decides all who ask for one field; whole rows are looked at by themselves."""
    only = asked.sieve.asked
    if asked.done or only is None or only.whole:
        return None
    return Link(_("Решить сразу"), asked.address().replace(HOME, AT_ONCE, 1), "check")

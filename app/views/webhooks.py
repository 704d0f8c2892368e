"""The page of subscriptions to the feed of changes: other systems that events are sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import record_named, records
from app.kernel.errors import Invalid, Missing, Refused
from app.kernel.kinds.numbers import grouped
from app.kernel.posting import Rules
from app.kernel.rights import READ
from app.security.roles import RoleCode
from app.services import webhooks
from app.services.past import user_names
from app.views.base.drafting import moment
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.numbers import known_id
from app.views.base.pages_webhooks import Act, RecordChoice, WebhookCard, WebhooksPage
from app.views.base.shell import render
from app.views.base.words import label, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from werkzeug.wrappers import Response

    from app.models.webhooks import Webhook

HOME = "/webhooks/"
STATES = {
    webhooks.ACTIVE: ("Отправляется", "ok"),
    webhooks.STOPPED: ("Остановлена", "off"),
    webhooks.FAILED: ("Не доставляется: приостановлена", "bad"),
}
DONE = {
    "go-on": "Отправка продолжится с того места, где остановилась.",
    "from-now": "Отправка начнётся с этой минуты; пропущенное не отправится.",
    "stop": "Подписка остановлена. Место, где она остановилась, запомнено.",
    "drop": "Подписка удалена.",
}


class WebhooksView(Pages):
    """Subscriptions, which are the operator's to order. The database keeps it so."""

    route_base = "/webhooks"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """All subscriptions, how they go, the form of a new one."""
        _operator()
        return render("webhooks.html", _page())

    @route("/", needs=SIGNED_IN, methods=("POST",))
    def add(self) -> tuple[str, int]:
        """A new subscription; its secret is on the answer and nowhere afterwards."""
        _operator()
        person, settings = identity(), current_app.config
        url, chosen = request.form.get("url", "").strip(), request.form.getlist("record")
        if not set(chosen) <= {name for name, _label in _readable()}:
            raise Missing("Таких записей нет.")
        rules = Rules(settings["WEBHOOK_HTTP"], settings["WEBHOOK_PRIVATE"])
        try:
            made = webhooks.add(db.session(), url, chosen, person.user_id, rules)
        except Invalid as error:
            db.session.rollback()
            return render("webhooks.html", _page(chosen, url=url, error=say(error))), 422
        return render("webhooks.html", _page(secret=made.secret)), 201

    @route("/<int:number>/<string:act>", needs=SIGNED_IN, methods=("POST",))
    def act(self, number: int, act: str) -> Response:
        """Go on, begin anew, stop, or forget a subscription."""
        _operator()
        session, ident = db.session(), known_id(number)
        if act not in DONE:
            raise Missing("Такого действия нет.")
        if act == "stop":
            webhooks.stop(session, ident)
        elif act == "drop":
            webhooks.drop(session, ident)
        else:
            webhooks.go_on(session, ident, from_now=act == "from-now")
        flash(_(DONE[act]))
        return redirect(HOME, 303)


def _operator() -> None:
    capacity = identity().capacity
    if capacity is None or capacity.role is not RoleCode.OPERATOR:
        raise Refused("Подписки других систем на изменения ведёт оператор.")


def _readable() -> Iterator[tuple[str, str]]:
    """Names and words of the records that the operator reads."""
    for record in records():
        if webhooks.sendable(record) and identity().may(READ, record.__tablename__):
            yield record.__tablename__, label(record, record.about.title_many)


def _page(
    chosen: Collection[str] = (), url: str = "", error: str = "", secret: str = ""
) -> WebhooksPage:
    hooks = webhooks.listed(db.session())
    names = user_names(db.session(), {hook.created_by for hook in hooks})
    choices = tuple(RecordChoice(name, words, name in chosen) for name, words in _readable())
    cards = tuple(_card(hook, names) for hook in hooks)
    return WebhooksPage(HOME, cards, choices, url, error, secret)


def _card(hook: Webhook, names: dict[int, str]) -> WebhookCard:
    words, tone = STATES[hook.state]
    waits = hook.state == webhooks.ACTIVE and bool(hook.failures)
    every = [record_named(name) for name in hook.records]
    who = names.get(hook.created_by or 0, _("Система"))
    return WebhookCard(
        url=hook.url,
        records=", ".join(label(r, r.about.title_many) for r in every) or _("Все записи"),
        state=_("Повторяется после ошибки") if waits else _(words),
        tone="warn" if waits else tone,
        said=_said(hook),
        answer=hook.answer or "",
        delivered=grouped(hook.delivered),
        made=f"{moment(hook.created_at)}, {who}",
        acts=tuple(_acts(hook)),
    )


def _said(hook: Webhook) -> str:
    """What happened last."""
    if hook.sent_at is None:
        return str(_("Ещё ничего не отправлялось"))
    when = moment(hook.sent_at)
    if not hook.failures:
        return str(_("Принято %(when)s", when=when))
    number = grouped(hook.failures)
    status = str(hook.status or _("нет ответа"))
    values = {"when": when, "status": status, "number": number}
    said = str(_("%(when)s: %(status)s, ошибок подряд: %(number)s", **values))
    if hook.next_at is not None and hook.state == webhooks.ACTIVE:
        said += " · " + str(_("повтор %(when)s", when=moment(hook.next_at)))
    return said


def _acts(hook: Webhook) -> Iterator[Act]:
    where = f"{HOME}{hook.id}/"
    if hook.state == webhooks.ACTIVE:
        if hook.failures:
            yield Act(f"{where}go-on", _("Повторить сейчас"), "undo")
        yield Act(f"{where}stop", _("Остановить"), "close")
        return
    yield Act(f"{where}go-on", _("Продолжить"), "check")
    ask = _("Начать с этой минуты? Изменения, которых другая система не получила, не отправятся.")
    yield Act(f"{where}from-now", _("Начать с этой минуты"), "clock", ask)
    ask = _("Удалить подписку? Новая получит другой секрет и начнётся с этой минуты.")
    yield Act(f"{where}drop", _("Удалить"), "trash", ask)

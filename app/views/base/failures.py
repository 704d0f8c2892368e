"""Every answer other than success, in words and in the frame; nothing of the inside shows."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import current_app, g, get_flashed_messages, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from psycopg.errors import (
    IdleInTransactionSessionTimeout,
    InsufficientPrivilege,
    ProgramLimitExceeded,
    QueryCanceled,
)
from sqlalchemy.exc import (
    DataError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    SecurityError,
)

from app.extensions import db
from app.kernel.catalogue import record_named
from app.kernel.errors import Conflict, Gone, Invalid, Missing, PortalError, Refused, Unavailable
from app.kernel.rights import READ
from app.services.keep import Problems
from app.views.base import addresses, returning
from app.views.base.drafting import KEEP
from app.views.base.guard import SAFE, WHOSE, needs_of, release
from app.views.base.pages import ErrorPage, Link
from app.views.base.refusals import missing_right, moment, way_back, whom_to_ask
from app.views.base.rest import failing
from app.views.base.rest import problem as rest
from app.views.base.shell import render, urls
from app.views.base.words import say

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

    from app.security.identity import Identity

log = logging.getLogger(__name__)
STATUS = {
    Invalid: 422,
    Refused: 403,
    Conflict: 409,
    Missing: 404,
    Gone: 410,
    Unavailable: 503,
}
RETRY_AFTER = "10"
TITLES = {
    400: "Запрос не понят",
    403: "Нет доступа",
    404: "Страница не найдена",
    405: "Так обратиться к странице нельзя",
    409: "Запись изменил кто-то другой",
    413: "Слишком много данных",
    422: "Не сохранено",
    429: "Слишком много запросов",
    500: "Что-то пошло не так",
    503: "Портал временно недоступен",
}
TEXTS = {
    400: "Проверьте адрес: в нём есть параметр, которого не бывает, или неверное значение.",
    403: "У ваших текущих полномочий нет такого права. Права назначает оператор АИС.",
    404: "Такой страницы нет, или она вам не видна. Вернитесь к списку и найдите запись поиском.",
    405: "Вернитесь назад и повторите действие кнопкой на странице.",
    409: "Откройте запись заново: на странице то, что сохранено сейчас.",
    413: (
        "Один файл — не больше 20 МБ. Разделите данные на части поменьше и отправьте их по очереди."
    ),
    422: "Вернитесь назад, проверьте введённое и отправьте ещё раз.",
    429: "Подождите минуту и повторите.",
    500: (
        "Ошибка записана. Вернитесь назад: набранное осталось в форме."
        " Если повторится, сообщите оператору."
    ),
    503: (
        "База данных не отвечает. Подождите минуту и обновите страницу:"
        " набранное в форме не пропадёт."
    ),
}


def install(app: Flask) -> None:
    """Give every kind of failure its page."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(PortalError, _portal)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Problems, _problems)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(InternalError, _cut_off)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(DataError, _bad_data)
    app.register_error_handler(ProgrammingError, _bad_statement)
    app.register_error_handler(InternalServerError, _late)
    app.register_error_handler(Exception, _unexpected)
    failing.install(app)


def page(code: int, text: str = "", title: str = "") -> tuple[Response | str, int]:
    """An error page with the ways out of it; to a program the problem in JSON."""
    if rest.asked():
        return rest.problem(code, text), code
    found = ErrorPage(
        code,
        title or _(TITLES.get(code, TITLES[400])),
        text or _(TEXTS.get(code, TEXTS[400])),
        _ways_out(code),
        moment(),
        way_back(),
    )
    return render("error.html", found), code


def _ways_out(code: int) -> tuple[Link, ...]:
    """Back to the record or the list that was asked about, where it may be read, and home."""
    home = Link(_("На главную"), "/", "home")
    name = needs_of(current_app, request.endpoint)[1] if request.endpoint else ""
    person: Identity | None = g.get("identity")
    if not name or person is None or not person.may(READ, name):
        return (replace(home, tone="primary"),)
    record, ident = record_named(name), (request.view_args or {}).get("ident")
    if ident is not None and code in {403, 409, 422}:
        way = Link(_("К записи"), addresses.card(record, ident), "arrow-left", "primary")
    else:
        way = Link(_("К списку"), addresses.home(record), "arrow-left", "primary")
    return way, home


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code == 401:  # noqa: PLR2004 - not signed in
        return _sign_in_first()
    if 300 <= code < 400:  # noqa: PLR2004 - a redirect of the routing
        return error
    if isinstance(error, SecurityError):
        return page(
            400,
            _("Портал открыт по адресу, которого у него нет. Проверьте адрес в строке браузера."),
            _("Неизвестный адрес портала"),
        )
    text = missing_right() if code == 403 else ""  # noqa: PLR2004 - forbidden
    found = current_app.make_response(page(code, text))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        found.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return found


def _sign_in_first() -> ResponseReturnValue:
    """Lead to the sign-in page; a posted form is carried along, so that nothing typed is lost."""
    if rest.asked():
        return page(401)
    if request.method in SAFE:
        target = request.full_path.rstrip("?")
        return redirect(f"/login/?next={_quoted(target)}" if target != "/" else "/login/")
    if request.path in {"/keepalive", KEEP}:
        return page(401, _("Сеанс закончился. Войдите снова."), _("Сеанс закончился"))
    return returning.through_the_door(session.get(WHOSE))


def _quoted(target: str) -> str:
    return quote(target, safe="")


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    log.info("forgery check refused %r: %s", request.path, error.description)
    if rest.asked():
        return page(400, _("Передайте в заголовке X-CSRFToken ключ из входа, или токен доступа."))
    if request.path != KEEP and (found := returning.another_way()) is not None:
        return found
    text = _(
        "Форма устарела или открыта с другого сайта."
        " Вернитесь назад, обновите страницу и отправьте ещё раз."
    )
    return page(400, text, _("Форма не принята"))


def _portal(error: PortalError) -> ResponseReturnValue:
    db.session.rollback()
    text = say(error)
    if isinstance(error, Refused):
        text = f"{text} {whom_to_ask()}"
    return page(status_of(error), text)


def status_of(error: PortalError) -> int:
    """The status of the error's class, or of the nearest one it is a case of."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 422)


def _unavailable(error: Unavailable) -> ResponseReturnValue:
    """The disk is full or away: nothing is saved, and the operator has to know."""
    db.session.rollback()
    log.error("storage fails at %s: %s", request.path, error.__cause__)
    answer = current_app.make_response(page(503, say(error)))
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _problems(error: Problems) -> ResponseReturnValue:
    db.session.rollback()
    if rest.asked():
        return rest.refusal(error.problems)
    return page(422, " ".join(say(problem) for problem in error.problems))


def _late(error: InternalServerError) -> ResponseReturnValue:
    """What failed after the page was made, such as the end of the transaction."""
    cause = error.original_exception
    get_flashed_messages()  # what they say has not happened
    if isinstance(cause, (OperationalError, InterfaceError, PoolTimeout)):
        return _database_away(cause)
    return _unexpected(cause if isinstance(cause, Exception) else error)


def _bad_statement(error: ProgrammingError) -> ResponseReturnValue:
    """The database itself refuses what the gate let through: the last line of defence."""
    if not isinstance(error.orig, InsufficientPrivilege):
        return _unexpected(error)
    db.session.rollback()
    log.error("the database refused a right at %s", request.path)
    return page(403)


def _bad_data(error: DataError | OperationalError) -> ResponseReturnValue:
    """A value the checks let through and the database refused."""
    db.session.rollback()
    log.warning("the database refused a value at %s: %s", request.path, type(error.orig).__name__)
    return page(
        422, _("База данных не приняла одно из значений. Проверьте их и отправьте ещё раз.")
    )


def _database_away(error: Exception) -> ResponseReturnValue:
    if isinstance(error, OperationalError) and isinstance(error.orig, ProgramLimitExceeded):
        return _bad_data(error)  # a text too long for an index
    log.error("database away at %s: %s", request.path, type(error).__name__)
    release()
    slow = isinstance(error, OperationalError) and isinstance(error.orig, QueryCanceled)
    text = _(
        "Ответ базы данных занял слишком много времени и остановлен. Уточните поиск или фильтр"
        " либо повторите позже: набранное в форме не пропадёт."
    )
    answer = current_app.make_response(plain(503, text if slow else ""))
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _cut_off(error: InternalError) -> ResponseReturnValue:
    """The database ends the connection of a request that has been silent for too long."""
    cut = isinstance(error.orig, IdleInTransactionSessionTimeout)
    return _database_away(error) if cut else _unexpected(error)


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected failure at %s", request.path, exc_info=error)
    if current_app.testing and current_app.config.get("PROPAGATE"):
        raise error
    try:
        db.session.rollback()
        return page(500)
    except Exception:  # noqa: BLE001 - the frame itself failed; words without it
        return plain(500)


def plain(code: int, text: str = "") -> tuple[Response | str, int]:
    """A page without the frame, for when the database cannot be asked."""
    if rest.asked():
        return rest.problem(code, text), code
    home = Link(_("На главную"), "/", "home")
    again = Link(_("Попробовать ещё раз"), request.full_path.rstrip("?"), "", "primary")
    ways = (again, home) if request.method in SAFE else (home,)
    found = ErrorPage(code, _(TITLES[code]), text or _(TEXTS[code]), ways, moment(), way_back())
    return render_template("error.html", page=found, shell=None, urls=urls()), code

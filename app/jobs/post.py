"""The post: letters made of notices, and sent one by one; once a minute (decree п. 5.5)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import force_locale
from procrastinate import JobContext  # noqa: TC002 - the library reads the annotation

from app.extensions import db
from app.jobs import jobs, running
from app.jobs.letter_words import written
from app.kernel import mail
from app.kernel.clock import now
from app.security.scopes import bind_scope, system_scope
from app.services import letters

if TYPE_CHECKING:
    import smtplib
    from collections.abc import Callable
    from email.headerregistry import Address

    from sqlalchemy.orm import Session

logger = logging.getLogger(__name__)
NOT_RIGHT = "PORTAL_SMTP_URL or PORTAL_MAIL_FROM is not right"


@jobs.periodic(cron="* * * * *")
@jobs.task(name="post", queueing_lock="post", pass_context=True)
def post(context: JobContext, timestamp: int) -> int:
    """Make letters of what is to be told, and send those whose turn it is.

    Args:
        context: says when the worker is asked to stop.
        timestamp: the moment of the schedule this run stands for, Unix seconds.

    Returns:
        Number of letters sent.
    """
    with running.application().app_context():
        session = db.session()
        bind_scope(session, system_scope("job"))
        try:
            _write(session)
            done = _send(session, context.should_abort)
        finally:
            running.forget_session()
    if done:
        logger.info("Sent %s letters for the schedule of %s", done, timestamp)
    return done


def _write(session: Session) -> None:
    """Make the letters; each person's notices are settled together with the letter."""
    settings = current_app.config
    while posts := letters.due(session, now(), settings["DIGEST_HOUR"]):
        for one in posts:
            if one.lines:
                with force_locale(one.language):
                    subject, body = written(one, settings["PUBLIC_URL"])
                letters.put(session, one, subject, body, sends=bool(settings["SMTP_URL"]))
        letters.settle(session, posts, now())
        db.session.commit()
    db.session.rollback()


def _send(session: Session, stopping: Callable[[], bool]) -> int:
    """Send the letters whose turn it is over one connection; gives their number.

    Where the server itself cannot be spoken to, the others are left for the next minute.
    """
    settings = current_app.config
    letters.take_back(session, now())
    db.session.commit()
    letter = _next(session) if settings["SMTP_URL"] else None
    if letter is None:
        return 0
    done = 0
    try:
        origin = mail.sender(settings["MAIL_FROM"])
        with mail.connected(mail.Server.of(settings["SMTP_URL"])) as client:
            while letter is not None:
                done += _one(session, client, letter, origin)
                letter = _next(session) if not stopping() and mail.ready(client) else None
    except (mail.Refusal, ValueError) as error:
        words = str(error) if isinstance(error, mail.Refusal) else NOT_RIGHT
        logger.warning("The mail server cannot be spoken to: %s", words)
        if letter is not None:
            letters.put_off(session, letter, words, now(), final=False)
            db.session.commit()
    return done


def _next(session: Session) -> letters.Turn | None:
    letter = letters.begin(session, now())
    db.session.commit()
    return letter


def _one(session: Session, client: smtplib.SMTP, letter: letters.Turn, origin: Address) -> int:
    """Send a letter and write down what became of it; 1 where the server took it."""

    def handing() -> None:
        letters.handing(session, letter.number, now())
        db.session.commit()

    try:
        mail.send(client, mail.compose(letter.message, origin), handing)
    except ValueError as error:
        letters.put_off(session, letter, str(error), now(), final=True)
    except mail.Refusal as error:
        letters.put_off(session, letter, str(error), now(), final=error.final)
    except mail.Unsure as error:
        letters.unsure(session, letter.number, str(error))
    else:
        letters.sent(session, letter.number, now())
        db.session.commit()
        return 1
    db.session.commit()
    return 0

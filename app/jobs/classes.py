"""The present class of learners, brought to the new day after midnight (decree п. 5.2)."""

from __future__ import annotations

import datetime as dt
import logging

from flask import current_app
from sqlalchemy import text

from app.jobs import jobs
from app.jobs.running import application
from app.kernel.clock import today

logger = logging.getLogger(__name__)
BACK = dt.timedelta(days=7)  # the portal may have stood still for as long
_ALL = text("select portal_classes_today(:since)")


@jobs.periodic(cron="5 21 * * *")
@jobs.task(name="classes", queueing_lock="classes")
def classes(timestamp: int) -> int:
    """Bring the class that is shown of learners to today.

    Args:
        timestamp: the moment of the schedule this run stands for, Unix seconds.

    Returns:
        Number of learners whose class has changed.
    """
    with application().app_context():
        number = bring_to_today()
    if number:
        logger.info("Moved %s learners for the schedule of %s", number, timestamp)
    return number


def bring_to_today() -> int:
    """The same without a worker; gives the number of learners."""
    with current_app.extensions["accounts"].system() as connection:
        return int(connection.execute(_ALL, {"since": today() - BACK}).scalar_one())

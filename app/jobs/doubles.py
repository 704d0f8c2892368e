"""Persons entered twice whom no statement could see: looked for again at night."""

from __future__ import annotations

import datetime as dt
import logging

from flask import current_app
from sqlalchemy import text

from app.jobs import jobs
from app.jobs.running import application
from app.kernel.clock import now

logger = logging.getLogger(__name__)
BACK = dt.timedelta(days=7)  # the portal may have stood still for as long
_SWEEP = text("select portal_sweep_doubles(:since)")


@jobs.periodic(cron="35 23 * * *")
@jobs.task(name="doubles", queueing_lock="doubles")
def doubles(timestamp: int) -> int:
    """Find pairs that two transactions have entered at one moment, and twins of joined persons.

    Args:
        timestamp: the moment of the schedule this run stands for, Unix seconds.

    Returns:
        Number of pairs found and rows joined.
    """
    with application().app_context():
        number = look_again()
    if number:
        logger.info("Found %s doubles for the schedule of %s", number, timestamp)
    return number


def look_again() -> int:
    """The same without a worker; gives the number of pairs found and rows joined."""
    with current_app.extensions["accounts"].system() as connection:
        return int(connection.execute(_SWEEP, {"since": now() - BACK}).scalar_one())

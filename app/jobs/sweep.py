"""Sweeping: sessions and failed sign-ins that no longer count leave the database."""

from __future__ import annotations

import logging

from procrastinate import JobContext  # noqa: TC002 - the library reads the annotation

from app.jobs import jobs

logger = logging.getLogger(__name__)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="sweep", queueing_lock="sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> int:
    """Delete the sessions whose time is over and the failed sign-ins of long ago.

    Args:
        context: gives the connection.
        timestamp: the moment of the schedule this run stands for, Unix seconds.

    Returns:
        Number of sessions deleted.
    """
    rows = await context.app.connector.execute_query_all_async(
        "DELETE FROM user_session WHERE expires_at < now() RETURNING 1 AS gone"
    )
    # Names that never existed are counted too, so that the table would grow with every attack.
    await context.app.connector.execute_query_async(
        "DELETE FROM login_throttle WHERE failed_at < now() - interval '1 day'"
        " AND coalesce(succeeded_at < now() - interval '30 days', true)"
    )
    logger.info("Swept %s sessions for the schedule of %s", len(rows), timestamp)
    return len(rows)

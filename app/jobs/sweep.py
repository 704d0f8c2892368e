"""Sweeping: sessions, failed sign-ins, drafts, keys, notices and letters of long ago."""

from __future__ import annotations

import logging

from procrastinate import JobContext  # noqa: TC002 - the library reads the annotation

from app.jobs import jobs
from config import Config

logger = logging.getLogger(__name__)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="sweep", queueing_lock="sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> int:
    """Delete sessions whose time is over and what is too old: drafts, keys, notices, letters.

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
    # A draft that crossed the saving of its form on the way is of no use either.
    await context.app.connector.execute_query_async(
        "DELETE FROM form_draft d WHERE saved_at < now() - %(days)s * interval '1 day'"
        " OR EXISTS (SELECT FROM form_sent s WHERE s.user_id = d.user_id AND s.key = d.key)",
        days=Config.DRAFT_DAYS,
    )
    await context.app.connector.execute_query_async(
        "DELETE FROM form_sent WHERE sent_at < now() - interval '1 day'"
    )
    await context.app.connector.execute_query_async(
        "DELETE FROM notice WHERE created_at < now() - %(days)s * interval '1 day'",
        days=Config.NOTICE_DAYS,
    )
    await context.app.connector.execute_query_async(
        "DELETE FROM letter WHERE created_at < now() - %(days)s * interval '1 day'",
        days=Config.LETTER_DAYS,
    )
    logger.info("Swept %s sessions for the schedule of %s", len(rows), timestamp)
    return len(rows)

"""Sweeping files: unsaved, replaced, needed no more; what stays is sealed by the present key."""

from __future__ import annotations

import asyncio
import logging
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procrastinate import JobContext  # noqa: TC002 - the library reads the annotation

from app.jobs import jobs
from app.kernel.blobs import Blobs
from app.kernel.errors import Unavailable
from config import Config

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

DAY = 24 * 60 * 60
BATCH = 500
# A backup first copies the rows and then the content: what rows of it point to must stay so long.
UNSAVED = (
    "DELETE FROM file WHERE attached_at IS NULL AND created_at < now() - interval '1 day'"
    " RETURNING id"
)
REPLACED = (
    "UPDATE file SET deleted_at = now() WHERE detached_at < now() - interval '1 day'"
    " AND deleted_at IS NULL RETURNING id"
)
ATTACHED = "SELECT DISTINCT sha256 FROM file WHERE sha256 = ANY (%(names)s) AND deleted_at IS NULL"
# A file of an import counts from its last step, and stays as long as a job waits for it.
UPLOADS = (
    "SELECT DISTINCT i.file_hash AS sha256 FROM data_import i"
    " LEFT JOIN background_job b ON b.id = i.job_id WHERE i.file_hash = ANY (%(names)s)"
    " AND (greatest(i.created_at, i.checked_at, i.applied_at) > now() - %(days)s * interval '1 day'"
    " OR b.state IN ('queued', 'running'))"
)
REPORTS = (
    "SELECT DISTINCT told.sha256 FROM data_import i"
    " CROSS JOIN LATERAL (VALUES (i.check_file), (i.report_file)) told (sha256)"
    " WHERE told.sha256 = ANY (%(names)s)"
    " AND greatest(i.created_at, i.checked_at, i.applied_at) > now() - %(days)s * interval '1 day'"
)
RESULTS = (
    "SELECT DISTINCT file_hash AS sha256 FROM background_job WHERE file_hash = ANY (%(names)s)"
    " AND finished_at > now() - %(days)s * interval '1 day'"
)
# Folder of the data directory, what of it is needed, days it is kept.
SHELVES = (
    ("files", ATTACHED, 0),
    ("uploads", UPLOADS, Config.IMPORT_DAYS),
    ("reports", REPORTS, Config.IMPORT_DAYS),
    ("results", RESULTS, Config.RESULT_DAYS),
)


@jobs.periodic(cron="23 * * * *")
@jobs.task(name="sweep_files", queueing_lock="sweep_files", pass_context=True)
async def sweep_files(context: JobContext, timestamp: int) -> int:
    """Give up what nobody needs any more; content goes a day after its last row at the earliest.

    Args:
        context: gives the connection.
        timestamp: the moment of the schedule this run stands for, Unix seconds.

    Returns:
        Number of contents removed.
    """
    connector = context.app.connector
    unsaved = await connector.execute_query_all_async(UNSAVED)
    replaced = await connector.execute_query_all_async(REPLACED)
    removed = 0
    for folder, needed, days in SHELVES:
        blobs = Blobs(Path(Config.PORTAL_DATA) / folder)
        removed += await _swept(context.app.connector, blobs, needed, days)
        await asyncio.to_thread(blobs.tidy, DAY)
    logger.info(
        "Swept %s files nobody saved, gave up %s replaced, removed %s contents (schedule of %s)",
        len(unsaved), len(replaced), removed, timestamp,
    )  # fmt: skip
    return removed


async def _swept(connector: Any, blobs: Blobs, needed: str, days: int) -> int:
    """Remove the contents that the statement does not find; gives their number."""
    names = blobs.names()
    removed = 0
    while batch := await asyncio.to_thread(lambda: list(islice(names, BATCH))):
        rows = await connector.execute_query_all_async(needed, names=batch, days=days)
        found = {row["sha256"] for row in rows}
        removed += await asyncio.to_thread(_remove, blobs, [n for n in batch if n not in found])
        await asyncio.to_thread(_renew, blobs, found)
    return removed


def _remove(blobs: Blobs, names: Iterable[str]) -> int:
    # Two days: rows of unsaved files go after one, and their content may be in a backup of it.
    return sum(blobs.remove(name, older_than=2 * DAY) for name in names)


def _renew(blobs: Blobs, names: Iterable[str]) -> None:
    """Seal what is stored in the open, or by a key that was current once, with the present one."""
    for name in names:
        try:
            blobs.renew(name)
        except Unavailable:  # damaged, or its key is gone: the doctor tells
            logger.warning("Content %s cannot be sealed anew", name)

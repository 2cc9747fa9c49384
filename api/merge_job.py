"""Merging in the background: ingest only says that there is something.

Jobs of several servers may run side by side; the cell locks in `gis.postgis.merge` make that safe.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from api.background import background
from api.service import Service
from gis.postgis.merge import merge_once
from gis.postgis.queries import query

logger = logging.getLogger(__name__)


def merging(service: Service, database_url: str) -> AbstractAsyncContextManager[None]:
    """Merge whenever sightings have arrived, until the block ends."""
    pause_s = service.settings.merge_pause_s
    merger, wanted = _merger(service), service.merge_wanted
    return background(database_url, "merging", merger, wanted=wanted, pause_s=pause_s)


def _merger(service: Service) -> Callable[[], Awaitable[None]]:
    async def merge() -> None:
        try:
            await merge_all(service)
        except Exception:
            service.merge_wanted.set()  # the job is over, the work is not
            raise

    return merge


async def merge_all(service: Service) -> None:
    """Merge until nothing is left that nobody else holds."""
    async with service.pool.connection() as connection:
        stopped = await (await connection.execute(query("detector_is_stopped"))).fetchone()
        if stopped and stopped[0]:
            logger.warning("merging is stopped by an incident: sightings wait until it is resumed")
            return
        while run := await merge_once(connection, at_most=service.settings.merge_at_once):
            logger.info(
                "merged sightings=%d opened=%d strengthened=%d quarantined=%d",
                run.sightings,
                run.opened,
                run.strengthened,
                run.quarantined,
            )

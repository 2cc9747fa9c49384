"""Merging in the background: ingest only says that there is something; jobs do the rest.

The queueing lock keeps at most one merge job waiting however many batches arrive. Jobs of
several servers may run side by side; the cell locks in `gis.postgis.merge` make that safe.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from api.service import Service
from gis.postgis.database import make_pool, take_app_role
from gis.postgis.merge import merge_once
from gis.postgis.queries import query

logger = logging.getLogger(__name__)

TASK = "merge"
QUEUE = "default"
LOOK_AGAIN_S = 60  # a server that died between ingest and job leaves work behind
WAIT_AFTER_FAILURE_S = 2
AWAY = (psycopg.OperationalError, ConnectorException)


@asynccontextmanager
async def merging(service: Service, database_url: str) -> AsyncIterator[None]:
    """Run debouncer and worker until the block ends, through restarts of the database."""
    pool = make_pool(database_url, most=4, is_for_jobs=True)
    jobs = App(connector=PsycopgConnector(configure=take_app_role))
    jobs.task(name=TASK, queueing_lock=TASK)(_merger(service))
    await pool.open()
    async with jobs.open_async(pool):
        tasks = [
            asyncio.create_task(keep_on(lambda: _ask(jobs, service)), name="merge debouncer"),
            asyncio.create_task(keep_on(lambda: work(jobs, QUEUE)), name="merge worker"),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await pool.close()


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


async def _ask(jobs: App, service: Service) -> None:
    """Ask for one job, now and again a little after sightings have arrived."""
    while True:
        try:
            await jobs.configure_task(TASK, queueing_lock=TASK).defer_async()
        except AlreadyEnqueued:
            logger.debug("merge already waits")
        try:
            async with asyncio.timeout(LOOK_AGAIN_S):
                await service.merge_wanted.wait()
        except TimeoutError:
            continue
        await asyncio.sleep(service.settings.merge_pause_s)
        service.merge_wanted.clear()


async def work(jobs: App, queue: str) -> None:
    """Do a queue's jobs; those of a server that died are set aside, for the next one does all."""
    for stalled in await jobs.job_manager.get_stalled_jobs(queue=queue):
        if stalled.id is not None:
            await jobs.job_manager.finish_job_by_id_async(
                stalled.id, Status.FAILED, delete_job=True
            )
    await jobs.run_worker_async(
        queues=[queue],
        install_signal_handlers=False,
        delete_jobs="always",
        shutdown_graceful_timeout=5,
        fetch_job_polling_interval=5,
    )


async def keep_on(work: Callable[[], Awaitable[None]]) -> None:
    """Begin again after the database went away; anything else is a fault and is logged as one."""
    while True:
        try:
            await work()
        except AWAY as error:
            logger.warning("merging waits for the database reason=%s", str(error).split("\n")[0])
        await asyncio.sleep(WAIT_AFTER_FAILURE_S)

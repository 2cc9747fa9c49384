"""Work in the background: requests only say that there is something; a queue's jobs do the rest.

Through restarts of the database and of other servers. Each kind of work has a queue of its own.
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

from gis.postgis.database import make_pool, take_app_role

logger = logging.getLogger(__name__)

LOOK_AGAIN_S = 60  # a server that died between request and job leaves work behind
WAIT_AFTER_FAILURE_S = 2
AWAY = (psycopg.OperationalError, ConnectorException)


@asynccontextmanager
async def background(
    database_url: str,
    name: str,
    job: Callable[[], Awaitable[None]],
    *,
    wanted: asyncio.Event,
    pause_s: float = 0.0,
) -> AsyncIterator[None]:
    """Run `job` whenever it is `wanted`, and now and again, until the block ends.

    The queueing lock keeps at most one job waiting however often it is wanted; `pause_s` lets
    more arrive before it begins.
    """
    pool = make_pool(database_url, most=4, is_for_jobs=True)
    jobs = App(connector=PsycopgConnector(configure=take_app_role))
    jobs.task(name=name, queue=name, queueing_lock=name)(job)
    await pool.open()
    async with jobs.open_async(pool):
        steps: dict[str, Callable[[], Awaitable[None]]] = {
            "debouncer": lambda: _ask(jobs, name, wanted, pause_s),
            "worker": lambda: _work(jobs, name),
        }
        tasks = [
            asyncio.create_task(_keep_on(name, step), name=f"{name} {what}")
            for what, step in steps.items()
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await pool.close()


async def _ask(jobs: App, name: str, wanted: asyncio.Event, pause_s: float) -> None:
    """Ask for a job at the start, a little after it was wanted, and now and again."""
    while True:
        try:
            await jobs.configure_task(name, queue=name, queueing_lock=name).defer_async()
        except AlreadyEnqueued:
            logger.debug("a job already waits name=%s", name)
        try:
            async with asyncio.timeout(LOOK_AGAIN_S):
                await wanted.wait()
        except TimeoutError:
            continue
        await asyncio.sleep(pause_s)
        wanted.clear()


async def _work(jobs: App, name: str) -> None:
    """Do a queue's jobs; those of a server that died are set aside, for the next one does all."""
    for stalled in await jobs.job_manager.get_stalled_jobs(queue=name):
        if stalled.id is not None:
            await jobs.job_manager.finish_job_by_id_async(
                stalled.id, Status.FAILED, delete_job=True
            )
    await jobs.run_worker_async(
        queues=[name],
        install_signal_handlers=False,
        delete_jobs="always",
        shutdown_graceful_timeout=5,
        fetch_job_polling_interval=5,
    )


async def _keep_on(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Begin again after the database went away; anything else is a fault and is logged as one."""
    while True:
        try:
            await step()
        except AWAY as error:
            why = str(error).split("\n")[0]
            logger.warning("work waits for the database name=%s reason=%s", name, why)
        await asyncio.sleep(WAIT_AFTER_FAILURE_S)

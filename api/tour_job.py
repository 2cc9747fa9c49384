"""Tours in the background: a request stores that they are wanted, a job computes and stores them.

The search runs in a process of its own, so that the service answers meanwhile. What it finds is
stored in one transaction with its event, if the approval still stands.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import shapely
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from api.background import background
from api.plan_draft import read_rules
from api.plan_read import plan_row
from api.service import Service
from api.tour_request import day_begins, request_of
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from irrigation.tours.wire import DayAnswer, DayRequest, Message, Tour
from irrigation.tours.words import UNSERVED

logger = logging.getLogger(__name__)

MACHINE = Actor("machine", "tours")
REASONS = {one.value: words for one, words in UNSERVED.items()}


class TourWorkerError(RuntimeError):
    """The worker process ended without an answer; the log has its last words."""


def touring(service: Service, database_url: str) -> AbstractAsyncContextManager[None]:
    """Compute tours whenever they are wanted, until the block ends."""
    return background(database_url, "tours", _computer(service), wanted=service.tours_wanted)


def _computer(service: Service) -> Callable[[], Awaitable[None]]:
    async def compute() -> None:
        async with service.pool.connection() as holder:
            await holder.execute(query("tour_run_again"))
            try:
                while (run := await _take(holder)) is not None:
                    await _one(service, run)
            finally:
                await holder.execute("SELECT pg_advisory_unlock_all()")

    return compute


async def _take(holder: AsyncConnection[Any]) -> dict[str, Any] | None:
    cursor = holder.cursor(row_factory=dict_row)
    return await (await cursor.execute(query("tour_run_take"))).fetchone()


async def _one(service: Service, run: dict[str, Any]) -> None:
    """Compute one run; whatever goes wrong is written down, for the page waits for it."""
    try:
        async with service.pool.connection() as connection:
            plan = await plan_row(connection, run["plan_id"])
            request = await request_of(
                connection, run, for_day=plan["for_day"], most_s=service.settings.tour_s
            )
        answer = await _compute(service, run, request)
        await _store(service, run, request, answer)
    except Exception as error:
        logger.exception("tours failed job=%s", run["job_id"])
        await _end(service, run, _reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, psycopg.Error) and error.sqlstate == "SW222":
        return "the approval was taken back while the tours were computed"
    return f"the tours could not be computed ({type(error).__name__}); the log says why"


async def _compute(service: Service, run: dict[str, Any], request: DayRequest) -> DayAnswer:
    """Have a process of its own solve the day; pass its progress on."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "irrigation.tours",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**26,  # the answer is one line
    )
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise TourWorkerError("the worker has no pipes")
    last_words = asyncio.create_task(process.stderr.read())
    try:
        process.stdin.write(msgspec.json.encode(request))
        process.stdin.write_eof()
        answer = None
        async for line in process.stdout:
            message = msgspec.json.decode(line, type=Message)
            answer = message.answer
            if answer is None:
                await _progress(service, run, message.progress)
        await process.wait()
        if answer is None:
            said = (await last_words).decode(errors="replace")[-2000:]
            raise TourWorkerError(f"exit code {process.returncode}: {said}")
        return answer
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        last_words.cancel()


async def _progress(service: Service, run: dict[str, Any], progress: float) -> None:
    async with service.transaction() as connection:
        values = {"job_id": run["job_id"], "progress": progress}
        await connection.execute(query("tour_run_progress"), values)


async def _end(service: Service, run: dict[str, Any], reason: str) -> None:
    async with service.transaction() as connection:
        values = {
            "job_id": run["job_id"],
            "state": "failed",
            "reason": reason,
            "solver": None,
            "driving_times": None,
        }
        ended = await (await connection.execute(query("tour_run_end"), values)).fetchone()
        if ended is None:
            return
        happened = event(
            "tours.failed",
            actor=MACHINE,
            subject=Subject("plan", str(run["plan_id"])),
            data={"job": str(run["job_id"])},
        )
        await outbox.record(connection, happened)


async def _store(
    service: Service, run: dict[str, Any], request: DayRequest, answer: DayAnswer
) -> None:
    """Store tours, unserved trees and event; the database checks the approval once more."""
    ready = {
        "job_id": run["job_id"],
        "state": "ready",
        "reason": None,
        "solver": answer.solver,
        "driving_times": answer.driving_times,
    }
    async with service.transaction() as connection:
        ended = await (await connection.execute(query("tour_run_end"), ready)).fetchone()
        if ended is None:
            return  # another worker took it for orphaned and was first
        _, city = await read_rules(connection)
        plan = await plan_row(connection, run["plan_id"])
        midnight, _ = day_begins(plan["for_day"], city["profile"].driving, city["time_zone"])
        await connection.execute(query("tours_replace"), run)
        for tour in answer.tours:
            await _store_tour(connection, run, tour, midnight)
        cursor = connection.cursor()
        await cursor.executemany(
            query("tour_unserved_store"),
            [
                {
                    "job_id": run["job_id"],
                    "tree_id": int(tree_id),
                    "why": why,
                    "reason_de": REASONS[why].de,
                    "reason_en": REASONS[why].en,
                }
                for tree_id, why in answer.unserved.items()
            ],
        )
        happened = event(
            "tours.computed",
            actor=MACHINE,
            subject=Subject("plan", str(run["plan_id"])),
            data={
                "job": str(run["job_id"]),
                "tours": len(answer.tours),
                "stops": sum(stop.kind == "tree" for one in answer.tours for stop in one.stops),
                "unserved": len(answer.unserved),
                "solver": answer.solver,
            },
        )
        await outbox.record(connection, happened)
    logger.info(
        "tours computed job=%s trees=%d tours=%d unserved=%d solver=%s",
        run["job_id"],
        len(request.trees),
        len(answer.tours),
        len(answer.unserved),
        answer.solver,
    )


async def _store_tour(connection: Any, run: dict[str, Any], tour: Tour, midnight: Any) -> None:
    def clock(seconds: int) -> Any:
        return midnight + timedelta(seconds=seconds)

    values = {
        "job_id": run["job_id"],
        "plan_id": run["plan_id"],
        "approval_id": run["approval_id"],
        "vehicle_id": tour.vehicle_id,
        "begins_at": clock(tour.stops[0].leaves_s),
        "ends_at": clock(tour.stops[-1].arrives_s),
        "begins_full_l": tour.begins_full_l,
        "litres": tour.litres,
        "length_m": tour.length_m,
        "line": shapely.to_wkb(shapely.LineString(tour.line)),
    }
    row = await (await connection.execute(query("tour_store"), values)).fetchone()
    rows = [
        {
            "tour_id": row[0],
            "plan_id": run["plan_id"],
            "seq": seq,
            "kind": stop.kind,
            "tree_id": None if stop.tree_id is None else int(stop.tree_id),
            "part": stop.part,
            "parts": stop.parts,
            "name": stop.name,
            "litres": stop.litres,
            "arrives_at": clock(stop.arrives_s),
            "leaves_at": clock(stop.leaves_s),
            "break_min": stop.break_s / 60,
            "x_m": stop.spot[0],
            "y_m": stop.spot[1],
        }
        for seq, stop in enumerate(tour.stops)
    ]
    await connection.cursor().executemany(query("tour_stop_store"), rows)

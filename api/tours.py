"""Tours of an approved plan: computed in the background, shown, planned anew on failure."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID, uuid4

import psycopg
from fastapi import APIRouter, Depends, Path
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import dict_row

from api.fields import LARGEST_ID
from api.plan_read import no_such_plan
from api.problems import Problem, answers
from api.service import TheService
from api.tour_read import no_such_tour, one_tour, plan_tours
from api.tour_shapes import Asked, Failure, Tour, Tours
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["watering tours"])
Parks = Annotated[Caller, Depends(Allow("parks"))]
Reader = Annotated[Caller, Depends(Allow("parks", "auditor"))]
PlanId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
TourId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@router.post(
    "/plans/{plan_id}/tours", status_code=202, responses=answers(401, 403, 404, 409, 422, 503)
)
async def compute(plan_id: PlanId, service: TheService, caller: Parks) -> Asked:
    """Ask for the tours of a plan; the database refuses one that no person has approved."""
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        plan = await (await cursor.execute(query("plan_lock"), {"plan_id": plan_id})).fetchone()
        if plan is None:
            raise no_such_plan(plan_id)
        values = {"plan_id": plan_id}
        newest = await (await cursor.execute(query("tour_run_newest"), values)).fetchone() or {}
        if plan["state"] == "on tour" and newest.get("state") != "failed":
            raise Problem(409, "tour-begun", f"plan {plan_id} is on tour: report a failure instead")
        behind = newest.get("failed_tour_id")  # a second try after a vehicle failed
        job_id = await _ask(cursor, plan, caller, failed_tour_id=behind)
    service.tours_wanted.set()
    return Asked(job_id=job_id)


@router.get("/plans/{plan_id}/tours", responses=answers(401, 403, 404, 422, 503))
async def show_tours(plan_id: PlanId, service: TheService, _caller: Reader) -> Tours:
    """Show the tours of a plan, or how far their computation is."""
    async with service.pool.connection() as connection:
        await _require_plan(connection, plan_id)
        return await plan_tours(connection, plan_id)


@router.get("/tours/{tour_id}", responses=answers(401, 403, 404, 422, 503))
async def show_tour(tour_id: TourId, service: TheService, _caller: Reader) -> Tour:
    """Show one tour with its stops and reports."""
    async with service.pool.connection() as connection:
        return await one_tour(connection, tour_id)


@router.post(
    "/tours/{tour_id}/failure",
    status_code=202,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
)
async def fail(tour_id: TourId, given: Failure, service: TheService, caller: Parks) -> Tours:
    """Say that a vehicle failed: its stops go to the vehicles that are left, where they stand."""
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        tour = await lock_tour(cursor, tour_id)
        if tour["state"] not in ("planned", "driving"):
            raise Problem(409, "tour-over", f"tour {tour_id} is {tour['state']} already")
        values = {"tour_id": tour_id, "after_seq": given.after_seq, "reason": given.reason}
        await cursor.execute(query("tour_fail"), values)
        broken = {"vehicle_id": tour["vehicle_id"], "working": False}
        await cursor.execute(query("vehicle_working"), broken)
        plan = {"plan_id": tour["plan_id"], "approval_id": tour["approval_id"]}
        plan["state"] = tour["plan_state"]
        await _ask(cursor, plan, caller, failed_tour_id=tour_id)
        happened = event(
            "tour.vehicle_failed",
            actor=caller.actor,
            subject=Subject("tour", str(tour_id)),
            data={"after_seq": given.after_seq},
        )
        await outbox.record(connection, happened)
    service.tours_wanted.set()
    async with service.pool.connection() as connection:
        return await plan_tours(connection, tour["plan_id"])


async def lock_tour(cursor: AsyncCursor[dict[str, Any]], tour_id: int) -> dict[str, Any]:
    """Hold a tour and its plan; raise Problem 404."""
    row = await (await cursor.execute(query("tour_lock"), {"tour_id": tour_id})).fetchone()
    if row is None:
        raise no_such_tour(tour_id)
    return row


async def _require_plan(connection: AsyncConnection[Any], plan_id: int) -> None:
    cursor = await connection.execute(query("plan_list"), {"plan_id": plan_id})
    if await cursor.fetchone() is None:
        raise no_such_plan(plan_id)


async def _ask(
    cursor: AsyncCursor[dict[str, Any]],
    plan: dict[str, Any],
    caller: Caller,
    *,
    failed_tour_id: int | None,
) -> UUID:
    """Store that tours are wanted; translate the database's refusal."""
    job_id = uuid4()
    if plan["approval_id"] is None:
        raise _not_approved(plan)
    values = {
        "job_id": job_id,
        "plan_id": plan["plan_id"],
        "approval_id": plan["approval_id"],
        "asked_by": caller.ref,
        "failed_tour_id": failed_tour_id,
    }
    try:
        await cursor.execute(query("tour_run_ask"), values)
    except psycopg.errors.UniqueViolation as error:
        detail = f"the tours of plan {plan['plan_id']} are being computed: wait for them"
        raise Problem(409, "computing", detail) from error
    except psycopg.Error as error:
        if error.sqlstate != "SW222":
            raise
        raise _not_approved(plan) from error
    return job_id


def _not_approved(plan: dict[str, Any]) -> Problem:
    detail = f"plan {plan['plan_id']} is {plan['state']}: a person approves it before it is driven"
    return Problem(409, "plan-not-approved", detail)

"""Watering plans: the machine drafts, a person changes, approves or rejects."""

from __future__ import annotations

from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Depends, Path
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import dict_row

from api.fields import LARGEST_ID
from api.plan_draft import make_draft
from api.plan_read import all_plans, no_such_plan, one_plan
from api.problems import Problem, answers
from api.service import TheService
from api.watering_shapes import (
    Approval,
    NewPlan,
    Plan,
    Plans,
    Rejection,
    StopChange,
)
from api.who import Allow, Caller, recent_login
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["watering plans"], prefix="/plans")
Parks = Annotated[Caller, Depends(Allow("parks"))]
Reader = Annotated[Caller, Depends(Allow("parks", "auditor"))]
PlanId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@router.post("", status_code=201, responses=answers(401, 403, 409, 413, 422, 503))
async def draft_plan(wanted: NewPlan, service: TheService, caller: Parks) -> Plan:
    """Have the machine draft a plan for a day, within litres and hours."""
    async with service.transaction() as connection:
        values = wanted.model_dump()
        values["vehicle_ids"] = await _vehicles(connection, wanted.vehicle_ids)
        plan_id, proposed, digest, simulated = await make_draft(
            connection, values, asked_by=caller.ref
        )
        happened = event(
            "plan.drafted",
            actor=caller.actor,
            subject=Subject("plan", str(plan_id)),
            data={
                "for_day": wanted.for_day.isoformat(),
                "stops": len(proposed.stops),
                "left_out": len(proposed.left_out),
                "litres": proposed.litres,
                "digest": digest,
                "simulated": simulated,
            },
        )
        await outbox.record(connection, happened)
        return await one_plan(connection, plan_id)


@router.get("", responses=answers(401, 403, 503))
async def list_plans(service: TheService, _caller: Reader) -> Plans:
    """List plans, the newest day first."""
    async with service.pool.connection() as connection:
        return Plans(items=await all_plans(connection))


@router.get("/{plan_id}", responses=answers(401, 403, 404, 422, 503))
async def show_plan(plan_id: PlanId, service: TheService, _caller: Reader) -> Plan:
    """Show a plan with its trees, what it leaves out, and fairness by district."""
    async with service.pool.connection() as connection:
        return await one_plan(connection, plan_id)


@router.patch("/{plan_id}/stops", responses=answers(401, 403, 404, 409, 413, 422, 503))
async def change_stop(
    plan_id: PlanId, change: StopChange, service: TheService, caller: Parks
) -> Plan:
    """Take a tree off the plan, put one on it, or change its litres; a reason is needed."""
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await _lock(cursor, plan_id, change.seen_version)
        litres, included = await _change(cursor, plan_id, change)
        await _decide(
            cursor,
            plan_id,
            kind="changed",
            seen_version=change.seen_version,
            tree_id=int(change.tree_id),
            reason=change.reason,
            decided_by=caller.ref,
        )
        more = {"tree": change.tree_id, "included": included, "tree_litres": litres}
        return await _tell(connection, caller, plan_id, "plan.changed", more)


@router.post(
    "/{plan_id}/approval",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
    dependencies=[Depends(recent_login)],
)
async def approve(plan_id: PlanId, given: Approval, service: TheService, caller: Parks) -> Plan:
    """Approve the plan as it was seen; only then may it become tours."""
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await _lock(cursor, plan_id, given.seen_version)
        await _decide(
            cursor,
            plan_id,
            kind="approved",
            seen_version=given.seen_version,
            decided_by=caller.ref,
            seconds_spent=given.seconds_spent,
        )
        more = {"seconds_spent": given.seconds_spent}
        return await _tell(connection, caller, plan_id, "plan.approved", more)


@router.post(
    "/{plan_id}/rejection", status_code=201, responses=answers(401, 403, 404, 409, 413, 422, 503)
)
async def reject(plan_id: PlanId, given: Rejection, service: TheService, caller: Parks) -> Plan:
    """Reject the plan as it was seen, with a reason."""
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await _lock(cursor, plan_id, given.seen_version)
        await _decide(
            cursor,
            plan_id,
            kind="rejected",
            seen_version=given.seen_version,
            reason=given.reason,
            decided_by=caller.ref,
        )
        return await _tell(connection, caller, plan_id, "plan.rejected", {})


@router.post("/{plan_id}/undo", status_code=201, responses=answers(401, 403, 404, 409, 422, 503))
async def undo(plan_id: PlanId, service: TheService, caller: Parks) -> Plan:
    """Take the approval back while no tour has begun; computed tours are withdrawn."""
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        before = await _lock(cursor, plan_id, None)
        if before["approval_id"] is None or before["state"] != "approved":
            raise _decided_already(plan_id, before["state"])
        await cursor.execute(query("tours_withdraw"), {"plan_id": plan_id})
        await _decide(
            cursor,
            plan_id,
            kind="undone",
            seen_version=before["version"],
            decided_by=caller.ref,
            undoes_decision_id=before["approval_id"],
        )
        return await _tell(connection, caller, plan_id, "plan.undone", {})


async def _vehicles(connection: AsyncConnection[Any], wanted: list[str]) -> list[str]:
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(query("vehicle_list"), {"vehicle_id": None})
    working = {row["vehicle_id"]: row["is_working"] for row in await cursor.fetchall()}
    if unknown := sorted(set(wanted) - set(working)):
        detail = f"there is no vehicle {', '.join(unknown)}: the city has {', '.join(working)}"
        raise Problem(422, "no-vehicle", detail)
    return sorted(set(wanted)) or [one for one, works in working.items() if works]


async def _lock(
    cursor: AsyncCursor[dict[str, Any]], plan_id: int, seen_version: int | None
) -> dict[str, Any]:
    row = await (await cursor.execute(query("plan_lock"), {"plan_id": plan_id})).fetchone()
    if row is None:
        raise no_such_plan(plan_id)
    if seen_version is None:
        return row
    if row["version"] != seen_version:
        raise Problem(
            409,
            "other-version",
            f"plan {plan_id} is at version {row['version']}, not {seen_version}: load it again",
        )
    if row["state"] != "draft":
        raise _decided_already(plan_id, row["state"])
    return row


def _decided_already(plan_id: int, state: str) -> Problem:
    return Problem(409, "plan-decided", f"plan {plan_id} is {state}: this can no longer be changed")


async def _change(
    cursor: AsyncCursor[dict[str, Any]], plan_id: int, change: StopChange
) -> tuple[int, bool]:
    """Write the change; return the tree's litres and whether it is on the plan now."""
    values = {"plan_id": plan_id, "tree_id": int(change.tree_id), "reason": change.reason}
    row = await (await cursor.execute(query("plan_stop_one"), values)).fetchone()
    if row is None:
        raise Problem(404, "no-tree", f"there is no tree {change.tree_id}")
    litres = change.litres or row["litres"] or row["left_out_litres"]
    if litres is None:
        detail = f"tree {change.tree_id} is not on the plan: say how many litres it gets"
        raise Problem(422, "no-litres", detail)
    if row["litres"] is not None:
        included = row["is_included"] if change.included is None else change.included
        await cursor.execute(
            query("plan_stop_change"), values | {"litres": litres, "is_included": included}
        )
        return litres, included
    if change.included is False or row["status"] not in ("standing", "group"):
        detail = f"tree {change.tree_id} ({row['status']}) is not on the plan"
        raise Problem(409, "not-on-plan", detail)
    await cursor.execute(query("plan_stop_add"), _added(values, litres, row["urgency"]))
    return litres, True


def _added(values: dict[str, Any], litres: int, urgency: str | None) -> dict[str, Any]:
    """Write the row of a tree that a person puts on the plan."""
    dry: dict[str, Any] = dict.fromkeys(("rew_q50", "dry_earliest", "dry_likely", "dry_latest"))
    return dry | {
        "plan_id": values["plan_id"],
        "tree_id": values["tree_id"],
        "litres": litres,
        "litres_low": litres,
        "litres_high": litres,
        "machine_litres": None,
        "litres_source_de": "von einem Menschen festgelegt",
        "litres_source_en": "set by a person",
        "urgency": urgency or "unknown",
        "reason_de": "von einem Menschen aufgenommen",
        "reason_en": "put on the plan by a person",
        "rank": 1_000_000,
        "is_changed": True,
        "change_reason": values["reason"],
    }


async def _decide(
    cursor: AsyncCursor[dict[str, Any]],
    plan_id: int,
    *,
    kind: str,
    seen_version: int,
    decided_by: str,
    tree_id: int | None = None,
    reason: str | None = None,
    seconds_spent: int | None = None,
    undoes_decision_id: int | None = None,
) -> None:
    """Let the database decide; translate its refusal."""
    values = {
        "plan_id": plan_id,
        "kind": kind,
        "seen_version": seen_version,
        "tree_id": tree_id,
        "reason": reason,
        "decided_by": decided_by,
        "seconds_spent": seconds_spent,
        "undoes_decision_id": undoes_decision_id,
    }
    try:
        await cursor.execute(query("plan_decide"), values)
    except psycopg.Error as error:
        if error.sqlstate not in ("SW220", "SW221"):
            raise
        raise Problem(409, "plan-decided", str(error).split("\n", 1)[0]) from error


async def _tell(
    connection: AsyncConnection[Any],
    caller: Caller,
    plan_id: int,
    kind: str,
    more: dict[str, Any],
) -> Plan:
    """Record the decision's event and return the plan as it stands now."""
    plan = await one_plan(connection, plan_id)
    happened = event(
        kind,
        actor=caller.actor,
        subject=Subject("plan", str(plan_id)),
        data={"version": plan.version, "stops": plan.trees, "litres": plan.litres_total} | more,
    )
    await outbox.record(connection, happened)
    return plan

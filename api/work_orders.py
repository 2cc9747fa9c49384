"""Work orders: confirmed damages for a team, until they are repaired or the order is cancelled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import psycopg
from fastapi import APIRouter, Depends, Path, Query
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import dict_row
from pydantic import Field

from api.fields import LARGEST_ID, Id, Note, Sent, ShortText, Shown, Title
from api.problems import Problem, answers
from api.service import Service, TheService
from api.who import Allow, Caller, recent_login
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["work orders"], prefix="/work-orders")
Road = Annotated[Caller, Depends(Allow("road"))]
Reader = Annotated[Caller, Depends(Allow("road", "auditor"))]
OrderId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
OrderState = Literal["open", "completed", "cancelled"]


class NewWorkOrder(Sent):
    """What a team is to repair."""

    title: Title
    damage_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    team: ShortText
    due_on: date | None = None
    note: Note | None = None


class Completion(Sent):
    """The work is done."""

    note: Note | None = None


class Cancellation(Sent):
    """The work will not be done, and why."""

    reason: Note


class WorkOrder(Shown):
    """A work order; `closing_note` is the note of completion or the reason of cancellation."""

    work_order_id: int
    title: str
    team: str
    due_on: date | None
    note: str | None
    state: OrderState
    created_by: str
    created_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    closing_note: str | None
    damage_ids: list[int]


class WorkOrders(Shown):
    """The newest 500 work orders."""

    items: list[WorkOrder]


@router.post(
    "",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503),
    dependencies=[Depends(recent_login)],
)
async def create(wanted: NewWorkOrder, service: TheService, caller: Road) -> WorkOrder:
    """Order repairs; the database refuses a damage that no person has confirmed."""
    damage_ids = sorted(set(wanted.damage_ids))
    async with service.transaction() as connection:
        rows = await _lock_damages(connection, damage_ids)
        cursor = connection.cursor(row_factory=dict_row)
        values = wanted.model_dump() | {"created_by": caller.ref, "damage_ids": damage_ids}
        created = await (await cursor.execute(query("work_order_create"), values)).fetchone() or {}
        values["work_order_id"] = created["work_order_id"]
        await _add_damages(cursor, values, rows)
        await _tell(connection, caller, "work_order.created", values["work_order_id"], damage_ids)
        return (await find_work_orders(cursor, work_order_id=values["work_order_id"]))[0]


@router.get("", responses=answers(401, 403, 422, 503))
async def list_orders(
    service: TheService, _caller: Reader, state: Annotated[OrderState | None, Query()] = None
) -> WorkOrders:
    """List work orders, newest first."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return WorkOrders(items=await find_work_orders(cursor, state=state))


@router.get("/{work_order_id}", responses=answers(401, 403, 404, 422, 503))
async def one_order(work_order_id: OrderId, service: TheService, _caller: Reader) -> WorkOrder:
    """Show one work order."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        found = await find_work_orders(cursor, work_order_id=work_order_id)
    if not found:
        raise _no_such_order(work_order_id)
    return found[0]


@router.post("/{work_order_id}/completion", responses=answers(401, 403, 404, 409, 413, 422, 503))
async def complete(
    work_order_id: OrderId, done: Completion, service: TheService, caller: Road
) -> WorkOrder:
    """Complete an order: its damages are repaired."""
    return await _close(service, caller, work_order_id, state="completed", note=done.note)


@router.post("/{work_order_id}/cancellation", responses=answers(401, 403, 404, 409, 413, 422, 503))
async def cancel(
    work_order_id: OrderId, given_up: Cancellation, service: TheService, caller: Road
) -> WorkOrder:
    """Cancel an order: its damages are confirmed again and may be ordered anew."""
    return await _close(service, caller, work_order_id, state="cancelled", note=given_up.reason)


async def find_work_orders(
    cursor: AsyncCursor[dict[str, Any]],
    *,
    state: str | None = None,
    work_order_id: int | None = None,
) -> list[WorkOrder]:
    """Read work orders, all or filtered."""
    await cursor.execute(query("work_orders"), {"state": state, "work_order_id": work_order_id})
    return [WorkOrder(**row) for row in await cursor.fetchall()]


async def _lock_damages(
    connection: AsyncConnection[Any], damage_ids: list[int]
) -> list[dict[str, Any]]:
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(query("damages_lock"), {"damage_ids": damage_ids})
    rows = await cursor.fetchall()
    if missing := sorted(set(damage_ids) - {row["damage_id"] for row in rows}):
        raise Problem(404, "no-damage", f"there is no damage {', '.join(map(str, missing))}")
    return rows


async def _add_damages(
    cursor: AsyncCursor[Any], values: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    """Let the database decide; translate its refusal into the damages that stand in the way."""
    try:
        await cursor.execute(query("work_order_add_damages"), values)
    except psycopg.IntegrityError as error:
        unfit = [row for row in rows if row["state"] != "confirmed"]
        named = ", ".join(f"damage {row['damage_id']} is {row['state']}" for row in unfit)
        detail = f"{named}: only damages a person has confirmed can be ordered, and only once"
        raise Problem(409, "not-confirmed", detail) from error
    await cursor.execute(query("damages_ordered"), values)


async def _close(
    service: Service, caller: Caller, work_order_id: int, *, state: OrderState, note: str | None
) -> WorkOrder:
    values: dict[str, Any] = {
        "work_order_id": work_order_id,
        "state": state,
        "closed_by": caller.ref,
        "note": note,
    }
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("work_order_close"), values)
        if await cursor.fetchone() is None:
            raise await _why_not_open(cursor, work_order_id)
        await cursor.execute(query("work_order_damages_lock"), values)
        values["damage_ids"] = [row["damage_id"] for row in await cursor.fetchall()]
        if state == "completed":
            await cursor.execute(query("damages_repaired"), values)
        else:
            await cursor.execute(query("damages_released"), values)
            await cursor.execute(query("work_order_release"), values)
        kind = f"work_order.{state}"
        await _tell(connection, caller, kind, work_order_id, values["damage_ids"])
        return (await find_work_orders(cursor, work_order_id=work_order_id))[0]


async def _why_not_open(cursor: AsyncCursor[dict[str, Any]], work_order_id: int) -> Problem:
    found = await find_work_orders(cursor, work_order_id=work_order_id)
    if not found:
        return _no_such_order(work_order_id)
    detail = f"work order {work_order_id} is {found[0].state} already"
    return Problem(409, "order-closed", detail)


def _no_such_order(work_order_id: int) -> Problem:
    return Problem(404, "no-work-order", f"there is no work order {work_order_id}")


async def _tell(
    connection: AsyncConnection[Any],
    caller: Caller,
    kind: str,
    work_order_id: int,
    damage_ids: list[int],
) -> None:
    happened = event(
        kind,
        actor=caller.actor,
        subject=Subject("work_order", str(work_order_id)),
        data={"damages": [str(damage_id) for damage_id in damage_ids]},
    )
    await outbox.record(connection, happened)

"""Reports from the phone: watered, not reachable, dead; sent twice they count once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Path, Response
from psycopg import AsyncCursor
from psycopg.rows import dict_row

from api.fields import LARGEST_ID
from api.problems import Problem, answers
from api.service import TheService
from api.tour_shapes import Inspected, Inspection, Inspections, NewReport, Stored
from api.tours import TourId, lock_tour
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["watering tours"])
Parks = Annotated[Caller, Depends(Allow("parks"))]
Reader = Annotated[Caller, Depends(Allow("parks", "auditor"))]
InspectionId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
CLOCK_AHEAD = timedelta(minutes=10)


@router.put(
    "/tours/{tour_id}/reports/{report_id}",
    status_code=201,
    responses=answers(401, 403, 404, 409, 413, 422, 503)
    | {200: {"description": "the same report was stored before", "model": Stored}},
)
async def report(
    tour_id: TourId,
    report_id: UUID,
    given: NewReport,
    service: TheService,
    caller: Parks,
    response: Response,
) -> Stored:
    """Store what happened at a tree: report, watering, inspection and event in one transaction."""
    if given.at > datetime.now(UTC) + CLOCK_AHEAD:
        raise Problem(422, "clock-ahead", f"{given.at.isoformat()} lies ahead of the city's clock")
    values = given.model_dump() | {
        "tour_id": tour_id,
        "report_id": report_id,
        "tree_id": int(given.tree_id),
        "body_sha256": _digest(tour_id, given),
        "received_from": caller.ref,
    }
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        tour = await lock_tour(cursor, tour_id)
        if await _is_known(cursor, values):
            response.status_code = 200
            return Stored(report_id=report_id, stored=False)
        if tour["state"] == "withdrawn":
            detail = f"tour {tour_id} was withdrawn with its approval: load the new tours"
            raise Problem(409, "tour-withdrawn", detail)
        await _store(cursor, values)
        happened = event(
            "tour.reported",
            actor=caller.actor,
            subject=Subject("tour", str(tour_id)),
            data={
                "report_id": str(report_id),
                "tree": given.tree_id,
                "outcome": given.outcome,
                "litres": None if given.litres is None else round(given.litres),
            },
        )
        await outbox.record(connection, happened)
    return Stored(report_id=report_id, stored=True)


def _digest(tour_id: int, given: NewReport) -> str:
    """Name the content; the time counts as an instant, whatever its zone."""
    content = given.model_dump() | {"at": given.at.astimezone(UTC).isoformat(), "tour": tour_id}
    return sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


async def _is_known(cursor: AsyncCursor[dict[str, Any]], values: dict[str, Any]) -> bool:
    known = await (await cursor.execute(query("tour_report_known"), values)).fetchone()
    if known is None:
        return False
    if known["body_sha256"] != values["body_sha256"]:
        detail = f"report {values['report_id']} is stored with other content: make a new id"
        raise Problem(409, "report-differs", detail)
    return True


async def _store(cursor: AsyncCursor[dict[str, Any]], values: dict[str, Any]) -> None:
    if await (await cursor.execute(query("tour_has_tree"), values)).fetchone() is None:
        detail = f"tree {values['tree_id']} is not on tour {values['tour_id']}"
        raise Problem(404, "not-on-tour", detail)
    await cursor.execute(query("tour_report_store"), values)
    stored = await cursor.fetchone()
    watered = await (await cursor.execute(query("tour_watering_store"), values)).fetchone()
    if stored is None or watered is None:
        detail = f"the id {values['report_id']} is taken by another watering: make a new id"
        raise Problem(409, "report-differs", detail)
    if values["outcome"] == "dead":
        await cursor.execute(query("inspection_ask"), values)
    await cursor.execute(query("tour_advance"), values)


@router.get("/inspections", responses=answers(401, 403, 503))
async def list_inspections(service: TheService, _caller: Reader) -> Inspections:
    """List trees reported dead that wait for a person's look, and those looked at."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("inspection_list"))
        rows = await cursor.fetchall()
    return Inspections(
        items=[
            Inspection(
                **row
                | {
                    "inspection_id": str(row["inspection_id"]),
                    "tree_id": str(row["tree_id"]),
                    "number": row["number"] or None,
                }
            )
            for row in rows
        ]
    )


@router.post(
    "/inspections/{inspection_id}",
    status_code=204,
    responses=answers(401, 403, 404, 413, 422, 503),
)
async def inspected(
    inspection_id: InspectionId, found: Inspected, service: TheService, caller: Parks
) -> None:
    """Write down what a person found; an alive tree is watered again from the next plan on."""
    async with service.transaction() as connection:
        values = found.model_dump() | {
            "inspection_id": inspection_id,
            "inspected_by": caller.ref,
        }
        row = await (await connection.execute(query("inspection_end"), values)).fetchone()
        if row is None:
            detail = f"there is no open inspection {inspection_id}"
            raise Problem(404, "no-inspection", detail)
        happened = event(
            "tree.inspected",
            actor=caller.actor,
            subject=Subject("tree", str(row[0])),
            data={"outcome": found.outcome},
        )
        await outbox.record(connection, happened)

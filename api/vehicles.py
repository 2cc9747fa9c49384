"""The city's watering vehicles: what they carry, and whether they work today."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from psycopg.rows import dict_row

from api.problems import Problem, answers
from api.service import TheService
from api.watering_shapes import Place, Vehicle, Vehicles, VehicleState
from api.who import Allow, Caller
from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Subject, event

router = APIRouter(tags=["watering vehicles"], prefix="/vehicles")
Parks = Annotated[Caller, Depends(Allow("parks"))]
Reader = Annotated[Caller, Depends(Allow("parks", "auditor"))]
VehicleId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


@router.get("", responses=answers(401, 403, 503))
async def list_vehicles(service: TheService, _caller: Reader) -> Vehicles:
    """List the vehicles of the city's profile."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("vehicle_list"), {"vehicle_id": None})
        return Vehicles(items=[_vehicle(row) for row in await cursor.fetchall()])


@router.patch("/{vehicle_id}", responses=answers(401, 403, 404, 413, 422, 503))
async def set_working(
    vehicle_id: VehicleId, given: VehicleState, service: TheService, caller: Parks
) -> Vehicle:
    """Say that a vehicle is broken, or works again; new plans leave broken ones out."""
    async with service.transaction() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        values = {"vehicle_id": vehicle_id, "working": given.working}
        if await (await cursor.execute(query("vehicle_working"), values)).fetchone() is None:
            raise Problem(404, "no-vehicle", f"there is no vehicle {vehicle_id}")
        happened = event(
            "vehicle.working",
            actor=caller.actor,
            subject=Subject("watering_vehicle", vehicle_id),
            data={"working": given.working},
        )
        await outbox.record(connection, happened)
        row = await (await cursor.execute(query("vehicle_list"), values)).fetchone()
        return _vehicle(row or {})


def _vehicle(row: dict[str, Any]) -> Vehicle:
    return Vehicle(
        vehicle_id=row["vehicle_id"],
        name=row["name"],
        tank_l=row["tank_l"],
        crew_hours_h=row["crew_hours_h"],
        depot=Place(lon=row["lon"], lat=row["lat"]),
        working=row["is_working"],
    )

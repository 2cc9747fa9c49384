"""Damages for the road department: the list to work through, and everything about one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from psycopg.rows import dict_row
from pydantic import AwareDatetime

from api.ai_label import Label, label_of
from api.assessments import Assessment, assessment_of
from api.fields import LARGEST_ID, Shown
from api.problems import Problem, answers
from api.service import TheService
from api.states import State
from api.who import Allow, Caller
from api.work_orders import WorkOrder, find_work_orders
from contracts.units import DamageClass
from gis.postgis.queries import query

router = APIRouter(tags=["damages"])
Reader = Annotated[Caller, Depends(Allow("road", "auditor"))]
DamageId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


class DamageFacts(Shown):
    """The thing on the road, as far as machines and people know it."""

    damage_id: int
    damage_class: DamageClass
    state: State
    longitude_deg: float
    latitude_deg: float
    position_error_m: float  # 68 % radius
    error_major_m: float | None  # half axes of the ellipse that holds it in 90 %
    error_minor_m: float | None
    error_bearing_deg: float | None  # of the major axis, clockwise from north
    in_wheel_track: bool | None
    severity: Literal["low", "medium", "high"] | None  # an order for looking: neither ZEB nor PCI
    severity_method: str | None
    area_m2: float | None
    area_error_m2: float | None
    confidence: float  # share of one, of the surest sighting
    suppressed: int  # sightings that came after "not a damage"
    first_seen_at: AwareDatetime
    last_seen_at: AwareDatetime
    street: str | None
    segment_id: str | None
    district_id: str | None
    district: str | None
    picture_sha256: str | None
    damage_box: list[int] | None  # x1 y1 x2 y2 inside the picture
    current_verdict_id: int | None
    work_order_id: int | None
    ai_label: Label


class Damage(DamageFacts):
    """A damage in a list."""

    sightings: int


class GivenVerdict(Shown):
    """A person's verdict; `undone` when it was taken back."""

    verdict_id: int
    verdict: Literal["confirmed", "not a damage", "unsure"]
    reason: str | None
    decided_by: str
    decided_at: datetime
    undone: bool


class SightingOfDamage(Shown):
    """One of the newest hundred sightings."""

    sighting_id: UUID
    seen_at: datetime
    confidence: float
    position_error_m: float
    error_major_m: float | None  # half axes of the ellipse that holds it in 90 %
    error_minor_m: float | None
    error_bearing_deg: float | None  # of the major axis, clockwise from north
    in_wheel_track: bool | None
    severity: Literal["low", "medium", "high"] | None  # an order for looking, no condition class
    picture_sha256: str | None


class DamageInFull(DamageFacts):
    """A damage with its history; `sightings` are the newest hundred of `sightings_total`."""

    sightings_total: int
    verdicts: list[GivenVerdict]
    sightings: list[SightingOfDamage]
    work_order: WorkOrder | None
    assessment: Assessment | None  # of its street segment; None where it lies on no street


class Damages(Shown):
    """One page of damages; `total` counts all that the filters leave."""

    total: int
    items: list[Damage]


class Filters(Shown):
    """Which damages, in which order."""

    state: State | None = None
    damage_class: DamageClass | None = None
    district_id: str | None = None
    order: Literal["priority", "newest"] = "priority"
    limit: Annotated[int, Query(ge=1, le=500)] = 100
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0


@router.get("/damages", responses=answers(401, 403, 422, 503))
async def list_damages(
    filters: Annotated[Filters, Query()], service: TheService, _caller: Reader
) -> Damages:
    """List damages, the most pressing or the newest first."""
    values = filters.model_dump()
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("damage_list"), values)
        rows = await cursor.fetchall()
        await cursor.execute(query("damage_count"), values)
        total = await cursor.fetchone() or {"count": 0}
    return Damages(total=total["count"], items=[Damage(**shown(row)) for row in rows])


@router.get("/damages/{damage_id}", responses=answers(401, 403, 404, 422, 503))
async def one_damage(damage_id: DamageId, service: TheService, _caller: Reader) -> DamageInFull:
    """Tell everything about one damage."""
    async with service.pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query("damage_one"), {"damage_id": damage_id})
        row = await cursor.fetchone()
        if row is None:
            raise no_such_damage(damage_id)
        await cursor.execute(query("damage_verdicts"), {"damage_id": damage_id})
        verdicts = await cursor.fetchall()
        await cursor.execute(query("damage_sightings"), {"damage_id": damage_id})
        sightings = await cursor.fetchall()
        order = None
        if row["work_order_id"] is not None:
            order = (await find_work_orders(cursor, work_order_id=row["work_order_id"]))[0]
        assessment = await assessment_of(cursor, row["segment_id"])
    history = {"verdicts": verdicts, "sightings": sightings, "work_order": order}
    return DamageInFull(
        **shown(row) | history, assessment=assessment, sightings_total=row["sightings"]
    )


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Turn a row of damage_report into the fields of a damage."""
    hidden = {"model_sha256", "made_at", "simulated", "priority"}
    kept = {name: value for name, value in row.items() if name not in hidden}
    return kept | {"ai_label": label_of(row)}


def no_such_damage(damage_id: int) -> Problem:
    """Say that there is no damage of this number."""
    return Problem(404, "no-damage", f"there is no damage {damage_id}")
